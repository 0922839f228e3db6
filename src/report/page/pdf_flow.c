#include "report/page/pdf_flow.h"
#include "base/shown.h"
#include "base/utf.h"
#include <stdlib.h>

enum { PIECES_MAX = 1 << 22, SEGMENTS_MAX = 24 };

void flow_add(pdf_flow *f, const flow_piece *kind, sv text)
{
    if (f->n == f->room) {
        size_t room = f->room ? 2 * f->room : 256;
        flow_piece *all = room <= PIECES_MAX ? realloc(f->piece, room * sizeof *all) : NULL;
        if (!all) {
            f->failed = true;
            return;
        }
        f->piece = all;
        f->room = room;
    }
    flow_piece *p = &f->piece[f->n++];
    *p = *kind;
    p->from = f->text.n;
    add_shown(&f->text, text);
    p->n = f->text.n - p->from;
    f->failed |= f->text.failed;
}

void flow_clear(pdf_flow *f)
{
    f->n = 0;
    buf_clear(&f->text);
}

void flow_free(pdf_flow *f)
{
    buf_free(&f->text);
    free(f->piece);
}

/* ---- words ---- */

/* A word, or a blank behind one: the texts of one or several pieces that no line may end within. */
typedef struct segment {
    const flow_piece *piece;
    sv text;
    float width;
} segment;

typedef struct word {
    segment segment[SEGMENTS_MAX];
    size_t n;
    float width;
    bool new_line;
} word;

typedef struct reader {
    const pdf_flow *f;
    size_t piece, to, at; /* at: within the piece */
    float size;
} reader;

static sv text_of(const pdf_flow *f, const flow_piece *p) { return (sv){f->text.p + p->from, p->n}; }

static bool is_separator(char c) { return c == '.' || c == '/' || c == '_' || c == '-' || c == ','; }

static bool may_end_behind(const flow_piece *p, sv s, size_t i)
{
    char before = s.p[i - 1], after = s.p[i];
    if (before == ' ' || after == ' ') return true;
    if (!p->name) return before == '/' && after != '/';
    if (is_separator(before)) return !is_separator(after);
    return before >= 'a' && before <= 'z' && after >= 'A' && after <= 'Z';
}

static size_t end_of_part(const flow_piece *p, sv s, size_t at)
{
    size_t i = at + 1;
    while (i < s.n && !may_end_behind(p, s, i)) i++;
    return i;
}

static bool is_blank(sv s) { return s.n == 1 && s.p[0] == ' '; }

/* A piece that goes on without a blank belongs to the word before it. */
static bool next_word(reader *r, word *w)
{
    *w = (word){.n = 0};
    while (r->piece < r->to && w->n < SEGMENTS_MAX) {
        const flow_piece *p = &r->f->piece[r->piece];
        sv s = text_of(r->f, p);
        if (r->at == 0 && p->break_before) {
            if (w->n) return true;
            w->new_line = true;
        }
        if (r->at >= s.n) {
            r->piece++;
            r->at = 0;
            if (w->new_line && !w->n && s.n == 0) return true;
            continue;
        }
        size_t end = end_of_part(p, s, r->at);
        segment x = {p, {s.p + r->at, end - r->at}, 0};
        bool blank = is_blank(x.text);
        if (blank && w->n) return true;
        x.width = pdf_canvas_width(r->f->c, p->style, r->size, x.text);
        w->segment[w->n++] = x;
        w->width += x.width;
        r->at = end;
        if (blank || end < s.n) return true;
    }
    return w->n > 0 || w->new_line;
}

/* ---- lines ---- */

typedef struct line {
    segment segment[256];
    size_t n;
    float width;
} line;

typedef struct setter {
    const pdf_flow *f;
    const flow_place *at;
    line line;
    size_t lines;
    bool full;
} setter;

