/* Guarantors who pay for themselves or for each other. */
#include "quality/guarantor.h"
#include "staged_tables.h"

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

/* The work file has no journal: what fails halfway is not taken back, and must not be taken for done. */
static void a_write_that_fails_ends_it_and_nobody_hears_of_links(void **state)
{
    (void)state;
    sqlite3 *db = stage_new();
    findings *f = findings_new();
    size_t n[2] = {0, 0};
    stage_sql(db, "PRAGMA journal_mode = OFF");
    PATIENT(db, "A", "last", "A", "guarantor", "GA");
    PATIENT(db, "B", "last", "B", "guarantor", "GB");
    guarantor(db, "GA", "A");
    guarantor(db, "GB", "B");
    stage_sql(db,
              "CREATE TRIGGER stop BEFORE UPDATE ON patient WHEN old.src_key = 'B' BEGIN SELECT raise(FAIL, 'full'); "
              "END");
    assert_int_equal(guarantors_untie(db, f, count_link, n), ST_FATAL);
    assert_int_equal(findings_count(f, F_QUA_WORK_FAILED), 1);
    assert_int_equal(findings_count(f, F_QUA_GUARANTOR_SELF), 0);
    assert_int_equal(n[TIE_SELF], 0);
    stage_sql(db, "DROP TRIGGER stop"); /* no transaction stays open */
    assert_true(sqlite3_get_autocommit(db));
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_to_oneself_and_circles_are_taken_off),
        cmocka_unit_test(a_long_circle_is_opened_once),
        cmocka_unit_test(a_write_that_fails_ends_it_and_nobody_hears_of_links),
        cmocka_unit_test(without_tables_there_is_nothing_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
