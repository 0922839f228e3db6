/* The latest chart of each patient, kept in the work file until plans are written: systems whose charts stand on a plan's
 * record want it there. Of two exams at one moment the one whose key sorts last is the latest. */
#ifndef DELIVER_LATEST_CHART_H
#define DELIVER_LATEST_CHART_H

#include "deliver/object_writer.h"

typedef struct latest_chart latest_chart;

/* Makes the tables. NULL with a finding. */
latest_chart *latest_chart_begin(const deliver_run *run);
/* Before the first chart: an exam that has one. Only the latest of each patient is then kept; without it, each that is later
 * than those before. */
status latest_chart_exam(latest_chart *l, sv exam);
status latest_chart_take(latest_chart *l, const exam_chart *x);
/* All charts have come: patients without one have their latest exam, and each exam goes to the patient's plan that is
 * nearest in time; of two the later one. */
status latest_chart_finish(latest_chart *l);
/* The tables stay, for other destinations of the run that share them. l may be NULL. */
void latest_chart_free(latest_chart *l);

#endif
