/* What a run is about, and the trial beside the whole. */
#include "deliver/scope.h"
#include "deliver_room.h"

static void stage(deliver_room *x)
{
    static const char *const entity[] = {"practice_location", "provider",      "guarantor",
                                         "patient",           "clinical_exam", "appointment",
                                         "treatment_plan",    "plan_line",     "custom_value"};
    for (size_t i = 0; i < sizeof entity / sizeof entity[0]; i++) room_stage(x, entity[i]);
    room_sql(
        x, "INSERT INTO practice_location (source_key, src_table, src_key, name) VALUES ('X-LOC-1', 'l', '1', 'Main'), "
           "('X-LOC-2', 'l', '2', 'Other')");
    room_sql(x, "INSERT INTO guarantor (source_key, src_table, src_key, last) VALUES ('X-GUA-1', 'g', '1', 'Payer'), "
                "('X-GUA-2', "
                "'g', '2', 'Old')");
    room_sql(
        x,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) INSERT INTO patient (source_key, "
        "src_table, src_key, last, location, guarantor) SELECT printf('X-PAT-%03d', i), 't', i, 'P' || i, CAST(1 + i % "
        "2 AS TEXT), CASE "
        "i WHEN 1 THEN '1' WHEN 2 THEN '2' END FROM n");
    room_sql(
        x,
        "INSERT INTO appointment (source_key, src_table, src_key, patient, start_at) VALUES ('X-APT-1', 'a', '1', '1', "
        "'2024-01-01 10:00:00'), ('X-APT-2', 'a', '2', '2', '2010-01-01 10:00:00')");
    room_sql(x, "INSERT INTO treatment_plan (source_key, src_table, src_key, patient, plan_date) VALUES ('X-PLN-1', "
                "'p', '1', '2', "
                "'2010-01-01'), ('X-PLN-2', 'p', '2', '3', '2023-01-01')");
    room_sql(x, "INSERT INTO plan_line (source_key, src_table, src_key, plan) VALUES ('X-LIN-1', 'p', '1', '1'), "
                "('X-LIN-2', 'p', "
                "'2', '2')");
    room_sql(x, "INSERT INTO custom_value (source_key, src_table, src_key, entity, record, name, value) VALUES ('c1', "
                "'c', '1', "
                "'patient', '2', 'N', 'v')");
}

static record_scope *scope_of(deliver_room *x, const char *only, unsigned trial)
{
    static scope_options o;
    o = (scope_options){.trial_patients = trial};
    if (only) assert_null(scope_option(sv_from(only), &o, x->mem));
    record_scope *s = scope_new(x->db, &o, x->found);
    assert_non_null(s);
    return s;
}

static bool out(record_scope *s, const char *entity, const char *key)
{
    return scope_leaves_out(s, model_entity_named(sv_from(entity)), sv_from(key));
}

static void inactive_patients_go_with_all_that_hangs_on_them(void **state)
{
    deliver_room *x = *state;
    stage(x);
    record_scope *s = scope_of(x, "active-since:2020-01-01", 0);
    assert_false(out(s, "patient", "1") || out(s, "patient", "3"));
    assert_true(out(s, "patient", "2") && out(s, "patient", "4"));
    assert_true(out(s, "appointment", "2") && out(s, "treatment_plan", "1") && out(s, "plan_line", "1"));
    assert_false(out(s, "appointment", "1") || out(s, "plan_line", "2"));
    assert_true(out(s, "custom_value", "1") && out(s, "guarantor", "2"));
    assert_false(out(s, "guarantor", "1") || out(s, "practice_location", "2"));
    scope_free(s);
}

static void patients_of_a_location(void **state)
{
    deliver_room *x = *state;
    stage(x);
    record_scope *s = scope_of(x, "location:X-LOC-2", 0);
    assert_false(out(s, "patient", "1"));
    assert_true(out(s, "patient", "2"));
    scope_free(s);
}

static void wrong_scopes_are_told(void **state)
{
    deliver_room *x = *state;
    scope_options o = {0};
    assert_non_null(scope_option(SV_LIT("active-since:2020"), &o, x->mem));
    assert_non_null(scope_option(SV_LIT("location:"), &o, x->mem));
    assert_non_null(scope_option(SV_LIT("entities:patient,pacient"), &o, x->mem));
    assert_non_null(scope_option(SV_LIT("everything"), &o, x->mem));
    o = (scope_options){0};
    assert_null(scope_option(SV_LIT("entities:patient,appointment"), &o, x->mem));
    assert_int_equal(o.entities, 2);
    /* A second option adds to the first. */
    assert_null(scope_option(SV_LIT("entities:provider"), &o, x->mem));
    assert_true(o.entities == 3 && sv_eq(o.entity[0], SV_LIT("patient")) && sv_eq(o.entity[2], SV_LIT("provider")));
    assert_non_null(scope_option(SV_LIT("without:"), &o, x->mem));
    assert_null(scope_option(SV_LIT("without:document,letter"), &o, x->mem));
    assert_int_equal(o.withouts, 2);
}

