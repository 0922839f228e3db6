#include "convert/chart_tally.h"

static bool is_away(tooth_status s) { return s == TOOTH_MISSING || s == TOOTH_UNERUPTED || s == TOOTH_PONTIC; }

static void count_depth(chart_counts *to, int16_t tenths)
{
    unsigned whole = tenths < 0 ? 0 : (unsigned)tenths / 10;
    to->depth[whole < CHART_DEPTHS ? whole : CHART_DEPTHS - 1]++;
}

static void count_readings(chart_counts *to, const chart_site *s)
{
    to->recorded[READING_PD] += s->pd != CHART_NONE;
    to->recorded[READING_RECESSION] += s->recession != CHART_NONE;
    to->recorded[READING_CAL] += s->cal != CHART_NONE;
    to->recorded[READING_BOP] += s->bop != MARK_NONE;
    to->recorded[READING_SUPPURATION] += s->suppuration != MARK_NONE;
    to->recorded[READING_PLAQUE] += s->plaque != MARK_NONE;
    to->recorded[READING_CALCULUS] += s->calculus != MARK_NONE;
}

void chart_tally(chart_counts *to, const exam_chart *x)
{
    unsigned probed = 0;
    for (size_t i = 0; i < x->teeth; i++) {
        const chart_tooth *t = &x->tooth[i];
        bool away = is_away(t->status);
        to->teeth_away += away;
        to->teeth_there += !away;
        for (size_t k = 0; k < SITES; k++) {
            const chart_site *s = &t->site[k];
            if (!away) count_readings(to, s);
            if (s->pd == CHART_NONE) continue;
            probed++;
            to->depths_away += away;
            count_depth(to, s->pd);
        }
    }
    to->exams++;
    to->exam_sites[chart_site_step(probed)]++;
}
