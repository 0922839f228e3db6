#include "pdf/pdf_canvas.h"
#include "base/utf.h"
#include "pdf/pdf_sheet.h"
#include <math.h>
#include <stdlib.h>

enum { OPERATORS_MAX = 16 << 20, NO_INK = PDF_WHITE + 1 };

struct pdf_canvas {
    pdf_sheet *sheet;
    buf ops; /* of the page at hand */
    unsigned pen, brush;
    float width;
    bool dashed, failed;
    /* The text object that is open, so that texts of one form need little more than their letters. */
    bool in_text;
    unsigned style;
    float size;
    long x, y; /* where its last text began, in tenths */
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

static void leave_text(pdf_canvas *c)
{
    if (c->in_text) buf_str(&c->ops, "ET\n");
    c->in_text = false;
}

/* A tenth of a point is finer than paper shows, and a fifth of a chart's bytes less. */
static void number(pdf_canvas *c, float x) { pdf_sheet_number(&c->ops, roundf(x * 10) / 10); }

static void point(pdf_canvas *c, float x, float y, const char *operator)
{
    leave_text(c);
    number(c, x);
    number(c, y);
    buf_str(&c->ops, operator);
}

static void flush(pdf_canvas *c)
{
    leave_text(c);
    if (c->ops.n) pdf_sheet_fill(c->sheet, buf_view(&c->ops));
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

static void page(pdf_canvas *c, float width, float height)
{
    flush(c);
    c->failed |= !pdf_sheet_page(c->sheet, width, height);
    buf_str(&c->ops, "1 J 1 j\n");
    c->pen = c->brush = NO_INK;
    c->width = -1;
    c->dashed = false;
}

void pdf_canvas_page(pdf_canvas *c) { page(c, PDF_LANDSCAPE_WIDTH, PDF_LANDSCAPE_HEIGHT); }
void pdf_canvas_page_upright(pdf_canvas *c) { page(c, PDF_PAGE_WIDTH, PDF_PAGE_HEIGHT); }

void pdf_canvas_pen(pdf_canvas *c, pdf_ink x, float width, bool dashed)
{
    leave_text(c);
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

/* Dashes without a length have round ends: dots. */
void pdf_canvas_dots(pdf_canvas *c, float x, float y, float to, const float *distance, size_t n)
{
    leave_text(c);
    buf_char(&c->ops, '[');
    for (size_t i = 0; i < n; i++) {
        buf_str(&c->ops, "0 ");
        pdf_sheet_number(&c->ops, distance[i]);
    }
    buf_str(&c->ops, "] 0 d\n");
    pdf_canvas_from(c, x, y);
    pdf_canvas_to(c, to + 0.2f, y);
    buf_str(&c->ops, "S\n[] 0 d\n");
    c->dashed = false;
}

void pdf_canvas_stroke(pdf_canvas *c) { buf_str(&c->ops, "S\n"); }
void pdf_canvas_close(pdf_canvas *c) { buf_str(&c->ops, "s\n"); }
void pdf_canvas_fill(pdf_canvas *c) { buf_str(&c->ops, "f\n"); }
void pdf_canvas_fill_and_close(pdf_canvas *c) { buf_str(&c->ops, "b\n"); }

/* ---- texts ---- */

static unsigned face_of(unsigned style) { return style & (PDF_BOLD | PDF_OBLIQUE); }

float pdf_canvas_width(pdf_canvas *c, unsigned style, float size, sv text)
{
    float width = 0;
    for (size_t i = 0; i < text.n;) {
        size_t n = utf8_valid_at((sv){text.p + i, text.n - i});
        bool known;
        width += (float)pdf_sheet_width(c->sheet, face_of(style), n ? utf8_code(text.p + i, n) : 0xFFFD, &known);
        i += n ? n : 1;
    }
    return width * size / 1000;
}

static void enter_text(pdf_canvas *c, unsigned style, float size)
{
    if (c->in_text && c->style == style && c->size == size) return;
    const char *font = pdf_sheet_font(c->sheet, style);
    if (!c->in_text) {
        buf_str(&c->ops, "BT\n");
        c->x = c->y = 0;
    }
    c->failed |= !font;
    buf_char(&c->ops, '/');
    buf_str(&c->ops, font ? font : "");
    buf_char(&c->ops, ' ');
    pdf_sheet_number(&c->ops, size);
    buf_str(&c->ops, "Tf\n");
    c->in_text = true;
    c->style = style;
    c->size = size;
}

void pdf_canvas_text(pdf_canvas *c, unsigned style, float size, pdf_ink ink, pdf_align align, float x, float y, sv text)
{
    if (!text.n) return;
    if (align != PDF_LEFT) {
        float width = pdf_canvas_width(c, style, size, text);
        x -= align == PDF_RIGHT ? width : width / 2;
    }
    enter_text(c, face_of(style), size);
    pdf_canvas_brush(c, ink);
    long to_x = lroundf(x * 10), to_y = lroundf(y * 10);
    pdf_sheet_number(&c->ops, (float)(to_x - c->x) / 10);
    pdf_sheet_number(&c->ops, (float)(to_y - c->y) / 10);
    buf_str(&c->ops, "Td\n");
    c->x = to_x;
    c->y = to_y;
    pdf_sheet_string(c->sheet, face_of(style), text, &c->ops);
}

bool pdf_canvas_end(pdf_canvas *c, buf *out)
{
    flush(c);
    bool ok = !c->failed && pdf_sheet_save(c->sheet, out);
    pdf_canvas_free(c);
    return ok;
}
