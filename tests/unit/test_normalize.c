/* The door of normalize: every concern has its normalizer, types, cleaning, words for nothing. */
#include "normalize/normalize.h"
#include "normalize/normalize_internal.h"
#include "testing.h"

static const model_field *field(const char *entity, const char *name)
{
    const model_entity *e = model_entity_named(sv_from(entity));
    assert_non_null(e);
    const model_field *f = model_input_named(e, sv_from(name));
    assert_non_null(f);
    return f;
}

static norm_form form(const model_field *f, sv in, buf *out, norm_remarks *r)
{
    static const norm_options us = {.country = "US", .today = INT32_MIN, .currency = "USD", .language = "en"};
    const norm_column c = {&us, f, NULL};
    return norm_value(&c, in, out, r);
}

static void assert_good(const char *entity, const char *name, sv in, const char *expected)
{
    buf out = buf_new(1000);
    norm_remarks r = {.n = 0};
    assert_int_equal(form(field(entity, name), in, &out, &r), FORM_GOOD);
    buf_char(&out, 0);
    assert_string_equal(out.p, expected);
    buf_free(&out);
}

static void assert_empty(const char *entity, const char *name, const char *in)
{
    buf out = buf_new(1000);
    norm_remarks r = {.n = 0};
    assert_int_equal(form(field(entity, name), sv_from(in), &out, &r), FORM_EMPTY);
    assert_int_equal(out.n, 0);
    buf_free(&out);
}

static void assert_wrong(const char *entity, const char *name, const char *in, finding_code why)
{
    buf out = buf_new(1000);
    norm_remarks r = {.n = 0};
    buf_str(&out, "before");
    assert_int_equal(form(field(entity, name), sv_from(in), &out, &r), FORM_WRONG);
    assert_int_equal(out.n, 6);
    assert_int_equal(r.n, 1);
    assert_int_equal(r.code[0], why);
    buf_free(&out);
}

static void every_concern_of_the_model_has_a_normalizer_and_none_is_left_over(void **state)
{
    bool used[100] = {false};
    (void)state;
    assert_true(concerns() <= 100);
    for (size_t i = 0; i < model_entities(); i++) {
        const model_entity *e = model_entity_at(i);
        for (size_t k = 0; k < e->fields + e->inputs; k++) {
            const model_field *f = &e->field[k];
            assert_non_null(norm_wanted(f));
            if (!f->concern) continue;
            const concern *x = concern_of(f);
            assert_string_equal(x->name, f->concern);
            used[x - concern_at(0)] = true;
        }
    }
    for (size_t i = 0; i < concerns(); i++) {
        if (!used[i]) print_error("no field of the model has the concern %s\n", concern_at(i)->name);
        assert_true(used[i]);
    }
}

static void every_field_and_input_is_found_by_its_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < model_entities(); i++) {
        const model_entity *e = model_entity_at(i);
        norm_cell cell[NORM_FIELDS_MAX];
        norm_names names;
        norm_names_of(e, &names);
        const record x = {.entity = e, .names = &names, .cell = cell};
        assert_true(e->fields + e->inputs < NORM_FIELDS_MAX);
        for (size_t k = 0; k < e->fields + e->inputs; k++) {
            assert_string_equal(record_field(&x, e->field[k].name)->name, e->field[k].name);
            assert_true(record_cell(&x, e->field[k].name) <= &cell[k]); /* the first of a name */
        }
        assert_null(record_cell(&x, ""));
        assert_null(record_cell(&x, "no_such_field"));
    }
}

static void a_field_without_concern_gets_what_its_type_asks_for(void **state)
{
    (void)state;
    assert_good("plan_line", "seq", SV_LIT(" 007 "), "7");
    assert_good("appointment", "duration", SV_LIT("60.00"), "60");
    assert_wrong("appointment", "duration", "60.5", F_NRM_WRONG_TYPE);
    assert_good("clinical_exam", "plaque_index", SV_LIT("+0.50"), "0.50");
    assert_good("patient", "first_visit", SV_LIT("2019-03-05 00:00:00.000"), "2019-03-05");
    assert_good("appointment", "start_at", SV_LIT("2019-03-05T09:30"), "2019-03-05 09:30:00");
    assert_good("provider", "active", SV_LIT("-1"), "1");
    assert_good("provider", "active", SV_LIT("Evet"), "1");
    assert_good("provider", "active", SV_LIT("H"), "0");
    assert_good("provider", "active", SV_LIT("Pasif"), "0");
    assert_wrong("provider", "is_internal", "Pasif", F_NRM_WRONG_TYPE);
    assert_good("patient", "sex", SV_LIT("FEMALE"), "female");
    assert_wrong("patient", "sex", "third", F_NRM_VALUE_MAP_GAP);
    assert_good("patient", "guarantor", SV_LIT("007"), "007");
}

static void what_no_text_holds_is_taken_off(void **state)
{
    (void)state;
    assert_good("patient", "city",
                SV_LIT("\xEF\xBB\xBF"
                       "New\0 \x01York\x7F"),
                "New York");
    assert_good("patient", "city", SV_LIT("\xC2\xA0 K\xFFln\t"), "K\xEF\xBF\xBDln");
    assert_good("patient", "city", SV_LIT("Y\xC2\x8Dld\xC2\x8Dz"), "Y\xC2\x8Dld\xC2\x8Dz");
    assert_good("patient", "address_line1", SV_LIT("1 Elm St\r\nApt 2"), "1 Elm St Apt 2");
    buf out = buf_new(100);
    norm_remarks r = {.n = 0};
    assert_int_equal(form(field("patient", "city"), SV_LIT("a\0b"), &out, &r), FORM_GOOD);
    assert_int_equal(r.n, 1);
    assert_int_equal(r.code[0], F_NRM_TAKEN_OFF);
    buf_free(&out);
}

static void words_for_nothing_are_empty_but_a_name_may_be_one(void **state)
{
    (void)state;
    static const char *const nothing[] = {"", "  ", "NULL", "(null)", "n/a", "NA", "-", "none", "Unknown"};
    for (size_t i = 0; i < sizeof nothing / sizeof nothing[0]; i++) assert_empty("patient", "city", nothing[i]);
    assert_good("patient", "last", SV_LIT("NULL"), "NULL");
    assert_good("patient", "last", SV_LIT("Null"), "Null");
    assert_good("patient", "last", SV_LIT("Na"), "Na");
    assert_empty("patient", "middle", "NA");
    assert_empty("patient", "middle", "-");
    assert_good("patient", "sex", SV_LIT("Unknown"), "unknown");
    assert_empty("patient", "status", "unknown");
    assert_good("clinical_note", "body", SV_LIT("none"), "none");
    assert_empty("clinical_note", "body", " NULL ");
    assert_good("custom_value", "value", SV_LIT("-"), "-");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_concern_of_the_model_has_a_normalizer_and_none_is_left_over),
        cmocka_unit_test(every_field_and_input_is_found_by_its_name),
        cmocka_unit_test(a_field_without_concern_gets_what_its_type_asks_for),
        cmocka_unit_test(what_no_text_holds_is_taken_off),
        cmocka_unit_test(words_for_nothing_are_empty_but_a_name_may_be_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
