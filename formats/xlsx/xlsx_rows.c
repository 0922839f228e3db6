#include "xlsx/xlsx_rows.h"
#include "base/digits.h"
#include "base/markup.h"
#include "base/utf.h"
#include "xlsx/xlsx_number.h"
#include "xlsx/xlsx_writer.h"

enum { CELL_TAGS_MAX = 160, ESCAPE_BYTES = 7 /* _xHHHH_ */ };

/* What a byte grows by; a line end and a tab stay, other control characters become _xHHHH_. */
static const uint8_t growth[256] = {
    [1] = 6,  [2] = 6,  [3] = 6,  [4] = 6,  [5] = 6,  [6] = 6,  [7] = 6,  [8] = 6,   [11] = 6,  [12] = 6, [13] = 6,
    [14] = 6, [15] = 6, [16] = 6, [17] = 6, [18] = 6, [19] = 6, [20] = 6, [21] = 6,  [22] = 6,  [23] = 6, [24] = 6,
    [25] = 6, [26] = 6, [27] = 6, [28] = 6, [29] = 6, [30] = 6, [31] = 6, ['&'] = 4, ['<'] = 3, ['>'] = 3};

/* ---- references ---- */

static size_t column_letters(size_t column, char *out)
{
    size_t n = 0;
    if (column >= 26 + 26 * 26) out[n++] = (char)('A' + (column - 26 - 26 * 26) / (26 * 26));
    if (column >= 26) out[n++] = (char)('A' + (column - 26) / 26 % 26);
    out[n++] = (char)('A' + column % 26);
    return n;
}

size_t cell_reference(size_t column, uint32_t row, char out[REFERENCE_MAX])
{
    char number[DIGITS_U64_MAX];
    size_t n = column_letters(column, out), digits = digits_u64((uint64_t)row + 1, number);
    memcpy(out + n, number, digits);
    return n + digits;
}

/* ---- rows ---- */

static void set_row(sheet_rows *r, uint32_t row)
{
    char number[DIGITS_U64_MAX];
    r->row = row;
    r->digits = digits_u64((uint64_t)row + 1, number);
    memcpy(r->number, number, r->digits);
    r->next = 0;
}

sheet_rows sheet_rows_new(void)
{
    sheet_rows r = {.text = buf_new(SIZE_MAX / 2)};
    set_row(&r, 0);
    return r;
}

void sheet_rows_end(sheet_rows *r)
{
    if (r->open) buf_sv(&r->text, SV_LIT("</row>"));
    r->open = false;
}

void sheet_rows_next(sheet_rows *r)
{
    sheet_rows_end(r);
    set_row(r, r->row + 1);
}

static char *put(char *p, sv s)
{
    memcpy(p, s.p, s.n);
    return p + s.n;
}

static void note_corners(sheet_rows *r, size_t column)
{
    if (!r->any) {
        r->any = true;
        r->top = r->row;
        r->left = r->right = column;
    }
    if (column < r->left) r->left = column;
    if (column > r->right) r->right = column;
    r->bottom = r->row;
}

static char *put_style(char *p, int style)
{
    p = put(p, SV_LIT(" s=\""));
    if (style >= 10) *p++ = (char)('0' + style / 10);
    *p++ = (char)('0' + style % 10);
    *p++ = '"';
    return p;
}

/* A cell up to its style, with room for `more` bytes of content and all tags; NULL: none, or the cell is astray. */
static char *begin_cell(sheet_rows *r, size_t column, int style, size_t more)
{
    r->astray |= column < r->next || column >= XLSX_COLUMNS_MAX;
    char *p = r->astray ? NULL : buf_reserve(&r->text, more + CELL_TAGS_MAX);
    if (!p) return NULL;
    r->next = column + 1;
    note_corners(r, column);
    if (!r->open) {
        p = put(p, SV_LIT("<row r=\""));
        p = put(p, (sv){r->number, r->digits});
        p = put(p, SV_LIT("\">"));
        r->open = true;
    }
    p = put(p, SV_LIT("<c r=\""));
    p += column_letters(column, p);
    p = put(p, (sv){r->number, r->digits});
    *p++ = '"';
    return style ? put_style(p, style) : p;
}

static void end_cell(sheet_rows *r, char *p, sv tags)
{
    p = put(p, tags);
    r->text.n = (size_t)(p - r->text.p);
}

void sheet_rows_number(sheet_rows *r, size_t column, double x, int style)
{
    char *p = begin_cell(r, column, style, XLSX_NUMBER_MAX);
    if (!p) return;
    p = put(p, SV_LIT("><v>"));
    p += xlsx_number_text(x, p);
    end_cell(r, p, SV_LIT("</v></c>"));
}

void sheet_rows_blank(sheet_rows *r, size_t column, int style)
{
    char *p = begin_cell(r, column, style, 0);
    if (p) end_cell(r, p, SV_LIT("/>"));
}

/* ---- texts ---- */

static bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f'); }

/* What Excel would take for a character written as _xHHHH_. */
static bool looks_escaped(const char *p, const char *end)
{
    return end - p >= ESCAPE_BYTES && p[1] == 'x' && p[6] == '_' && is_hex(p[2]) && is_hex(p[3]) && is_hex(p[4]) &&
           is_hex(p[5]);
}

cell_form cell_form_of(sv s)
{
    const cell_form none = {SIZE_MAX, 0};
    cell_form form = {0, s.n};
    const char *end = s.p + s.n;
    for (const char *p = s.p; p < end; form.units++) {
        unsigned char c = (unsigned char)*p;
        if (c == 0) return none;
        if (c < 0x80) {
            form.bytes += growth[c];
            if (c == '_' && looks_escaped(p, end)) form.bytes += ESCAPE_BYTES - 1;
            p++;
            continue;
        }
        size_t n = utf8_valid_at((sv){p, (size_t)(end - p)});
        if (!n || (c == 0xEF && (unsigned char)p[1] == 0xBF && (unsigned char)p[2] >= 0xBE)) return none;
        form.units += n == 4;
        p += n;
    }
    return form;
}

static char *put_escape(char *p, unsigned char c)
{
    static const char hex[] = "0123456789ABCDEF";
    p = put(p, SV_LIT("_x00"));
    *p++ = hex[c >> 4];
    *p++ = hex[c & 15];
    *p++ = '_';
    return p;
}

static char *put_escaped(char *to, sv s)
{
    const char *end = s.p + s.n;
    for (const char *p = s.p; p < end; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '_' && looks_escaped(p, end))
            to = put_escape(to, c);
        else if (growth[c] == 0)
            *to++ = *p;
        else if (markup_entity(*p)) /* but ", which does not grow */
            to = put(to, sv_from(markup_entity(*p)));
        else
            to = put_escape(to, c);
    }
    return to;
}

/* Excel drops these at the ends of a text that does not ask to keep them. */
static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

void sheet_rows_text(sheet_rows *r, size_t column, sv text, cell_form form, int style)
{
    char *p = begin_cell(r, column, style, form.bytes);
    if (!p) return;
    p = put(p, SV_LIT(" t=\"inlineStr\"><is><t"));
    if (is_blank(text.p[0]) || is_blank(text.p[text.n - 1])) p = put(p, SV_LIT(" xml:space=\"preserve\""));
    *p++ = '>';
    p = form.bytes == text.n ? put(p, text) : put_escaped(p, text);
    end_cell(r, p, SV_LIT("</t></is></c>"));
}
