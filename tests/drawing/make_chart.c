/* Charts written as words, as PDF, for check_drawing.py: make_chart FROM TO [TIMES]. Lines, with "." for nothing and "_" for
 * a blank: patient KEY NAME YEAR; exam KEY DAY NUMBERING PROVIDER DIAGNOSIS; tooth FDI SUPERNUMERARY STATUS MOBILITY CONFLICT
 * FURCATION-B M D L; site NAME DEPTH RECESSION BLEEDING SUPPURATION PLAQUE CALCULUS, all in tenths. */
#include "base/platform.h"
#include "base/text_file.h"
#include "chart/chart_internal.h"
#include "drawing/drawing.h"
#include <stdio.h>
#include <stdlib.h>

enum { CELL_WORDS = 12 };

typedef struct maker {
    arena *mem;
    drawn_patient patient;
    drawn_exam exam[DRAWING_EXAMS_MAX];
    exam_chart *chart[DRAWING_EXAMS_MAX];
    chart_tooth *tooth[DRAWING_EXAMS_MAX];
    size_t exams;
} maker;

static sv text_of(maker *m, sv word)
{
    if (sv_eq(word, SV_LIT("."))) return (sv){NULL, 0};
    char *p = arena_alloc(m->mem, word.n + 1);
    for (size_t i = 0; p && i < word.n; i++) p[i] = word.p[i];
    for (size_t i = 0; p && i < word.n; i++)
        if (p[i] == '_') p[i] = ' ';
    return (sv){p, p ? word.n : 0};
}

static int number_of(sv word, int none) { return sv_eq(word, SV_LIT(".")) ? none : atoi(word.p); }

static bool begin_exam(maker *m, const sv *w)
{
    if (m->exams == DRAWING_EXAMS_MAX) return false;
    size_t at = m->exams++;
    m->chart[at] = arena_alloc(m->mem, sizeof *m->chart[at]);
    m->tooth[at] = arena_array(m->mem, TEETH, sizeof *m->tooth[at]);
    if (!m->chart[at] || !m->tooth[at]) return false;
    *m->chart[at] = (exam_chart){.exam = w[1], .numbering = tooth_system_named(w[3]), .tooth = m->tooth[at]};
    m->exam[at] = (drawn_exam){.chart = m->chart[at],
                               .key = text_of(m, w[1]),
                               .day = text_of(m, w[2]),
                               .provider = text_of(m, w[4]),
                               .diagnosis = text_of(m, w[5])};
    return true;
}

static bool add_tooth(maker *m, const sv *w)
{
    exam_chart *x = m->exams ? m->chart[m->exams - 1] : NULL;
    if (!x || x->teeth == TEETH) return false;
    chart_tooth *t = &m->tooth[m->exams - 1][x->teeth++];
    *t = (chart_tooth){.tooth = {(uint8_t)atoi(w[1].p), w[2].p[0] == '1'},
                       .status = sv_eq(w[3], SV_LIT(".")) ? TOOTH_STATUS_NONE : chart_status_named(w[3]),
                       .mobility = (int16_t)number_of(w[4], CHART_NONE),
                       .conflict = w[5].p[0] == '1',
                       .keratinized = CHART_NONE,
                       .mgj = CHART_NONE,
                       .plaque_index = CHART_NONE};
    for (int i = 0; i < 4; i++) t->furcation[i].grade = (int8_t)number_of(w[6 + i], MARK_NONE);
    for (int i = 0; i < SITES; i++)
        t->site[i] =
            (chart_site){CHART_NONE, CHART_NONE, CHART_NONE, CHART_NONE, MARK_NONE, MARK_NONE, MARK_NONE, MARK_NONE};
    return true;
}

static bool add_site(maker *m, const sv *w)
{
    exam_chart *x = m->exams ? m->chart[m->exams - 1] : NULL;
    tooth_site at = site_named(w[1]);
    if (!x || !x->teeth || at == SITES) return false;
    chart_site *s = &m->tooth[m->exams - 1][x->teeth - 1].site[at];
    s->pd = (int16_t)number_of(w[2], CHART_NONE);
    s->recession = (int16_t)number_of(w[3], CHART_NONE);
    if (s->pd != CHART_NONE && s->recession != CHART_NONE) s->cal = (int16_t)(s->pd + s->recession);
    s->bop = (int8_t)number_of(w[4], MARK_NONE);
    s->suppuration = (int8_t)number_of(w[5], MARK_NONE);
    s->plaque = (int8_t)number_of(w[6], MARK_NONE);
    s->calculus = (int8_t)number_of(w[7], MARK_NONE);
    return true;
}

static bool take_line(maker *m, const sv *w, size_t n)
{
    if (sv_eq(w[0], SV_LIT("patient")) && n == 4) {
        m->patient = (drawn_patient){text_of(m, w[1]), text_of(m, w[2]), text_of(m, w[3])};
        return true;
    }
    if (sv_eq(w[0], SV_LIT("exam")) && n == 6) return begin_exam(m, w);
    if (sv_eq(w[0], SV_LIT("tooth")) && n == 10) return add_tooth(m, w);
    return sv_eq(w[0], SV_LIT("site")) && n == 8 && add_site(m, w);
}

static bool take_all(maker *m, sv body)
{
    sv word[CELL_WORDS];
    size_t n = 0, from = 0;
    for (size_t i = 0; i <= body.n; i++) {
        char c = i < body.n ? body.p[i] : '\n';
        if (c != ' ' && c != '\n') continue;
        if (i > from && n < CELL_WORDS) word[n++] = (sv){body.p + from, i - from};
        from = i + 1;
        if (c != '\n') continue;
        if (n && !take_line(m, word, n)) return false;
        n = 0;
    }
    for (size_t i = 0; i < m->exams; i++) chart_score(m->tooth[i], m->chart[i]->teeth, &m->chart[i]->scores);
    return m->exams > 0;
}

int main(int argc, char **argv)
{
    const char *why = "not as words";
    maker m = {.mem = arena_new(0)};
    sv body;
    if (argc < 3 || !m.mem) return 2;
    bool ok = text_file_read(argv[1], (size_t)16 << 20, m.mem, &body, &why) && take_all(&m, body);
    buf pdf = buf_new((size_t)64 << 20);
    for (int i = 0; ok && i < (argc > 3 ? atoi(argv[3]) : 1); i++) {
        buf_clear(&pdf);
        ok = drawing_pdf(&m.patient, m.exam, m.exams, &pdf);
    }
    os_out *out = ok ? os_create(argv[2], &why) : NULL;
    ok = out && os_write(out, pdf.p, pdf.n, &why);
    ok = out && os_close(out, &why) && ok;
    if (!ok) printf("failed: %s\n", why);
    buf_free(&pdf);
    arena_free(m.mem);
    return ok ? 0 : 1;
}
