/* Tables of a source as SQL sees them: names, joins, indexes, unreadable rows, and what a statement may not do. */
#include "base/platform.h"
#include "folder.h"
#include "sql_ask.h"

static const column_info patient_columns[] = {{.name = SV_LIT("id"), .type = T_INT},
                                              {.name = SV_LIT("chart"), .type = T_TEXT, .collation = 0xD008},
                                              {.name = SV_LIT("name"), .type = T_TEXT, .collation = 0xD008}};
static const value patients[] = {INT(1),       TEXT("A1"), TEXT("Abara"), INT(2),      TEXT("A2"),
                                 TEXT("Berg"), INT(3),     NONE,          TEXT("Casa")};
static const column_info exam_columns[] = {{.name = SV_LIT("id"), .type = T_INT},
                                           {.name = SV_LIT("patient"), .type = T_INT},
                                           {.name = SV_LIT("chart"), .type = T_TEXT, .collation = 0xD008},
                                           {.name = SV_LIT("fee"), .type = T_DECIMAL, .precision = 9, .scale = 2}};
static const value exams[] = {INT(10), INT(2), TEXT("a2 "), DEC(200, 2), INT(11), INT(1), TEXT("a1"), DEC(100, 2),
                              INT(12), INT(2), TEXT("A2"),  DEC(300, 2), INT(13), NONE,   NONE,       DEC(1000, 2)};
static const uint16_t first_column[] = {0}, second_column[] = {1};
static const sv ref_id[] = {SV_LIT("id")};
static const key_info patient_key[] = {
    {.name = SV_LIT("pk"), .kind = KEY_PRIMARY, .column = first_column, .columns = 1}};
static const key_info exam_key[] = {{.name = SV_LIT("pk"), .kind = KEY_PRIMARY, .column = first_column, .columns = 1},
                                    {.name = SV_LIT("fk"),
                                     .kind = KEY_FOREIGN,
                                     .column = second_column,
                                     .columns = 1,
                                     .ref_schema = SV_LIT("dbo"),
                                     .ref_table = SV_LIT("patient"),
                                     .ref_column = ref_id}};

typedef struct clinic {
    given_source s;
    sql_db *db;
    given_table *patient, *exam;
} clinic;

static void begin(clinic *x, sql_options o)
{
    given_init(&x->s);
    x->patient = given_add(&x->s, "dbo.patient", patient_columns, 3, patients, 3);
    x->patient->info.key = patient_key;
    x->patient->info.keys = 1;
    x->exam = given_add(&x->s, "dbo.exam", exam_columns, 4, exams, 4);
    x->exam->info.key = exam_key;
    x->exam->info.keys = 2;
    x->db = opened_db(&x->s, o);
}

static void end(clinic *x)
{
    sql_close(x->db);
    given_free(&x->s);
}

static void joins_answer_as_if_rows_were_compared(void **state)
{
    (void)state;
    clinic x;
    begin(&x, (sql_options){0});
    static const char *const both[] = {"exam e JOIN patient p", "patient p CROSS JOIN exam e",
                                       "exam e CROSS JOIN patient p"};
    for (size_t i = 0; i < 3; i++) {
        char sql[300];
        snprintf(sql, sizeof sql, "SELECT e.id, p.name FROM %s ON p.id = e.patient ORDER BY 1", both[i]);
        asked(x.db, sql, "10|Berg;11|Abara;12|Berg");
        snprintf(sql, sizeof sql, "SELECT e.id, p.name FROM %s ON p.chart = e.chart ORDER BY 1", both[i]);
        asked(x.db, sql, "10|Berg;11|Abara;12|Berg");
        snprintf(sql, sizeof sql, "SELECT e.id, p.name FROM %s ON e.fee = p.id ORDER BY 1", both[i]);
        asked(x.db, sql, "10|Berg;11|Abara;12|Casa");
        snprintf(sql, sizeof sql, "SELECT e.id, p.name FROM %s ON e.fee = CAST(p.id AS TEXT) || '.0' ORDER BY 1",
                 both[i]);
        asked(x.db, sql, "10|Berg;11|Abara;12|Casa");
        snprintf(sql, sizeof sql,
                 "SELECT e.id FROM %s ON p.id = e.patient AND p.chart = e.chart AND p.chart = 'A2' ORDER BY 1",
                 both[i]);
        asked(x.db, sql, "10;12");
    }
    asked(x.db, "SELECT p.id, e.id FROM patient p LEFT JOIN exam e ON e.patient = p.id ORDER BY 1, 2",
          "1|11;2|10;2|12;3|NULL");
    asked(x.db, "SELECT id FROM exam WHERE patient IN (SELECT id FROM patient WHERE name < 'C') ORDER BY 1",
          "10;11;12");
    asked(x.db, "SELECT id FROM patient WHERE id IN (1, '3', 7.5)", "1;3");
    asked(x.db, "SELECT id FROM patient p WHERE NOT EXISTS (SELECT 1 FROM exam e WHERE e.patient = p.id)", "3");
    asked(x.db, "SELECT p.name, sum(e.fee) FROM exam e JOIN patient p ON p.id = e.patient GROUP BY p.id ORDER BY p.id",
          "Abara|1;Berg|5");
    end(&x);
}

