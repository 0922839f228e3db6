#include "drawing/page.h"

page_arch page_arch_of(pdf_canvas *c, const arch *a)
{
    return (page_arch){c, a, (float)(PAGE_RIGHT - PAGE_LEFT) / (float)a->columns};
}

float column_middle(const page_arch *p, size_t column) { return PAGE_LEFT + ((float)column + 0.5f) * p->column; }

/* The six sites keep some distance from those of the next tooth. */
float site_middle(const page_arch *p, size_t column, size_t place)
{
    return column_middle(p, column) + ((float)place - 1) * 0.31f * p->column;
}

/* By hand: a page has five hundred of them. */
sv reading_text(int32_t tenths, char room[READING_TEXT])
{
    uint32_t rest = tenths < 0 ? 0U - (uint32_t)tenths : (uint32_t)tenths, whole = rest / 10;
    size_t at = READING_TEXT;
    if (rest % 10) {
        room[--at] = (char)('0' + rest % 10);
        room[--at] = '.';
    }
    do {
        room[--at] = (char)('0' + whole % 10);
        whole /= 10;
    } while (whole && at > 1);
    if (tenths < 0) room[--at] = '-';
    return (sv){room + at, READING_TEXT - at};
}

/* One pass over the row: what differs in form is set together, which makes the page half as long. */
typedef enum row_pass { PASS_USUAL, PASS_DEEP, PASS_UNDERLINE } row_pass;

static bool one_reading(const page_arch *p, const readings_row *r, row_pass pass, float x, int16_t tenths)
{
    char room[READING_TEXT];
    sv text = reading_text(tenths, room);
    unsigned style = pass == PASS_USUAL ? 0 : PDF_BOLD;
    float most = 0.28f * p->column, size = r->size, width = pdf_canvas_width(p->c, style, size, text);
    if (width > most) {
        size *= most / width;
        width = most;
    }
    if (pass == PASS_UNDERLINE) {
        pdf_canvas_from(p->c, x - width / 2, r->y - 1.1f);
        pdf_canvas_to(p->c, x + width / 2, r->y - 1.1f);
    } else {
        pdf_canvas_text(p->c, style, size, pass == PASS_DEEP ? PDF_RED : r->ink, PDF_LEFT, x - width / 2, r->y, text);
    }
    return true;
}

void page_readings(const page_arch *p, const readings_row *r)
{
    for (row_pass pass = PASS_USUAL; pass <= PASS_UNDERLINE; pass++) {
        bool any = false;
        if (pass == PASS_UNDERLINE) pdf_canvas_pen(p->c, PDF_RED, 0.5f, false);
        for (size_t i = 0; i < p->arch->columns; i++)
            for (size_t k = 0; k < SITES_OF_SIDE; k++) {
                int16_t tenths = r->reading(r->ctx, i, k);
                bool deep = r->deep && tenths >= DRAWING_DEEP;
                if (tenths != CHART_NONE && deep == (pass != PASS_USUAL))
                    any |= one_reading(p, r, pass, site_middle(p, i, k), tenths);
            }
        if (any && pass == PASS_UNDERLINE) pdf_canvas_stroke(p->c);
        if (!r->deep) break;
    }
}

void page_row_name(pdf_canvas *c, float y, sv name)
{
    pdf_canvas_text(c, 0, 5.5f, PDF_DARK, PDF_RIGHT, PAGE_LEFT - 4, y, name);
}

/* ---- numbers of teeth ---- */

static bool is_named(tooth t, const drawn_exam *exam, size_t exams)
{
    for (size_t i = 0; i < exams; i++)
        if (tooth_in(exam[i].chart, t)) return true;
    return false;
}

static bool is_contrary(tooth t, const drawn_exam *exam, size_t exams)
{
    for (size_t i = 0; i < exams; i++) {
        const chart_tooth *in = tooth_in(exam[i].chart, t);
        if (in && in->conflict) return true;
    }
    return false;
}

/* First the exam's own numbers, then FDI's. */
static void numbers_of(const page_arch *p, float y, const drawn_exam *exam, size_t exams, bool small)
{
    buf own = buf_new(READING_TEXT * 4), fdi = buf_new(READING_TEXT * 4);
    for (size_t i = 0; i < p->arch->columns; i++) {
        tooth t = p->arch->column[i];
        buf_clear(&own);
        buf_clear(&fdi);
        tooth_print(t, exam[0].chart->numbering, &own);
        tooth_print(t, TOOTH_FDI, &fdi);
        bool differs = !sv_eq(buf_view(&own), buf_view(&fdi));
        if (is_contrary(t, exam, exams)) buf_char(&own, '!');
        /* As large as both have room. */
        float size = 8, width = pdf_canvas_width(p->c, PDF_BOLD, size, buf_view(&own));
        float both = width + (differs ? 2 + pdf_canvas_width(p->c, 0, 5, buf_view(&fdi)) : 0), part = 1;
        if (both > p->column - 1) part = (p->column - 1) / both;
        float left = column_middle(p, i) - width * part / 2;
        if (!small)
            pdf_canvas_text(p->c, PDF_BOLD, size * part, is_named(t, exam, exams) ? PDF_BLACK : PDF_GREY, PDF_LEFT,
                            left, y, buf_view(&own));
        else if (differs)
            pdf_canvas_text(p->c, 0, 5 * part, PDF_GREY, PDF_LEFT, left + (width + 2) * part, y, buf_view(&fdi));
    }
    buf_free(&own);
    buf_free(&fdi);
}

void page_tooth_numbers(const page_arch *p, float y, const drawn_exam *exam, size_t exams)
{
    numbers_of(p, y, exam, exams, false);
    numbers_of(p, y, exam, exams, true);
}

/* ---- the whole ---- */

bool drawing_pdf(const drawn_patient *patient, const drawn_exam *exam, size_t exams, buf *out)
{
    pdf_canvas *c = exams && exams <= DRAWING_EXAMS_MAX ? pdf_canvas_new(exam[0].key) : NULL;
    if (!c) return false;
    if (exams > 1) compare_page(c, patient, exam, exams);
    for (size_t i = 0; i < exams; i++) exam_page(c, patient, &exam[i]);
    return pdf_canvas_end(c, out);
}
