/* Source profiles: every mistake in one go, the fingerprint, and staging with every record accounted for. */
#include "fake_source.h"
#include "folder.h"
#include "profile/profile_internal.h"

static const char folder[] = "test_profile_folder";

typedef struct fixture {
    arena *mem;
    problems wrong;
    fake_source source;
    ledger *counts;
    findings *found;
    sql_db *db;
    uint64_t large_every, fatal_at; /* of people */
    buf rejects;                    /* "code field held|row value;" each */
} fixture;

static void write_file(const char *name, const char *text)
{
    char path[200];
    const char *why = "";
    snprintf(path, sizeof path, "%s/%s", folder, name);
    (void)os_remove(path);
    os_out *f = os_create(path, &why);
    assert_non_null(f);
    assert_true(os_write(f, text, strlen(text), &why));
    assert_true(os_close(f, &why));
}

static int set_up(void **state)
{
    const char *why = "";
    fixture *x = calloc(1, sizeof *x);
    x->mem = arena_new(0);
    x->wrong.mem = x->mem;
    x->counts = ledger_new();
    x->found = findings_new();
    x->rejects = buf_new(1 << 20);
    if (os_exists(folder)) folder_remove(folder);
    assert_true(os_make_folder(folder, &why));
    fake_init(&x->source);
    x->fatal_at = NOWHERE;
    *state = x;
    return 0;
}

static int tear_down(void **state)
{
    fixture *x = *state;
    sql_close(x->db);
    fake_free(&x->source);
    findings_free(x->found);
    ledger_free(x->counts);
    buf_free(&x->rejects);
    arena_free(x->mem);
    free(x);
    folder_remove(folder);
    return 0;
}

static void assert_wrong(fixture *x, const char *expected)
{
    buf b = buf_new(100000);
    problems_sort(&x->wrong);
    problems_text(&x->wrong, &b);
    buf_char(&b, 0);
    assert_string_equal(b.p, expected);
    buf_free(&b);
}

#define HEAD "title: T\nsystem: TT\ndetect:\n  tables:\n    dbo.people: [id, name]\n"

static const profile *load(fixture *x, const char *yaml)
{
    write_file("profile.yaml", yaml);
    return profile_load(folder, x->mem, &x->wrong);
}

static void every_mistake_is_told_with_its_place(void **state)
{
    fixture *x = *state;
    assert_null(load(
        x, "title: T\nsystem: tt\ncolour: red\ndetect:\n  tables: {}\nentities:\n  patiens: {from: a, sql: b.sql}\n"
           "  patient: {sql: ../x.sql, form: dbo.people}\n  provider: {from: a, sql: absent.sql, many: maybe}\n"
           "chart: {shape: round, table: t, exam: e}\n"));
    assert_wrong(
        x, "test_profile_folder/profile.yaml:2:9: \"system\" must be 1 to 8 capital letters or digits: every source "
           "key begins with it\n"
           "test_profile_folder/profile.yaml:3:1: unknown key \"colour\" in a profile\n"
           "test_profile_folder/profile.yaml:5:3: the fingerprint names no column: it would fit every database\n"
           "test_profile_folder/profile.yaml:7:3: the model has no entity \"patiens\"; did you mean \"patient\"?\n"
           "test_profile_folder/profile.yaml:8:12: an entity lacks the key \"from\"\n"
           "test_profile_folder/profile.yaml:8:28: unknown key \"form\" in an entity; did you mean \"from\"?\n"
           "test_profile_folder/profile.yaml:9:28: absent.sql cannot be read: No such file or directory\n"
           "test_profile_folder/profile.yaml:9:46: must be true or false\n"
           "test_profile_folder/profile.yaml:10:16: the shape of a chart is wide_exam, tooth_row, tooth_measure, "
           "site_row or packed\n");
}

static void a_sql_file_outside_the_folder_is_refused(void **state)
{
    fixture *x = *state;
    assert_null(load(x, HEAD "entities:\n  patient: {from: dbo.people, sql: ../x.sql}\n"));
    assert_wrong(x, "test_profile_folder/profile.yaml:7:36: \"sql\" must name a file beside profile.yaml\n");
}

