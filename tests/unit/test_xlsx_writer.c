/* Workbooks, part by part. What a sheet must be, byte for byte, was written by libxlsxwriter 1.1.4, from the same calls. */
#include "archive/part.h"
#include "base/digits.h"
#include "testing.h"
#include "xlsx/xlsx_number.h"
#include "xlsx/xlsx_writer.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define PATH "test_xlsx_writer.xlsx"

static int clean(void **state)
{
    (void)state;
    (void)os_remove(PATH);
    return 0;
}

static buf part_text(const char *name)
{
    findings *f = findings_new();
    byte_source *file = byte_source_file(PATH, f);
    archive_part *p = NULL;
    buf text = buf_new(1 << 26);
    size_t got = 0;
    assert_non_null(file);
    assert_int_equal(archive_part_open(file, sv_from(name), f, &p), ST_OK);
    for (char *to; (to = buf_reserve(&text, 1 << 16)) && archive_part_read(p, to, 1 << 16, &got) == ST_OK;)
        text.n += got;
    archive_part_close(p);
    byte_source_close(file);
    findings_free(f);
    return text;
}

static void expect_part(const char *name, sv wanted)
{
    buf text = part_text(name);
    assert_int_equal(text.n, wanted.n);
    assert_memory_equal(text.p, wanted.p, wanted.n);
    buf_free(&text);
}

/* ---- cells ---- */

