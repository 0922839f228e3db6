#include "pdf/pdf_sheet.h"
#include "base/utf.h"
#include "pdf/pdf_font.h"
#include <hpdf.h>
#include <hpdf_doc.h>
#include <stdlib.h>

enum { WIDTHS = 0x10000, TEXT_BYTES_MAX = 1 << 16, STREAM_BYTES = 1 << 16 };

typedef struct face {
    HPDF_Font font;
    HPDF_FontDef definition;
    uint16_t *width; /* of each character, one more than it is; 0: not yet asked for */
} face;

struct pdf_sheet {
    HPDF_Doc pdf;
    face face[PDF_FACES];
    HPDF_Page *page;
    size_t pages, room;
    char *text; /* TEXT_BYTES_MAX */
    bool failed;
};

pdf_sheet *pdf_sheet_new(sv title)
{
    pdf_sheet *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    s->text = malloc(TEXT_BYTES_MAX);
    s->pdf = HPDF_New(NULL, NULL);
    if (!s->text || !s->pdf || HPDF_UseUTFEncodings(s->pdf) != HPDF_OK ||
        HPDF_SetCompressionMode(s->pdf, HPDF_COMP_ALL) != HPDF_OK) {
        pdf_sheet_free(s);
        return NULL;
    }
    /* What libharu writes of the title is bytes of an old encoding: only plain letters are safe there. */
    size_t n = 0;
    for (size_t i = 0; i < title.n && n < 200; i++)
        if (title.p[i] >= ' ' && title.p[i] < 0x7F) s->text[n++] = title.p[i];
    s->text[n] = '\0';
    if (n) (void)HPDF_SetInfoAttr(s->pdf, HPDF_INFO_TITLE, s->text);
    return s;
}

void pdf_sheet_free(pdf_sheet *s)
{
    if (!s) return;
    if (s->pdf) HPDF_Free(s->pdf);
    for (size_t i = 0; i < PDF_FACES; i++) free(s->face[i].width);
    free(s->page);
    free(s->text);
    free(s);
}

/* ---- faces ---- */

/* libharu reads fonts from files; this is what it does then. The stream is the definition's. */
static HPDF_FontDef load(pdf_sheet *s, unsigned number)
{
    static const char tags[PDF_FACES][7] = {"CFSAAA", "CFSAAB", "CFSAAC", "CFSAAD"};
    sv file = pdf_font_file(number);
    HPDF_Stream stream = HPDF_MemStream_New(s->pdf->mmgr, STREAM_BYTES);
    if (!stream || HPDF_Stream_Write(stream, (const HPDF_BYTE *)file.p, (HPDF_UINT)file.n) != HPDF_OK) return NULL;
    HPDF_FontDef d = HPDF_TTFontDef_Load(s->pdf->mmgr, stream, HPDF_TRUE);
    if (!d) return NULL;
    if (HPDF_Doc_RegisterFontDef(s->pdf, d) != HPDF_OK) return NULL;
    char tag[7];
    memcpy(tag, tags[number], sizeof tag);
    HPDF_TTFontDef_SetTagName(d, tag);
    return d;
}

/* What a reader copies out as text: the codes in the file are the characters themselves. libharu writes a map of the wrong
 * kind there, which some programs refuse. */
static bool add_text_map(pdf_sheet *s, HPDF_Font font)
{
    static const char head[] = "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
                               "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
                               "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
                               "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n";
    static const char tail[] = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n";
    enum { RANGES = 256, RANGES_TOGETHER = 64 /* of at most 100 */ };
    buf map = buf_new(1 << 16);
    buf_str(&map, head);
    for (unsigned i = 0; i < RANGES; i++) {
        if (i % RANGES_TOGETHER == 0) buf_printf(&map, "%d beginbfrange\n", (int)RANGES_TOGETHER);
        buf_printf(&map, "<%02X00> <%02XFF> <%02X00>\n", i, i, i);
        if (i % RANGES_TOGETHER == RANGES_TOGETHER - 1) buf_str(&map, "endbfrange\n");
    }
    buf_str(&map, tail);
    HPDF_Dict stream = map.failed ? NULL : HPDF_DictStream_New(s->pdf->mmgr, s->pdf->xref);
    bool ok = stream && HPDF_Stream_Write(stream->stream, (const HPDF_BYTE *)map.p, (HPDF_UINT)map.n) == HPDF_OK;
    if (ok) stream->filter = HPDF_STREAM_FILTER_FLATE_DECODE;
    buf_free(&map);
    return ok && HPDF_Dict_Add(font, "ToUnicode", stream) == HPDF_OK;
}

static face *face_of(pdf_sheet *s, unsigned number)
{
    face *f = &s->face[number % PDF_FACES];
    if (f->font || s->failed) return s->failed ? NULL : f;
    f->width = calloc(WIDTHS, sizeof *f->width);
    f->definition = f->width ? load(s, number % PDF_FACES) : NULL;
    if (f->definition) f->font = HPDF_GetFont(s->pdf, f->definition->base_font, "UTF-8");
    if (f->font && !add_text_map(s, f->font)) f->font = NULL;
    s->failed |= !f->font;
    return f->font ? f : NULL;
}

unsigned pdf_sheet_width(pdf_sheet *s, unsigned number, uint32_t character, bool *known)
{
    face *f = face_of(s, number);
    *known = true;
    if (!f || character >= WIDTHS) {
        *known = false;
        return 600;
    }
    if (!f->width[character]) {
        int w = HPDF_TTFontDef_GetCharWidth(f->definition, (HPDF_UINT16)character);
        f->width[character] = (uint16_t)((w < 0 || w > 30000 ? 600 : w) + 1);
    }
    *known = HPDF_TTFontDef_GetGlyphid(f->definition, (HPDF_UINT16)character) != 0;
    return f->width[character] - 1u;
}

/* ---- pages ---- */

bool pdf_sheet_page(pdf_sheet *s)
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
    bool ok =
        p && HPDF_Page_SetWidth(p, PDF_PAGE_WIDTH) == HPDF_OK && HPDF_Page_SetHeight(p, PDF_PAGE_HEIGHT) == HPDF_OK;
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

void pdf_sheet_text(pdf_sheet *s, size_t at, unsigned number, float size, float x, float y, sv text)
{
    HPDF_Page p = page_at(s, at);
    face *f = p ? face_of(s, number) : NULL;
    if (!f || !text.n || text.n >= TEXT_BYTES_MAX) return;
    memcpy(s->text, text.p, text.n);
    s->text[text.n] = '\0';
    bool ok = HPDF_Page_BeginText(p) == HPDF_OK && HPDF_Page_SetFontAndSize(p, f->font, size) == HPDF_OK &&
              HPDF_Page_TextOut(p, x, y, s->text) == HPDF_OK && HPDF_Page_EndText(p) == HPDF_OK;
    s->failed |= !ok;
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

bool pdf_sheet_save(pdf_sheet *s, buf *out)
{
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
