/* Paragraphs and rows of cells broken into lines. Text waits as pieces: words of one form (cut to a few letters, so that
 * what is wider than its column can be broken), blanks, tabs, line breaks. */
#include "pdf/pdf_writer.h"
#include "base/utf.h"
#include "pdf/pdf_sheet.h"
#include <stdio.h>
#include <stdlib.h>

enum {
    MARGIN = 56,
    TOP = PDF_PAGE_HEIGHT - 72,
    BOTTOM = 60,
    WIDTH = PDF_PAGE_WIDTH - 2 * MARGIN,
    USUAL_POINTS = 11,
    SMALL_POINTS = 8,
    POINTS_MIN = 5,
    POINTS_MAX = 48,
    TAB_STOP = 36,
    CELLS_MAX = 64,
    CELL_GAP = 6,
    LETTERS_OF_PIECE = 8,
    PIECES_MAX = 1 << 20
};

typedef enum piece_kind { PIECE_WORD, PIECE_BLANK, PIECE_TAB, PIECE_BREAK } piece_kind;

typedef struct piece {
    uint32_t at, n; /* in text */
    float width;
    uint8_t kind, style, points, letters;
} piece;

typedef struct range {
    size_t from, to;
} range;

struct pdf_writer {
    pdf_sheet *sheet;
    buf text, line;
    piece *item;
    size_t n, room;
    range cell[CELLS_MAX];
    size_t cells;
    size_t cell_from; /* first piece of the cell at hand */
    bool in_row;
    char top[200];
    float y;
    uint64_t unset;
    bool failed;
};

pdf_writer *pdf_writer_new(sv title, sv top)
{
    pdf_writer *w = calloc(1, sizeof *w);
    if (!w) return NULL;
    w->text = buf_new((size_t)32 << 20);
    w->line = buf_new(1 << 16);
    w->sheet = pdf_sheet_new(title);
    if (!w->sheet) {
        free(w);
        return NULL;
    }
    size_t n = 0, whole = 0;
    for (; n < top.n && n < sizeof w->top - 1; n++)
        if (((unsigned char)top.p[n] & 0xC0) != 0x80) whole = n;
    if (n == top.n) whole = n;
    memcpy(w->top, top.n ? top.p : "", whole);
    return w;
}

void pdf_writer_free(pdf_writer *w)
{
    if (!w) return;
    pdf_sheet_free(w->sheet);
    buf_free(&w->text);
    buf_free(&w->line);
    free(w->item);
    free(w);
}

uint64_t pdf_unset(const pdf_writer *w) { return w->unset; }

static unsigned face_of(unsigned style) { return style & (PDF_BOLD | PDF_OBLIQUE); }
static float size_of(const piece *p) { return (float)p->points * (p->style & (PDF_SUB | PDF_SUPER) ? 0.65f : 1.0f); }

/* ---- pages ---- */

static void turn_page(pdf_writer *w)
{
    w->failed |= !pdf_sheet_page(w->sheet, PDF_PAGE_WIDTH, PDF_PAGE_HEIGHT);
    w->y = TOP;
}

/* Room for a line of that height: its base line is y afterwards. */
static void advance(pdf_writer *w, float height)
{
    if (pdf_sheet_pages(w->sheet) == 0 || w->y - height < BOTTOM) turn_page(w);
    w->y -= height;
}

/* ---- pieces ---- */

static piece *add_piece(pdf_writer *w, piece_kind kind, unsigned style, unsigned points)
{
    if (w->n == w->room) {
        size_t room = w->room ? 2 * w->room : 256;
        piece *item = room <= PIECES_MAX ? realloc(w->item, room * sizeof *item) : NULL;
        if (!item) {
            w->failed = true;
            return NULL;
        }
        w->item = item;
        w->room = room;
    }
    piece *p = &w->item[w->n++];
    *p = (piece){.at = (uint32_t)w->text.n, .kind = (uint8_t)kind, .style = (uint8_t)style, .points = (uint8_t)points};
    return p;
}

static bool goes_on(const pdf_writer *w, piece_kind kind, unsigned style, unsigned points, size_t from)
{
    const piece *p = w->n > from ? &w->item[w->n - 1] : NULL;
    return p && p->kind == kind && p->style == style && p->points == points && p->letters < LETTERS_OF_PIECE;
}

static bool is_right_to_left(uint32_t c)
{
    return (c >= 0x590 && c <= 0x8FF) || (c >= 0xFB1D && c <= 0xFDFF) || (c >= 0xFE70 && c <= 0xFEFC);
}

static void add_letter(pdf_writer *w, uint32_t code, unsigned style, unsigned points, size_t from)
{
    piece_kind kind = code == ' ' ? PIECE_BLANK : PIECE_WORD;
    char utf8[4];
    bool known;
    if (code >= 0x10000) code = 0xFFFD;
    if (!goes_on(w, kind, style, points, from) && !add_piece(w, kind, style, points)) return;
    piece *p = &w->item[w->n - 1];
    unsigned width = pdf_sheet_width(w->sheet, face_of(style), code, &known);
    w->unset += !known || is_right_to_left(code);
    p->width += (float)width * size_of(p) / 1000.0f;
    p->letters++;
    size_t n = utf8_put(code, utf8);
    p->n += (uint32_t)n;
    buf_add(&w->text, utf8, n);
    w->failed |= w->text.failed;
}

