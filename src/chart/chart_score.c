/* What an exam comes to. README.md has the formulas. */
#include "chart/chart_internal.h"

/* n/d in units of 1/scale, half away from zero; d > 0. */
static int32_t ratio(int64_t n, int64_t d, int64_t scale)
{
    int64_t twice = n * scale * 2, half = n < 0 ? -d : d;
    return (int32_t)((twice + half) / (2 * d));
}

static int16_t percent(int32_t n, int32_t of)
{
    return of <= 0 || n > of ? (int16_t)CHART_NONE : (int16_t)ratio(n, of, 1000);
}

typedef struct sums {
    int64_t pd, cal;
    int32_t probed, cals, bled, marks, suppuration, suppuration_marks, plaque, plaque_marks;
} sums;

static void add_site(const chart_site *s, chart_scores *out, sums *t, bool *deep)
{
    t->bled += s->bop == 1;
    t->marks += s->bop != MARK_NONE;
    t->suppuration += s->suppuration == 1;
    t->suppuration_marks += s->suppuration != MARK_NONE;
    t->plaque += s->plaque == 1;
    t->plaque_marks += s->plaque != MARK_NONE;
    if (s->cal != CHART_NONE) {
        t->cal += s->cal;
        t->cals++;
    }
    if (s->pd == CHART_NONE) return;
    t->pd += s->pd;
    t->probed++;
    out->pd4 += s->pd >= 40;
    out->pd5 += s->pd >= 50;
    out->pd6 += s->pd >= 60;
    *deep |= s->pd >= 50;
    if (out->max_pd == CHART_NONE || s->pd > out->max_pd) out->max_pd = s->pd;
}

static bool has_measures(const chart_tooth *t)
{
    bool any = t->mobility != CHART_NONE || t->keratinized != CHART_NONE || t->mgj != CHART_NONE ||
               t->plaque_index != CHART_NONE || t->miller || t->cairo;
    for (size_t i = 0; i < 4; i++) any |= t->furcation[i].grade != MARK_NONE;
    for (size_t i = 0; i < SITES; i++) {
        const chart_site *s = &t->site[i];
        any |= s->pd != CHART_NONE || s->recession != CHART_NONE || s->cal_source != CHART_NONE ||
               s->bop != MARK_NONE || s->suppuration != MARK_NONE || s->plaque != MARK_NONE || s->calculus != MARK_NONE;
    }
    return any;
}

static bool is_scored(const chart_tooth *t)
{
    if (t->conflict) return false;
    if (t->status == TOOTH_PRESENT || t->status == TOOTH_PRIMARY) return true;
    return t->status == TOOTH_STATUS_NONE && has_measures(t);
}

void chart_score(const chart_tooth *list, size_t teeth, chart_scores *out)
{
    *out = (chart_scores){.max_pd = CHART_NONE, .mean_pd = CHART_NONE_MEAN, .mean_cal = CHART_NONE_MEAN};
    sums t = {0};
    for (size_t i = 0; i < teeth; i++) {
        out->teeth_missing += list[i].status == TOOTH_MISSING;
        out->implants += list[i].status == TOOTH_IMPLANT;
        if (!is_scored(&list[i])) continue;
        out->teeth_present++;
        bool deep = false;
        for (size_t s = 0; s < SITES; s++) add_site(&list[i].site[s], out, &t, &deep);
        out->teeth_pd5 += deep;
    }
    out->sites_examined = t.probed ? t.probed : t.marks ? SITES * out->teeth_present : 0;
    out->sites_bled = t.bled;
    out->sites_with_bleeding_mark = t.marks;
    out->sites_suppuration = t.suppuration;
    out->sites_plaque = t.plaque;
    out->bop_percent = t.marks ? percent(t.bled, out->sites_examined) : CHART_NONE;
    out->suppuration_percent = t.suppuration_marks ? percent(t.suppuration, out->sites_examined) : CHART_NONE;
    out->plaque_percent = t.plaque_marks ? percent(t.plaque, out->sites_examined) : CHART_NONE;
    out->pd4_percent = percent(out->pd4, t.probed);
    out->pd5_percent = percent(out->pd5, t.probed);
    out->pd6_percent = percent(out->pd6, t.probed);
    if (t.probed) out->mean_pd = ratio(t.pd, t.probed, 10);
    if (t.cals) out->mean_cal = ratio(t.cal, t.cals, 10);
}