static void a_parent_is_scanned_once_however_many_children_ask(void **state)
{
    (void)state;
    clinic x;
    begin(&x, (sql_options){0});
    asked(x.db, "SELECT count(*) FROM exam e JOIN patient p ON p.id = e.patient", "3");
    assert_int_equal(x.s.scans, 2);
    asked(x.db, "SELECT count(*) FROM exam e JOIN patient p ON p.id = e.patient", "3");
    assert_int_equal(x.s.scans, 3); /* the index is still there */
    end(&x);
}

static void a_stricter_or_looser_comparison_than_the_column_s_finds_the_same_rows(void **state)
{
    (void)state;
    clinic x;
    begin(&x, (sql_options){0});
    asked(x.db, "SELECT e.id FROM exam e CROSS JOIN patient p ON p.chart = e.chart COLLATE BINARY ORDER BY 1", "12");
    asked(x.db, "SELECT e.id FROM exam e CROSS JOIN patient p ON e.chart COLLATE BINARY = p.chart ORDER BY 1", "12");
    asked(x.db, "SELECT e.id FROM exam e CROSS JOIN patient p ON e.chart COLLATE ci_ai = p.chart ORDER BY 1",
          "10;11;12");
    asked(x.db, "SELECT p.id FROM patient p CROSS JOIN exam e ON e.id = '1' || (p.id - 1) ORDER BY 1", "1;2;3");
    asked(x.db, "SELECT p.id FROM exam e CROSS JOIN patient p ON p.chart = e.id", "");
    end(&x);
}

static void every_table_has_its_full_name_and_a_unique_one_its_bare_name(void **state)
{
    (void)state;
    given_source s;
    given_init(&s);
    value v[] = {INT(1), NONE, NONE};
    given_add(&s, "a.t", patient_columns, 3, v, 1);
    given_add(&s, "b.T", patient_columns, 3, v, 1);
    given_add(&s, "B.t", patient_columns, 3, v, 1);
    given_add(&s, "b.sqlite_x", patient_columns, 3, v, 1);
    given_add(&s, "b.odd \"name\"", patient_columns, 3, v, 1);
    sql_db *db = opened_db(&s, (sql_options){0});
    asked(db, "SELECT id FROM \"a.t\"", "1");
    asked(db, "SELECT id FROM \"A.T\"", "1");
    asked(db, "SELECT id FROM \"b.t~2\"", "1");
    asked(db, "SELECT id FROM \"b.sqlite_x\"", "1");
    asked(db, "SELECT id FROM \"odd \"\"name\"\"\"", "1");
    fails(db, "SELECT id FROM t", "no such table");
    sql_close(db);
    given_free(&s);
}

static void columns_that_differ_by_case_only_are_numbered(void **state)
{
    (void)state;
    static const column_info columns[] = {{.name = SV_LIT("id"), .type = T_INT},
                                          {.name = SV_LIT("ID"), .type = T_INT},
                                          {.name = SV_LIT("_page"), .type = T_INT}};
    value v[] = {INT(1), INT(2), INT(3)};
    given_source s;
    given_init(&s);
    given_add(&s, "a.t", columns, 3, v, 1);
    sql_db *db = opened_db(&s, (sql_options){0});
    asked(db, "SELECT id, \"id~2\", _page, _slot, _file, _line, _source_page FROM t", "1|2|3|0|1|NULL|100");
    asked(db, "SELECT * FROM t", "1|2|3");
    sql_close(db);
    given_free(&s);
}

static void an_unreadable_table_exists_and_says_why(void **state)
{
    (void)state;
    given_source s;
    given_init(&s);
    given_add(&s, "dbo.t", patient_columns, 3, patients, 3)->info.unreadable = SV_LIT("it is stored as a columnstore.");
    sql_db *db = opened_db(&s, (sql_options){0});
    fails(db, "SELECT * FROM t", "dbo.t cannot be read: it is stored as a columnstore.");
    sql_close(db);
    given_free(&s);
}

