/* Counts what charts hold, an exam at a time. */
#ifndef CONVERT_CHART_TALLY_H
#define CONVERT_CHART_TALLY_H

#include "chart/chart.h"
#include "quality/chart_counts.h"

void chart_tally(chart_counts *to, const exam_chart *x);

#endif
