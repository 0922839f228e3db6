/* An exam on a page. Each arch lies unfolded: the crowns of both sides meet in the middle, where the numbers stand; rows of
 * readings lie outside of the roots. */
#include "drawing/page.h"
#include "drawing/tooth_shape.h"

enum { MARKS_ROW = 11, ROW = 8, DEPTH_ROW = 9, MIDDLE = 19, POINTS_MAX = ARCH_COLUMNS_MAX * SITES_OF_SIDE };
#define POINTS_TO_MM 3.4f
#define PANEL        (POINTS_TO_MM * (CROWN_MM + ROOT_MM))
#define OUTSIDE      (MARKS_ROW + 2 * ROW + DEPTH_ROW)

/* A side of an arch. */
typedef struct panel {
    page_arch p;
    const drawn_exam *exam;
    bool lingual;
    float junction,
        mm;        /* height of the cemento-enamel junction; points to a mm towards the roots, negative downwards */
    float outside; /* where the rows of readings begin: at the roots' end */
} panel;

/* How far outside of the roots' end a row's base line lies: rows grow away from the teeth. */
static float row_at(const panel *s, float from, float height)
{
    return s->mm > 0 ? s->outside + from + height * 0.22f : s->outside - from - height * 0.78f;
}

static const chart_tooth *tooth_at_column(const panel *s, size_t column)
{
    return tooth_in(s->exam->chart, s->p.arch->column[column]);
}

static const chart_site *site_of(const panel *s, size_t column, size_t place)
{
    const chart_tooth *t = tooth_at_column(s, column);
    return t ? &t->site[site_at(t->tooth, s->lingual, place)] : NULL;
}

static tooth_place place_of(const panel *s, size_t column)
{
    return (tooth_place){column_middle(&s->p, column), s->junction, s->mm, s->p.column / 2, s->lingual};
}

/* ---- rows of readings ---- */

typedef enum reading_row { ROW_DEPTH, ROW_RECESSION, ROW_CAL } reading_row;

static void draw_readings(const panel *s, reading_row what, float y)
{
    static const sv names[] = {{"Depth", 5}, {"Recession", 9}, {"Attachment loss", 15}};
    char room[READING_TEXT];
    page_row_name(s->p.c, y, names[what]);
    for (size_t i = 0; i < s->p.arch->columns; i++)
        for (size_t k = 0; k < SITES_OF_SIDE; k++) {
            const chart_site *at = site_of(s, i, k);
            int16_t tenths = !at ? CHART_NONE : what == ROW_DEPTH ? at->pd : what == ROW_CAL ? at->cal : at->recession;
            if (tenths == CHART_NONE) continue;
            bool deep = what == ROW_DEPTH && tenths >= DRAWING_DEEP;
            page_reading(&s->p, site_middle(&s->p, i, k), y, what == ROW_DEPTH ? 7.5f : 6.5f,
                         what == ROW_DEPTH ? PDF_BLACK : PDF_DARK, deep, reading_text(tenths, room));
        }
}

/* ---- marks: two above two; a small dot where it was looked for and not found ---- */

typedef enum mark { MARK_BLEEDING, MARK_SUPPURATION, MARK_PLAQUE, MARK_CALCULUS, MARKS } mark;

static int8_t mark_of(const chart_site *s, mark m)
{
    const int8_t all[MARKS] = {s->bop, s->suppuration, s->plaque, s->calculus};
    return all[m];
}

/* The pieces of a path, for the marks of one kind. */
static void mark_piece(pdf_canvas *c, mark m, float x, float y)
{
    switch (m) {
    case MARK_BLEEDING: pdf_canvas_dot(c, x, y); break;
    case MARK_SUPPURATION: pdf_canvas_box(c, x - 1.3f, y - 1.3f, 2.6f, 2.6f); break;
    case MARK_PLAQUE: pdf_canvas_box(c, x - 1.5f, y - 1.5f, 3, 3); break;
    default:
        pdf_canvas_from(c, x - 1.7f, y - 1.5f);
        pdf_canvas_to(c, x + 1.7f, y - 1.5f);
        pdf_canvas_to(c, x, y + 1.7f);
        break;
    }
}