static void flush_row(pdf_writer *w);
static void flush_paragraph(pdf_writer *w, pdf_align align, unsigned points);

/* Text outside of cells ends a row that was left open, text in them a paragraph. */
static void enter(pdf_writer *w, bool in_cell)
{
    if (in_cell == w->in_row) return;
    if (w->in_row)
        flush_row(w);
    else if (w->n)
        flush_paragraph(w, PDF_LEFT, 0);
    w->in_row = in_cell;
}

static unsigned points_of(unsigned points)
{
    if (!points) return USUAL_POINTS;
    return points < POINTS_MIN ? POINTS_MIN : points > POINTS_MAX ? POINTS_MAX : points;
}

void pdf_text(pdf_writer *w, sv utf8, unsigned style, unsigned points, bool in_cell)
{
    points = points_of(points);
    if (w->failed) return;
    enter(w, in_cell);
    for (size_t i = 0; i < utf8.n && !w->failed;) {
        sv rest = {utf8.p + i, utf8.n - i};
        size_t n = utf8_valid_at(rest);
        uint32_t code = n ? utf8_code(rest.p, n) : 0xFFFD;
        i += n ? n : 1;
        w->unset += !n;
        if (code == '\t')
            (void)add_piece(w, PIECE_TAB, style, points);
        else if (code >= ' ' && !(code >= 0x7F && code < 0xA0) && code != 0xAD)
            add_letter(w, code, style, points, w->cell_from);
    }
}

void pdf_line(pdf_writer *w, bool in_cell)
{
    if (w->failed) return;
    enter(w, in_cell);
    (void)add_piece(w, PIECE_BREAK, 0, w->n ? w->item[w->n - 1].points : USUAL_POINTS);
}

/* ---- lines ---- */

typedef struct text_line {
    range pieces;
    float width; /* without blanks at its end */
    float height;
} text_line;

static float tab_width(float x) { return (float)(((int)x / TAB_STOP + 1) * TAB_STOP) - x; }

/* Pieces that stand together without a blank: to[1] is behind the last one. */
static size_t end_of_word(const pdf_writer *w, size_t i, size_t to)
{
    while (i < to && w->item[i].kind == PIECE_WORD) i++;
    return i;
}

static float width_of(const pdf_writer *w, size_t from, size_t to)
{
    float x = 0;
    for (size_t i = from; i < to; i++) x += w->item[i].width;
    return x;
}

/* The next line of pieces, of at most that width; a word that is wider than a whole line is broken. Moves r on. */
static text_line next_line(const pdf_writer *w, range *r, float width)
{
    text_line l = {.pieces = {r->from, r->from}};
    size_t i = r->from;
    float x = 0;
    while (i < r->to && w->item[i].kind != PIECE_BREAK) {
        const piece *p = &w->item[i];
        size_t end = p->kind == PIECE_WORD ? end_of_word(w, i, r->to) : i + 1;
        float add = p->kind == PIECE_TAB ? tab_width(x) : width_of(w, i, end);
        if (p->kind == PIECE_WORD && x + add > width) {
            if (l.width > 0) break;
            end = i + 1;
            while (end < r->to && w->item[end].kind == PIECE_WORD && x + width_of(w, i, end + 1) <= width) end++;
            add = width_of(w, i, end);
        }
        for (size_t k = i; k < end; k++)
            if ((float)w->item[k].points > l.height) l.height = (float)w->item[k].points;
        x += add;
        if (p->kind == PIECE_WORD) {
            l.width = x;
            l.pieces.to = end;
        }
        i = end;
        if (p->kind == PIECE_WORD && i < r->to && w->item[i].kind == PIECE_WORD) break;
    }
    if (i < r->to && w->item[i].kind == PIECE_BREAK) {
        if ((float)w->item[i].points > l.height && l.height == 0) l.height = (float)w->item[i].points;
        i++;
    }
    r->from = i;
    return l;
}

static void show(pdf_writer *w, const piece *form, sv text, float x, float width, float base)
{
    float rise = form->style & PDF_SUPER ? 0.35f : form->style & PDF_SUB ? -0.15f : 0.0f;
    pdf_sheet_text(w->sheet, SIZE_MAX, face_of(form->style), size_of(form), x, base + rise * (float)form->points, text);
    if (form->style & PDF_UNDERLINE)
        pdf_sheet_rule(w->sheet, SIZE_MAX, x, base - 0.12f * (float)form->points, x + width,
                       0.05f * (float)form->points, 0);
}

/* Pieces of one form go out together. */
static void draw_line(pdf_writer *w, const text_line *l, float left, float base)
{
    float x = left;
    for (size_t i = l->pieces.from; i < l->pieces.to;) {
        const piece *p = &w->item[i];
        if (p->kind == PIECE_TAB) {
            x += tab_width(x - left);
            i++;
            continue;
        }
        size_t end = i, bytes = 0;
        float width = 0;
        while (end < l->pieces.to && w->item[end].kind != PIECE_TAB && w->item[end].style == p->style &&
               w->item[end].points == p->points && w->item[end].at == p->at + bytes) {
            bytes += w->item[end].n;
            width += w->item[end++].width;
        }
        show(w, p, (sv){w->text.p + p->at, bytes}, x, width, base);
        x += width;
        i = end;
    }
}

