/* Staging: every row of a driving table becomes a record, is rejected or is skipped; every value is canonical or held
 * back. */
#include "profile_run.h"

/* Entities as given, their SELECTs written before. */
static status stage_profile(fixture *x, const char *entities)
{
    char yaml[2000];
    snprintf(yaml, sizeof yaml, HEAD "entities:\n%s", entities);
    return stage_yaml(x, yaml);
}

#define PATIENT     "  patient: {from: dbo.people, sql: patient.sql}\n"
#define APPOINTMENT "  appointment: {from: dbo.visits, sql: appointment.sql}\n"

static status stage(fixture *x, const char *patient_sql, const char *appointment_sql)
{
    write_file("patient.sql", patient_sql);
    if (appointment_sql) write_file("appointment.sql", appointment_sql);
    return stage_profile(x, appointment_sql ? APPOINTMENT PATIENT : PATIENT);
}

/* ---- records ---- */

static void records_are_staged_with_keys_and_origin(void **state)
{
    fixture *x = *state;
    assert_int_equal(
        stage(x, "SELECT id AS src_key, coalesce(name, 'nobody') AS last, day AS birth_date FROM \"dbo.people\"", NULL),
        ST_OK);
    assert_line(x, "patient", 10, 10, 0, 0, 0);
    assert_value(x,
                 "SELECT source_key || '|' || src_table || '|' || src_key || '|' || birth_date FROM main.patient WHERE "
                 "src_key = '2'",
                 "TT-PAT-2|dbo.people|2|1900-01-03");
    assert_value(x, "SELECT count(*) FROM main.sqlite_schema WHERE type = 'table'", "1"); /* nothing else stays */
}

static void filtered_rows_are_skipped(void **state)
{
    fixture *x = *state;
    assert_int_equal(stage(x, "SELECT id AS src_key, 'x' AS last FROM \"dbo.people\" WHERE id < 4", NULL), ST_OK);
    assert_line(x, "patient", 10, 4, 0, 6, 0);
    assert_int_equal(findings_count(x->found, F_PRO_FILTERED), 1);
}

static void a_driving_table_that_the_select_does_not_scan_is_counted(void **state)
{
    fixture *x = *state;
    assert_int_equal(stage(x, "SELECT id AS src_key, 'x' AS last FROM \"dbo.visits\" WHERE id < 4", NULL), ST_OK);
    assert_line(x, "patient", 10, 4, 0, 6, 0);
}

static void rows_that_cannot_be_read_are_no_skipped_ones(void **state)
{
    fixture *x = *state;
    x->lost_at = 2;
    x->unreadable_at = 5;
    assert_int_equal(stage(x, "SELECT id AS src_key, coalesce(name, 'nobody') AS last FROM \"dbo.people\"", NULL),
                     ST_OK);
    assert_line(x, "patient", 8, 8, 0, 0, 0);
}

/* Each SELECT has its own unreadable rows: those with such a cell among its columns. The table's line has all of them. */
static void a_cell_that_another_select_does_not_use_costs_it_nothing(void **state)
{
    fixture *x = *state;
    x->unreadable_at = 5;
    write_file("provider.sql", "SELECT id AS src_key, 'x' AS last FROM \"dbo.people\"");
    write_file("patient.sql", "SELECT id AS src_key, coalesce(name, 'nobody') AS last FROM \"dbo.people\"");
    write_file("guarantor.sql", "SELECT id AS src_key, 'x' AS last FROM \"dbo.people\" WHERE id > 0");
    assert_int_equal(stage_profile(x, "  provider: {from: dbo.people, sql: provider.sql}\n" PATIENT
                                      "  guarantor: {from: dbo.people, sql: guarantor.sql}\n"),
                     ST_OK);
    assert_line(x, "provider", 10, 10, 0, 0, 0);
    assert_line(x, "patient", 9, 9, 0, 0, 0);
    assert_line(x, "guarantor", 10, 9, 0, 1, 0);
    for (size_t i = 0; i < ledger_lines(x->counts); i++) {
        const ledger_line *l = ledger_at(x->counts, i);
        if (l->level != LEDGER_TABLE || !sv_eq(l->name, SV_LIT("dbo.people"))) continue;
        assert_int_equal(l->count[COUNT_READ], 10);
        assert_int_equal(l->count[COUNT_DECODED], 9);
        assert_int_equal(l->count[COUNT_UNREADABLE], 1);
        return;
    }
    fail_msg("dbo.people is not in the account");
}

