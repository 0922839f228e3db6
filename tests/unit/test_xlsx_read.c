/* Workbooks read: values as Excel shows them, sheets as tables, and workbooks that are made to harm. The workbooks are
 * written here part by part, so that nothing of our writer is in them. */
#include "base/limits.h"
#include "text_files.h"
#include <archive.h>
#include <archive_entry.h>

typedef struct part {
    const char *name, *text;
    size_t n; /* 0: strlen(text) */
} part;

static void make(const char *path, const part *p, size_t n)
{
    (void)os_remove(path);
    struct archive *a = archive_write_new();
    assert_int_equal(archive_write_set_format_zip(a), ARCHIVE_OK);
    assert_int_equal(archive_write_set_options(a, "zip:compression=store"), ARCHIVE_OK);
    assert_int_equal(archive_write_open_filename(a, path), ARCHIVE_OK);
    for (size_t i = 0; i < n; i++) {
        size_t size = p[i].n ? p[i].n : strlen(p[i].text);
        struct archive_entry *e = archive_entry_new();
        archive_entry_set_pathname(e, p[i].name);
        archive_entry_set_filetype(e, AE_IFREG);
        archive_entry_set_size(e, (la_int64_t)size);
        assert_int_equal(archive_write_header(a, e), ARCHIVE_OK);
        assert_int_equal(archive_write_data(a, p[i].text, size), size);
        archive_entry_free(e);
    }
    assert_int_equal(archive_write_close(a), ARCHIVE_OK);
    archive_write_free(a);
}

#define XML  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
#define MAIN " xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
#define REL  "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define TYPES                                                                                                          \
    {                                                                                                                  \
        "[Content_Types].xml", XML "<Types/>", 0                                                                       \
    }
#define ROOT                                                                                                           \
    {                                                                                                                  \
        "_rels/.rels",                                                                                                 \
            XML "<Relationships><Relationship Id=\"r1\" Type=\"" REL "/officeDocument\" Target=\"xl/workbook.xml\"/>"  \
                "</Relationships>",                                                                                    \
            0                                                                                                          \
    }
#define BOOK(properties, sheets)                                                                                       \
    {                                                                                                                  \
        "xl/workbook.xml",                                                                                             \
            XML "<workbook" MAIN " xmlns:r=\"" REL "\">" properties "<sheets>" sheets "</sheets></workbook>", 0        \
    }
#define RELS                                                                                                           \
    {                                                                                                                  \
        "xl/_rels/workbook.xml.rels",                                                                                  \
            XML "<Relationships>"                                                                                      \
                "<Relationship Id=\"s1\" Type=\"" REL "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"                \
                "<Relationship Id=\"s2\" Type=\"" REL "/worksheet\" Target=\"/xl/worksheets/sheet2.xml\"/>"            \
                "<Relationship Id=\"t\" Type=\"" REL "/sharedStrings\" Target=\"sharedStrings.xml\"/>"                 \
                "<Relationship Id=\"y\" Type=\"" REL "/styles\" Target=\"styles.xml\"/></Relationships>",              \
            0                                                                                                          \
    }
#define STYLES                                                                                                         \
    {                                                                                                                  \
        "xl/styles.xml",                                                                                               \
            XML "<styleSheet" MAIN "><numFmts><numFmt numFmtId=\"164\" formatCode=\"dd\\.mm\\.yyyy\"/>"                \
                "<numFmt numFmtId=\"165\" formatCode=\"#,##0.00\\ &quot;days&quot;\"/>"                                \
                "<numFmt numFmtId=\"166\" formatCode=\"[h]:mm\"/></numFmts>"                                           \
                "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs>"                                          \
                "<xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"22\"/><xf numFmtId=\"164\"/>"                 \
                "<xf numFmtId=\"165\"/><xf numFmtId=\"166\"/><xf numFmtId=\"21\"/></cellXfs></styleSheet>",            \
            0                                                                                                          \
    }
#define STRINGS                                                                                                        \
    {                                                                                                                  \
        "xl/sharedStrings.xml",                                                                                        \
            XML "<sst" MAIN "><si><t>Id</t></si><si><t>Name</t></si><si><r><t>\xC5\x9E"                                \
                "a</t></r><r><t xml:space=\"preserve\">hin </t></r><rPh><t>x</t></rPh></si>"                           \
                "<si><t>two_x000D_\nlines _x005F_x0041_</t></si><si><t/></si></sst>",                                  \
            0                                                                                                          \
    }