static const value holed[] = {INT(1), TEXT("A1"), LOST, INT(2), TEXT("A2"), TEXT("Berg"), INT(3), NONE, TEXT("Casa")};

static void an_unreadable_cell_is_an_error_only_where_it_is_used(void **state)
{
    (void)state;
    clinic x;
    begin(&x, (sql_options){0});
    x.patient->cell = holed;
    asked(x.db, "SELECT id FROM patient", "1;2;3");
    fails(x.db, "SELECT name FROM patient", "dbo.patient, column name, page 1:100, slot 0 cannot be read (GEN-002");
    fails(x.db, "SELECT p.name FROM exam e CROSS JOIN patient p ON p.id = e.patient", "column name, page 1:100");
    fails(x.db, "SELECT e.id FROM exam e CROSS JOIN patient p ON p.name = e.chart", "joins by cannot be read");
    end(&x);
    begin(&x, (sql_options){.unreadable_cell = SQL_CELL_NULL});
    x.patient->cell = holed;
    asked(x.db, "SELECT name FROM patient", "NULL;Berg;Casa");
    end(&x);
}

static void rows_with_unreadable_cells_are_left_out_and_counted(void **state)
{
    (void)state;
    clinic x;
    ledger *counts = ledger_new();
    begin(&x, (sql_options){.leave_out_unreadable = true, .counts = counts});
    x.patient->cell = holed;
    x.patient->lost_at = 2;
    asked(x.db, "SELECT id, name FROM patient", "2|Berg");
    asked(x.db, "SELECT id, name FROM patient", "2|Berg");
    const ledger_line *line =
        ledger_at(counts, ledger_line_of(counts, LEDGER_TABLE, SV_LIT("dbo.patient"), (sv){NULL, 0}));
    assert_int_equal(line->count[COUNT_READ], 3);
    assert_int_equal(line->count[COUNT_DECODED], 1);
    assert_int_equal(line->count[COUNT_UNREADABLE], 2);
    end(&x);
    ledger_free(counts);
}

static void restricted_statements_only_read_the_source(void **state)
{
    (void)state;
    clinic x;
    begin(&x, (sql_options){0});
    assert_int_equal(
        sqlite3_exec(sql_handle(x.db), "CREATE TABLE main.staged(a); INSERT INTO staged VALUES(1)", NULL, NULL, NULL),
        SQLITE_OK);
    sql_restrict(x.db);
    asked(x.db, "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT max(i) FROM n",
          "3");
    asked(x.db, "SELECT count(*) FROM patient", "3");
    asked(x.db, "SELECT count(*) FROM (SELECT name FROM \"dbo.patient\")", "3");
    fails(x.db, "SELECT * FROM staged", "no table of the source");
    fails(x.db, "SELECT count(*) FROM main.sqlite_schema", "no table of the source");
    static const char *const writes[] = {"DELETE FROM staged",
                                         "CREATE TABLE y(a)",
                                         "ATTACH ':memory:' AS z",
                                         "PRAGMA user_version",
                                         "DROP TABLE patient",
                                         "INSERT INTO staged VALUES(2)",
                                         "CREATE VIEW w AS SELECT 1",
                                         "BEGIN",
                                         "VACUUM INTO 'x'"};
    for (size_t i = 0; i < sizeof writes / sizeof writes[0]; i++) fails(x.db, writes[i], "may only read");
    static const char *const calls[] = {"random()", "sqlite_version()", "fts3_tokenizer('x')", "last_insert_rowid()"};
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        char sql[100];
        snprintf(sql, sizeof sql, "SELECT %s", calls[i]);
        fails(x.db, sql, "may not be used");
    }
    /* The library for Windows is built without it. */
    const bool loads = !sqlite3_compileoption_used("OMIT_LOAD_EXTENSION");
    fails(x.db, "SELECT load_extension('x')", loads ? "may not be used" : "no such function");
    fails(x.db, "SELECT * FROM pragma_table_info('patient')", "may only read");
    fails(x.db, "SELECT \"no such column\" FROM patient", "no such column");
    sql_free(x.db);
    asked(x.db, "SELECT * FROM staged", "1");
    end(&x);
}

static bool yes(void *ctx)
{
    (void)ctx;
    return true;
}

static void a_statement_stops_when_asked_to(void **state)
{
    (void)state;
    clinic x;
    begin(&x, (sql_options){.cancelled = yes});
    fails(x.db, "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n", "stopped");
    end(&x);
}

/* ---- more rows than memory may hold ---- */

enum { MANY = 60000 };