static const char all_cells[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>"
    "\n"
    "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" "
    "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">"
    "<dimension ref=\"A1:XFD29\"/>"
    "<sheetViews><sheetView tabSelected=\"1\" workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" "
    "activePane=\"bottomLeft\" state=\"frozen\"/><selection pane=\"bottomLeft\"/></sheetView></sheetViews>"
    "<sheetFormatPr defaultRowHeight=\"15\"/>"
    "<sheetData>"
    "<row r=\"1\"><c r=\"A1\" s=\"1\" t=\"inlineStr\"><is><t>a</t></is></c><c r=\"B1\" s=\"1\" "
    "t=\"inlineStr\"><is><t>b &amp; &lt;c&gt; \"d\" 'e'</t></is></c><c r=\"C1\" s=\"1\"/><c r=\"D1\" s=\"1\" "
    "t=\"inlineStr\"><is><t xml:space=\"preserve\"> f </t></is></c></row>"
    "<row r=\"2\"><c r=\"A2\" s=\"2\"><v>995</v></c></row>"
    "<row r=\"3\"><c r=\"A3\" s=\"3\"><v>-99.5</v></c></row>"
    "<row r=\"4\"><c r=\"A4\" s=\"4\"><v>9.949999999999999</v></c></row>"
    "<row r=\"5\"><c r=\"A5\" s=\"5\"><v>-0.995</v></c></row>"
    "<row r=\"6\"><c r=\"A6\" s=\"6\"><v>0.09950000000000001</v></c></row>"
    "<row r=\"7\"><c r=\"A7\" s=\"7\"><v>-0.009950000000000001</v></c></row>"
    "<row r=\"8\"><c r=\"A8\" s=\"8\"><v>0.000995</v></c></row>"
    "<row r=\"9\"><c r=\"A9\" s=\"9\"><v>-9.950000000000001E-05</v></c></row>"
    "<row r=\"10\"><c r=\"A10\" s=\"10\"><v>9.95E-06</v></c></row>"
    "<row r=\"11\"><c r=\"A11\" s=\"11\"><v>-9.95E-07</v></c></row>"
    "<row r=\"12\"><c r=\"A12\" s=\"12\"><v>9.95E-08</v></c></row>"
    "<row r=\"13\"><c r=\"A13\" s=\"13\"><v>-9.95E-09</v></c></row>"
    "<row r=\"14\"><c r=\"A14\" s=\"14\"><v>9.95E-10</v></c></row>"
    "<row r=\"15\"><c r=\"A15\" s=\"15\"><v>-9.950000000000001E-11</v></c></row>"
    "<row r=\"16\"><c r=\"A16\" s=\"16\"><v>9.95E-12</v></c></row>"
    "<row r=\"17\"><c r=\"A17\" s=\"17\"><v>-9.949999999999999E-13</v></c></row>"
    "<row r=\"18\"><c r=\"B18\" s=\"18\"><v>0.5</v></c></row>"
    "<row r=\"19\"><c r=\"B19\" s=\"19\"><v>0.5</v></c></row>"
    "<row r=\"20\"><c r=\"B20\" s=\"20\"><v>0.5</v></c></row>"
    "<row r=\"21\"><c r=\"B21\" s=\"21\"><v>0.5</v></c></row>"
    "<row r=\"22\"><c r=\"B22\" s=\"22\"><v>45351.25</v></c></row>"
    "<row r=\"23\"><c r=\"B23\" s=\"23\"><v>45351.25</v></c></row>"
    "<row r=\"24\"><c r=\"B24\" s=\"24\"><v>45351.25</v></c></row>"
    "<row r=\"25\"><c r=\"B25\" s=\"25\"><v>45351.25</v></c></row>"
    "<row r=\"26\"><c r=\"C26\" s=\"26\"><v>61</v></c></row>"
    "<row r=\"28\"><c r=\"A28\"><v>-999999999999999</v></c><c r=\"B28\"><v>2.5E-07</v></c><c "
    "r=\"AA28\"><v>1E+300</v></c><c r=\"AAA28\"><v>1</v></c><c r=\"XFD28\"><v>0</v></c></row>"
    "<row r=\"29\"><c r=\"A29\" t=\"inlineStr\"><is><t>a&lt;b&gt;&amp;\"c\"\n "
    "d_x0001__x000D__x001F_\177\t.</t></is></c><c r=\"B29\" t=\"inlineStr\"><is><t xml:space=\"preserve\"> "
    "x</t></is></c><c r=\"C29\" t=\"inlineStr\"><is><t xml:space=\"preserve\">x\n</t></is></c><c r=\"D29\" "
    "t=\"inlineStr\"><is><t>_x000D_x\302\240</t></is></c></row>"
    "</sheetData>"
    "<pageMargins left=\"0.7\" right=\"0.7\" top=\"0.75\" bottom=\"0.75\" header=\"0.3\" footer=\"0.3\"/>"
    "</worksheet>";

static void write_all_cells(void)
{
    const sv heading[] = {SV_LIT("a"), SV_LIT("b & <c> \"d\" 'e'"), SV_LIT(""), SV_LIT(" f ")};
    const char *why = "";
    xlsx_book *b = xlsx_create(PATH, ".", SV_LIT("It's [a] & <b>"), heading, 4);
    for (uint8_t s = 0; s <= 15; s++) { /* every format, in the order of the list */
        decimal x = decimal_from_i64(s % 2 ? -995 : 995, s);
        xlsx_row(b);
        assert_true(xlsx_decimal(b, 0, &x));
    }
    for (uint8_t s = 0; s <= 3; s++) {
        date_time t = {.ticks = 12 * 3600, .scale = s};
        for (uint8_t i = 0; i < s; i++) t.ticks *= 10;
        xlsx_row(b);
        assert_true(xlsx_time(b, 1, &t));
    }
    for (uint8_t s = 0; s <= 3; s++) {
        date_time t = {.days = date_days(2024, 2, 29), .ticks = 6 * 3600, .scale = s};
        for (uint8_t i = 0; i < s; i++) t.ticks *= 10;
        xlsx_row(b);
        assert_true(xlsx_datetime(b, 1, &t));
    }
    xlsx_row(b);
    assert_true(xlsx_date(b, 2, date_days(1900, 3, 1)));
    xlsx_row(b); /* a row without cells */
    xlsx_row(b);
    assert_true(xlsx_integer(b, 0, -999999999999999));
    assert_true(xlsx_real(b, 1, 2.5e-7));
    assert_true(xlsx_real(b, 26, 1e300));
    assert_true(xlsx_integer(b, 702, 1));
    assert_true(xlsx_integer(b, XLSX_COLUMNS_MAX - 1, 0));
    xlsx_row(b);
    assert_true(xlsx_text(b, 0, SV_LIT("a<b>&\"c\"\n d\x01\r\x1f\x7f\t.")));
    assert_true(xlsx_text(b, 1, SV_LIT(" x")));
    assert_true(xlsx_text(b, 2, SV_LIT("x\n")));
    assert_true(xlsx_text(b, 3, SV_LIT("\rx\xC2\xA0")));
    assert_true(xlsx_close(b, &why));
}

static void cells_are_what_they_were_by_the_library(void **state)
{
    (void)state;
    write_all_cells();
    expect_part("xl/worksheets/sheet1.xml", SV_LIT(all_cells));
}

static void formats_stand_where_cells_say(void **state)
{
    (void)state;
    write_all_cells();
    buf b = part_text("xl/styles.xml");
    buf_char(&b, '\0');
    assert_non_null(strstr(b.p, "<numFmts count=\"25\"><numFmt numFmtId=\"164\" formatCode=\"0\"/>"
                                "<numFmt numFmtId=\"165\" formatCode=\"0.0\"/>"));
    assert_non_null(strstr(b.p, "<numFmt numFmtId=\"179\" formatCode=\"0.000000000000000\"/>"
                                "<numFmt numFmtId=\"180\" formatCode=\"hh:mm:ss\"/>"));
    assert_non_null(strstr(b.p, "<numFmt numFmtId=\"183\" formatCode=\"hh:mm:ss.000\"/>"
                                "<numFmt numFmtId=\"184\" formatCode=\"yyyy-mm-dd hh:mm:ss\"/>"));
    assert_non_null(strstr(b.p, "<numFmt numFmtId=\"188\" formatCode=\"yyyy-mm-dd\"/></numFmts>"));
    assert_non_null(strstr(b.p, "<cellXfs count=\"27\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" "
                                "xfId=\"0\"/><xf numFmtId=\"0\" fontId=\"1\" "));
    buf_free(&b);
}

/* Excel would show "A" for the text _x0041_. */
static void texts_that_look_escaped_stay(void **state)
{
    (void)state;
    const sv heading[] = {SV_LIT("_x000A_")};
    const char *why = "";
    xlsx_book *b = xlsx_create(PATH, ".", SV_LIT("t"), heading, 1);
    static const char *const given[] = {"_x0041_x0042_", "__xabCD__", "_x004_", "_x00G1_", "_X0041_", "_x0041"};
    static const char *const wanted[] = {
        "_x005F_x0041_x005F_x0042_", "__x005F_xabCD__", "_x004_", "_x00G1_", "_X0041_", "_x0041"};
    buf x = buf_new(1 << 12), text;
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        xlsx_row(b);
        assert_true(xlsx_text(b, 0, sv_from(given[i])));
    }
    assert_true(xlsx_close(b, &why));
    text = part_text("xl/worksheets/sheet1.xml");
    buf_char(&text, '\0');
    assert_non_null(strstr(text.p, "<t>_x005F_x000A_</t>"));
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        buf_clear(&x);
        buf_printf(&x, "<c r=\"A%zu\" t=\"inlineStr\"><is><t>%s</t></is></c>", i + 2, wanted[i]);
        buf_char(&x, '\0');
        assert_non_null(strstr(text.p, x.p));
    }
    buf_free(&x);
    buf_free(&text);
}