/* ---- rejected ---- */

static void records_without_a_required_field_are_rejected(void **state)
{
    fixture *x = *state;
    assert_int_equal(stage(x, "SELECT id AS src_key, name AS last FROM \"dbo.people\"", NULL), ST_OK);
    assert_line(x, "patient", 10, 9, 1, 0, 0);
    assert_rejects(x, "PRO-701 last row 3 ;");
}

static void a_wrong_required_value_rejects_the_record_and_holds_nothing_back(void **state)
{
    fixture *x = *state;
    assert_int_equal(stage(x, "SELECT id AS src_key, 'x' AS last FROM \"dbo.people\"",
                           "SELECT id AS src_key, 1 AS patient, 'soon' AS duration,\n"
                           "  CASE id WHEN 4 THEN 'noon' ELSE '2024-01-01 10:00' END AS start_at\n"
                           "  FROM \"dbo.visits\" WHERE id IN (4, 5)"),
                     ST_OK);
    assert_line(x, "appointment", 20, 1, 1, 18, 1);
    assert_rejects(x, "PRO-708 start_at row 4 noon;NRM-902 duration held 5 soon;");
    assert_int_equal(findings_count(x->found, F_PRO_REQUIRED_WRONG), 1);
}

static void a_record_without_a_key_is_rejected(void **state)
{
    fixture *x = *state;
    assert_int_equal(stage(x, "SELECT name AS src_key, 'x' AS last FROM \"dbo.people\"", NULL), ST_OK);
    assert_line(x, "patient", 10, 9, 1, 0, 0);
    assert_int_equal(findings_count(x->found, F_PRO_KEY_EMPTY), 1);
}

static void a_record_that_comes_out_twice_is_told_and_left_out(void **state)
{
    fixture *x = *state;
    assert_int_equal(stage(x,
                           "SELECT p.id AS src_key, 'x' AS last FROM \"dbo.people\" AS p JOIN \"dbo.visits\" AS v ON "
                           "v.id % 10 = p.id WHERE p.id < 8",
                           NULL),
                     ST_OK);
    assert_line(x, "patient", 18, 8, 8, 2, 0);
    assert_int_equal(findings_count(x->found, F_PRO_FAN_OUT), 8);
}

/* One driving row, one good record and one bad of the same key: whichever comes first, the row counts once. */
static void a_key_counts_once_whatever_becomes_of_its_records(void **state)
{
    fixture *x = *state;
    assert_int_equal(stage(x,
                           "SELECT 1 AS src_key, 'a' AS last UNION ALL SELECT 1, NULL\n"
                           "UNION ALL SELECT 2, NULL UNION ALL SELECT 2, 'b'\n"
                           "UNION ALL SELECT 3, NULL UNION ALL SELECT 3, NULL",
                           NULL),
                     ST_OK);
    assert_rejects(x,
                   "PRO-701 last row 1 ;PRO-701 last row 2 ;PRO-704  row 2 ;PRO-701 last row 3 ;PRO-701 last row 3 ;");
    assert_line(x, "patient", 13, 1, 5, 7, 0);
}

static void more_records_than_rows_are_told(void **state)
{
    fixture *x = *state;
    assert_int_equal(stage(x, "SELECT id AS src_key, 'x' AS last FROM \"dbo.visits\"", NULL), ST_OK);
    assert_line(x, "patient", 20, 20, 0, 0, 0);
    assert_int_equal(findings_count(x->found, F_PRO_MORE_RECORDS), 1);
}

static void a_row_may_become_several_records_where_that_is_said(void **state)
{
    fixture *x = *state;
    write_file("patient.sql", "SELECT v.id AS src_key, p.id AS src_row, 'x' AS last FROM \"dbo.people\" AS p\n"
                              "  JOIN \"dbo.visits\" AS v ON v.id % 10 = p.id WHERE p.id < 8");
    assert_int_equal(stage_profile(x, "  patient: {from: dbo.people, sql: patient.sql, many: true}\n"), ST_OK);
    assert_line(x, "patient", 18, 16, 0, 2, 0);
    assert_int_equal(findings_count(x->found, F_PRO_FAN_OUT), 0);
    assert_int_equal(findings_count(x->found, F_PRO_MORE_RECORDS), 0);
}

