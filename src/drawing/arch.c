#include "drawing/arch.h"

enum { POSITIONS = 8, PRIMARY_POSITIONS = 5 };

static bool same(tooth a, tooth b) { return a.fdi == b.fdi && a.supernumerary == b.supernumerary; }

const chart_tooth *tooth_in(const exam_chart *x, tooth t)
{
    for (size_t i = 0; i < x->teeth; i++)
        if (same(x->tooth[i].tooth, t)) return &x->tooth[i];
    return NULL;
}

static bool in_any(const drawn_exam *exam, size_t exams, tooth t)
{
    for (size_t i = 0; i < exams; i++)
        if (tooth_in(exam[i].chart, t)) return true;
    return false;
}

bool tooth_stands(const chart_tooth *t)
{
    return t && t->status != TOOTH_MISSING && t->status != TOOTH_UNERUPTED && t->status != TOOTH_PONTIC;
}

bool tooth_is_measured(const chart_tooth *t)
{
    for (size_t i = 0; i < SITES; i++) {
        const chart_site *s = &t->site[i];
        if (s->pd != CHART_NONE || s->recession != CHART_NONE || s->cal != CHART_NONE || s->bop != MARK_NONE ||
            s->suppuration != MARK_NONE || s->plaque != MARK_NONE || s->calculus != MARK_NONE)
            return true;
    }
    return false;
}

bool tooth_is_examined(const chart_tooth *t)
{
    bool any = t->mobility != CHART_NONE;
    for (size_t i = 0; i < 4; i++) any |= t->furcation[i].grade != MARK_NONE;
    return any;
}

static void add(arch *a, tooth t)
{
    if (a->columns < ARCH_COLUMNS_MAX) a->column[a->columns++] = t;
}

/* Teeth of one place, distal first. A supernumerary molar lies behind the last one, others before their tooth. */
static size_t place_teeth(unsigned quadrant, unsigned position, const drawn_exam *exam, size_t exams, tooth out[5])
{
    tooth own = {(uint8_t)(quadrant * 10 + position), false}, extra = {own.fdi, true};
    tooth primary = {(uint8_t)((quadrant + 4) * 10 + position), false}, more = {primary.fdi, true};
    bool milk = position <= PRIMARY_POSITIONS && in_any(exam, exams, primary), last = position == POSITIONS;
    size_t n = 0;
    if (last && in_any(exam, exams, extra)) out[n++] = extra;
    if (!milk || in_any(exam, exams, own)) out[n++] = own;
    if (milk) out[n++] = primary;
    if (!last && in_any(exam, exams, extra)) out[n++] = extra;
    if (position <= PRIMARY_POSITIONS && in_any(exam, exams, more)) out[n++] = more;
    return n;
}

arch arch_of(bool upper, const drawn_exam *exam, size_t exams)
{
    arch a = {.upper = upper};
    tooth at[5];
    for (unsigned i = 0; i < POSITIONS; i++) {
        size_t n = place_teeth(upper ? 1 : 4, POSITIONS - i, exam, exams, at);
        for (size_t k = 0; k < n; k++) add(&a, at[k]);
    }
    for (unsigned i = 0; i < POSITIONS; i++) {
        size_t n = place_teeth(upper ? 2 : 3, i + 1, exam, exams, at);
        while (n) add(&a, at[--n]);
    }
    const tooth nowhere = {TOOTH_ANYWHERE, true};
    if (upper && in_any(exam, exams, nowhere)) add(&a, nowhere);
    return a;
}

tooth_site site_at(tooth t, bool lingual, size_t place)
{
    static const tooth_site facial_sites[] = {SITE_MB, SITE_B, SITE_DB}, lingual_sites[] = {SITE_ML, SITE_L, SITE_DL};
    size_t i = tooth_is_on_the_right(t) ? SITES_OF_SIDE - 1 - place : place;
    return lingual ? lingual_sites[i] : facial_sites[i];
}