static void expect_number(double x)
{
    char wanted[64], got[XLSX_NUMBER_MAX + 1];
    snprintf(wanted, sizeof wanted, "%.16G", x);
    got[xlsx_number_text(x, got)] = '\0';
    assert_string_equal(got, wanted);
}

static void numbers_are_what_printf_says(void **state)
{
    (void)state;
    uint64_t r = 88172645463325252;
    for (int e = -320; e <= 308; e++) { /* around each power of ten */
        double x = pow(10, e), low = x, high = x;
        for (int i = 0; i < 6; i++) {
            expect_number(low);
            expect_number(-high);
            low = nextafter(low, 0);
            high = nextafter(high, 1e308);
        }
    }
    for (int i = 0; i < 300000; i++) {
        double any;
        r ^= r << 13;
        r ^= r >> 7;
        r ^= r << 17;
        memcpy(&any, &r, sizeof any);
        if (isfinite(any)) expect_number(any);
        expect_number((double)(int64_t)(r >> 14) / (double)POWER_OF_10[r % 16]);
        expect_number(ldexp((double)(r >> 40), -(int)(r % 40))); /* ties */
    }
    expect_number(0);
    expect_number(-0.0);
}

/* ---- tables ---- */

/* Rows of two tables in turn, a few or many at a time, more than a piece each. */
static void tables_take_turns(void **state)
{
    (void)state;
    const sv heading[] = {SV_LIT("n"), SV_LIT("t")};
    const char *why = "";
    xlsx_book *b = xlsx_create_book(PATH, ".");
    size_t table[2] = {xlsx_table(b, SV_LIT("one"), heading, 2), xlsx_table(b, SV_LIT("two"), heading, 2)};
    buf rows[2] = {buf_new(1 << 26), buf_new(1 << 26)}, whole = buf_new(1 << 26);
    unsigned n[2] = {0, 0};
    for (unsigned i = 0; i < 60000; i++) {
        unsigned k = i < 300 ? i % 2 : i / 7001 % 2;
        char text[16];
        snprintf(text, sizeof text, "%u", i * 2654435761U);
        xlsx_turn_to(b, table[k]);
        xlsx_row(b);
        n[k]++;
        assert_true(xlsx_integer(b, 0, i));
        assert_true(xlsx_text(b, 1, sv_from(text)));
        buf_printf(&rows[k],
                   "<row r=\"%u\"><c r=\"A%u\"><v>%u</v></c><c r=\"B%u\" t=\"inlineStr\"><is><t>%s</t></is></c></row>",
                   n[k] + 1, n[k] + 1, i, n[k] + 1, text);
    }
    assert_true(xlsx_close(b, &why));
    for (unsigned k = 0; k < 2; k++) {
        buf_clear(&whole);
        buf_printf(&whole,
                   "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
                   "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" "
                   "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">"
                   "<dimension ref=\"A1:B%u\"/><sheetViews><sheetView %sworkbookViewId=\"0\"><pane ySplit=\"1\" "
                   "topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/><selection pane=\"bottomLeft\"/>"
                   "</sheetView></sheetViews><sheetFormatPr defaultRowHeight=\"15\"/><sheetData><row r=\"1\">"
                   "<c r=\"A1\" s=\"1\" t=\"inlineStr\"><is><t>n</t></is></c>"
                   "<c r=\"B1\" s=\"1\" t=\"inlineStr\"><is><t>t</t></is></c></row>",
                   n[k] + 1, k ? "" : "tabSelected=\"1\" ");
        buf_sv(&whole, buf_view(&rows[k]));
        buf_printf(&whole,
                   "</sheetData><autoFilter ref=\"A1:B%u\"/><pageMargins left=\"0.7\" right=\"0.7\" top=\"0.75\" "
                   "bottom=\"0.75\" header=\"0.3\" footer=\"0.3\"/></worksheet>",
                   n[k] + 1);
        expect_part(k ? "xl/worksheets/sheet2.xml" : "xl/worksheets/sheet1.xml", buf_view(&whole));
        buf_free(&rows[k]);
    }
    buf_free(&whole);
}

