/* Exams side by side: on each side of an arch a row of depths and one of attachment loss for each exam, the earliest first,
 * and where a depth changed. */
#include "drawing/page.h"
#include <stdlib.h>

#define DEPTHS   8.6f
#define LOSSES   7.2f
#define NUMBERS  12
#define SIDE_GAP 4

typedef struct side {
    page_arch p;
    const drawn_exam *exam; /* the latest first */
    size_t exams;
    bool lingual;
} side;

static const chart_site *site_of(const side *s, size_t exam, size_t column, size_t place)
{
    tooth which = s->p.arch->column[column];
    const chart_tooth *t = tooth_in(s->exam[exam].chart, which);
    return t ? &t->site[site_at(which, s->lingual, place)] : NULL;
}

/* To the exam before: the next one that was measured there is not looked for, its row stands farther up. */
static void draw_change(const side *s, float x, float y, int16_t depth, const chart_site *before)
{
    if (!before || before->pd == CHART_NONE) return;
    int change = depth - before->pd;
    if (abs(change) < DRAWING_CHANGE) return;
    bool worse = change > 0;
    pdf_canvas_text(s->p.c, 0, 4.5f, worse ? PDF_RED : PDF_DARK, PDF_LEFT, x + 0.1f * s->p.column, y + 3.2f,
                    worse ? SV_LIT("\xE2\x96\xB2") : SV_LIT("\xE2\x96\xBD"));
}

/* The row of an exam. */
typedef struct exam_row {
    const side *s;
    size_t exam;
} exam_row;

static int16_t depth_at(const void *ctx, size_t column, size_t place)
{
    const exam_row *r = ctx;
    const chart_site *at = site_of(r->s, r->exam, column, place);
    return at ? at->pd : (int16_t)CHART_NONE;
}

static int16_t loss_at(const void *ctx, size_t column, size_t place)
{
    const exam_row *r = ctx;
    const chart_site *at = site_of(r->s, r->exam, column, place);
    return at ? at->cal : (int16_t)CHART_NONE;
}

static void draw_changes(const side *s, size_t exam, float y)
{
    for (size_t i = 0; exam + 1 < s->exams && i < s->p.arch->columns; i++)
        for (size_t k = 0; k < SITES_OF_SIDE; k++) {
            const chart_site *at = site_of(s, exam, i, k);
            if (at && at->pd != CHART_NONE)
                draw_change(s, site_middle(&s->p, i, k), y, at->pd, site_of(s, exam + 1, i, k));
        }
}

static void draw_bleeding(const side *s, size_t exam, float y)
{
    bool any = false;
    pdf_canvas_pen(s->p.c, PDF_RED, 2.6f, false);
    for (size_t i = 0; i < s->p.arch->columns; i++)
        for (size_t k = 0; k < SITES_OF_SIDE; k++) {
            const chart_site *at = site_of(s, exam, i, k);
            if (!at || at->bop != 1) continue;
            any = true;
            pdf_canvas_dot(s->p.c, site_middle(&s->p, i, k) - 0.13f * s->p.column, y + 4.6f);
        }
    if (any) pdf_canvas_stroke(s->p.c);
}

static void draw_states(const side *s, size_t exam, float y)
{
    for (size_t i = 0; i < s->p.arch->columns; i++) {
        const chart_tooth *t = tooth_in(s->exam[exam].chart, s->p.arch->column[i]);
        if (!t || tooth_is_measured(t)) continue;
        sv sign = t->status == TOOTH_MISSING     ? SV_LIT("\xC3\x97")
                  : t->status == TOOTH_IMPLANT   ? SV_LIT("implant")
                  : t->status == TOOTH_PONTIC    ? SV_LIT("pontic")
                  : t->status == TOOTH_UNERUPTED ? SV_LIT("unerupted")
                                                 : (sv){NULL, 0};
        pdf_canvas_text(s->p.c, 0, t->status == TOOTH_MISSING ? 8 : 5, PDF_DARK, PDF_CENTER, column_middle(&s->p, i), y,
                        sign);
    }
}

static void rule(pdf_canvas *c, float y, pdf_ink ink, float width)
{
    pdf_canvas_pen(c, ink, width, false);
    pdf_canvas_from(c, PAGE_MARGIN, y);
    pdf_canvas_to(c, PAGE_RIGHT, y);
    pdf_canvas_stroke(c);
}

/* Returns the height below it. */
static float draw_side(const side *s, float top)
{
    pdf_canvas *c = s->p.c;
    float y = top;
    for (size_t i = s->exams; i-- > 0;) {
        float depths = y - DEPTHS + 2.2f, losses = y - DEPTHS - LOSSES + 2.2f;
        rule(c, y, PDF_PALE, 0.3f);
        page_row_name(c, depths, s->exam[i].day);
        page_row_name(c, losses, SV_LIT("A"));
        draw_bleeding(s, i, depths);
        const exam_row r = {s, i};
        page_readings(&s->p, &(readings_row){depths, 7, PDF_BLACK, true, depth_at, &r});
        page_readings(&s->p, &(readings_row){losses, 5.5f, PDF_DARK, false, loss_at, &r});
        draw_changes(s, i, depths);
        draw_states(s, i, depths);
        y -= DEPTHS + LOSSES;
    }
    rule(c, y, PDF_GREY, 0.3f);
    return y;
}

static void draw_teeth_lines(const page_arch *p, float top, float bottom)
{
    pdf_canvas_pen(p->c, PDF_PALE, 0.4f, false);
    for (size_t i = 0; i <= p->arch->columns; i++) {
        pdf_canvas_from(p->c, PAGE_LEFT + (float)i * p->column, top);
        pdf_canvas_to(p->c, PAGE_LEFT + (float)i * p->column, bottom);
    }
    pdf_canvas_stroke(p->c);
}

static void side_name(pdf_canvas *c, float y, bool lingual)
{
    pdf_canvas_text(c, PDF_BOLD, 6.5f, PDF_BLACK, PDF_LEFT, PAGE_MARGIN, y,
                    lingual ? SV_LIT("Lingual") : SV_LIT("Facial"));
}

static float draw_arch(pdf_canvas *c, bool upper, const drawn_exam *exam, size_t exams, float top)
{
    arch a = arch_of(upper, exam, exams);
    const side first = {page_arch_of(c, &a), exam, exams, !upper}, second = {first.p, exam, exams, upper};
    float height = 2 * (float)exams * (DEPTHS + LOSSES) + NUMBERS;
    draw_teeth_lines(&first.p, top, top - height);
    side_name(c, top - DEPTHS - LOSSES + 2.2f, first.lingual);
    float y = draw_side(&first, top);
    page_tooth_numbers(&first.p, y - NUMBERS + 3, exam, exams);
    y -= NUMBERS;
    side_name(c, y - DEPTHS - LOSSES + 2.2f, second.lingual);
    return draw_side(&second, y);
}

void compare_page(pdf_canvas *c, const drawn_patient *patient, const drawn_exam *exam, size_t exams)
{
    pdf_canvas_page(c);
    float y = page_compare_head(c, patient, exam, exams);
    page_sides(c, y);
    y = draw_arch(c, true, exam, exams, y - SIDE_GAP);
    (void)draw_arch(c, false, exam, exams, y - 2 * SIDE_GAP);
    page_compare_legend(c);
}