static value *many_rows(void)
{
    value *v = malloc(MANY * 3 * sizeof *v);
    assert_non_null(v);
    for (int i = 0; i < MANY; i++) {
        v[3 * i] = INT(i);
        v[3 * i + 1] = INT(i / 10);
        v[3 * i + 2] = TEXT("a text of some length, so that the rows are long enough to fill what there is of memory");
    }
    return v;
}

static size_t files_in(const char *folder)
{
    folder_list *l = calloc(1, sizeof *l);
    assert_non_null(l);
    folder_names(folder, l);
    size_t n = l->n;
    folder_names_free(l);
    free(l);
    return n;
}

static const column_info many_columns[] = {{.name = SV_LIT("id"), .type = T_INT},
                                           {.name = SV_LIT("parent"), .type = T_INT},
                                           {.name = SV_LIT("name"), .type = T_TEXT, .collation = 0xD008}};
static const char many_sql[] =
    "SELECT count(*), sum(b.id), min(length(b.name)), max(b.id) FROM t a CROSS JOIN t b ON b.parent = a.id";

static void an_index_that_outgrows_memory_goes_to_the_work_folder_and_away_again(void **state)
{
    (void)state;
    static const char folder[] = "test_sql_tables.work";
    const char *why;
    if (os_exists(folder)) folder_remove(folder);
    assert_true(os_make_folder(folder, &why));
    value *v = many_rows();
    given_source s;
    given_init(&s);
    given_add(&s, "dbo.t", many_columns, 3, v, MANY);
    sql_db *db = opened_db(&s, (sql_options){.memory_bytes = 12 << 20, .work_folder = folder});
    asked(db, many_sql, "60000|1799970000|87|59999");
    asked(db, "SELECT b.id FROM t a CROSS JOIN t b ON b.parent = a.id AND b.name = a.name WHERE a.id = 7",
          "70;71;72;73;74;75;76;77;78;79");
    assert_int_equal(files_in(folder), 3);
    sql_close(db);
    assert_int_equal(files_in(folder), 0);
    given_free(&s);
    free(v);
    folder_remove(folder);
}

static void a_work_file_in_the_way_is_a_finding_and_stays(void **state)
{
    (void)state;
    static const char folder[] = "test_sql_tables.taken";
    const char *why;
    if (os_exists(folder)) folder_remove(folder);
    assert_true(os_make_folder(folder, &why));
    os_out *taken = os_create("test_sql_tables.taken/chartferry.work", &why);
    assert_non_null(taken);
    assert_true(os_close(taken, &why));
    given_source s;
    given_init(&s);
    given_add(&s, "dbo.t", patient_columns, 3, patients, 3);
    sql_db *db;
    assert_int_equal(sql_open(&s.base, &(sql_options){.work_folder = folder}, s.found, &db), ST_FATAL);
    assert_null(db);
    assert_int_equal(findings_count(s.found, F_SQL_CANNOT_START), 1);
    assert_int_equal(files_in(folder), 1);
    given_free(&s);
    folder_remove(folder);
}

static void without_a_work_folder_an_index_too_large_is_not_planned_or_an_error(void **state)
{
    (void)state;
    value *v = many_rows();
    given_source s;
    given_init(&s);
    given_table *t = given_add(&s, "dbo.t", many_columns, 3, v, MANY);
    t->info.rows_expected = 10; /* the catalog is wrong: the plan is made for a small table */
    sql_db *db = opened_db(&s, (sql_options){.memory_bytes = 12 << 20});
    fails(db, many_sql, "dbo.t needs more than the 4 MB that joins may take in memory");
    sql_close(db);
    given_free(&s);
    free(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joins_answer_as_if_rows_were_compared),
        cmocka_unit_test(a_parent_is_scanned_once_however_many_children_ask),
        cmocka_unit_test(a_stricter_or_looser_comparison_than_the_column_s_finds_the_same_rows),
        cmocka_unit_test(every_table_has_its_full_name_and_a_unique_one_its_bare_name),
        cmocka_unit_test(columns_that_differ_by_case_only_are_numbered),
        cmocka_unit_test(an_unreadable_table_exists_and_says_why),
        cmocka_unit_test(an_unreadable_cell_is_an_error_only_where_it_is_used),
        cmocka_unit_test(rows_with_unreadable_cells_are_left_out_and_counted),
        cmocka_unit_test(restricted_statements_only_read_the_source),
        cmocka_unit_test(a_statement_stops_when_asked_to),
        cmocka_unit_test(an_index_that_outgrows_memory_goes_to_the_work_folder_and_away_again),
        cmocka_unit_test(a_work_file_in_the_way_is_a_finding_and_stays),
        cmocka_unit_test(without_a_work_folder_an_index_too_large_is_not_planned_or_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
