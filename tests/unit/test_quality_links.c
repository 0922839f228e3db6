/* Guarantors who pay for themselves or for each other, and exams entered twice. */
#include "quality/exam_repeats.h"
#include "quality/guarantor.h"
#include "staged_patients.h"

/* A guarantor of key G whose own patient record is `patient`. */
static void guarantor(sqlite3 *db, const char *key, const char *patient)
{
    char *sql = sqlite3_mprintf("INSERT INTO guarantor (source_key, src_key, is_patient) VALUES ('PP-GUA-%q', %Q, %Q)",
                                key, key, patient);
    stage_sql(db, sql);
    sqlite3_free(sql);
}

static char *guarantors(sqlite3 *db)
{
    static char text[200];
    sqlite3_stmt *st = NULL;
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT group_concat(src_key || '>' || coalesce(guarantor, '-'), ' ') FROM "
                                        "(SELECT * FROM patient ORDER BY src_key)",
                                        -1, &st, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    snprintf(text, sizeof text, "%s", sqlite3_column_text(st, 0));
    sqlite3_finalize(st);
    return text;
}

static void count_link(void *ctx, const guarantor_link *x)
{
    size_t *n = ctx;
    n[x->tie]++;
}

/* Case 52. */
static void links_to_oneself_and_circles_are_taken_off(void **state)
{
    (void)state;
    sqlite3 *db = stage_new();
    findings *f = findings_new();
    size_t n[2] = {0, 0};
    PATIENT(db, "A", "last", "A", "birth_date", "1980-01-01", "guarantor", "GB");
    PATIENT(db, "B", "last", "B", "birth_date", "1950-01-01", "guarantor", "GA");
    PATIENT(db, "C", "last", "C", "guarantor", "GC");
    PATIENT(db, "D", "last", "D", "guarantor", "GA"); /* leads into the circle, is none of it */
    PATIENT(db, "E", "last", "E", "guarantor", "GX"); /* the guarantor is no patient */
    PATIENT(db, "F", "last", "F");
    guarantor(db, "GA", "A");
    guarantor(db, "GB", "B");
    guarantor(db, "GC", "C");
    guarantor(db, "GX", NULL);
    assert_int_equal(guarantors_untie(db, f, count_link, n), ST_OK);
    assert_string_equal(guarantors(db), "A>GB B>- C>- D>GA E>GX F>-");
    assert_int_equal(n[TIE_SELF], 1);
    assert_int_equal(n[TIE_CIRCLE], 1);
    assert_int_equal(findings_count(f, F_QUA_GUARANTOR_SELF), 1);
    assert_int_equal(findings_count(f, F_QUA_GUARANTOR_CIRCLE), 1);
    sqlite3_stmt *st = NULL;
    sqlite3_prepare_v2(db, "SELECT group_concat(src_key) FROM guarantor WHERE relationship = 'self'", -1, &st, NULL);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(st, 0), "GC");
    sqlite3_finalize(st);
    assert_int_equal(guarantors_untie(db, f, count_link, n), ST_OK); /* nothing is left to do */
    assert_int_equal(n[TIE_SELF] + n[TIE_CIRCLE], 2);
    findings_free(f);
    sqlite3_close(db);
}

static void a_long_circle_is_opened_once(void **state)
{
    (void)state;
    sqlite3 *db = stage_new();
    findings *f = findings_new();
    size_t n[2] = {0, 0};
    stage_sql(
        db, "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)"
            "INSERT INTO patient (source_key, src_key, guarantor) SELECT 'K' || i, i, 'G' || ((i + 1) % 10000) FROM n");
    stage_sql(db, "INSERT INTO guarantor (source_key, src_key, is_patient) SELECT 'L' || src_key, 'G' || src_key, "
                  "src_key FROM patient");
    assert_int_equal(guarantors_untie(db, f, count_link, n), ST_OK);
    assert_int_equal(n[TIE_CIRCLE], 1);
    findings_free(f);
    sqlite3_close(db);
}

static void without_tables_there_is_nothing_to_do(void **state)
{
    (void)state;
    sqlite3 *db = NULL;
    findings *f = findings_new();
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_int_equal(guarantors_untie(db, f, NULL, NULL), ST_OK);
    stage_sql(db, "CREATE TABLE patient (src_key TEXT); CREATE TABLE guarantor (src_key TEXT)");
    assert_int_equal(guarantors_untie(db, f, NULL, NULL), ST_FATAL);
    assert_int_equal(findings_count(f, F_QUA_WORK_FAILED), 1);
    findings_free(f);
    sqlite3_close(db);
}

#define EXAM(key, who, by, when, x, n)                                                                                 \
    {                                                                                                                  \
        SV_LIT(key), SV_LIT(who), SV_LIT(by), SV_LIT(when), {x, 0}, n                                                  \
    }

/* Case 33. */
static void the_same_values_on_one_day_by_one_provider_are_one_exam_entered_twice(void **state)
{
    (void)state;
    exam_digest list[] = {
        EXAM("2", "P", "D", "2019-03-05 10:00:00", 7, 192), EXAM("1", "P", "D", "2019-03-05 09:00:00", 7, 192),
        EXAM("3", "P", "D", "2019-03-05 11:00:00", 8, 192), EXAM("4", "P", "D", "2019-03-06 09:00:00", 7, 192),
        EXAM("5", "P", "E", "2019-03-05 09:00:00", 7, 192), EXAM("6", "Q", "D", "2019-03-05 09:00:00", 7, 192),
        EXAM("7", "R", "D", "2019-03-05 09:00:00", 0, 0),   EXAM("8", "R", "D", "2019-03-05 09:00:00", 0, 0),
        EXAM("9", "P", "D", "2019-03-05 12:00:00", 7, 192)};
    arena *mem = arena_new(0);
    findings *f = findings_new();
    exam_repeat *out;
    size_t n;
    assert_true(exam_repeats(list, 9, mem, f, &out, &n));
    assert_int_equal(n, 2);
    assert_true(sv_eq(out[0].first, SV_LIT("1")));
    assert_true(sv_eq(out[0].again, SV_LIT("2")));
    assert_true(sv_eq(out[1].first, SV_LIT("1")));
    assert_true(sv_eq(out[1].again, SV_LIT("9")));
    assert_int_equal(findings_count(f, F_QUA_EXAM_TWICE), 2);
    assert_true(exam_repeats(list, 0, mem, f, &out, &n));
    assert_int_equal(n, 0);
    findings_free(f);
    arena_free(mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_to_oneself_and_circles_are_taken_off),
        cmocka_unit_test(a_long_circle_is_opened_once),
        cmocka_unit_test(without_tables_there_is_nothing_to_do),
        cmocka_unit_test(the_same_values_on_one_day_by_one_provider_are_one_exam_entered_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
