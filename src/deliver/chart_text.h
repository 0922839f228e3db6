/* The whole chart of an exam as one text: for machines and for people. */
#ifndef DELIVER_CHART_TEXT_H
#define DELIVER_CHART_TEXT_H

#include "base/buf.h"
#include "chart/chart.h"

/* Appends compact JSON: {"numbering","sites":[MB ...],"teeth":[{"fdi","universal","palmer","own",...,"pd":[..6],...}]}. Numbers
 * are millimetres, null is not measured; a list that has nothing is left out, and so are empty values. */
void chart_json(const exam_chart *x, buf *out);
/* The same as lines of text in columns, for notes: a head, a line for each tooth, what the letters mean. Line ends are \n. */
void chart_table(const exam_chart *x, buf *out);

#endif
