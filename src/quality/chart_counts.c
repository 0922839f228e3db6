#include "quality/chart_counts.h"
#include <stddef.h>

const char *const chart_reading_name[CHART_READINGS] = {
    [READING_PD] = "pd",
    [READING_RECESSION] = "recession",
    [READING_CAL] = "cal",
    [READING_BOP] = "bop",
    [READING_SUPPURATION] = "suppuration",
    [READING_PLAQUE] = "plaque",
    [READING_CALCULUS] = "calculus",
};

unsigned chart_site_step(unsigned sites)
{
    unsigned step = (sites + CHART_SITE_STEP - 1) / CHART_SITE_STEP;
    return step < CHART_SITE_STEPS ? step : CHART_SITE_STEPS - 1;
}

void chart_counts_join(chart_counts *to, const chart_counts *from)
{
    to->exams += from->exams;
    to->teeth_there += from->teeth_there;
    to->teeth_away += from->teeth_away;
    to->depths_away += from->depths_away;
    for (size_t i = 0; i < CHART_READINGS; i++) to->recorded[i] += from->recorded[i];
    for (size_t i = 0; i < CHART_DEPTHS; i++) to->depth[i] += from->depth[i];
    for (size_t i = 0; i < CHART_SITE_STEPS; i++) to->exam_sites[i] += from->exam_sites[i];
}
