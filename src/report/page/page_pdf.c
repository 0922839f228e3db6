#include "report/page/page_pdf.h"
#include "report/model_read.h"
#include "report/page/pdf_page.h"
#include "report/page/picture.h"
#include "report/report_text.h"
#include <stdlib.h>

enum { TEXT_MAX = 256 << 20, FIGURES_MAX = 8, INDENT = 14, WORD_WIDTH = 74 };

typedef struct figure {
    const char *label;
    flow_range number;
    bool some;
} figure;

typedef struct pdf_report {
    page page;
    pdf_sheets s;
    pdf_flow flow;
    pdf_table table;
    figure figure[FIGURES_MAX];
    size_t figures, first; /* first: piece of the block at hand */
    size_t item;           /* of the steps */
    bool in_table, in_verdict, in_steps, bold;
    pdf_ink look; /* of the verdict */
    page_para para;
    page_cell cell;
    const char *word;
    float sign; /* where the next signature begins */
} pdf_report;

static pdf_report *of(page *p) { return (pdf_report *)(void *)p; }

/* ---- pages ---- */

static void foot(const pdf_sheets *s)
{
    buf text = buf_new((size_t)REPORT_TEXT_MAX * 4);
    buf_str(&text, "chartferry \xC2\xB7 ");
    add_shown(&text, s->run);
    pdf_canvas_text(s->c, 0, 7, PDF_DARK, PDF_LEFT, SHEET_LEFT, SHEET_FOOT, buf_view(&text));
    buf_clear(&text);
    buf_printf(&text, "Page %zu of %zu", s->pages, s->of);
    pdf_canvas_text(s->c, 0, 7, PDF_DARK, PDF_RIGHT, SHEET_RIGHT, SHEET_FOOT, buf_view(&text));
    buf_free(&text);
}

/* The foot is the first text of a page: it is there whatever comes. */
void sheets_page(pdf_sheets *s)
{
    if (s->full) return;
    pdf_canvas_page_upright(s->c);
    s->pages++;
    foot(s);
    s->y = SHEET_TOP;
    if (s->pages < PDF_PAGES_MAX) return;
    s->full = true;
    pdf_canvas_text(s->c, PDF_BOLD, 10, PDF_BLACK, PDF_LEFT, SHEET_LEFT, s->y - 10,
                    SV_LIT("This file has as many pages as it may: the rest stands in report.html."));
}

void sheets_need(pdf_sheets *s, float height)
{
    if (s->y - height < SHEET_BOTTOM && s->y < SHEET_TOP) sheets_page(s);
}

void sheets_rule(pdf_sheets *s, float x, float to, float y, float width, pdf_ink ink)
{
    if (s->full) return;
    pdf_canvas_pen(s->c, ink, width, false);
    pdf_canvas_from(s->c, x, y);
    pdf_canvas_to(s->c, to, y);
    pdf_canvas_stroke(s->c);
}

/* ---- blocks of text ---- */

typedef struct block {
    float size, leading, before, behind, indent;
    float keep; /* what must have room on the page too */
} block;

static flow_range at_hand(const pdf_report *r) { return (flow_range){r->first, r->flow.n}; }

static void forget(pdf_report *r)
{
    if (!r->in_table) flow_clear(&r->flow);
    r->first = r->flow.n;
}

static void set_block(pdf_report *r, const block *b)
{
    pdf_sheets *s = &r->s;
    flow_place at = {
        .x = SHEET_LEFT + b->indent, .width = SHEET_WIDTH - b->indent, .size = b->size, .leading = b->leading};
    if (s->y < SHEET_TOP) s->y -= b->before;
    size_t lines = flow_set(&r->flow, at_hand(r), &at);
    float height = (float)lines * b->leading;
    sheets_need(s, (height < SHEET_TOP - SHEET_BOTTOM ? height : b->leading) + b->keep);
    at.y = s->y - b->size;
    at.draw = !s->full;
    at.most = (size_t)((s->y - SHEET_BOTTOM) / b->leading);
    (void)flow_set(&r->flow, at_hand(r), &at);
    if (r->in_verdict && !s->full) {
        pdf_canvas_brush(s->c, r->look);
        pdf_canvas_box(s->c, SHEET_LEFT, s->y - height - b->behind, 3, height + b->behind + b->before);
        pdf_canvas_fill(s->c);
    }
    s->y -= height + b->behind;
    forget(r);
}

