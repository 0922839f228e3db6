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