static void several_driving_tables_are_counted_together(void **state)
{
    fixture *x = *state;
    write_file("patient.sql",
               "SELECT 'P' || id AS src_key, 'dbo.people' AS src_table, 'x' AS last FROM \"dbo.people\"\n"
               "UNION ALL SELECT 'V' || id, 'dbo.visits', 'y' FROM \"dbo.visits\" WHERE id < 15");
    assert_int_equal(stage_profile(x, "  patient: {from: [dbo.people, dbo.visits], sql: patient.sql}\n"), ST_OK);
    assert_line(x, "patient", 30, 25, 0, 5, 0);
    assert_value(x, "SELECT src_table FROM main.patient WHERE src_key = 'V3'", "dbo.visits");
}

/* ---- values ---- */

static void wrong_values_are_held_back_and_the_record_is_kept(void **state)
{
    fixture *x = *state;
    assert_int_equal(
        stage(
            x,
            "SELECT id AS src_key, 'x' AS last, CASE id WHEN 1 THEN '2024-02-30' WHEN 2 THEN '2024-02-29 00:00:00.000' "
            "WHEN 3 THEN 'spring 1960' WHEN 4 THEN '' END AS birth_date FROM \"dbo.people\"",
            NULL),
        ST_OK);
    assert_line(x, "patient", 10, 10, 0, 0, 2);
    assert_rejects(x, "NRM-930 birth_date held 1 2024-02-30;NRM-930 birth_date held 3 spring 1960;");
    assert_value(x, "SELECT birth_date FROM main.patient WHERE src_key = '2'", "2024-02-29");
    assert_value(x, "SELECT birth_date FROM main.patient WHERE src_key = '4'", "NULL");
}

static void a_large_value_is_held_back(void **state)
{
    fixture *x = *state;
    x->large_every = 5;
    assert_int_equal(stage(x, "SELECT id AS src_key, 'x' AS last, note AS notes FROM \"dbo.people\"", NULL), ST_OK);
    assert_line(x, "patient", 10, 10, 0, 0, 2);
    assert_int_equal(findings_count(x->found, F_PRO_LARGE_VALUE), 2);
}

static void a_long_text_is_read_as_a_whole(void **state)
{
    fixture *x = *state;
    x->large_every = 5;
    x->large_bytes = 100000;
    assert_int_equal(stage(x, "SELECT id AS src_key, 'x' AS last, note AS notes FROM \"dbo.people\"", NULL), ST_OK);
    assert_line(x, "patient", 10, 10, 0, 0, 0);
    assert_value(x, "SELECT group_concat(length(notes)) FROM main.patient", "100000,99995");
}

static status stage_documents(fixture *x)
{
    x->large_every = 5;
    return stage(x,
                 "SELECT id AS src_key, 'x' AS last, content_mime(note) AS title, content_size(note) AS "
                 "nickname, content_sha256(note) AS chart_number FROM \"dbo.people\" -- two are large",
                 NULL);
}

static void assert_documents(fixture *x)
{
    assert_value(x, "SELECT count(*) FROM main.patient WHERE nickname > 1000000 AND length(chart_number) = 64", "2");
}

/* Whatever is asked of it: what the survey read is kept. */
static void a_document_is_read_once(void **state)
{
    fixture *x = *state;
    assert_int_equal(stage_documents(x), ST_OK);
    assert_documents(x);
    assert_int_equal(x->source.lobs_opened, 2);
}

static void rows_of_a_table_of_unknown_size_are_read_by_survey_and_staging(void **state)
{
    fixture *x = *state;
    x->rows_unknown = true;
    assert_int_equal(stage_documents(x), ST_OK);
    assert_documents(x);
    assert_int_equal(x->source.lobs_opened, 4);
}

/* 40 MB of names from ten rows. */
static void rows_that_find_no_room_are_read_again(void **state)
{
    fixture *x = *state;
    assert_int_equal(stage(x,
                           "SELECT p.id || '-' || v.id || '-' || w.id AS src_key, 'x' AS last, "
                           "printf('%.*c', 40000, 'y') AS notes FROM \"dbo.people\" AS p, \"dbo.people\" AS v, "
                           "\"dbo.people\" AS w",
                           NULL),
                     ST_OK);
    assert_value(x, "SELECT count(*) || ' ' || sum(length(notes)) FROM main.patient", "1000 40000000");
}

