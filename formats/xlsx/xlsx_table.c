#include "xlsx/xlsx_table.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/markup.h"
#include "base/utf.h"
#include "xlsx/xlsx_number.h"
#include "xlsx/xlsx_parts.h"
#include "xlsx/xlsx_writer.h"
#include <stdlib.h>

enum { ROW_BYTES_MAX = 64 << 20, WRITE_AT = 1 << 16, STRINGS_FIRST = 1024 };

struct xlsx_table_file {
    zip_writer *zip;
    findings *found;
    arena *mem; /* of strings */
    buf out;    /* of the sheet, not yet given to the archive */
    sv *string;
    uint32_t *slot; /* 1 + place in string */
    size_t strings, room, slots;
    uint64_t uses, row, string_bytes;
    bool in_row, failed;
};

/* ---- parts that are always the same ---- */

static const char content_types[] =
    XML "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
        "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
        "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
        "<Override PartName=\"/xl/workbook.xml\" "
        "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>"
        "<Override PartName=\"/xl/worksheets/sheet1.xml\" "
        "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>"
        "<Override PartName=\"/xl/styles.xml\" "
        "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/>"
        "<Override PartName=\"/xl/sharedStrings.xml\" "
        "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml\"/>"
        "<Override PartName=\"/docProps/core.xml\" "
        "ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>"
        "</Types>";
static const char top_relations[] =
    XML "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
        "<Relationship Id=\"rId1\" Type=\"" RELATIONS "/officeDocument\" Target=\"xl/workbook.xml\"/>"
        "<Relationship Id=\"rId2\" "
        "Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" "
        "Target=\"docProps/core.xml\"/></Relationships>";
static const char core[] =
    XML "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" "
        "xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
        "<dcterms:created xsi:type=\"dcterms:W3CDTF\">2000-01-01T00:00:00Z</dcterms:created></cp:coreProperties>";
static const char book_relations[] =
    XML "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
        "<Relationship Id=\"rId1\" Type=\"" RELATIONS "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
        "<Relationship Id=\"rId2\" Type=\"" RELATIONS "/styles\" Target=\"styles.xml\"/>"
        "<Relationship Id=\"rId3\" Type=\"" RELATIONS "/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>";
/* Formats of cells: 0 general, 1 a date, 2 a date with time, 3 bold. */
static const char styles[] =
    XML "<styleSheet xmlns=\"" MAIN "\"><numFmts count=\"2\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/>"
        "<numFmt numFmtId=\"165\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm:ss\"/></numFmts>"
        "<fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font>"
        "<font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>"
        "<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill "
        "patternType=\"gray125\"/></fill></fills>"
        "<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
        "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>"
        "<cellXfs count=\"4\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
        "<xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>"
        "<xf numFmtId=\"165\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>"
        "<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/></cellXfs>"
        "<cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>";
enum { FORMAT_DATE = 1, FORMAT_MOMENT, FORMAT_BOLD };

static void escape(buf *out, sv s)
{
    for (size_t i = 0; i < s.n; i++) {
        const char *as = s.p[i] == '\r' ? "&#13;" : markup_entity(s.p[i]);
        if (as)
            buf_str(out, as);
        else
            buf_char(out, s.p[i]);
    }
}

static void lost_memory(xlsx_table_file *t)
{
    if (!t->failed) find_code(t->found, F_OUT_OF_MEMORY, "writing a workbook");
    t->failed = true;
}

/* ---- strings ---- */

static bool rehash(xlsx_table_file *t)
{
    size_t room = t->room ? 2 * t->room : STRINGS_FIRST, slots = 4 * room;
    sv *string = realloc(t->string, room * sizeof *string);
    uint32_t *slot = string ? calloc(slots, sizeof *slot) : NULL;
    if (string) t->string = string;
    if (!slot) return false;
    free(t->slot);
    t->slot = slot;
    t->slots = slots;
    t->room = room;
    for (size_t i = 0; i < t->strings; i++) {
        uint64_t h = sv_hash(string[i]);
        size_t at = (size_t)(h ^ h >> 29) & (slots - 1);
        while (slot[at]) at = (at + 1) & (slots - 1);
        slot[at] = (uint32_t)i + 1;
    }
    return true;
}