static void the_score_counts_what_the_source_has(void **state)
{
    fixture *x = *state;
    const catalog *c;
    buf missing = buf_new(1000);
    write_file("patient.sql", "SELECT 1 AS src_key");
    const profile *p = load(
        x, "title: T\nsystem: TT\ndetect:\n  tables:\n    dbo.people: [id, name, shoe_size]\n    visits: [id]\n"
           "  optional:\n    people: [amount, height]\nentities:\n  patient: {from: dbo.people, sql: patient.sql}\n");
    assert_non_null(p);
    fake_add(&x->source, "dbo", "people", "dbo.people", 1, 10);
    x->source.base.ops->catalog(&x->source.base, &c);
    assert_int_equal(profile_score(p, c, &missing), 90 * 2 / 4 + 10 / 2);
    buf_char(&missing, 0);
    assert_string_equal(missing.p, "dbo.people.shoe_size\nvisits.id\npeople.height (optional)\n");
    buf_free(&missing);
}

static void note_reject(void *ctx, const profile_reject *r)
{
    fixture *x = ctx;
    bool has_key = false; /* a row left out comes with its own columns */
    for (size_t i = 0; i < r->columns; i++)
        has_key |= sv_eq(r->column[i], SV_LIT("src_key")) && sv_eq(r->original[i], r->src_key);
    assert_int_equal(has_key, !r->held_back);
    buf_printf(&x->rejects, "%s %.*s %s %.*s %.*s;", r->code, (int)r->field.n, r->field.p ? r->field.p : "",
               r->held_back ? "held" : "row", (int)r->src_key.n, r->src_key.p ? r->src_key.p : "", (int)r->value.n,
               r->value.p ? r->value.p : "");
}

/* People 0 to 9 (name of 3 is NULL), visits 0 to 19; the SELECTs as given. */
static status stage(fixture *x, const char *patient_sql, const char *appointment_sql)
{
    char yaml[1000];
    write_file("patient.sql", patient_sql);
    if (appointment_sql) write_file("appointment.sql", appointment_sql);
    snprintf(yaml, sizeof yaml, HEAD "entities:\n  patient: {from: dbo.people, sql: patient.sql}\n%s",
             appointment_sql ? "  appointment: {from: dbo.visits, sql: appointment.sql}\n" : "");
    const profile *p = load(x, yaml);
    assert_non_null(p);
    fake_table *people = fake_add(&x->source, "dbo", "people", "dbo.people", 1, 10);
    people->large_every = x->large_every;
    people->large_bytes = 100000;
    people->fatal_at = x->fatal_at;
    fake_add(&x->source, "dbo", "visits", "dbo.visits", 2, 10);
    sql_options o = {.leave_out_unreadable = true, .counts = x->counts};
    assert_int_equal(sql_open(&x->source.base, &o, x->found, &x->db), ST_OK);
    profile_run run = {
        .db = x->db, .counts = x->counts, .found = x->found, .wrong = &x->wrong, .reject = note_reject, .ctx = x};
    return profile_stage(p, &run);
}

static void assert_rejects(fixture *x, const char *expected)
{
    buf_char(&x->rejects, 0);
    assert_string_equal(x->rejects.p, expected);
}

static void assert_count(fixture *x, const char *entity, ledger_count what, uint64_t n)
{
    for (size_t i = 0; i < ledger_lines(x->counts); i++) {
        const ledger_line *l = ledger_at(x->counts, i);
        if (l->level == LEDGER_ENTITY && sv_eq(l->name, sv_from(entity))) {
            assert_int_equal(l->count[what], n);
            return;
        }
    }
    fail_msg("no line for %s", entity);
}