static void a_text_made_of_a_large_value_ends_the_staging(void **state)
{
    fixture *x = *state;
    x->large_every = 5;
    assert_int_equal(stage(x, "SELECT id AS src_key, 'x' || note AS last FROM \"dbo.people\"", NULL), ST_FATAL);
    assert_int_equal(findings_count(x->found, F_PRO_SQL_FAILED), 1);
}

static void a_value_beyond_all_measure_is_held_back(void **state)
{
    fixture *x = *state;
    assert_int_equal(
        stage(x, "SELECT id AS src_key, 'x' AS last, hex(zeroblob(600000)) AS notes FROM \"dbo.people\" WHERE id = 1",
              NULL),
        ST_OK);
    assert_line(x, "patient", 10, 1, 0, 9, 1);
    assert_rejects(x, "PRO-706 notes held 1 (a large value);");
}

static void a_key_beyond_all_measure_rejects_the_record(void **state)
{
    fixture *x = *state;
    assert_int_equal(
        stage(x, "SELECT hex(zeroblob(600000)) AS src_key, 'x' AS last FROM \"dbo.people\" WHERE id = 1", NULL), ST_OK);
    assert_line(x, "patient", 10, 0, 1, 9, 0);
}

/* ---- references ---- */

static void records_are_rejected_when_what_they_belong_to_is_not_there(void **state)
{
    fixture *x = *state;
    assert_int_equal(
        stage(
            x, "SELECT id AS src_key, 'x' AS last FROM \"dbo.people\" WHERE id < 5",
            "SELECT id AS src_key, id AS patient, '2024-01-01 10:00:00' AS start_at FROM \"dbo.visits\" WHERE id < 6"),
        ST_OK);
    assert_line(x, "appointment", 20, 5, 1, 14, 0);
    assert_rejects(x, "PRO-705 patient row 5 5;");
    assert_int_equal(findings_count(x->found, F_PRO_ORPHAN), 1);
}

static void other_references_to_nobody_are_held_back(void **state)
{
    fixture *x = *state;
    write_file("patient.sql", "SELECT id AS src_key, 'x' AS last, 'D' || id AS primary_provider FROM \"dbo.people\"");
    write_file("provider.sql", "SELECT 'D' || id AS src_key, 'y' AS last FROM \"dbo.people\" WHERE id < 8");
    assert_int_equal(stage_profile(x, PATIENT "  provider: {from: dbo.people, sql: provider.sql}\n"), ST_OK);
    assert_line(x, "patient", 10, 10, 0, 0, 2);
    assert_rejects(x, "PRO-705 primary_provider held 8 D8;PRO-705 primary_provider held 9 D9;");
    assert_value(x, "SELECT count(primary_provider) FROM main.patient", "8");
    assert_int_equal(findings_count(x->found, F_PRO_ORPHAN), 2);
}

/* Two entities that may refer to each other: neither has to come first. */
static void references_may_go_both_ways(void **state)
{
    fixture *x = *state;
    write_file("p.sql", "SELECT id AS src_key, 'x' AS last, id AS location FROM \"dbo.people\"");
    write_file("l.sql", "SELECT id AS src_key, 'y' AS name, id AS owner, 0 AS parent FROM \"dbo.people\"");
    assert_int_equal(stage_profile(x, "  provider: {from: dbo.people, sql: p.sql}\n"
                                      "  practice_location: {from: dbo.people, sql: l.sql}\n"),
                     ST_OK);
    assert_line(x, "provider", 10, 10, 0, 0, 0);
    assert_line(x, "practice_location", 10, 10, 0, 0, 0);
}

/* ---- mistakes in SELECTs ---- */

#define DIR "test_profile_folder/"