#define SHEET(number, rows)                                                                                            \
    {                                                                                                                  \
        "xl/worksheets/sheet" number ".xml", XML "<worksheet" MAIN "><sheetData>" rows "</sheetData></worksheet>", 0   \
    }
#define ONE  "<sheet name=\"Hasta\" sheetId=\"1\" r:id=\"s1\"/>"
#define TWO  "<sheet name=\"Randevu\" sheetId=\"2\" state=\"hidden\" r:id=\"s2\"/>"
#define HEAD "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>"

#define MAKE(path, ...)                                                                                                \
    do {                                                                                                               \
        const part parts_[] = {__VA_ARGS__};                                                                           \
        make(path, parts_, sizeof parts_ / sizeof parts_[0]);                                                          \
    } while (0)

static void texts_are_shared_inline_and_of_formulas(void **state)
{
    (void)state;
    MAKE("dbo.Patient.xlsx", TYPES, ROOT, BOOK("", ONE), RELS, STRINGS, STYLES,
         SHEET("1", HEAD
               "<row r=\"2\"><c r=\"A2\"><v>7</v></c><c r=\"B2\" t=\"s\"><v>2</v></c></row>"
               "<row r=\"4\"><c r=\"A4\" t=\"inlineStr\"><is><t>007</t></is></c><c r=\"B4\" t=\"s\"><v>3</v></c></row>"
               "<row r=\"5\"><c r=\"B5\" t=\"str\"><f>A2&amp;1</f><v>71</v></c></row>"
               "<row r=\"6\"><c r=\"A6\" t=\"s\"><v>4</v></c><c r=\"B6\" t=\"b\"><v>1</v></c></row>"
               "<row r=\"9\"><c r=\"A9\" s=\"1\"/></row>"));
    dump d = open_dump("dbo.Patient.xlsx");
    assert_int_equal(d.status, ST_OK);
    assert_string_equal(columns_of(&d, "dbo.Patient"), "Id|Name");
    assert_string_equal(lines_of(&d, "dbo.Patient"), "2:7|Şahin \n4:007|two\r\nlines _x0041_\n5:~|71\n6:|TRUE\n");
    ASSERT_SV(d.tables->table[0].schema, "dbo");
    assert_int_equal(d.tables->table[0].rows_expected, 4);
    close_dump(&d);
}

/* The first text of a workbook has no bytes before it that could have made room. */
static void texts_may_all_be_empty(void **state)
{
    (void)state;
    static const part empty = {"xl/sharedStrings.xml", XML "<sst" MAIN "><si/><si><t/></si></sst>", 0};
    MAKE("empty.xlsx", TYPES, ROOT, BOOK("", ONE), RELS, empty, STYLES,
         SHEET("1", "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Id</t></is></c>"
                    "<c r=\"B1\" t=\"inlineStr\"><is><t>Name</t></is></c></row>"
                    "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"B2\"><v>7</v></c></row>"));
    dump d = open_dump("empty.xlsx");
    assert_int_equal(d.status, ST_OK);
    assert_string_equal(lines_of(&d, "empty"), "2:|7\n");
    close_dump(&d);
}

#define CELL(row, style, number) "<row r=\"" row "\"><c r=\"A" row "\" s=\"" style "\"><v>" number "</v></c></row>"

static void numbers_are_dates_where_their_format_says_so(void **state)
{
    (void)state;
    static const char rows[] =
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>1</v></c></row>" CELL("2", "0", "1250.5499999999999")
            CELL("3", "1", "18625") CELL("4", "2", "45027.395833333336") CELL("5", "3", "1") CELL("6", "4", "45027")
                CELL("7", "5", "1.5") CELL("8", "6", "0.5626273148148148") CELL("9", "0", "5.5512345670000003E9")
                    CELL("10", "3", "60") CELL("11", "1", "-5") CELL("12", "1", "45027.999999999")
                        CELL("13", "0", "1E+300");
    const part p[] = {TYPES, ROOT, BOOK("", ONE), RELS, STRINGS, STYLES, SHEET("1", "%s")};
    part q[7];
    char sheet[4096];
    memcpy(q, p, sizeof p);
    snprintf(sheet, sizeof sheet, p[6].text, rows);
    q[6].text = sheet;
    make("dates.xlsx", q, 7);
    dump d = open_dump("dates.xlsx");
    assert_string_equal(rows_of(&d, "dates"), "1250.55\n1950-12-28\n2023-04-11 09:30:00\n1900-01-01\n45027\n36:00:00\n"
                                              "13:30:11\n5551234567\n60\n-5\n2023-04-12\n1e+300\n");
    close_dump(&d);
    q[2] = (part)BOOK("<workbookPr date1904=\"1\"/>", ONE);
    make("dates.xlsx", q, 7);
    d = open_dump("dates.xlsx");
    assert_non_null(strstr(rows_of(&d, "dates"), "1954-12-29\n2027-04-12 09:30:00\n1904-01-02\n"));
    close_dump(&d);
}

