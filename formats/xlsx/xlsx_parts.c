#include "xlsx/xlsx_parts.h"
#include "base/digits.h"
#include "base/markup.h"
#include "xlsx/xlsx_writer.h"

enum { FIRST_FORMAT = 164 /* the numbers below are Excel's own */, WIDTH_MAX = 255 };

#define PACKAGE "http://schemas.openxmlformats.org/package/2006/"
#define TYPE    "application/vnd.openxmlformats-"

static const char top_relations[] =
    XML "<Relationships xmlns=\"" PACKAGE "relationships\">"
        "<Relationship Id=\"rId1\" Type=\"" RELATIONS "/officeDocument\" Target=\"xl/workbook.xml\"/>"
        "<Relationship Id=\"rId2\" Type=\"" PACKAGE "relationships/metadata/core-properties\" "
        "Target=\"docProps/core.xml\"/>"
        "<Relationship Id=\"rId3\" Type=\"" RELATIONS "/extended-properties\" Target=\"docProps/app.xml\"/>"
        "</Relationships>";
/* A fixed time instead of that of the run: the same input gives the same bytes. */
static const char core[] =
    XML "<cp:coreProperties xmlns:cp=\"" PACKAGE "metadata/core-properties\" "
        "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" "
        "xmlns:dcmitype=\"http://purl.org/dc/dcmitype/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
        "<dc:creator></dc:creator><cp:lastModifiedBy></cp:lastModifiedBy>"
        "<dcterms:created xsi:type=\"dcterms:W3CDTF\">2000-01-01T00:00:00Z</dcterms:created>"
        "<dcterms:modified xsi:type=\"dcterms:W3CDTF\">2000-01-01T00:00:00Z</dcterms:modified></cp:coreProperties>";
static const char app[] =
    XML "<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\">"
        "<Application>chartferry</Application></Properties>";

static void number(buf *out, uint64_t n)
{
    char text[DIGITS_U64_MAX];
    buf_add(out, text, digits_u64(n, text));
}

static void reference(buf *out, size_t column, uint32_t row)
{
    char text[REFERENCE_MAX];
    buf_add(out, text, cell_reference(column, row, text));
}

/* ---- the package ---- */

static void content_types(buf *out, size_t sheets)
{
    buf_str(out, XML "<Types xmlns=\"" PACKAGE "content-types\">"
                     "<Default Extension=\"rels\" ContentType=\"" TYPE "package.relationships+xml\"/>"
                     "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
                     "<Override PartName=\"/docProps/app.xml\" "
                     "ContentType=\"" TYPE "officedocument.extended-properties+xml\"/>"
                     "<Override PartName=\"/docProps/core.xml\" ContentType=\"" TYPE "package.core-properties+xml\"/>"
                     "<Override PartName=\"/xl/styles.xml\" "
                     "ContentType=\"" TYPE "officedocument.spreadsheetml.styles+xml\"/>"
                     "<Override PartName=\"/xl/workbook.xml\" "
                     "ContentType=\"" TYPE "officedocument.spreadsheetml.sheet.main+xml\"/>");
    for (size_t i = 1; i <= sheets; i++) {
        buf_str(out, "<Override PartName=\"/xl/worksheets/sheet");
        number(out, i);
        buf_str(out, ".xml\" ContentType=\"" TYPE "officedocument.spreadsheetml.worksheet+xml\"/>");
    }
    buf_str(out, "</Types>");
}

static void book_relations(buf *out, size_t sheets)
{
    buf_str(out, XML "<Relationships xmlns=\"" PACKAGE "relationships\">");
    for (size_t i = 1; i <= sheets; i++) {
        buf_str(out, "<Relationship Id=\"rId");
        number(out, i);
        buf_str(out, "\" Type=\"" RELATIONS "/worksheet\" Target=\"worksheets/sheet");
        number(out, i);
        buf_str(out, ".xml\"/>");
    }
    buf_str(out, "<Relationship Id=\"rId");
    number(out, sheets + 1);
    buf_str(out, "\" Type=\"" RELATIONS "/styles\" Target=\"styles.xml\"/></Relationships>");
}

