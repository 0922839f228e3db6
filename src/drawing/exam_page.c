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

static int16_t depth_at(const void *ctx, size_t column, size_t place)
{
    const chart_site *s = site_of(ctx, column, place);
    return s ? s->pd : (int16_t)CHART_NONE;
}

static int16_t recession_at(const void *ctx, size_t column, size_t place)
{
    const chart_site *s = site_of(ctx, column, place);
    return s ? s->recession : (int16_t)CHART_NONE;
}

static int16_t loss_at(const void *ctx, size_t column, size_t place)
{
    const chart_site *s = site_of(ctx, column, place);
    return s ? s->cal : (int16_t)CHART_NONE;
}

static void draw_readings(const panel *s)
{
    const readings_row all[] = {{row_at(s, 0, DEPTH_ROW), 7.5f, PDF_BLACK, true, depth_at, s},
                                {row_at(s, DEPTH_ROW, ROW), 6.5f, PDF_DARK, false, recession_at, s},
                                {row_at(s, DEPTH_ROW + ROW, ROW), 6.5f, PDF_DARK, false, loss_at, s}};
    static const sv names[] = {{"Depth", 5}, {"Recession", 9}, {"Attachment loss", 15}};
    for (size_t i = 0; i < 3; i++) page_row_name(s->p.c, all[i].y, names[i]);
    for (size_t i = 0; i < 3; i++) page_readings(&s->p, &all[i]);
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

static int8_t mark_at(const panel *s, size_t column, size_t place, mark m)
{
    const chart_site *at = site_of(s, column, place);
    return at ? mark_of(at, m) : (int8_t)MARK_NONE;
}

static bool is_whole(const panel *s, size_t column, mark m)
{
    for (size_t k = 0; k < SITES_OF_SIDE; k++)
        if (mark_at(s, column, k, m) == MARK_NONE) return false;
    return true;
}

/* A dot at each site that was looked at: neighbouring teeth that were looked at whole have theirs at once. */
static void draw_looked(const panel *s, mark m, float right, float y)
{
    pdf_canvas *c = s->p.c;
    bool any = false;
    const float near = site_middle(&s->p, 0, 1) - site_middle(&s->p, 0, 0), far = s->p.column - 2 * near;
    const float distance[] = {near, near, far};
    pdf_canvas_pen(c, PDF_GREY, 0.8f, false);
    for (size_t i = 0; i < s->p.arch->columns; i++) {
        bool whole = is_whole(s, i, m);
        for (size_t k = 0; !whole && k < SITES_OF_SIDE; k++) {
            if (mark_at(s, i, k, m) == MARK_NONE) continue;
            pdf_canvas_dot(c, site_middle(&s->p, i, k) + right, y);
            any = true;
        }
    }
    if (any) pdf_canvas_stroke(c);
    for (size_t i = 0, end; i < s->p.arch->columns; i = end + 1) {
        for (end = i; end < s->p.arch->columns && is_whole(s, end, m);) end++;
        if (end > i)
            pdf_canvas_dots(c, site_middle(&s->p, i, 0) + right, y, site_middle(&s->p, end - 1, 2) + right, distance,
                            3);
    }
}

static void draw_found(const panel *s, mark m, float right, float y)
{
    pdf_canvas *c = s->p.c;
    bool any = false;
    pdf_canvas_pen(c, m == MARK_BLEEDING ? PDF_RED : PDF_BLACK, m == MARK_BLEEDING ? 3.6f : 0.7f, false);
    pdf_canvas_brush(c, m == MARK_SUPPURATION ? PDF_WHITE : m == MARK_PLAQUE ? PDF_BLUE : PDF_DARK);
    for (size_t i = 0; i < s->p.arch->columns; i++)
        for (size_t k = 0; k < SITES_OF_SIDE; k++) {
            if (mark_at(s, i, k, m) != 1) continue;
            mark_piece(c, m, site_middle(&s->p, i, k) + right, y);
            any = true;
        }
    if (!any) return;
    if (m == MARK_BLEEDING)
        pdf_canvas_stroke(c);
    else if (m == MARK_SUPPURATION)
        pdf_canvas_fill_and_close(c);
    else
        pdf_canvas_fill(c);
}

static void draw_marks_of(const panel *s, mark m, float y)
{
    float right = m % 2 ? 2.2f : -2.2f;
    y += m < MARK_PLAQUE ? 2.4f : -2.4f;
    draw_looked(s, m, right, y);
    draw_found(s, m, right, y);
}

static void draw_marks(const panel *s, float y)
{
    page_row_name(s->p.c, y + 0.9f, SV_LIT("Bleeding, pus"));
    page_row_name(s->p.c, y - 4, SV_LIT("Plaque, calculus"));
    for (mark m = 0; m < MARKS; m++) draw_marks_of(s, m, y);
}

static void draw_rows(const panel *s)
{
    draw_readings(s);
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

/* From the junction: how high a pocket lies without its margin is not known. */
static void draw_depths_alone(pdf_canvas *c, const point *p, size_t n, float junction)
{
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        if (!p[i].depth_alone) continue;
        any = true;
        pdf_canvas_from(c, p[i].x, junction);
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
    pdf_canvas_pen(c, PDF_BLUE, 0.8f, true);
    draw_depths_alone(c, p, n, s->junction);
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
