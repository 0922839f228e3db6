#include "pdf/pdf_sheet.h"
#include "base/memory.h"
#include "base/utf.h"
#include "pdf/pdf_face.h"
#include "pdf/pdf_font.h"
#include <math.h>
#include <stdlib.h>

enum { TITLE_BYTES_MAX = 200, LINE_BYTES_MAX = 16 << 20 };

struct pdf_sheet {
    HPDF_Doc pdf;
    pdf_pack pack;
    pdf_face face[PDF_FACES];
    HPDF_Page *page;
    size_t pages, room;
    buf line; /* what goes to a page at once */
    bool failed;
};

static void *HPDF_STDCALL take(HPDF_UINT n) { return memory_take(n); }

/* zlib's failures within libharu (pages that are drawn): of bytes in memory it fails for want of more alone. */
static void HPDF_STDCALL note(HPDF_STATUS error, HPDF_STATUS detail, void *ctx)
{
    (void)detail;
    (void)ctx;
    if (error == HPDF_FAILD_TO_ALLOC_MEM || error == HPDF_ZLIB_ERROR) memory_ran_out();
}

pdf_sheet *pdf_sheet_new(sv title)
{
    pdf_sheet *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    s->line = buf_new(LINE_BYTES_MAX);
    s->pdf = HPDF_NewEx(note, take, free, 0, NULL);
    if (!pdf_pack_begin(&s->pack) || !s->pdf || HPDF_SetCompressionMode(s->pdf, HPDF_COMP_ALL) != HPDF_OK) {
        pdf_sheet_free(s);
        return NULL;
    }
    /* What libharu writes of the title is bytes of an old encoding: only plain letters are safe there. */
    char text[TITLE_BYTES_MAX + 1];
    size_t n = 0;
    for (size_t i = 0; i < title.n && n < TITLE_BYTES_MAX; i++)
        if (title.p[i] >= ' ' && title.p[i] < 0x7F) text[n++] = title.p[i];
    text[n] = '\0';
    if (n) (void)HPDF_SetInfoAttr(s->pdf, HPDF_INFO_TITLE, text);
    return s;
}

void pdf_sheet_free(pdf_sheet *s)
{
    if (!s) return;
    for (size_t i = 0; i < PDF_FACES; i++) pdf_face_free(&s->face[i]);
    if (s->pdf) HPDF_Free(s->pdf);
    pdf_pack_free(&s->pack);
    buf_free(&s->line);
    free(s->page);
    free(s);
}

/* ---- faces ---- */

static pdf_face *face_of(pdf_sheet *s, unsigned number)
{
    pdf_face *f = &s->face[number % PDF_FACES];
    if (!s->failed && !f->font) s->failed = !pdf_face_begin(f, number % PDF_FACES, s->pdf, &s->pack);
    return s->failed ? NULL : f;
}

unsigned pdf_sheet_width(pdf_sheet *s, unsigned number, uint32_t character, bool *known)
{
    pdf_face *f = face_of(s, number);
    unsigned code = f ? pdf_face_code(f, character) : 0;
    s->failed |= !code;
    *known = code && f->letter[code].glyph;
    return code ? f->letter[code].width : 0;
}

/* ---- pages ---- */

bool pdf_sheet_page(pdf_sheet *s, float width, float height)
{
    if (s->failed || s->pages == PDF_PAGES_MAX) {
        s->failed = true;
        return false;
    }
    if (s->pages == s->room) {
        size_t room = s->room ? 2 * s->room : 8;
        HPDF_Page *page = realloc(s->page, room * sizeof(HPDF_Page));
        if (!page) return !(s->failed = true);
        s->page = page;
        s->room = room;
    }
    HPDF_Page p = HPDF_AddPage(s->pdf);
    bool ok = p && HPDF_Page_SetWidth(p, width) == HPDF_OK && HPDF_Page_SetHeight(p, height) == HPDF_OK;
    if (ok) s->page[s->pages++] = p;
    s->failed |= !ok;
    return ok;
}

size_t pdf_sheet_pages(const pdf_sheet *s) { return s->pages; }

static HPDF_Page page_at(const pdf_sheet *s, size_t at)
{
    if (s->failed || !s->pages) return NULL;
    return s->page[at < s->pages ? at : s->pages - 1];
}