static void mark_pen(pdf_canvas *c, mark m, bool found)
{
    if (!found)
        pdf_canvas_pen(c, PDF_GREY, 0.8f, false);
    else if (m == MARK_BLEEDING)
        pdf_canvas_pen(c, PDF_RED, 3.6f, false);
    else
        pdf_canvas_pen(c, PDF_BLACK, 0.7f, false);
    if (found && m != MARK_BLEEDING) pdf_canvas_brush(c, m == MARK_PLAQUE ? PDF_BLUE : PDF_DARK);
}

static void draw_marks_of(const panel *s, mark m, bool found, float y)
{
    pdf_canvas *c = s->p.c;
    float right = m % 2 ? 2.2f : -2.2f, up = m < MARK_PLAQUE ? 2.4f : -2.4f;
    bool any = false;
    for (size_t i = 0; i < s->p.arch->columns; i++)
        for (size_t k = 0; k < SITES_OF_SIDE; k++) {
            const chart_site *at = site_of(s, i, k);
            if (!at || mark_of(at, m) != found) continue;
            if (!any) mark_pen(c, m, found);
            any = true;
            float x = site_middle(&s->p, i, k) + right;
            if (found)
                mark_piece(c, m, x, y + up);
            else
                pdf_canvas_dot(c, x, y + up);
        }
    if (!any) return;
    if (found && (m == MARK_PLAQUE || m == MARK_CALCULUS))
        pdf_canvas_fill(c);
    else
        pdf_canvas_stroke(c);
}

static void draw_marks(const panel *s, float y)
{
    page_row_name(s->p.c, y + 0.9f, SV_LIT("Bleeding, pus"));
    page_row_name(s->p.c, y - 4, SV_LIT("Plaque, calculus"));
    for (mark m = 0; m < MARKS; m++) {
        draw_marks_of(s, m, false, y);
        draw_marks_of(s, m, true, y);
    }
}

static void draw_rows(const panel *s)
{
    draw_readings(s, ROW_DEPTH, row_at(s, 0, DEPTH_ROW));
    draw_readings(s, ROW_RECESSION, row_at(s, DEPTH_ROW, ROW));
    draw_readings(s, ROW_CAL, row_at(s, DEPTH_ROW + ROW, ROW));
    float middle = DEPTH_ROW + 2 * ROW + MARKS_ROW / 2.0f;
    draw_marks(s, s->mm > 0 ? s->outside + middle : s->outside - middle);
}

/* ---- lines over the roots ---- */

typedef struct point {
    float x, margin, base;
    bool has_margin, has_base; /* base: where margin and depth are both known */
    bool depth_alone;
    bool apart; /* no line comes here from the point before */
} point;

static size_t points_of(const panel *s, point *out)
{
    size_t n = 0;
    for (size_t i = 0; i < s->p.arch->columns; i++) {
        const tooth_place at = place_of(s, i);
        bool stands = tooth_stands(tooth_at_column(s, i));
        for (size_t k = 0; k < SITES_OF_SIDE; k++, n++) {
            const chart_site *x = stands ? site_of(s, i, k) : NULL;
            out[n] =
                (point){.x = site_middle(&s->p, i, k), .apart = k == 0 && s->p.arch->column[i].fdi == TOOTH_ANYWHERE};
            if (!x) continue;
            out[n].has_margin = x->recession != CHART_NONE;
            out[n].has_base = out[n].has_margin && x->pd != CHART_NONE;
            out[n].depth_alone = !out[n].has_margin && x->pd != CHART_NONE;
            if (out[n].has_margin) out[n].margin = height_of(&at, x->recession);
            if (out[n].has_base) out[n].base = height_of(&at, x->recession + x->pd);
            if (out[n].depth_alone) out[n].base = height_of(&at, x->pd);
        }
    }
    return n;
}