static float line_height(float points) { return 1.3f * (points > 0 ? points : USUAL_POINTS); }

static void forget(pdf_writer *w)
{
    buf_clear(&w->text);
    w->n = w->cells = w->cell_from = 0;
    w->in_row = false;
}

static void flush_paragraph(pdf_writer *w, pdf_align align, unsigned points)
{
    range r = {0, w->n};
    if (w->n == 0) advance(w, line_height((float)points_of(points)));
    while (r.from < r.to && !w->failed) {
        text_line l = next_line(w, &r, WIDTH);
        float room = WIDTH - l.width, shift = align == PDF_CENTER ? room / 2 : align == PDF_RIGHT ? room : 0;
        advance(w, line_height(l.height));
        draw_line(w, &l, MARGIN + (shift > 0 ? shift : 0), w->y);
    }
    forget(w);
}

void pdf_paragraph(pdf_writer *w, pdf_align align, unsigned points, bool in_cell)
{
    if (w->failed) return;
    enter(w, in_cell);
    if (in_cell)
        (void)add_piece(w, PIECE_BREAK, 0, w->n ? w->item[w->n - 1].points : USUAL_POINTS);
    else
        flush_paragraph(w, align, points);
}

/* ---- rows ---- */

void pdf_cell(pdf_writer *w)
{
    if (w->failed) return;
    if (!w->in_row) {
        /* A cell outside of a table: some programs leave the table's word out. */
        (void)add_piece(w, PIECE_TAB, 0, USUAL_POINTS);
        return;
    }
    if (w->cells == CELLS_MAX) {
        flush_row(w);
        w->in_row = true;
    }
    w->cell[w->cells++] = (range){w->cell_from, w->n};
    w->cell_from = w->n;
}

/* All cells line by line, so that a row may go over a page's end. */
static void flush_row(pdf_writer *w)
{
    if (w->n > w->cell_from && w->cells < CELLS_MAX) {
        w->cell[w->cells++] = (range){w->cell_from, w->n};
        w->cell_from = w->n;
    }
    size_t cells = w->cells;
    float width = cells ? (float)WIDTH / (float)cells : WIDTH;
    bool more = cells > 0;
    while (more && !w->failed) {
        text_line line[CELLS_MAX];
        float height = 0;
        more = false;
        for (size_t i = 0; i < cells; i++) {
            line[i] = next_line(w, &w->cell[i], width - CELL_GAP);
            if (line[i].height > height) height = line[i].height;
            more |= w->cell[i].from < w->cell[i].to;
        }
        advance(w, line_height(height));
        for (size_t i = 0; i < cells; i++) draw_line(w, &line[i], MARGIN + (float)i * width, w->y);
    }
    if (cells && !w->failed) {
        pdf_sheet_rule(w->sheet, SIZE_MAX, MARGIN, w->y - 3, MARGIN + WIDTH, 0.4f, 0.7f);
        w->y -= 3;
    }
    forget(w);
}

void pdf_row(pdf_writer *w)
{
    if (w->failed) return;
    if (w->in_row)
        flush_row(w);
    else
        flush_paragraph(w, PDF_LEFT, 0);
}

void pdf_page(pdf_writer *w)
{
    if (w->failed) return;
    if (w->in_row)
        flush_row(w);
    else if (w->n)
        flush_paragraph(w, PDF_LEFT, 0);
    turn_page(w);
}

/* ---- the whole ---- */

static void number_pages(pdf_writer *w)
{
    size_t pages = pdf_sheet_pages(w->sheet);
    sv top = sv_from(w->top);
    for (size_t i = 0; i < pages; i++) {
        char number[48];
        int n = snprintf(number, sizeof number, "%u / %u", (unsigned)(i + 1), (unsigned)pages);
        pdf_sheet_text(w->sheet, i, 0, SMALL_POINTS, MARGIN + WIDTH / 2 - 10, BOTTOM / 2,
                       (sv){number, n > 0 ? (size_t)n : 0});
        if (!top.n) continue;
        pdf_sheet_text(w->sheet, i, 0, SMALL_POINTS, MARGIN, TOP + 24, top);
        pdf_sheet_rule(w->sheet, i, MARGIN, TOP + 18, MARGIN + WIDTH, 0.4f, 0.6f);
    }
}

bool pdf_writer_end(pdf_writer *w, buf *out)
{
    if (!w->failed && w->in_row)
        flush_row(w);
    else if (!w->failed && w->n)
        flush_paragraph(w, PDF_LEFT, 0);
    if (!w->failed && pdf_sheet_pages(w->sheet) == 0) turn_page(w);
    if (!w->failed) number_pages(w);
    bool ok = !w->failed && pdf_sheet_save(w->sheet, out);
    pdf_writer_free(w);
    return ok;
}