void pdf_sheet_number(buf *out, float x)
{
    long hundredths = lroundf(x * 100.0f);
    char text[24], *p = text + sizeof text;
    bool negative = hundredths < 0, any = false;
    if (negative) hundredths = -hundredths;
    *--p = ' ';
    for (int i = 0; i < 2; i++, hundredths /= 10) {
        any |= hundredths % 10 != 0;
        if (any) *--p = (char)('0' + hundredths % 10);
    }
    if (any) *--p = '.';
    do {
        *--p = (char)('0' + hundredths % 10);
        hundredths /= 10;
    } while (hundredths);
    if (negative) *--p = '-';
    buf_add(out, p, (size_t)(text + sizeof text - p));
}

/* A byte of a string: what would end it is escaped, and so is a CR, which readers take for a line's end. */
static void put_byte(buf *out, unsigned byte)
{
    if (byte == '(' || byte == ')' || byte == '\\' || byte == '\r') buf_char(out, '\\');
    buf_char(out, byte == '\r' ? 'r' : (char)byte);
}

static const char *font_on(pdf_sheet *s, HPDF_Page p, unsigned number)
{
    pdf_face *f = p ? face_of(s, number) : NULL;
    return f ? HPDF_Page_GetLocalFontName(p, f->font) : NULL;
}

const char *pdf_sheet_font(pdf_sheet *s, unsigned number) { return font_on(s, page_at(s, SIZE_MAX), number); }

void pdf_sheet_string(pdf_sheet *s, unsigned number, sv text, buf *out)
{
    pdf_face *f = face_of(s, number);
    buf_char(out, '(');
    for (size_t i = 0; f && i < text.n;) {
        size_t n = utf8_valid_at((sv){text.p + i, text.n - i});
        unsigned code = pdf_face_code(f, n ? utf8_code(text.p + i, n) : 0xFFFD);
        s->failed |= !code;
        put_byte(out, code >> 8);
        put_byte(out, code & 0xFF);
        i += n ? n : 1;
    }
    buf_str(out, ")Tj\n");
}

void pdf_sheet_text(pdf_sheet *s, size_t at, unsigned number, float size, float x, float y, sv text)
{
    HPDF_Page p = page_at(s, at);
    if (!p || !text.n) return;
    const char *font = font_on(s, p, number);
    HPDF_Stream page = ((HPDF_PageAttr)p->attr)->stream;
    buf_clear(&s->line);
    buf_str(&s->line, "BT\n/");
    buf_str(&s->line, font ? font : "");
    buf_char(&s->line, ' ');
    pdf_sheet_number(&s->line, size);
    buf_str(&s->line, "Tf\n");
    pdf_sheet_number(&s->line, x);
    pdf_sheet_number(&s->line, y);
    buf_str(&s->line, "Td\n");
    pdf_sheet_string(s, number, text, &s->line);
    buf_str(&s->line, "ET\n");
    s->failed |= !font || s->line.failed ||
                 HPDF_Stream_Write(page, (const HPDF_BYTE *)s->line.p, (HPDF_UINT)s->line.n) != HPDF_OK;
}

void pdf_sheet_rule(pdf_sheet *s, size_t at, float x, float y, float to, float width, float grey)
{
    HPDF_Page p = page_at(s, at);
    if (!p) return;
    bool ok = HPDF_Page_SetLineWidth(p, width) == HPDF_OK && HPDF_Page_SetGrayStroke(p, grey) == HPDF_OK &&
              HPDF_Page_MoveTo(p, x, y) == HPDF_OK && HPDF_Page_LineTo(p, to, y) == HPDF_OK &&
              HPDF_Page_Stroke(p) == HPDF_OK;
    s->failed |= !ok;
}

void pdf_sheet_fill(pdf_sheet *s, sv operators)
{
    HPDF_Page p = page_at(s, SIZE_MAX);
    if (!p) return;
    HPDF_PageAttr page = p->attr;
    s->failed |= !pdf_pack_into(&s->pack, page->contents, page->stream, operators);
}

bool pdf_sheet_save(pdf_sheet *s, buf *out)
{
    for (size_t i = 0; i < PDF_FACES; i++)
        if (!s->failed && s->face[i].font) s->failed = !pdf_face_finish(&s->face[i], s->pdf);
    if (s->failed || HPDF_SaveToStream(s->pdf) != HPDF_OK || HPDF_ResetStream(s->pdf) != HPDF_OK) return false;
    HPDF_BYTE piece[4096];
    for (;;) {
        HPDF_UINT32 n = sizeof piece;
        HPDF_STATUS st = HPDF_ReadFromStream(s->pdf, piece, &n);
        if (st != HPDF_OK && st != HPDF_STREAM_EOF) return false;
        buf_add(out, piece, n);
        if (st == HPDF_STREAM_EOF || n == 0) break;
    }
    return !out->failed;
}