/* Where the line ends that begins there. */
static size_t run_of(const point *p, size_t from, size_t n, bool base)
{
    size_t i = from;
    while (i < n && (base ? p[i].has_base : p[i].has_margin) && (i == from || !p[i].apart)) i++;
    return i;
}

static void draw_pockets(pdf_canvas *c, const point *p, size_t n)
{
    bool any = false;
    pdf_canvas_brush(c, PDF_PINK);
    for (size_t i = 0, end; i<n; i = end> i ? end : i + 1) {
        end = run_of(p, i, n, true);
        if (end < i + 2) continue;
        pdf_canvas_from(c, p[i].x, p[i].margin);
        for (size_t k = i + 1; k < end; k++) pdf_canvas_to(c, p[k].x, p[k].margin);
        for (size_t k = end; k-- > i;) pdf_canvas_to(c, p[k].x, p[k].base);
        any = true;
    }
    if (any) pdf_canvas_fill(c);
}

static void draw_line(pdf_canvas *c, const point *p, size_t n, bool base)
{
    bool any = false;
    for (size_t i = 0, end; i<n; i = end> i ? end : i + 1) {
        end = run_of(p, i, n, base);
        if (end == i) continue;
        any = true;
        /* One alone would be a dot that nobody sees. */
        float tick = end == i + 1 ? 2 : 0;
        pdf_canvas_from(c, p[i].x - tick, base ? p[i].base : p[i].margin);
        if (tick > 0) pdf_canvas_to(c, p[i].x + tick, base ? p[i].base : p[i].margin);
        for (size_t k = i + 1; k < end; k++) pdf_canvas_to(c, p[k].x, base ? p[k].base : p[k].margin);
    }
    if (any) pdf_canvas_stroke(c);
}

static void draw_bars(pdf_canvas *c, const point *p, size_t n, float junction, bool alone)
{
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        if (!(alone ? p[i].depth_alone : p[i].has_base)) continue;
        any = true;
        pdf_canvas_from(c, p[i].x, alone ? junction : p[i].margin);
        pdf_canvas_to(c, p[i].x, p[i].base);
    }
    if (any) pdf_canvas_stroke(c);
}

static void draw_ends(pdf_canvas *c, const point *p, size_t n)
{
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        if (!p[i].has_base) continue;
        any = true;
        pdf_canvas_dot(c, p[i].x, p[i].base);
    }
    if (any) pdf_canvas_stroke(c);
}

static void draw_lines(const panel *s, const point *p, size_t n)
{
    pdf_canvas *c = s->p.c;
    pdf_canvas_pen(c, PDF_GREY, 0.4f, false);
    draw_bars(c, p, n, s->junction, false);
    pdf_canvas_pen(c, PDF_BLUE, 0.8f, true);
    draw_bars(c, p, n, s->junction, true);
    pdf_canvas_pen(c, PDF_BLUE, 0.8f, false);
    draw_line(c, p, n, true);
    pdf_canvas_pen(c, PDF_BLUE, 2.2f, false);
    draw_ends(c, p, n);
    pdf_canvas_pen(c, PDF_RED, 1.3f, false);
    draw_line(c, p, n, false);
}

/* ---- furcations ---- */