/* Its number; SIZE_MAX when out of memory. */
static size_t string_number(xlsx_table_file *t, sv text)
{
    if (t->strings == t->room && !rehash(t)) return SIZE_MAX;
    uint64_t h = sv_hash(text);
    size_t at = (size_t)(h ^ h >> 29) & (t->slots - 1);
    t->uses++;
    for (; t->slot[at]; at = (at + 1) & (t->slots - 1))
        if (sv_eq(t->string[t->slot[at] - 1], text)) return t->slot[at] - 1;
    sv copy = arena_sv(t->mem, text);
    if (!copy.p || t->strings == UINT32_MAX - 1) return SIZE_MAX;
    t->string[t->strings] = copy;
    t->slot[at] = (uint32_t)++t->strings;
    t->string_bytes += text.n;
    return t->strings - 1;
}

/* ---- the sheet ---- */

static void hand_over(xlsx_table_file *t, size_t at_least)
{
    if (t->out.failed) lost_memory(t);
    if (t->failed || t->out.n < at_least || !t->out.n) return;
    if (!zip_writer_write(t->zip, t->out.p, t->out.n)) t->failed = true;
    buf_clear(&t->out);
}

static void end_row(xlsx_table_file *t)
{
    if (t->in_row) buf_str(&t->out, "</row>");
    t->in_row = false;
    hand_over(t, WRITE_AT);
}

void xlsx_table_row(xlsx_table_file *t)
{
    end_row(t);
    t->row++;
    t->in_row = true;
    buf_printf(&t->out, "<row r=\"%llu\">", (unsigned long long)t->row);
}

static void begin_cell(xlsx_table_file *t, size_t column)
{
    char reference[REFERENCE_MAX];
    buf_str(&t->out, "<c r=\"");
    buf_add(&t->out, reference, cell_reference(column, (uint32_t)t->row - 1, reference));
    buf_char(&t->out, '"');
}

bool xlsx_table_fits(sv s)
{
    size_t units = 0;
    while (s.n) {
        size_t n = utf8_valid_at(s);
        unsigned char c = (unsigned char)*s.p;
        bool control = c < ' ' && c != '\t' && c != '\n' && c != '\r';
        bool nothing = n == 3 && c == 0xEF && (uint8_t)s.p[1] == 0xBF && (uint8_t)s.p[2] >= 0xBE;
        if (!n || control || nothing) return false;
        units += n == 4 ? 2 : 1;
        s = (sv){s.p + n, s.n - n};
    }
    return units <= XLSX_TEXT_MAX;
}

static bool put_text(xlsx_table_file *t, size_t column, sv text, int style)
{
    if (!text.n) return true;
    if (!xlsx_table_fits(text)) return false;
    size_t i = string_number(t, text);
    if (i == SIZE_MAX) {
        lost_memory(t);
        return true;
    }
    begin_cell(t, column);
    if (style) buf_printf(&t->out, " s=\"%d\"", style);
    buf_printf(&t->out, " t=\"s\"><v>%zu</v></c>", i);
    return true;
}

bool xlsx_table_text(xlsx_table_file *t, size_t column, sv text) { return put_text(t, column, text, 0); }

bool xlsx_table_number(xlsx_table_file *t, size_t column, sv s)
{
    size_t digits = 0, points = 0;
    for (size_t i = s.n && *s.p == '-' ? 1 : 0; i < s.n; i++) {
        if (s.p[i] == '.')
            points++;
        else if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        else
            digits += digits || s.p[i] != '0';
    }
    if (!s.n || points > 1 || digits > XLSX_DIGITS || s.p[s.n - 1] == '.' || s.p[s.n - 1] == '-') return false;
    begin_cell(t, column);
    buf_str(&t->out, "><v>");
    buf_sv(&t->out, s);
    buf_str(&t->out, "</v></c>");
    return true;
}

static int two(const char *p) { return (p[0] - '0') * 10 + (p[1] - '0'); }

bool xlsx_table_moment(xlsx_table_file *t, size_t column, sv s)
{
    static const char shape[] = "dddd-dd-dd dd:dd:dd";
    if (s.n != 10 && s.n != 19) return false;
    for (size_t i = 0; i < s.n; i++)
        if (shape[i] == 'd' ? s.p[i] < '0' || s.p[i] > '9' : s.p[i] != shape[i]) return false;
    int32_t days = date_days(two(s.p) * 100 + two(s.p + 2), two(s.p + 5), two(s.p + 8));
    int seconds = s.n == 19 ? (two(s.p + 11) * 60 + two(s.p + 14)) * 60 + two(s.p + 17) : 0;
    if (days < XLSX_FIRST_DATE || seconds >= 86400) return false;
    begin_cell(t, column);
    buf_printf(&t->out, " s=\"%d\"><v>%d", s.n == 19 ? FORMAT_MOMENT : FORMAT_DATE, days - XLSX_DAY_ZERO);
    /* Ten digits of a day are less than a hundredth of a millisecond. */
    if (seconds) buf_printf(&t->out, ".%010lld", (long long)(((int64_t)seconds * 10000000000 + 43200) / 86400));
    buf_str(&t->out, "</v></c>");
    return true;
}