static void add(pdf_report *r, unsigned style, pdf_ink ink, bool name, sv text)
{
    const flow_piece piece = {.style = style, .ink = ink, .name = name};
    flow_add(&r->flow, &piece, text);
}

static void titled(pdf_report *r, const char *title, const block *b)
{
    forget(r);
    add(r, PDF_BOLD, PDF_BLACK, false, sv_from(title));
    set_block(r, b);
}

static void begin_section(pdf_report *r, const page_spec *spec)
{
    static const block b = {.size = 13, .leading = 16, .before = 8, .behind = 3, .keep = 50};
    r->s.y -= r->s.y < SHEET_TOP ? 12 : 0;
    sheets_need(&r->s, 90);
    sheets_rule(&r->s, SHEET_LEFT, SHEET_RIGHT, r->s.y, 1.2f, PDF_BLACK);
    titled(r, spec->title, &b);
}

static const pdf_ink look_ink[] = {[LOOK_PLAIN] = PDF_BLACK,
                                   [LOOK_READY] = PDF_BLUE,
                                   [LOOK_LOOK] = PDF_DARK,
                                   [LOOK_STOP] = PDF_RED,
                                   [LOOK_NOTE] = PDF_GREY};

static void begin_verdict(pdf_report *r, const page_spec *spec)
{
    static const block b = {.size = 9.5f, .leading = 13, .before = 4, .behind = 0, .indent = INDENT, .keep = 40};
    r->in_verdict = true;
    r->look = look_ink[spec->look];
    r->s.y -= 10;
    titled(r, spec->title, &b);
}

/* A step's number, or a dot, stands left of its text. */
static void end_item(pdf_report *r)
{
    static const block b = {.size = 8.8f, .leading = 11.6f, .behind = 2.4f, .indent = INDENT};
    flow_place at = {.width = SHEET_WIDTH - INDENT, .size = b.size, .leading = b.leading};
    sheets_need(&r->s, (float)flow_set(&r->flow, at_hand(r), &at) * b.leading);
    buf mark = buf_new(32);
    if (r->in_steps)
        buf_printf(&mark, "%zu.", ++r->item);
    else
        buf_str(&mark, "\xE2\x80\xA2");
    if (!r->s.full)
        pdf_canvas_text(r->s.c, 0, b.size, PDF_DARK, PDF_LEFT, SHEET_LEFT, r->s.y - b.size, buf_view(&mark));
    buf_free(&mark);
    set_block(r, &b);
}

static void end_word(pdf_report *r)
{
    static const block b = {.size = 8, .leading = 10.4f, .behind = 1.6f, .indent = WORD_WIDTH};
    flow_place at = {.width = SHEET_WIDTH - WORD_WIDTH, .size = b.size, .leading = b.leading};
    sheets_need(&r->s, (float)flow_set(&r->flow, at_hand(r), &at) * b.leading);
    if (!r->s.full)
        pdf_canvas_text(r->s.c, PDF_BOLD, b.size, PDF_BLACK, PDF_LEFT, SHEET_LEFT, r->s.y - b.size, sv_from(r->word));
    set_block(r, &b);
}

static void end_para(pdf_report *r)
{
    static const block plain = {.size = 9, .leading = 12, .behind = 4},
                       label = {.size = 7.6f, .leading = 10, .before = 3, .behind = 1, .keep = 14},
                       times = {.size = 8.2f, .leading = 11, .behind = 1, .keep = 14},
                       list = {.size = 8, .leading = 10.4f, .behind = 2},
                       said = {.size = 11.5f, .leading = 15, .behind = 4, .indent = INDENT};
    static const block *const of_kind[] = {
        [PARA_PLAIN] = &plain, [PARA_LABEL] = &label, [PARA_TIMES] = &times, [PARA_LIST] = &list};
    if (r->flow.n > r->first) set_block(r, r->in_verdict ? &said : of_kind[r->para]);
}

/* ---- the numbers at the top ---- */

static void end_figures(pdf_report *r)
{
    float width = r->figures ? (float)SHEET_WIDTH / (float)r->figures : SHEET_WIDTH;
    r->s.y -= 8;
    sheets_need(&r->s, 46);
    for (size_t i = 0; i < r->figures && !r->s.full; i++) {
        const figure *f = &r->figure[i];
        flow_place at = {
            .x = SHEET_LEFT + width * (float)i + 6, .y = r->s.y - 30, .width = width - 8, .size = 14, .leading = 15};
        at.draw = true;
        pdf_canvas_pen(r->s.c, PDF_PALE, 0.6f, false);
        pdf_canvas_box(r->s.c, SHEET_LEFT + width * (float)i, r->s.y - 38, width, 38);
        pdf_canvas_stroke(r->s.c);
        pdf_canvas_text(r->s.c, 0, 7.4f, PDF_DARK, PDF_LEFT, at.x, r->s.y - 12, sv_from(f->label));
        (void)flow_set(&r->flow, f->number, &at);
    }
    r->s.y -= 44;
    r->figures = 0;
    forget(r);
}