static void cells_out_of_order_are_refused(void **state)
{
    (void)state;
    const sv heading[] = {SV_LIT("n")};
    const char *why = "";
    static const size_t second[] = {0, 1, XLSX_COLUMNS_MAX};
    for (size_t i = 0; i < 3; i++) {
        xlsx_book *b = xlsx_create(PATH, ".", SV_LIT("t"), heading, 1);
        xlsx_row(b);
        assert_true(xlsx_integer(b, 1, 1));
        assert_true(xlsx_integer(b, second[i], 1));
        assert_false(xlsx_close(b, &why));
        assert_string_equal(why, "cells that do not follow one another");
        assert_false(os_exists(PATH));
    }
}

static void a_file_that_is_there_stays(void **state)
{
    (void)state;
    const char *why = "";
    write_all_cells();
    buf before = part_text("xl/worksheets/sheet1.xml");
    xlsx_book *b = xlsx_create(PATH, ".", SV_LIT("t"), NULL, 0);
    assert_false(xlsx_close(b, &why));
    expect_part("xl/worksheets/sheet1.xml", buf_view(&before));
    buf_free(&before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(cells_are_what_they_were_by_the_library, clean, clean),
        cmocka_unit_test_setup_teardown(formats_stand_where_cells_say, clean, clean),
        cmocka_unit_test_setup_teardown(texts_that_look_escaped_stay, clean, clean),
        cmocka_unit_test(numbers_are_what_printf_says),
        cmocka_unit_test_setup_teardown(tables_take_turns, clean, clean),
        cmocka_unit_test_setup_teardown(cells_out_of_order_are_refused, clean, clean),
        cmocka_unit_test_setup_teardown(a_file_that_is_there_stays, clean, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