static void mistakes_in_all_selects_are_told_at_once_and_nothing_is_staged(void **state)
{
    fixture *x = *state;
    assert_int_equal(stage(x, "SELECT id AS src_key,\n       nmae AS last\n  FROM \"dbo.people\"",
                           "-- a comment with pateint\nSELECT id AS src_key,\n       id AS pateint, (SELECT 1 AS "
                           "src_key) AS notes,\n       id AS src_key\n  FROM \"dbo.visits\""),
                     ST_FATAL);
    assert_wrong(x, DIR "appointment.sql:2:1: appointment needs the column \"patient\"\n" DIR
                        "appointment.sql:2:1: appointment needs the column \"start_at\"\n" DIR
                        "appointment.sql:3:14: appointment has no field \"pateint\"; did you mean \"patient\"?\n" DIR
                        "appointment.sql:4:14: appointment gets the column \"src_key\" twice\n" DIR
                        "patient.sql:2:8: no such column: nmae\n");
    assert_value(x, "SELECT count(*) FROM main.patient", "0");
}

static void unnamed_columns_are_told(void **state)
{
    fixture *x = *state;
    assert_int_equal(stage(x, "SELECT id AS src_key, upper(name), 'x' AS last FROM \"dbo.people\"", NULL), ST_FATAL);
    assert_int_equal(x->wrong.n, 1);
    assert_true(sv_starts(x->wrong.item[0].text, SV_LIT("patient has no field \"upper(name)\"")));
    assert_int_equal(x->wrong.item[0].line, 1);
}

static void tables_that_the_source_does_not_have_are_told(void **state)
{
    fixture *x = *state;
    write_file("patient.sql", "SELECT id AS src_key, 'x' AS last\n  FROM \"dbo.peeple\"");
    assert_int_equal(stage_profile(x, "  patient: {from: dbo.poeple, sql: patient.sql}\n"), ST_FATAL);
    assert_wrong(x, DIR "patient.sql:2:8: no such table: dbo.peeple; did you mean \"dbo.people\"?\n" DIR
                        "profile.yaml:7:19: the source has no table \"dbo.poeple\"; did you mean \"dbo.people\"?\n");
}

static void a_reference_needs_its_entity_in_the_profile(void **state)
{
    fixture *x = *state;
    assert_int_equal(
        stage(x, "SELECT id AS src_key, 'x' AS last,\n 'D1' AS primary_provider FROM \"dbo.people\"", NULL), ST_FATAL);
    assert_wrong(x,
                 DIR "patient.sql:2:10: patient cannot have \"primary_provider\": the profile does not give the entity "
                     "provider\n");
}

static void a_select_may_only_read_the_source(void **state)
{
    fixture *x = *state;
    assert_int_equal(stage(x, "SELECT name AS src_key, 'x' AS last FROM sqlite_master",
                           "SELECT id AS src_key, load_extension('x') AS patient, 1 AS start_at FROM \"dbo.visits\""),
                     ST_FATAL);
    assert_int_equal(x->wrong.n, 2);
}

static void staged_entities_are_no_tables_of_a_select(void **state)
{
    fixture *x = *state;
    assert_int_equal(stage(x, "SELECT src_key, 'x' AS last FROM patient", NULL), ST_FATAL);
    assert_int_equal(x->wrong.n, 1);
}

static void only_one_select_is_read(void **state)
{
    fixture *x = *state;
    assert_int_equal(
        stage(x, "DELETE FROM \"dbo.people\"", "SELECT 1 AS src_key, 1 AS patient, 2 AS start_at;\nSELECT 2"),
        ST_FATAL);
    assert_wrong(x, DIR "appointment.sql:1:50: one SELECT is read; something follows it\n" DIR
                        "patient.sql:1:1: table dbo.people may not be modified\n");
}

static void an_empty_file_and_an_explanation_are_no_select(void **state)
{
    fixture *x = *state;
    assert_int_equal(stage(x, "-- nothing\n", "EXPLAIN SELECT 1 AS src_key"), ST_FATAL);
    assert_wrong(x, DIR "appointment.sql:1:9: the file must hold a SELECT, not its explanation\n" DIR
                        "patient.sql:1:1: the file holds no SELECT\n");
}

static void a_comment_behind_the_select_is_good(void **state)
{
    fixture *x = *state;
    assert_int_equal(stage(x, "SELECT id AS src_key, 'x' AS last FROM \"dbo.people\"; -- done\n/* all */\n", NULL),
                     ST_OK);
}

static void many_and_several_tables_need_their_columns(void **state)
{
    fixture *x = *state;
    write_file("patient.sql", "SELECT id AS src_key, 'x' AS last FROM \"dbo.people\"");
    assert_int_equal(stage_profile(x, "  patient: {from: [dbo.people, dbo.visits], sql: patient.sql, many: true}\n"),
                     ST_FATAL);
    assert_wrong(x,
                 DIR "patient.sql:1:1: patient needs the column \"src_row\": the key of the row that becomes several "
                     "records\n" DIR "patient.sql:1:1: patient needs the column \"src_table\": which of its driving "
                     "tables a record comes from\n");
}