static void furcation_sign(const panel *s, float x, int8_t grade)
{
    static const sv roman[] = {{"0", 1}, {"I", 1}, {"II", 2}, {"III", 3}, {"IV", 2}};
    pdf_canvas *c = s->p.c;
    float y = s->junction + 4.6f * s->mm, tip = s->mm > 0 ? 2.2f : -2.2f;
    if (grade > 4) return;
    if (grade > 0) {
        pdf_canvas_pen(c, PDF_BLACK, 0.6f, false);
        pdf_canvas_brush(c, grade == 1 ? PDF_WHITE : grade == 2 ? PDF_GREY : PDF_BLACK);
        pdf_canvas_from(c, x - 2.4f, y - tip);
        pdf_canvas_to(c, x + 2.4f, y - tip);
        pdf_canvas_to(c, x, y + tip);
        pdf_canvas_fill_and_close(c);
    }
    float below = s->mm > 0 ? y + 3.6f : y - 7.4f, half = pdf_canvas_width(c, PDF_BOLD, 5, roman[grade]) / 2 + 0.5f;
    pdf_canvas_brush(c, PDF_WHITE);
    pdf_canvas_box(c, x - half, below - 0.5f, 2 * half, 4.8f);
    pdf_canvas_fill(c);
    pdf_canvas_text(c, PDF_BOLD, 5, PDF_BLACK, PDF_CENTER, x, below, roman[grade]);
}

/* Buccal on the facial side, the others on the lingual one, from where they are felt. */
static void draw_furcations(const panel *s)
{
    for (size_t i = 0; i < s->p.arch->columns; i++) {
        const chart_tooth *t = tooth_at_column(s, i);
        for (int k = 0; t && k < 4; k++) {
            if (t->furcation[k].grade == MARK_NONE || (k == 0) == s->lingual) continue;
            float mesial = tooth_is_on_the_right(t->tooth) ? 0.34f : -0.34f;
            float shift = k == 1 ? mesial : k == 2 ? -mesial : 0;
            furcation_sign(s, column_middle(&s->p, i) + shift * s->p.column, t->furcation[k].grade);
        }
    }
}

/* ---- a side, an arch, the page ---- */

static void draw_scale(const panel *s)
{
    pdf_canvas *c = s->p.c;
    char room[READING_TEXT];
    pdf_canvas_pen(c, PDF_PALE, 0.25f, false);
    for (int mm = 1; mm < ROOT_MM; mm++) {
        if (mm % 5 == 0) continue;
        pdf_canvas_from(c, PAGE_LEFT, s->junction + (float)mm * s->mm);
        pdf_canvas_to(c, PAGE_RIGHT, s->junction + (float)mm * s->mm);
    }
    pdf_canvas_stroke(c);
    pdf_canvas_pen(c, PDF_GREY, 0.3f, false);
    for (int mm = 5; mm <= ROOT_MM; mm += 5) {
        pdf_canvas_from(c, PAGE_LEFT, s->junction + (float)mm * s->mm);
        pdf_canvas_to(c, PAGE_RIGHT, s->junction + (float)mm * s->mm);
    }
    pdf_canvas_stroke(c);
    pdf_canvas_pen(c, PDF_DARK, 0.5f, false);
    pdf_canvas_from(c, PAGE_LEFT, s->junction);
    pdf_canvas_to(c, PAGE_RIGHT, s->junction);
    pdf_canvas_stroke(c);
    for (int mm = 0; mm <= 10; mm += 5)
        pdf_canvas_text(c, 0, 4.5f, PDF_GREY, PDF_RIGHT, PAGE_LEFT - 3, s->junction + (float)mm * s->mm - 1.5f,
                        reading_text(mm * 10, room));
    pdf_canvas_text(c, PDF_BOLD, 7, PDF_BLACK, PDF_LEFT, PAGE_MARGIN, s->junction + 6 * s->mm - 2.5f,
                    s->lingual ? SV_LIT("Lingual") : SV_LIT("Facial"));
}

static void draw_panel(const panel *s)
{
    point p[POINTS_MAX];
    size_t n = points_of(s, p);
    draw_pockets(s->p.c, p, n);
    draw_scale(s);
    for (size_t i = 0; i < s->p.arch->columns; i++) {
        const tooth_place at = place_of(s, i);
        tooth_shape(s->p.c, s->p.arch->column[i], tooth_at_column(s, i), &at);
    }
    draw_lines(s, p, n);
    draw_furcations(s);
    draw_rows(s);
}