static void end_figure(pdf_report *r)
{
    if (r->figures < FIGURES_MAX) {
        r->figure[r->figures].number = at_hand(r);
        r->figure[r->figures++].label = r->word;
    }
    r->first = r->flow.n;
}

/* ---- pictures ---- */

static const float scale = (float)SHEET_WIDTH / PICTURE_WIDTH * 0.82f;

static void pen_area(void *ctx, picture_tone tone, float x, float y, float width, float height)
{
    static const pdf_ink ink[] = {[TONE_THERE] = PDF_BLUE, [TONE_MISSING] = PDF_PINK, [TONE_AXIS] = PDF_BLACK};
    const pdf_report *r = ctx;
    float top = r->s.y - y * scale;
    pdf_canvas_brush(r->s.c, ink[tone]);
    if (tone == TONE_MISSING) pdf_canvas_pen(r->s.c, PDF_RED, 0.5f, false);
    pdf_canvas_box(r->s.c, SHEET_LEFT + x * scale, top - height * scale, width * scale, height * scale);
    if (tone == TONE_MISSING)
        pdf_canvas_fill_and_close(r->s.c);
    else
        pdf_canvas_fill(r->s.c);
}

static void pen_text(void *ctx, picture_side side, float x, float y, sv text)
{
    static const pdf_align align[] = {[SIDE_LEFT] = PDF_LEFT, [SIDE_MIDDLE] = PDF_CENTER, [SIDE_RIGHT] = PDF_RIGHT};
    const pdf_report *r = ctx;
    buf shown = buf_new((size_t)REPORT_TEXT_MAX * 8);
    add_shown(&shown, text);
    pdf_canvas_text(r->s.c, 0, PICTURE_LETTERS * scale, PDF_BLACK, align[side], SHEET_LEFT + x * scale,
                    r->s.y - y * scale, buf_view(&shown));
    buf_free(&shown);
}

static void picture(page *p, const json_t *x)
{
    pdf_report *r = of(p);
    const picture_pen pen = {pen_area, pen_text, r};
    float height = picture_height(x) * scale;
    sheets_need(&r->s, height);
    if (!r->s.full) picture_draw(x, &pen);
    r->s.y -= height + 2;
}

/* ---- parts ---- */

static void begin(page *p, page_part part, const page_spec *spec)
{
    pdf_report *r = of(p);
    r->word = part == PART_WORD || part == PART_FIGURE || part == PART_SIGNATURE ? spec->title : r->word;
    switch (part) {
    case PART_SECTION: begin_section(r, spec); break;
    case PART_VERDICT: begin_verdict(r, spec); break;
    case PART_PARA: r->para = spec->para; break;
    case PART_STEPS:
        r->in_steps = true;
        r->item = 0;
        break;
    case PART_FINDING: r->s.y -= 6; break;
    case PART_HEADING: r->bold = true; break;
    case PART_TABLE:
        r->in_table = true;
        table_begin(&r->table, &r->flow, spec);
        break;
    case PART_ROW: table_row_begin(&r->table, spec->row); break;
    case PART_CELL:
        r->cell = spec->cell;
        r->first = r->flow.n;
        break;
    case PART_SIGNATURES:
        r->s.y -= 40;
        sheets_need(&r->s, 20);
        r->sign = SHEET_LEFT;
        break;
    default: break;
    }
}

static void end_signature(pdf_report *r)
{
    float width = (float)SHEET_WIDTH / 2 - 20;
    sheets_rule(&r->s, r->sign, r->sign + width, r->s.y, 0.6f, PDF_BLACK);
    if (!r->s.full) pdf_canvas_text(r->s.c, 0, 7.6f, PDF_DARK, PDF_LEFT, r->sign, r->s.y - 10, sv_from(r->word));
    r->sign += width + 40;
}

