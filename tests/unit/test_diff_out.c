/* The files of a diff: the list has every line, the workbook those that a sheet takes, and a finding says so. */
#include "base/platform.h"
#include "diff/diff_out.h"
#include "xlsx/xlsx_writer.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void lines_beyond_a_sheet_are_in_the_list_alone(void **state)
{
    (void)state;
    arena *mem = arena_new(0);
    findings *f = findings_new();
    rejects_file file[2];
    const sv cell[DIFF_COLUMNS] = {[DIFF_KEY] = {NULL, 0}};
    (void)os_remove_tree("beyond"); /* of an earlier run */
    diff_out *o = diff_out_new(".", "beyond", mem, f);
    assert_non_null(o);
    for (size_t i = 0; i < XLSX_ROWS_MAX; i++) assert_int_equal(diff_out_line(o, cell), ST_OK);
    assert_int_equal(diff_out_close(o, file), ST_OK);
    assert_int_equal(file[0].rows, XLSX_ROWS_MAX);
    assert_int_equal(file[1].rows, XLSX_ROWS_MAX - 1);
    assert_int_equal(findings_count(f, F_DIFF_BOOK_FULL), 1);
    findings_free(f);
    arena_free(mem);
}

static void a_text_too_long_for_a_cell_is_in_the_list(void **state)
{
    (void)state;
    arena *mem = arena_new(0);
    findings *f = findings_new();
    rejects_file file[2];
    char *text = malloc(XLSX_TEXT_MAX + 1);
    assert_non_null(text);
    memset(text, 'x', XLSX_TEXT_MAX + 1);
    const sv cell[DIFF_COLUMNS] = {[DIFF_SOURCE] = {text, XLSX_TEXT_MAX + 1}};
    (void)os_remove_tree("long"); /* of an earlier run */
    diff_out *o = diff_out_new(".", "long", mem, f);
    assert_non_null(o);
    assert_int_equal(diff_out_line(o, cell), ST_OK);
    assert_int_equal(diff_out_close(o, file), ST_OK);
    assert_int_equal(file[1].rows, 1);
    assert_true(file[0].bytes > XLSX_TEXT_MAX);
    assert_int_equal(findings_count(f, F_DIFF_BOOK_FULL), 0);
    free(text);
    findings_free(f);
    arena_free(mem);
}

static void a_folder_that_cannot_be_made_is_told(void **state)
{
    (void)state;
    arena *mem = arena_new(0);
    findings *f = findings_new();
    assert_null(diff_out_new("no such folder", "of/any", mem, f));
    assert_int_equal(findings_count(f, F_OUT_CREATE_FAILED), 1);
    findings_free(f);
    arena_free(mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_beyond_a_sheet_are_in_the_list_alone),
        cmocka_unit_test(a_text_too_long_for_a_cell_is_in_the_list),
        cmocka_unit_test(a_folder_that_cannot_be_made_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