static void src_row_is_a_column_only_with_many(void **state)
{
    fixture *x = *state;
    assert_int_equal(stage(x, "SELECT id AS src_key, id AS src_row, 'x' AS last FROM \"dbo.people\"", NULL), ST_FATAL);
    assert_int_equal(x->wrong.n, 1);
    assert_int_equal(x->wrong.item[0].column, 29);
}

static void options_are_values_of_the_select(void **state)
{
    fixture *x = *state;
    write_file("patient.sql", "SELECT id AS src_key, :who AS last FROM \"dbo.people\" WHERE id < :first");
    assert_int_equal(stage_profile(x, PATIENT "options: {first: 4, who: x}\n"), ST_OK);
    assert_line(x, "patient", 10, 4, 0, 6, 0);
    assert_value(x, "SELECT last FROM main.patient", "x");
}

static void unknown_options_are_told(void **state)
{
    fixture *x = *state;
    write_file("patient.sql", "SELECT id AS src_key, 'x' AS last\n  FROM \"dbo.people\" WHERE id < :frist OR id = ?");
    assert_int_equal(stage_profile(x, PATIENT "options: {first: 4}\n"), ST_FATAL);
    assert_wrong(x, DIR "patient.sql:1:1: the profile has no option for \"?\"\n" DIR
                        "patient.sql:2:33: the profile has no option for \":frist\"; did you mean \"first\"?\n");
}

static void a_source_that_dies_ends_the_staging(void **state)
{
    fixture *x = *state;
    x->fatal_at = 4;
    assert_int_equal(stage(x, "SELECT id AS src_key, 'x' AS last FROM \"dbo.people\"", NULL), ST_FATAL);
    assert_int_equal(findings_count(x->found, F_PRO_SQL_FAILED), 1);
    assert_int_equal(x->wrong.n, 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(records_are_staged_with_keys_and_origin),
        T(filtered_rows_are_skipped),
        T(a_driving_table_that_the_select_does_not_scan_is_counted),
        T(rows_that_cannot_be_read_are_no_skipped_ones),
        T(a_cell_that_another_select_does_not_use_costs_it_nothing),
        T(records_without_a_required_field_are_rejected),
        T(a_wrong_required_value_rejects_the_record_and_holds_nothing_back),
        T(a_record_without_a_key_is_rejected),
        T(a_record_that_comes_out_twice_is_told_and_left_out),
        T(a_key_counts_once_whatever_becomes_of_its_records),
        T(more_records_than_rows_are_told),
        T(a_row_may_become_several_records_where_that_is_said),
        T(several_driving_tables_are_counted_together),
        T(wrong_values_are_held_back_and_the_record_is_kept),
        T(a_large_value_is_held_back),
        T(a_long_text_is_read_as_a_whole),
        T(a_document_is_read_once),
        T(rows_of_a_table_of_unknown_size_are_read_by_survey_and_staging),
        T(rows_that_find_no_room_are_read_again),
        T(a_text_made_of_a_large_value_ends_the_staging),
        T(a_value_beyond_all_measure_is_held_back),
        T(a_key_beyond_all_measure_rejects_the_record),
        T(records_are_rejected_when_what_they_belong_to_is_not_there),
        T(other_references_to_nobody_are_held_back),
        T(references_may_go_both_ways),
        T(mistakes_in_all_selects_are_told_at_once_and_nothing_is_staged),
        T(unnamed_columns_are_told),
        T(tables_that_the_source_does_not_have_are_told),
        T(a_reference_needs_its_entity_in_the_profile),
        T(a_select_may_only_read_the_source),
        T(staged_entities_are_no_tables_of_a_select),
        T(only_one_select_is_read),
        T(an_empty_file_and_an_explanation_are_no_select),
        T(a_comment_behind_the_select_is_good),
        T(many_and_several_tables_need_their_columns),
        T(src_row_is_a_column_only_with_many),
        T(options_are_values_of_the_select),
        T(unknown_options_are_told),
        T(a_source_that_dies_ends_the_staging),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
