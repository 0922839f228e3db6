/* The command sql: its line, and its results over a backup of the corpus. */
#include "base/byte_source.h"
#include "cli/options.h"
#include "cli/sql_print.h"
#include "registry/registry.h"
#include "testing.h"

static bool parsed(options *o, int argc, const char *const *argv, const char *wrong)
{
    buf text = buf_new(65536);
    bool ok = options_parse(o, argc, argv, &text);
    buf_char(&text, '\0');
    if (wrong) assert_non_null(strstr(text.p, wrong));
    buf_free(&text);
    return ok;
}

static void letters_and_names_mean_what_the_command_says(void **state)
{
    (void)state;
    options o;
    static const char *const sql[] = {"sql", "a.bak", "-f", "q.sql", "--format", "json"};
    assert_true(parsed(&o, 6, sql, NULL));
    assert_string_equal(o.sql_file, "q.sql");
    assert_int_equal(o.sql_format, SQL_FORMAT_JSON);
    options_free(&o);
    static const char *const extract[] = {"extract", "a.bak", "-f", "xlsx", "--out", "x"};
    assert_true(parsed(&o, 6, extract, NULL));
    assert_int_equal(o.format, EXTRACT_XLSX);
    assert_null(o.sql_file);
    options_free(&o);
    static const char *const mixed[] = {"sql", "a.bak", "SELECT 1", "--format", "xlsx"};
    assert_false(parsed(&o, 5, mixed, "table|csv|json"));
    options_free(&o);
}

static void a_statement_is_needed(void **state)
{
    (void)state;
    options o;
    static const char *const none[] = {"sql", "a.bak"}, *const one[] = {"sql", "a.bak", "b.bak", "SELECT 1"};
    assert_false(parsed(&o, 2, none, "Which statement?"));
    options_free(&o);
    assert_true(parsed(&o, 4, one, NULL));
    assert_int_equal(o.operands, 3);
    options_free(&o);
}

static void a_real_backup_answers(void **state)
{
    (void)state;
    findings *f = findings_new();
    byte_source *file = byte_source_file(CHARTFERRY_CORPUS "/hospital2014.bak", f);
    if (!file) {
        print_message("skipped: corpus absent\n");
        findings_free(f);
        skip();
    }
    row_source *s;
    assert_int_equal(source_open(&(open_args){.file = &file, .files = 1}, f, &s), ST_OK);
    sql_db *db;
    assert_int_equal(sql_open(s, &(sql_options){0}, f, &db), ST_OK);
    sql_restrict(db);
    sqlite3_stmt *st;
    assert_int_equal(
        sqlite3_prepare_v2(sql_handle(db),
                           "SELECT (SELECT count(*) FROM \"dbo.patient\"), (SELECT count(*) FROM Appointment), "
                           "count(*) FROM appointment a JOIN patient p ON p.PatientId = a.PATIENTID",
                           -1, &st, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(st, 0), 22);
    assert_int_equal(sqlite3_column_int(st, 1), 30);
    assert_int_equal(sqlite3_column_int(st, 2), 30);
    sqlite3_finalize(st);
    sql_close(db);
    s->ops->close(s);
    byte_source_close(file);
    findings_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_and_names_mean_what_the_command_says),
        cmocka_unit_test(a_statement_is_needed),
        cmocka_unit_test(a_real_backup_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