static void every_sheet_with_values_is_a_table_and_titles_are_passed_over(void **state)
{
    (void)state;
    MAKE("Clinic.xlsx", TYPES, ROOT, BOOK("", ONE TWO), RELS, STRINGS, STYLES,
         SHEET("1", HEAD "<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\" t=\"s\"><v>2</v></c></row>"),
         SHEET("2", "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>2</v></c></row>"
                    "<row r=\"3\"><c r=\"A3\" t=\"s\"><v>0</v></c><c r=\"B3\" t=\"s\"><v>0</v></c>"
                    "<c r=\"C3\" t=\"s\"><v>1</v></c></row>"
                    "<row r=\"4\"><c><v>1</v></c><c><v>2</v></c><c><v>3</v></c></row>"));
    dump d = open_dump("Clinic.xlsx");
    assert_int_equal(d.tables->tables, 2);
    assert_string_equal(rows_of(&d, "Hasta"), "1|Şahin \n");
    assert_string_equal(columns_of(&d, "Randevu"), "Id|Id~2|Name");
    assert_string_equal(lines_of(&d, "Randevu"), "4:1|2|3\n");
    assert_int_equal(findings_count(d.found, F_XLSX_TITLE_LINES), 1);
    assert_int_equal(findings_count(d.found, F_XLSX_HIDDEN), 1);
    assert_int_equal(findings_count(d.found, F_CSV_DUPLICATE_COLUMN), 1);
    close_dump(&d);
}

/* What a number adds to one name may be the name of another. */
static void tables_have_names_of_their_own(void **state)
{
    (void)state;
#define NAMED(name, id, part) "<sheet name=\"" name "\" sheetId=\"" id "\" r:id=\"" part "\"/>"
#define ROWS(value)           HEAD "<row r=\"2\"><c r=\"A2\"><v>" value "</v></c></row>"
    new_folder("names");
    MAKE("names/a.xlsx", TYPES, ROOT, BOOK("", NAMED("Fee", "1", "s1") NAMED("fee~2", "2", "s2")), RELS, STRINGS,
         STYLES, SHEET("1", ROWS("1")), SHEET("2", ROWS("2")));
    MAKE("names/b.xlsx", TYPES, ROOT, BOOK("", NAMED("Fee", "1", "s1") NAMED("Fees", "2", "s2")), RELS, STRINGS, STYLES,
         SHEET("1", ROWS("3")), SHEET("2", ROWS("4")));
    WRITE("names/Fees.csv", "Id,Name\n5,x\n");
    dump d = open_dump("names");
    assert_int_equal(d.tables->tables, 5);
    assert_string_equal(rows_of(&d, "Fee"), "1|~\n");
    assert_string_equal(rows_of(&d, "fee~2"), "2|~\n");
    assert_string_equal(rows_of(&d, "Fee~3"), "3|~\n");
    assert_string_equal(rows_of(&d, "Fees"), "5|x\n");
    assert_string_equal(rows_of(&d, "Fees~2"), "4|~\n");
    close_dump(&d);
}

static void errors_and_formulas_without_a_result_are_unreadable(void **state)
{
    (void)state;
    MAKE("errors.xlsx", TYPES, ROOT, BOOK("", ONE), RELS, STRINGS, STYLES,
         SHEET("1", HEAD "<row r=\"2\"><c r=\"A2\" t=\"e\"><v>#REF!</v></c><c r=\"B2\"><f>1+1</f></c></row>"
                         "<row r=\"3\"><c r=\"A3\" t=\"s\"><v>99</v></c><c r=\"B3\"><v>abc</v></c></row>"));
    dump d = open_dump("errors.xlsx");
    assert_string_equal(rows_of(&d, "errors"), "!|!\n!|!\n");
    assert_int_equal(findings_count(d.found, F_XLSX_ERROR_CELL), 4);
    close_dump(&d);
}

