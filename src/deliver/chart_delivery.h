/* Charts on their way into the objects that are made of them: exams with their charts, teeth, sites, findings. */
#ifndef DELIVER_CHART_DELIVERY_H
#define DELIVER_CHART_DELIVERY_H

#include "chart/chart.h"
#include "deliver/object_writer.h"

typedef struct chart_delivery chart_delivery;

/* object: as they are written; writer: those of charted objects are begun here, the others stay as they are. NULL with a
 * finding. Everything must outlive it. */
chart_delivery *chart_delivery_begin(const destination *d, object_template *const *object, const deliver_run *run,
                                     object_writer **writer, object_tally *tally, delivered_list *files);
void chart_delivery_free(chart_delivery *c); /* not the writers; c may be NULL */

status chart_delivery_exam(chart_delivery *c, sv exam);
status chart_delivery_lost(chart_delivery *c, sv exam);
status chart_delivery_take(chart_delivery *c, const exam_chart *x);

/* Name of the work table, quoted, of exams that were written with their charts; empty: no object of exams was. */
sv chart_delivery_written(const chart_delivery *c);

#endif