static void filter_name(buf *out, const xlsx_sheet *s, size_t i)
{
    if (!s->filter || !s->columns) return;
    buf_str(out, "<definedName name=\"_xlnm._FilterDatabase\" localSheetId=\"");
    number(out, i);
    buf_str(out, "\" hidden=\"1\">'");
    markup_escaped(out, sv_from(s->name)); /* without apostrophes */
    const size_t last = s->columns - 1;
    char corner[REFERENCE_MAX];
    size_t n = cell_reference(last, s->rows.row, corner), letters = 0;
    while (letters < n && corner[letters] >= 'A') letters++;
    buf_str(out, "'!$A$1");
    if (last || s->rows.row) {
        buf_str(out, ":$");
        buf_add(out, corner, letters);
        buf_char(out, '$');
        buf_add(out, corner + letters, n - letters);
    }
    buf_str(out, "</definedName>");
}

static void workbook(buf *out, xlsx_sheet *const *sheet, size_t sheets)
{
    bool filters = false;
    buf_str(out, XML "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" RELATIONS "\">"
                     "<fileVersion appName=\"xl\" lastEdited=\"4\" lowestEdited=\"4\" rupBuild=\"4505\"/><workbookPr/>"
                     "<bookViews><workbookView xWindow=\"240\" yWindow=\"15\" windowWidth=\"16095\" "
                     "windowHeight=\"9660\"/></bookViews><sheets>");
    for (size_t i = 0; i < sheets; i++) {
        filters |= sheet[i]->filter && sheet[i]->columns;
        buf_str(out, "<sheet name=\"");
        markup_escaped(out, sv_from(sheet[i]->name));
        buf_str(out, "\" sheetId=\"");
        number(out, i + 1);
        buf_str(out, "\" r:id=\"rId");
        number(out, i + 1);
        buf_str(out, "\"/>");
    }
    buf_str(out, "</sheets>");
    if (filters) buf_str(out, "<definedNames>");
    for (size_t i = 0; i < sheets; i++) filter_name(out, sheet[i], i);
    if (filters) buf_str(out, "</definedNames>");
    buf_str(out, "<calcPr calcId=\"124519\" fullCalcOnLoad=\"1\"/></workbook>");
}

/* ---- formats ---- */

/* Of numbers, in the order of xlsx_rows.h. */
static void format_code(buf *out, int style)
{
    int digits = 0;
    const char *zeros = "000000000000000";
    if (style == STYLE_DATE) {
        buf_str(out, "yyyy-mm-dd");
        return;
    }
    if (style < STYLE_TIME) {
        digits = style - STYLE_DECIMAL;
        buf_char(out, '0');
    } else {
        digits = (style - STYLE_TIME) % (STYLE_DATETIME - STYLE_TIME);
        buf_str(out, style >= STYLE_DATETIME ? "yyyy-mm-dd hh:mm:ss" : "hh:mm:ss");
    }
    if (digits) buf_char(out, '.');
    buf_add(out, zeros, (size_t)digits);
}

static void styles(buf *out)
{
    buf_str(out, XML "<styleSheet xmlns=\"" MAIN "\"><numFmts count=\"");
    number(out, STYLES - STYLE_DECIMAL);
    buf_str(out, "\">");
    for (int i = STYLE_DECIMAL; i < STYLES; i++) {
        buf_str(out, "<numFmt numFmtId=\"");
        number(out, (uint64_t)(FIRST_FORMAT + i - STYLE_DECIMAL));
        buf_str(out, "\" formatCode=\"");
        format_code(out, i);
        buf_str(out, "\"/>");
    }
    buf_str(out,
            "</numFmts><fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/><family val=\"2\"/></font>"
            "<font><b/><sz val=\"11\"/><name val=\"Calibri\"/><family val=\"2\"/></font></fonts>"
            "<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>"
            "<fill><patternFill patternType=\"gray125\"/></fill></fills>"
            "<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
            "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>"
            "<cellXfs count=\"");
    number(out, STYLES);
    buf_str(out, "\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
                 "<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/>");
    for (int i = STYLE_DECIMAL; i < STYLES; i++) {
        buf_str(out, "<xf numFmtId=\"");
        number(out, (uint64_t)(FIRST_FORMAT + i - STYLE_DECIMAL));
        buf_str(out, "\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>");
    }
    buf_str(out,
            "</cellXfs><cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles>"
            "<dxfs count=\"0\"/><tableStyles count=\"0\" defaultTableStyle=\"TableStyleMedium9\" "
            "defaultPivotStyle=\"PivotStyleLight16\"/></styleSheet>");
}