/* ---- the file ---- */

static bool add(xlsx_table_file *t, const char *name, sv text)
{
    return zip_writer_add(t->zip, sv_from(name), ZIP_SMALL, text);
}

static bool add_book(xlsx_table_file *t, sv title)
{
    buf b = buf_new(1 << 16);
    buf_str(&b, XML "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" RELATIONS "\"><sheets><sheet name=\"");
    escape(&b, title);
    buf_str(&b, "\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>");
    bool ok = !b.failed && add(t, "xl/workbook.xml", buf_view(&b));
    buf_free(&b);
    return ok;
}

xlsx_table_file *xlsx_table_open(const char *path, sv title, const sv *heading, size_t columns, findings *f)
{
    xlsx_table_file *t = calloc(1, sizeof *t);
    if (!t) {
        find_code(f, F_OUT_OF_MEMORY, "writing a workbook");
        return NULL;
    }
    *t = (xlsx_table_file){.found = f, .mem = arena_new(0), .out = buf_new(ROW_BYTES_MAX)};
    if (!t->mem) lost_memory(t);
    if (!t->failed) t->zip = zip_writer_open(path, f);
    bool ok = t->zip && add(t, "[Content_Types].xml", sv_from(content_types)) &&
              add(t, "_rels/.rels", sv_from(top_relations)) && add(t, "docProps/core.xml", sv_from(core)) &&
              add_book(t, title) && add(t, "xl/_rels/workbook.xml.rels", sv_from(book_relations)) &&
              add(t, "xl/styles.xml", sv_from(styles)) &&
              zip_writer_begin(t->zip, SV_LIT("xl/worksheets/sheet1.xml"), ZIP_SMALL, ZIP_BYTES_UNKNOWN);
    if (!ok) {
        xlsx_table_abandon(t);
        return NULL;
    }
    buf_str(&t->out,
            XML "<worksheet xmlns=\"" MAIN "\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" "
                "topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><sheetData>");
    xlsx_table_row(t);
    for (size_t i = 0; i < columns; i++) (void)put_text(t, i, heading[i], FORMAT_BOLD);
    return t;
}

uint64_t xlsx_table_bytes(const xlsx_table_file *t)
{
    /* Texts are squeezed to a half or less when they are written. */
    return zip_writer_bytes(t->zip) + t->out.n / 4 + t->string_bytes / 2;
}

bool xlsx_table_failed(const xlsx_table_file *t) { return t->failed; }

static void put_string(xlsx_table_file *t, sv s)
{
    buf_str(&t->out, "<si><t xml:space=\"preserve\">");
    escape(&t->out, s);
    buf_str(&t->out, "</t></si>");
    hand_over(t, WRITE_AT);
}

static bool add_strings(xlsx_table_file *t)
{
    if (!zip_writer_begin(t->zip, SV_LIT("xl/sharedStrings.xml"), ZIP_SMALL, ZIP_BYTES_UNKNOWN)) return false;
    buf_printf(&t->out, XML "<sst xmlns=\"" MAIN "\" count=\"%llu\" uniqueCount=\"%zu\">", (unsigned long long)t->uses,
               t->strings);
    for (size_t i = 0; i < t->strings && !t->failed; i++) put_string(t, t->string[i]);
    buf_str(&t->out, "</sst>");
    hand_over(t, 0);
    return !t->failed && zip_writer_end(t->zip);
}

static void release(xlsx_table_file *t)
{
    arena_free(t->mem);
    buf_free(&t->out);
    free(t->string);
    free(t->slot);
    free(t);
}

bool xlsx_table_close(xlsx_table_file *t)
{
    end_row(t);
    buf_str(&t->out, "</sheetData></worksheet>");
    hand_over(t, 0);
    bool ok = !t->failed && zip_writer_end(t->zip) && add_strings(t);
    if (ok)
        ok = zip_writer_close(t->zip);
    else
        zip_writer_abandon(t->zip);
    release(t);
    return ok;
}

void xlsx_table_abandon(xlsx_table_file *t)
{
    if (!t) return;
    if (t->zip) zip_writer_abandon(t->zip);
    release(t);
}