static void expect_refused(const char *path, const char *part_of_reason)
{
    dump d = open_dump(path);
    assert_int_equal(d.status, ST_FATAL);
    bool told = false;
    for (size_t i = 0; i < findings_kinds(d.found); i++) {
        const finding_kind *k = findings_kind(d.found, i);
        for (size_t n = 0; n < k->kept && k->code == F_XLSX_WRONG; n++) {
            buf b = buf_new(4096);
            buf_sv(&b, k->item[n].a);
            buf_char(&b, '\0');
            told |= strstr(b.p, part_of_reason) != NULL;
            buf_free(&b);
        }
    }
    if (!told) fail_msg("nothing is said of \"%s\"", part_of_reason);
    close_dump(&d);
}

static void bombs_and_nonsense_are_refused(void **state)
{
    (void)state;
    MAKE("bomb.xlsx", TYPES, ROOT, BOOK("", ONE), RELS, STYLES,
         {"xl/sharedStrings.xml",
          XML "<!DOCTYPE sst [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b "
              "\"&a;&a;&a;&a;&a;&a;&a;&a;\">]><sst><si><t>&b;</t></si></sst>",
          0},
         SHEET("1", HEAD));
    expect_refused("bomb.xlsx", "document type");
    MAKE("order.xlsx", TYPES, ROOT, BOOK("", ONE), RELS, STRINGS, STYLES,
         SHEET("1", HEAD "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>"));
    expect_refused("order.xlsx", "not in order");
    MAKE("cells.xlsx", TYPES, ROOT, BOOK("", ONE), RELS, STRINGS, STYLES,
         SHEET("1", "<row r=\"1\"><c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>1</v></c></row>"));
    expect_refused("cells.xlsx", "not in order");
    MAKE("broken.xlsx", TYPES, ROOT, BOOK("", ONE), RELS, STRINGS, STYLES, SHEET("1", "<row r=\"1\"><c></row>"));
    expect_refused("broken.xlsx", "mismatched");
    MAKE("none.xlsx", TYPES, {"word/document.xml", XML "<w/>", 0});
    expect_refused("none.xlsx", "no workbook");
    MAKE("empty.xlsx", TYPES, ROOT, BOOK("", ONE), RELS, STRINGS, STYLES, SHEET("1", ""));
    expect_refused("empty.xlsx", "no sheet");
    MAKE("shared.xlsx", TYPES, ROOT, BOOK("", ONE "<sheet name=\"Again\" sheetId=\"3\" r:id=\"s1\"/>"), RELS, STRINGS,
         STYLES, SHEET("1", HEAD));
    expect_refused("shared.xlsx", "one part");
    buf book = buf_new(1 << 20);
    buf_str(&book, XML "<workbook" MAIN " xmlns:r=\"" REL "\"><sheets>" ONE);
    for (unsigned i = 2; i <= 1025; i++)
        buf_printf(&book, "<sheet name=\"Sheet%u\" sheetId=\"%u\" r:id=\"x%u\"/>", i, i, i);
    buf_str(&book, "</sheets></workbook>");
    buf_char(&book, '\0');
    MAKE("many.xlsx", TYPES, ROOT, {"xl/workbook.xml", book.p, 0}, RELS, STRINGS, STYLES, SHEET("1", HEAD));
    buf_free(&book);
    expect_refused("many.xlsx", "more than 1,024 sheets");
}

static void a_workbook_beside_text_files_is_part_of_one_source(void **state)
{
    (void)state;
    new_folder("both");
    MAKE("both/Fees.xlsx", TYPES, ROOT, BOOK("", ONE), RELS, STRINGS, STYLES,
         SHEET("1", HEAD "<row r=\"2\"><c r=\"A2\"><v>1</v></c></row>"));
    WRITE("both/Fees.csv", "Code,Fee\n7210,5\n");
    dump d = open_dump("both");
    assert_int_equal(d.status, ST_OK);
    assert_int_equal(d.tables->tables, 2);
    assert_string_equal(rows_of(&d, "Fees"), "7210|5\n");
    assert_string_equal(rows_of(&d, "Fees~2"), "1|~\n");
    assert_int_equal(d.source->ops->info(d.source)->texts, 2);
    close_dump(&d);
}

