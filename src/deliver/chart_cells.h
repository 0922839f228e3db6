/* Values of an exam's chart as cells: of a tooth, of a site, and the whole of it (chart_text.h). */
#ifndef DELIVER_CHART_CELLS_H
#define DELIVER_CHART_CELLS_H

#include "base/buf.h"
#include "chart/chart.h"
#include "template/template.h"

/* Appends the value of a column of kind COLUMN_CHART; nothing where there is none. at_hand: the tooth that the row is of;
 * NULL: the row is of the whole exam. label: tooth_label of the destination. */
void chart_cell(const row_column *c, const exam_chart *x, const chart_tooth *at_hand, tooth_system label, buf *out);

/* True when the chart has a tooth that a family over permanent teeth has no field for. */
bool chart_has_other_teeth(const exam_chart *x);

#endif