bool xlsx_parts_write(zip_writer *zip, xlsx_sheet *const *sheet, size_t sheets, const char **why)
{
    buf types = buf_new(SIZE_MAX / 2), relations = types, book = types, formats = types;
    content_types(&types, sheets);
    book_relations(&relations, sheets);
    workbook(&book, sheet, sheets);
    styles(&formats);
    bool whole = !types.failed && !relations.failed && !book.failed && !formats.failed;
    if (!whole) *why = "out of memory";
    bool ok = whole && zip_writer_add(zip, SV_LIT("[Content_Types].xml"), ZIP_SMALL, buf_view(&types)) &&
              zip_writer_add(zip, SV_LIT("_rels/.rels"), ZIP_SMALL, sv_from(top_relations)) &&
              zip_writer_add(zip, SV_LIT("xl/_rels/workbook.xml.rels"), ZIP_SMALL, buf_view(&relations)) &&
              zip_writer_add(zip, SV_LIT("xl/workbook.xml"), ZIP_SMALL, buf_view(&book)) &&
              zip_writer_add(zip, SV_LIT("xl/styles.xml"), ZIP_SMALL, buf_view(&formats)) &&
              zip_writer_add(zip, SV_LIT("docProps/core.xml"), ZIP_SMALL, sv_from(core)) &&
              zip_writer_add(zip, SV_LIT("docProps/app.xml"), ZIP_SMALL, sv_from(app));
    buf_free(&types);
    buf_free(&relations);
    buf_free(&book);
    buf_free(&formats);
    return ok;
}

/* ---- a sheet ---- */

static void widths(buf *out, const xlsx_sheet *s)
{
    bool any = false;
    for (size_t i = 0; s->width && i < s->columns; i++) {
        if (!s->width[i]) continue;
        buf_str(out, any ? "<col min=\"" : "<cols><col min=\"");
        any = true;
        number(out, i + 1);
        buf_str(out, "\" max=\"");
        number(out, i + 1);
        buf_str(out, "\" width=\"");
        number(out, s->width[i] < WIDTH_MAX ? s->width[i] : WIDTH_MAX - 1);
        /* Of digits of Calibri 11, each of 7 pixels, and 5 beside them, in steps of a 256th. */
        buf_str(out, ".7109375\" customWidth=\"1\"/>");
    }
    if (any) buf_str(out, "</cols>");
}

void sheet_head(buf *out, const xlsx_sheet *s, size_t number_)
{
    const sheet_rows *r = &s->rows;
    buf_str(out, XML "<worksheet xmlns=\"" MAIN "\" xmlns:r=\"" RELATIONS "\"><dimension ref=\"");
    reference(out, r->left, r->top);
    if (r->left != r->right || r->top != r->bottom) {
        buf_char(out, ':');
        reference(out, r->right, r->bottom);
    }
    buf_str(out, "\"/><sheetViews><sheetView ");
    if (number_ == 0) buf_str(out, "tabSelected=\"1\" ");
    buf_str(out, "workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" "
                 "state=\"frozen\"/><selection pane=\"bottomLeft\"/></sheetView></sheetViews>"
                 "<sheetFormatPr defaultRowHeight=\"15\"/>");
    widths(out, s);
    buf_str(out, r->any ? "<sheetData>" : "<sheetData/>");
}

void sheet_tail(buf *out, const xlsx_sheet *s)
{
    if (s->rows.any) buf_str(out, "</sheetData>");
    if (s->filter && s->columns) {
        buf_str(out, "<autoFilter ref=\"A1");
        if (s->columns > 1 || s->rows.row) {
            buf_char(out, ':');
            reference(out, s->columns - 1, s->rows.row);
        }
        buf_str(out, "\"/>");
    }
    buf_str(out, "<pageMargins left=\"0.7\" right=\"0.7\" top=\"0.75\" bottom=\"0.75\" header=\"0.3\" footer=\"0.3\"/>"
                 "</worksheet>");
}