/* All of them stay open: what each keeps must be no more than it has. */
static void a_folder_may_hold_hundreds_of_workbooks(void **state)
{
    (void)state;
    enum { WORKBOOKS = 350 };
    new_folder("many");
    for (unsigned i = 0; i < WORKBOOKS; i++) {
        char path[32];
        snprintf(path, sizeof path, "many/Fees%u.xlsx", i);
        MAKE(path, TYPES, ROOT, BOOK("", ONE), RELS, STRINGS, STYLES,
             SHEET("1", HEAD "<row r=\"2\"><c r=\"A2\" s=\"1\"><v>1</v></c></row>"));
    }
    dump d = open_dump("many");
    assert_int_equal(d.status, ST_OK);
    assert_int_equal(d.tables->tables, WORKBOOKS);
    assert_string_equal(rows_of(&d, "Fees349"), "1900-01-01|~\n");
    close_dump(&d);
}

/* Of a file this large only the first rows are looked at when it is opened. */
static void a_row_wider_than_the_table_is_left_out_and_told(void **state)
{
    (void)state;
    buf b = buf_new(8 << 20);
    buf_str(&b, XML "<worksheet" MAIN "><sheetData>" HEAD);
    for (unsigned i = 2; i < 2500; i++) buf_printf(&b, "<row r=\"%u\"><c><v>%u</v></c><c><v>1</v></c></row>", i, i);
    buf_str(&b, "<row r=\"2500\"><c><v>1</v></c><c><v>1</v></c><c><v>1</v></c></row></sheetData></worksheet>");
    buf_char(&b, '\0');
    size_t n = (size_t)XLSX_AUDIT_BYTES_MAX + 1;
    char *pad = calloc(n, 1);
    assert_non_null(pad);
    const part p[] = {TYPES,          ROOT, BOOK("", ONE), RELS, STRINGS, STYLES, {"xl/worksheets/sheet1.xml", b.p, 0},
                      {"pad", pad, n}};
    make("wide.xlsx", p, 8);
    free(pad);
    buf_free(&b);
    dump d = open_dump("wide.xlsx");
    buf rows = buf_new(1 << 20);
    scan_counts counts;
    assert_int_equal(d.tables->table[0].rows_expected, -1);
    print_rows(&d, 0, 0, 0, false, &rows, &counts);
    assert_int_equal(counts.rows, 2498);
    assert_int_equal(counts.rows_unreadable, 1);
    assert_int_equal(findings_count(d.found, F_XLSX_ROW_WIDE), 1);
    buf_free(&rows);
    close_dump(&d);
}

/* The parts of a sheet come in pieces that end anywhere, also within a row. */
static void a_row_that_lies_in_two_pieces_of_the_sheet_keeps_its_first_cells(void **state)
{
    (void)state;
    enum { ROWS = 9000 };
    buf sheet = buf_new(8 << 20), want = buf_new(1 << 20);
    buf_str(&sheet, XML "<worksheet" MAIN "><sheetData>" HEAD);
    for (unsigned i = 2; i < ROWS; i++) {
        buf_printf(&sheet,
                   "<row r=\"%u\"><c r=\"A%u\"><v>%u</v></c><c r=\"B%u\" t=\"inlineStr\"><is><t>name %u</t></is></c>"
                   "</row>",
                   i, i, 100000 + i, i, i);
        buf_printf(&want, "%u|name %u\n", 100000 + i, i);
    }
    buf_str(&sheet, "</sheetData></worksheet>");
    buf_char(&sheet, '\0');
    buf_char(&want, '\0');
    const part p[] = {TYPES, ROOT, BOOK("", ONE), RELS, STRINGS, STYLES, {"xl/worksheets/sheet1.xml", sheet.p, 0}};
    make("pieces.xlsx", p, 7);
    dump d = open_dump("pieces.xlsx");
    assert_int_equal(d.status, ST_OK);
    assert_string_equal(rows_of(&d, "pieces"), want.p);
    close_dump(&d);
    buf_free(&sheet);
    buf_free(&want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_shared_inline_and_of_formulas),
        cmocka_unit_test(texts_may_all_be_empty),
        cmocka_unit_test(numbers_are_dates_where_their_format_says_so),
        cmocka_unit_test(every_sheet_with_values_is_a_table_and_titles_are_passed_over),
        cmocka_unit_test(tables_have_names_of_their_own),
        cmocka_unit_test(errors_and_formulas_without_a_result_are_unreadable),
        cmocka_unit_test(bombs_and_nonsense_are_refused),
        cmocka_unit_test(a_workbook_beside_text_files_is_part_of_one_source),
        cmocka_unit_test(a_folder_may_hold_hundreds_of_workbooks),
        cmocka_unit_test(a_row_wider_than_the_table_is_left_out_and_told),
        cmocka_unit_test(a_row_that_lies_in_two_pieces_of_the_sheet_keeps_its_first_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