static void assert_value(fixture *x, const char *sql, const char *expected)
{
    sqlite3_stmt *st;
    assert_int_equal(sqlite3_prepare_v2(sql_handle(x->db), sql, -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    const char *got = (const char *)sqlite3_column_text(st, 0);
    assert_string_equal(got ? got : "NULL", expected);
    sqlite3_finalize(st);
}

static void records_are_staged_with_keys_and_origin(void **state)
{
    fixture *x = *state;
    assert_int_equal(
        stage(x, "SELECT id AS src_key, coalesce(name, '-') AS last, day AS birth_date FROM \"dbo.people\"", NULL),
        ST_OK);
    assert_count(x, "patient", COUNT_DECODED, 10);
    assert_count(x, "patient", COUNT_MAPPED, 10);
    assert_true(ledger_balanced(x->counts, x->found));
    assert_value(x,
                 "SELECT source_key || '|' || src_table || '|' || src_key || '|' || birth_date FROM main.patient WHERE "
                 "src_key = '2'",
                 "TT-PAT-2|dbo.people|2|1900-01-03");
}

static void records_without_a_required_field_are_rejected(void **state)
{
    fixture *x = *state;
    assert_int_equal(stage(x, "SELECT id AS src_key, name AS last FROM \"dbo.people\"", NULL), ST_OK);
    assert_count(x, "patient", COUNT_MAPPED, 9);
    assert_count(x, "patient", COUNT_REJECTED, 1);
    assert_rejects(x, "PRO-701 last row 3 ;");
    assert_true(ledger_balanced(x->counts, x->found));
}

static void filtered_rows_are_skipped(void **state)
{
    fixture *x = *state;
    assert_int_equal(stage(x, "SELECT id AS src_key, 'x' AS last FROM \"dbo.people\" WHERE id < 4", NULL), ST_OK);
    assert_count(x, "patient", COUNT_MAPPED, 4);
    assert_count(x, "patient", COUNT_SKIPPED, 6);
    assert_true(ledger_balanced(x->counts, x->found));
}

static void wrong_values_are_held_back_and_the_record_is_kept(void **state)
{
    fixture *x = *state;
    assert_int_equal(
        stage(
            x,
            "SELECT id AS src_key, 'x' AS last, CASE id WHEN 1 THEN '2024-02-30' WHEN 2 THEN '2024-02-29 00:00:00.000' "
            "WHEN 3 THEN '2024-02-29 10:00:00' WHEN 4 THEN '' END AS birth_date FROM \"dbo.people\"",
            NULL),
        ST_OK);
    assert_count(x, "patient", COUNT_MAPPED, 10);
    assert_count(x, "patient", COUNT_HELD_BACK, 2);
    assert_rejects(x, "PRO-702 birth_date held 1 2024-02-30;PRO-702 birth_date held 3 2024-02-29 10:00:00;");
    assert_value(x, "SELECT birth_date FROM main.patient WHERE src_key = '2'", "2024-02-29");
    assert_value(x, "SELECT birth_date FROM main.patient WHERE src_key = '4'", "NULL");
}

static void a_record_that_comes_out_twice_is_told_and_left_out(void **state)
{
    fixture *x = *state;
    assert_int_equal(
        stage(
            x,
            "SELECT p.id AS src_key, 'x' AS last FROM \"dbo.people\" AS p JOIN \"dbo.visits\" AS v ON v.id % 10 = p.id",
            NULL),
        ST_OK);
    assert_count(x, "patient", COUNT_MAPPED, 10);
    assert_count(x, "patient", COUNT_REJECTED, 10);
    assert_int_equal(findings_count(x->found, F_PRO_FAN_OUT), 10);
    assert_true(ledger_balanced(x->counts, x->found));
}

static void references_to_nobody_are_held_back_or_end_the_record(void **state)
{
    fixture *x = *state;
    assert_int_equal(
        stage(
            x, "SELECT id AS src_key, 'x' AS last, 'D1' AS primary_provider FROM \"dbo.people\" WHERE id < 5",
            "SELECT id AS src_key, id AS patient, '2024-01-01 10:00:00' AS start_at FROM \"dbo.visits\" WHERE id < 6"),
        ST_OK);
    assert_count(x, "appointment", COUNT_MAPPED, 5); /* one patient was not staged, and no appointment is without one */
    assert_count(x, "appointment", COUNT_REJECTED, 1);
    assert_count(x, "appointment", COUNT_HELD_BACK, 0);
    assert_count(x, "patient", COUNT_HELD_BACK, 5); /* no provider was staged at all */
    assert_value(x, "SELECT count(patient) FROM main.appointment", "5");
    assert_int_equal(findings_count(x->found, F_PRO_ORPHAN), 6);
    assert_true(ledger_balanced(x->counts, x->found));
}

static void a_record_without_a_key_is_rejected(void **state)
{
    fixture *x = *state;
    assert_int_equal(stage(x, "SELECT name AS src_key, 'x' AS last FROM \"dbo.people\"", NULL), ST_OK);
    assert_count(x, "patient", COUNT_MAPPED, 9);
    assert_int_equal(findings_count(x->found, F_PRO_KEY_EMPTY), 1);
    assert_true(ledger_balanced(x->counts, x->found));
}

static void a_large_value_is_held_back(void **state)
{
    fixture *x = *state;
    x->large_every = 5;
    assert_int_equal(stage(x, "SELECT id AS src_key, 'x' AS last, note AS notes FROM \"dbo.people\"", NULL), ST_OK);
    assert_count(x, "patient", COUNT_MAPPED, 10);
    assert_int_equal(findings_count(x->found, F_PRO_LARGE_VALUE), 2);
    assert_count(x, "patient", COUNT_HELD_BACK, 2);
}

static void a_source_that_dies_ends_the_staging(void **state)
{
    fixture *x = *state;
    x->fatal_at = 4;
    assert_int_equal(stage(x, "SELECT id AS src_key, 'x' AS last FROM \"dbo.people\"", NULL), ST_FATAL);
    assert_int_equal(findings_count(x->found, F_PRO_SQL_FAILED), 1);
}

static void mistakes_in_all_selects_are_told_at_once(void **state)
{
    fixture *x = *state;
    assert_int_equal(stage(x, "SELECT id AS src_key,\n       nmae AS last\n  FROM \"dbo.people\"",
                           "SELECT id AS src_key, id AS pateint, id AS src_key FROM \"dbo.visits\""),
                     ST_FATAL);
    problems_sort(&x->wrong);
    assert_int_equal(x->wrong.n, 3);
    assert_true(sv_eq(x->wrong.item[0].file, SV_LIT("appointment.sql")));
    assert_true(sv_eq(x->wrong.item[2].file, SV_LIT("patient.sql")));
    assert_int_equal(x->wrong.item[2].line, 2);
    assert_int_equal(x->wrong.item[2].column, 8);
}

static void a_select_may_only_read_the_source(void **state)
{
    fixture *x = *state;
    assert_int_equal(stage(x, "SELECT name AS src_key, 'x' AS last FROM sqlite_master", NULL), ST_FATAL);
    assert_int_equal(x->wrong.n, 1);
}

static void a_select_that_writes_or_two_of_them_are_refused(void **state)
{
    fixture *x = *state;
    assert_int_equal(stage(x, "DELETE FROM \"dbo.people\"", "SELECT id AS src_key FROM \"dbo.visits\"; SELECT 2"),
                     ST_FATAL);
    assert_true(x->wrong.n >= 2);
}

static void field_texts_have_one_form(void **state)
{
    static const struct {
        field_type type;
        const char *in;
        field_outcome expected;
        const char *out;
    } cases[] = {
        {FIELD_DATE, "2024-02-29", FIELD_GOOD, "2024-02-29"},
        {FIELD_DATE, "2023-02-29", FIELD_WRONG, ""},
        {FIELD_DATE, "29.02.2024", FIELD_WRONG, ""},
        {FIELD_DATETIME, "2024-02-29 23:59:59.1234567", FIELD_GOOD, "2024-02-29 23:59:59.1234567"},
        {FIELD_DATETIME, "2024-02-29T01:02:03", FIELD_GOOD, "2024-02-29 01:02:03"},
        {FIELD_DATETIME, "2024-02-29", FIELD_WRONG, ""}, /* no time is not midnight */
        {FIELD_DATETIME, "2024-02-29 24:00:00", FIELD_WRONG, ""},
        {FIELD_INTEGER, "-17", FIELD_GOOD, "-17"},
        {FIELD_INTEGER, "1.0", FIELD_WRONG, ""},
        {FIELD_INTEGER, "-", FIELD_WRONG, ""},
        {FIELD_DECIMAL, "-0.50", FIELD_GOOD, "-0.50"},
        {FIELD_DECIMAL, "1,5", FIELD_WRONG, ""},
        {FIELD_DECIMAL, "1.", FIELD_WRONG, ""},
        {FIELD_BOOL, "True", FIELD_GOOD, "1"},
        {FIELD_BOOL, "yes", FIELD_WRONG, ""},
        {FIELD_ENUM, "male", FIELD_GOOD, "male"},
        {FIELD_ENUM, "mal", FIELD_WRONG, ""},
        {FIELD_TEXT, " x ", FIELD_GOOD, " x "},
        {FIELD_TEXT, "", FIELD_EMPTY, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const model_field f = {.name = "f", .type = cases[i].type, .values = "female male"};
        buf out = buf_new(100);
        assert_int_equal(profile_field_text(&f, sv_from(cases[i].in), &out), cases[i].expected);
        buf_char(&out, 0);
        assert_string_equal(out.p, cases[i].out);
        buf_free(&out);
    }
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(every_mistake_is_told_with_its_place),
        T(a_sql_file_outside_the_folder_is_refused),
        T(the_score_counts_what_the_source_has),
        T(records_are_staged_with_keys_and_origin),
        T(records_without_a_required_field_are_rejected),
        T(filtered_rows_are_skipped),
        T(wrong_values_are_held_back_and_the_record_is_kept),
        T(a_record_that_comes_out_twice_is_told_and_left_out),
        T(references_to_nobody_are_held_back_or_end_the_record),
        T(a_record_without_a_key_is_rejected),
        T(a_large_value_is_held_back),
        T(a_source_that_dies_ends_the_staging),
        T(mistakes_in_all_selects_are_told_at_once),
        T(a_select_may_only_read_the_source),
        T(a_select_that_writes_or_two_of_them_are_refused),
        cmocka_unit_test(field_texts_have_one_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