static void end(page *p, page_part part)
{
    static const block title = {.size = 19, .leading = 23, .behind = 2}, run = {.size = 9, .leading = 12, .behind = 4},
                       banner = {.size = 10, .leading = 13, .before = 8, .behind = 6},
                       heading = {.size = 9.6f, .leading = 12.4f, .before = 5, .behind = 1.5f, .keep = 34},
                       last = {.size = 7.6f, .leading = 10, .before = 14};
    pdf_report *r = of(p);
    switch (part) {
    case PART_TITLE: set_block(r, &title); break;
    case PART_RUN: set_block(r, &run); break;
    case PART_BANNER: set_block(r, &banner); break;
    case PART_VERDICT: r->in_verdict = false; break;
    case PART_FIGURE: end_figure(r); break;
    case PART_FIGURES: end_figures(r); break;
    case PART_HEADING:
        r->bold = false;
        set_block(r, &heading);
        break;
    case PART_PARA: end_para(r); break;
    case PART_STEPS: r->in_steps = false; break;
    case PART_ITEM: end_item(r); break;
    case PART_WORD: end_word(r); break;
    case PART_CELL: table_cell_end(&r->table, r->cell, at_hand(r)); break;
    case PART_TABLE:
        if (!r->table.failed) table_set(&r->table, &r->flow, &r->s);
        r->in_table = false;
        forget(r);
        break;
    case PART_SIGNATURE: end_signature(r); break;
    case PART_SIGNATURES: r->s.y -= 18; break;
    case PART_FOOT: set_block(r, &last); break;
    default: break;
    }
}

/* ---- text ---- */

static void cell_text(pdf_report *r, page_ink ink, sv text)
{
    static const struct {
        unsigned style;
        pdf_ink ink;
    } look[] = {[CELL_HEAD] = {0, PDF_BLACK},
                [CELL_ZERO] = {0, PDF_DARK},
                [CELL_SOME] = {PDF_BOLD, PDF_BLACK},
                [CELL_NO] = {PDF_BOLD, PDF_RED},
                [CELL_SPAN] = {0, PDF_RED}};
    size_t known = sizeof look / sizeof look[0];
    unsigned style = (size_t)r->cell < known ? look[r->cell].style : 0;
    pdf_ink color = (size_t)r->cell < known ? look[r->cell].ink : PDF_BLACK;
    add(r, style, color, ink == INK_NAME || r->cell == CELL_VALUE, text);
}

static void text_of(page *p, page_ink ink, sv text)
{
    pdf_report *r = of(p);
    if (ink == INK_BREAK) {
        const flow_piece piece = {.break_before = true};
        flow_add(&r->flow, &piece, (sv){NULL, 0});
    } else if (r->in_table)
        cell_text(r, ink, text);
    else if (r->bold && ink != INK_ID)
        add(r, PDF_BOLD, PDF_BLACK, false, text);
    else if (ink == INK_STRONG)
        add(r, PDF_BOLD, PDF_BLACK, false, text);
    else if (ink == INK_EM)
        add(r, PDF_OBLIQUE, PDF_BLACK, false, text);
    else if (ink == INK_ID || r->para == PARA_LABEL || r->para == PARA_TIMES)
        add(r, 0, PDF_DARK, false, text);
    else
        add(r, 0, PDF_BLACK, ink == INK_NAME || ink == INK_FILE || ink == INK_CODE, text);
}

static void tag(page *p, page_look look, const char *word)
{
    pdf_report *r = of(p);
    add(r, PDF_BOLD, look_ink[look], false, sv_from(word));
    if (!r->in_table) add(r, 0, PDF_BLACK, false, SV_LIT("  "));
}

/* ---- the whole ---- */

page *page_pdf_begin(sv title, sv run, size_t pages)
{
    static const page_ops ops = {begin, end, text_of, tag, picture};
    pdf_report *r = calloc(1, sizeof *r);
    if (!r) return NULL;
    r->page.ops = &ops;
    r->page.number = buf_new(256);
    r->flow.text = buf_new(TEXT_MAX);
    r->flow.c = r->s.c = pdf_canvas_new(title);
    r->s.run = run;
    r->s.of = pages;
    if (!r->s.c) {
        free(r);
        return NULL;
    }
    sheets_page(&r->s);
    return &r->page;
}

bool page_pdf_end(page *p, buf *out, size_t *pages)
{
    pdf_report *r = of(p);
    *pages = r->s.pages;
    bool ok = !r->flow.failed && !r->table.failed;
    if (ok)
        ok = pdf_canvas_end(r->s.c, out);
    else
        pdf_canvas_free(r->s.c);
    flow_free(&r->flow);
    table_free(&r->table);
    buf_free(&r->page.number);
    free(r);
    return ok;
}