static sv state_text(const chart_tooth *t, bool narrow)
{
    switch (t ? t->status : TOOTH_STATUS_NONE) {
    case TOOTH_MISSING: return narrow ? SV_LIT("X") : SV_LIT("missing");
    case TOOTH_IMPLANT: return narrow ? SV_LIT("I") : SV_LIT("implant");
    case TOOTH_UNERUPTED: return narrow ? SV_LIT("U") : SV_LIT("unerupted");
    case TOOTH_PONTIC: return narrow ? SV_LIT("P") : SV_LIT("pontic");
    default: return (sv){NULL, 0};
    }
}

static void draw_states(const page_arch *p, const drawn_exam *exam, float y)
{
    buf text = buf_new(256);
    char room[READING_TEXT];
    page_row_name(p->c, y, SV_LIT("Mobility"));
    for (size_t i = 0; i < p->arch->columns; i++) {
        const chart_tooth *t = tooth_in(exam->chart, p->arch->column[i]);
        buf_clear(&text);
        buf_sv(&text, state_text(t, p->column < 36));
        if (t && t->mobility != CHART_NONE) {
            if (text.n) buf_char(&text, ' ');
            buf_char(&text, 'M');
            buf_sv(&text, reading_text(t->mobility, room));
        }
        pdf_canvas_text(p->c, 0, 5.5f, PDF_BLACK, PDF_CENTER, column_middle(p, i), y, buf_view(&text));
    }
    buf_free(&text);
}

/* Between teeth, and stronger between the patient's right and left. */
static void draw_columns(const page_arch *p, float top, float bottom)
{
    pdf_canvas_pen(p->c, PDF_PALE, 0.4f, false);
    for (size_t i = 0; i <= p->arch->columns; i++) {
        pdf_canvas_from(p->c, PAGE_LEFT + (float)i * p->column, top);
        pdf_canvas_to(p->c, PAGE_LEFT + (float)i * p->column, bottom);
    }
    pdf_canvas_stroke(p->c);
    for (size_t i = 1; i < p->arch->columns; i++) {
        if (!tooth_is_on_the_right(p->arch->column[i - 1]) || tooth_is_on_the_right(p->arch->column[i])) continue;
        pdf_canvas_pen(p->c, PDF_DARK, 0.6f, false);
        pdf_canvas_from(p->c, PAGE_LEFT + (float)i * p->column, top);
        pdf_canvas_to(p->c, PAGE_LEFT + (float)i * p->column, bottom);
        pdf_canvas_stroke(p->c);
    }
}

/* Returns the height below it. */
static float draw_arch(pdf_canvas *c, bool upper, const drawn_exam *exam, float top)
{
    arch a = arch_of(upper, exam, 1);
    page_arch p = page_arch_of(c, &a);
    float first = top - OUTSIDE, middle = first - PANEL, second = middle - MIDDLE, bottom = second - PANEL - OUTSIDE;
    draw_columns(&p, top, bottom);
    const panel above = {p, exam, !upper, first - ROOT_MM * POINTS_TO_MM, POINTS_TO_MM, first};
    const panel below = {p, exam, upper, second - CROWN_MM * POINTS_TO_MM, -POINTS_TO_MM, second - PANEL};
    draw_panel(&above);
    draw_panel(&below);
    page_tooth_numbers(&p, middle - 8, exam, 1);
    draw_states(&p, exam, middle - 16);
    return bottom;
}

void exam_page(pdf_canvas *c, const drawn_patient *patient, const drawn_exam *exam)
{
    enum { GAP = 14 };
    pdf_canvas_page(c);
    float y = page_exam_head(c, patient, exam);
    page_sides(c, y);
    y = draw_arch(c, true, exam, y - 2);
    (void)draw_arch(c, false, exam, y - GAP);
    page_exam_legend(c);
}
