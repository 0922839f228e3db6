/* Workbooks: what fits a cell exactly, what goes to a file beside, whole runs over tables in memory. What the XML says
 * is looked at by unpacking; here the counts and the refusals are. */
#include "extract/extract.h"
#include "fake_source.h"
#include "folder.h"
#include "testing.h"
#include "xlsx/xlsx_writer.h"

static const char out_name[] = "test_xlsx_out";

static int clean(void **state)
{
    (void)state;
    folder_remove(out_name);
    folder_remove("test_xlsx_out.partial");
    (void)os_remove("test_xlsx_cells.xlsx");
    return 0;
}

static void cells_refuse_what_they_cannot_hold(void **state)
{
    (void)state;
    const sv heading[] = {SV_LIT("a")};
    const char *why = "";
    xlsx_book *b =
        xlsx_create("test_xlsx_cells.xlsx", ".", SV_LIT("It's a [title]: far too long for a sheet"), heading, 1);
    assert_non_null(b);
    xlsx_row(b);
    assert_true(xlsx_integer(b, 0, INT64_C(999999999999999)));
    assert_false(xlsx_integer(b, 1, INT64_C(1000000000000000)));
    assert_false(xlsx_integer(b, 2, INT64_MIN));
    decimal fits = decimal_from_i64(INT64_C(123456789012345), 4),
            digits = decimal_from_i64(INT64_C(1234567890123456), 4);
    assert_true(xlsx_decimal(b, 3, &fits));
    assert_false(xlsx_decimal(b, 4, &digits));
    assert_true(xlsx_real(b, 5, 0.1));
    assert_false(xlsx_real(b, 6, 0.1 + 0.2)); /* 0.30000000000000004: 17 digits */
    assert_true(xlsx_date(b, 7, date_days(1900, 3, 1)));
    assert_false(xlsx_date(b, 8, date_days(1900, 2, 28)));
    date_time fine = {.days = date_days(2024, 2, 29), .ticks = 1234567, .scale = 7}, coarse = fine;
    coarse.ticks = 1230000;
    assert_false(xlsx_datetime(b, 9, &fine));
    assert_true(xlsx_datetime(b, 10, &coarse));
    assert_true(xlsx_time(b, 11, &coarse));
    assert_false(xlsx_text(b, 12, SV_LIT("a\0b")));
    assert_false(xlsx_text(b, 13, SV_LIT("\xEF\xBF\xBF")));
    assert_false(xlsx_text(b, 14, SV_LIT("\xFF no UTF-8")));
    assert_true(xlsx_text(b, 15, SV_LIT("\x1b control")));
    assert_int_equal(xlsx_rows(b), 1);
    assert_int_equal(xlsx_sheets(b), 1);
    assert_true(xlsx_close(b, &why));
}

/* Excel counts UTF-16 units: a character beyond U+FFFF is two. */
static void length_is_counted_in_utf16_units(void **state)
{
    (void)state;
    buf b = buf_new(1 << 20);
    for (size_t i = 0; i < XLSX_TEXT_MAX; i++) buf_str(&b, "\xE2\x82\xAC");
    assert_true(xlsx_text_fits(buf_view(&b)));
    buf_char(&b, 'x');
    assert_false(xlsx_text_fits(buf_view(&b)));
    buf_clear(&b);
    for (size_t i = 0; i < XLSX_TEXT_MAX / 2; i++) buf_str(&b, "\xF0\x9F\x98\x80");
    buf_char(&b, 'x');
    assert_true(xlsx_text_fits(buf_view(&b)));
    buf_char(&b, 'x');
    assert_false(xlsx_text_fits(buf_view(&b)));
    buf_free(&b);
}

static void long_values_go_to_files_and_are_said(void **state)
{
    (void)state;
    fake_source s;
    extract_result r;
    fake_init(&s);
    fake_table *t = fake_add(&s, "dbo", "t", "dbo.t", 1, 6);
    t->large_every = 2;
    t->large_bytes = 100000;
    t->broken_at = 4;
    t->unreadable_at = 1;
    extract_options o = {.out = out_name, .threads = 1, .format = EXTRACT_XLSX};
    assert_int_equal(extract_run(&s.base, &o, s.found, &r), EXTRACT_DONE);
    assert_int_equal(r.table[0].written, 4);
    assert_int_equal(r.table[0].unreadable, 2);
    assert_int_equal(findings_count(s.found, F_OUT_CELL_IN_FILE), 4);
    buf b = file_text("test_xlsx_out/dbo.t.lobs", "1-3_note.txt");
    assert_int_equal(b.n, 100000 - 2);
    assert_true(os_exists("test_xlsx_out/dbo.t.lobs/1-1_photo.bin"));
    assert_false(os_exists("test_xlsx_out/dbo.t.lobs/1-5_note.txt"));
    assert_false(os_exists("test_xlsx_out/dbo.t.lobs/1-5_photo.bin"));
    assert_true(os_exists("test_xlsx_out/dbo.t.xlsx"));
    buf_free(&b);
    extract_result_free(&r);
    fake_free(&s);
}

static void workbooks_do_not_depend_on_threads(void **state)
{
    (void)state;
    const char *const folder[] = {"test_xlsx_1", "test_xlsx_2"};
    for (unsigned i = 0; i < 2; i++) {
        fake_source s;
        extract_result r;
        fake_init(&s);
        fake_add(&s, "dbo", "a", "dbo.a", 10, 100);
        fake_add(&s, "dbo", "b", "dbo.b", 10, 100)->large_every = 500;
        s.table[1].large_bytes = 40000;
        extract_options o = {.out = folder[i], .threads = i + 1, .format = EXTRACT_XLSX};
        folder_remove(folder[i]);
        assert_int_equal(extract_run(&s.base, &o, s.found, &r), EXTRACT_DONE);
        extract_result_free(&r);
        fake_free(&s);
    }
    folders_equal(folder[0], folder[1]);
    for (size_t i = 0; i < 2; i++) folder_remove(folder[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(cells_refuse_what_they_cannot_hold, clean, clean),
        cmocka_unit_test(length_is_counted_in_utf16_units),
        cmocka_unit_test_setup_teardown(long_values_go_to_files_and_are_said, clean, clean),
        cmocka_unit_test_setup_teardown(workbooks_do_not_depend_on_threads, clean, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