static void every_day_that_counts_is_a_field_of_the_model(void **state)
{
    (void)state;
    static const char *const field[][2] = {{"clinical_exam", "exam_at"},    {"appointment", "start_at"},
                                           {"treatment_plan", "plan_date"}, {"clinical_note", "noted_at"},
                                           {"radiograph", "taken_date"},    {"billing_line", "line_date"},
                                           {"referral", "referral_date"}};
    for (size_t i = 0; i < sizeof field / sizeof field[0]; i++) {
        const model_entity *e = model_entity_named(sv_from(field[i][0]));
        assert_non_null(e);
        assert_non_null(model_field_named(e, sv_from(field[i][1])));
        assert_non_null(model_field_named(e, SV_LIT("patient")));
    }
}

static void what_is_left_out_is_counted_and_links_to_kinds_left_out_hold(void **state)
{
    deliver_room *x = *state;
    stage(x);
    room_write("contact.yaml",
               "object: Contact\nfrom: patient\nkey: K\nfile: 01_Contact.csv\nfields:\n  L: {from: last}\n");
    room_write("event.yaml", "object: Event\nfrom: appointment\nkey: K\nfile: 02_Event.csv\nafter: [contact]\nfields:\n"
                             "  Who: {from: patient, lookup: Contact.K, required: true}\n");
    assert_true(room_begin(x));
    delivery_free(x->to);
    folder_remove(DELIVER_RUN "/crm");
    x->run.scope = scope_of(x, "entities:appointment", 0);
    x->to = delivery_begin(x->d, &x->run);
    room_finish(x);
    assert_false(os_exists(DELIVER_RUN "/crm/01_Contact.csv"));
    room_expect("crm/02_Event.csv", "K,Who\r\nX-APT-1,X-PAT-001\r\nX-APT-2,X-PAT-002\r\n");
    assert_int_equal(room_count(x, "crm/Contact", COUNT_SKIPPED), 60);
    scope_free(x->run.scope);
    record_scope *s = scope_of(x, "without:appointment,document", 0);
    assert_true(scope_leaves_entity(s, model_entity_named(SV_LIT("document"))));
    assert_true(scope_leaves_entity(s, model_entity_named(SV_LIT("appointment"))));
    assert_false(scope_leaves_entity(s, model_entity_named(SV_LIT("patient"))));
    scope_free(s);
}

static void a_trial_has_twenty_patients_with_parents_and_children(void **state)
{
    deliver_room *x = *state;
    stage(x);
    room_write("contact.yaml",
               "object: Contact\nfrom: patient\nkey: K\nfile: 01_Contact.csv\nfields:\n  L: {from: last}\n");
    room_write("event.yaml", "object: Event\nfrom: appointment\nkey: K\nfile: 02_Event.csv\nafter: [contact]\nfields:\n"
                             "  Who: {from: patient, lookup: Contact.K, required: true}\n");
    assert_true(room_begin(x));
    delivery_free(x->to);
    folder_remove(DELIVER_RUN "/crm");
    x->run.scope = scope_of(x, NULL, 20);
    record_scope *s = x->run.scope;
    /* A patient of each kind of record, the guarantor of the first, the location of all. */
    assert_true(scope_in_trial(s, model_entity_named(SV_LIT("patient")), SV_LIT("1")));
    assert_true(scope_in_trial(s, model_entity_named(SV_LIT("guarantor")), SV_LIT("1")));
    assert_true(scope_in_trial(s, model_entity_named(SV_LIT("practice_location")), SV_LIT("2")));
    assert_true(scope_in_trial(s, model_entity_named(SV_LIT("plan_line")), SV_LIT("1")));
    x->to = delivery_begin(x->d, &x->run);
    room_finish(x);
    buf b = file_text(DELIVER_RUN, "crm/00_trial/01_Contact.csv");
    size_t lines = 0;
    for (size_t i = 0; i < b.n; i++) lines += b.p[i] == '\n';
    assert_int_equal(lines, 21);
    buf_free(&b);
    assert_true(room_holds("crm/00_trial/02_Event.csv", "X-APT-1,X-PAT-001"));
    assert_int_equal(room_count(x, "crm/Contact", COUNT_WRITTEN), 60);
    scope_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, room_start, room_end)
        T(inactive_patients_go_with_all_that_hangs_on_them),
        T(patients_of_a_location),
        T(wrong_scopes_are_told),
        T(every_day_that_counts_is_a_field_of_the_model),
        T(what_is_left_out_is_counted_and_links_to_kinds_left_out_hold),
        T(a_trial_has_twenty_patients_with_parents_and_children),
#undef T
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