static void draw_line(const setter *s)
{
    const flow_place *at = s->at;
    float x = at->x, y = at->y - (float)s->lines * at->leading;
    if (at->align == PDF_RIGHT) x += at->width - s->line.width;
    if (at->align == PDF_CENTER) x += (at->width - s->line.width) / 2;
    for (size_t i = 0; i < s->line.n; i++) {
        const segment *g = &s->line.segment[i];
        /* What stands in one kind of letters is one text. */
        float width = g->width;
        size_t n = g->text.n, k = i + 1;
        while (k < s->line.n && s->line.segment[k].piece == g->piece && s->line.segment[k].text.p == g->text.p + n) {
            n += s->line.segment[k].text.n;
            width += s->line.segment[k++].width;
        }
        pdf_canvas_text(s->f->c, g->piece->style, at->size, g->piece->ink, PDF_LEFT, x, y, (sv){g->text.p, n});
        x += width;
        i = k - 1;
    }
}

/* Behind the last line there is room for nothing but this. */
static void draw_cut(const setter *s)
{
    const flow_place *at = s->at;
    pdf_canvas_text(s->f->c, 0, at->size, PDF_BLACK, PDF_LEFT, at->x, at->y - ((float)s->lines - 0.6f) * at->leading,
                    SV_LIT("\xE2\x80\xA6"));
}

/* Lines are counted when they end. */
static void end_line(setter *s)
{
    while (s->line.n && is_blank(s->line.segment[s->line.n - 1].text))
        s->line.width -= s->line.segment[--s->line.n].width;
    if (s->at->most && s->lines == s->at->most) {
        if (s->at->draw && !s->full) draw_cut(s);
        s->full = true;
    }
    if (s->at->draw && !s->full) draw_line(s);
    s->lines += !s->full;
    s->line.n = 0;
    s->line.width = 0;
}

static void put(setter *s, const segment *x)
{
    if (s->line.n == sizeof s->line.segment / sizeof s->line.segment[0]) end_line(s);
    s->line.segment[s->line.n++] = *x;
    s->line.width += x->width;
}

/* A word that is wider than the line: as much of it as has room, again and again. */
static void put_broken(setter *s, const segment *x)
{
    sv rest = x->text;
    while (rest.n) {
        size_t n = 0;
        float width = 0;
        while (n < rest.n) {
            size_t used = utf8_valid_at((sv){rest.p + n, rest.n - n});
            if (!used) used = 1;
            float more = pdf_canvas_width(s->f->c, x->piece->style, s->at->size, (sv){rest.p + n, used});
            if (s->line.width + width + more > s->at->width && (n || s->line.n)) break;
            width += more;
            n += used;
        }
        if (n) put(s, &(segment){x->piece, {rest.p, n}, width});
        rest = (sv){rest.p + n, rest.n - n};
        if (rest.n) end_line(s);
    }
}

size_t flow_set(const pdf_flow *f, flow_range r, const flow_place *at)
{
    reader from = {f, r.from, r.to, 0, at->size};
    setter s = {.f = f, .at = at};
    word w;
    bool any = false;
    while (!s.full && next_word(&from, &w)) {
        any = true;
        if (w.new_line) end_line(&s);
        bool blank = w.n == 1 && is_blank(w.segment[0].text);
        if (blank && !s.line.n) continue;
        if (!blank && s.line.n && s.line.width + w.width > at->width) end_line(&s);
        for (size_t i = 0; i < w.n; i++)
            if (w.width > at->width)
                put_broken(&s, &w.segment[i]);
            else
                put(&s, &w.segment[i]);
    }
    if (s.line.n) end_line(&s);
    return any && !s.lines ? 1 : s.lines;
}

void flow_widths(const pdf_flow *f, flow_range r, float size, float *longest, float *whole)
{
    reader from = {f, r.from, r.to, 0, size};
    word w;
    float line_width = 0;
    *longest = *whole = 0;
    while (next_word(&from, &w)) {
        if (w.new_line) line_width = 0;
        line_width += w.width;
        if (w.width > *longest) *longest = w.width;
        if (line_width > *whole) *whole = line_width;
    }
}
