#include "pdf/pdf_canvas.h"
#include "base/utf.h"
#include "pdf/pdf_sheet.h"
#include <stdlib.h>

enum { OPERATORS_MAX = 16 << 20, NO_INK = PDF_WHITE + 1 };

struct pdf_canvas {
    pdf_sheet *sheet;
    buf ops; /* not yet on the page */
    unsigned pen, brush;
    float width;
    bool dashed, failed;
};

pdf_canvas *pdf_canvas_new(sv title)
{
    pdf_canvas *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    c->ops = buf_new(OPERATORS_MAX);
    c->sheet = pdf_sheet_new(title);
    if (c->sheet) return c;
    pdf_canvas_free(c);
    return NULL;
}

void pdf_canvas_free(pdf_canvas *c)
{
    if (!c) return;
    pdf_sheet_free(c->sheet);
    buf_free(&c->ops);
    free(c);
}

/* ---- operators ---- */

static void point(pdf_canvas *c, float x, float y, const char *operator)
{
    pdf_sheet_number(&c->ops, x);
    pdf_sheet_number(&c->ops, y);
    buf_str(&c->ops, operator);
}

static void flush(pdf_canvas *c)
{
    pdf_sheet_operators(c->sheet, buf_view(&c->ops));
    c->failed |= c->ops.failed;
    buf_clear(&c->ops);
}

/* Red is dark enough to be told from grey by a printer without colours. */
static const float inks[][3] = {
    [PDF_BLACK] = {0, 0, 0},
    [PDF_DARK] = {0.3f, 0.3f, 0.3f},
    [PDF_GREY] = {0.55f, 0.55f, 0.55f},
    [PDF_PALE] = {0.84f, 0.84f, 0.84f},
    [PDF_RED] = {0.8f, 0, 0.08f},
    [PDF_PINK] = {1, 0.86f, 0.84f},
    [PDF_BLUE] = {0.1f, 0.25f, 0.62f},
    [PDF_WHITE] = {1, 1, 1},
};

static void ink(pdf_canvas *c, pdf_ink x, const char *operator)
{
    for (int i = 0; i < 3; i++) pdf_sheet_number(&c->ops, inks[x][i]);
    buf_str(&c->ops, operator);
}

void pdf_canvas_brush(pdf_canvas *c, pdf_ink x)
{
    if (c->brush == (unsigned)x) return;
    ink(c, x, "rg\n");
    c->brush = x;
}

void pdf_canvas_page(pdf_canvas *c)
{
    flush(c);
    c->failed |= !pdf_sheet_page(c->sheet, PDF_LANDSCAPE_WIDTH, PDF_LANDSCAPE_HEIGHT);
    buf_str(&c->ops, "1 J 1 j\n");
    c->pen = c->brush = NO_INK;
    c->width = -1;
    c->dashed = false;
}

void pdf_canvas_pen(pdf_canvas *c, pdf_ink x, float width, bool dashed)
{
    if (c->pen != (unsigned)x) ink(c, x, "RG\n");
    if (c->width != width) {
        pdf_sheet_number(&c->ops, width);
        buf_str(&c->ops, "w\n");
    }
    if (c->dashed != dashed) buf_str(&c->ops, dashed ? "[1.5 1.5] 0 d\n" : "[] 0 d\n");
    c->pen = x;
    c->width = width;
    c->dashed = dashed;
}

void pdf_canvas_from(pdf_canvas *c, float x, float y) { point(c, x, y, "m\n"); }
void pdf_canvas_to(pdf_canvas *c, float x, float y) { point(c, x, y, "l\n"); }

void pdf_canvas_curve(pdf_canvas *c, const float p[6])
{
    point(c, p[0], p[1], "");
    point(c, p[2], p[3], "");
    point(c, p[4], p[5], "c\n");
}

void pdf_canvas_box(pdf_canvas *c, float x, float y, float width, float height)
{
    point(c, x, y, "");
    point(c, width, height, "re\n");
}

void pdf_canvas_dot(pdf_canvas *c, float x, float y)
{
    pdf_canvas_from(c, x, y);
    pdf_canvas_to(c, x, y);
}

void pdf_canvas_stroke(pdf_canvas *c) { buf_str(&c->ops, "S\n"); }
void pdf_canvas_close(pdf_canvas *c) { buf_str(&c->ops, "s\n"); }

void pdf_canvas_fill(pdf_canvas *c) { buf_str(&c->ops, "f\n"); }
void pdf_canvas_fill_and_close(pdf_canvas *c) { buf_str(&c->ops, "b\n"); }

/* ---- texts ---- */

float pdf_canvas_width(pdf_canvas *c, unsigned style, float size, sv text)
{
    float width = 0;
    for (size_t i = 0; i < text.n;) {
        sv rest = {text.p + i, text.n - i};
        size_t n = utf8_valid_at(rest);
        bool known;
        width += (float)pdf_sheet_width(c->sheet, style & (PDF_BOLD | PDF_OBLIQUE), n ? utf8_code(rest.p, n) : 0xFFFD,
                                        &known);
        i += n ? n : 1;
    }
    return width * size / 1000;
}

void pdf_canvas_text(pdf_canvas *c, unsigned style, float size, pdf_ink x, pdf_align align, float at, float y, sv text)
{
    if (!text.n) return;
    if (align != PDF_LEFT) {
        float width = pdf_canvas_width(c, style, size, text);
        at -= align == PDF_RIGHT ? width : width / 2;
    }
    pdf_canvas_brush(c, x);
    flush(c);
    pdf_sheet_text(c->sheet, SIZE_MAX, style & (PDF_BOLD | PDF_OBLIQUE), size, at, y, text);
}

bool pdf_canvas_end(pdf_canvas *c, buf *out)
{
    flush(c);
    bool ok = !c->failed && pdf_sheet_save(c->sheet, out);
    pdf_canvas_free(c);
    return ok;
}
