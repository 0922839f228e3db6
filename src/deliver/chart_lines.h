/* The teeth and the sites of a chart as lines of CSV, as they are staged: the very bytes that chart_rows.h and staged_row.h come
 * to, made of pieces that are the same for an exam or a tooth. They are nearly all of what a bundle of the model is. */
#ifndef DELIVER_CHART_LINES_H
#define DELIVER_CHART_LINES_H

#include "base/buf.h"
#include "chart/chart.h"

typedef struct chart_lines chart_lines;

/* system: letters that begin source keys; table: the charts' table in the source; all of it must outlive it. NULL when out of
 * memory. */
chart_lines *chart_lines_new(sv system, sv table, char delimiter, sv newline);
void chart_lines_free(chart_lines *l); /* l may be NULL */

/* Appends a line for each site of which something is recorded; *n: how many. False, and nothing is appended: the exam's
 * key needs quotes, or its keys are too long to be written so, or out has no room; its records are made one by one. */
bool chart_lines_of_sites(chart_lines *l, const exam_chart *x, buf *out, uint64_t *n);
/* The same of its teeth, a line for each. */
bool chart_lines_of_teeth(chart_lines *l, const exam_chart *x, buf *out, uint64_t *n);

#endif
