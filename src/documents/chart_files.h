/* Drawn charts among the files of a conversion (`charts:`): each exam's page, as it is folded, to the destinations that want
 * it. Called where charts are taken, one at a time. */
#ifndef DOCUMENTS_CHART_FILES_H
#define DOCUMENTS_CHART_FILES_H

#include "chart/chart.h"
#include "deliver/deliver.h"
#include "documents/documents.h"

typedef struct chart_files chart_files;

/* Of run: work, found, scope. NULL with a finding. What it is given must outlive it. */
chart_files *chart_files_new(documents *to, const deliver_run *run);
/* The next destination that was added to the documents. False with a finding. */
bool chart_files_add(chart_files *c, const destination *d);
/* As delivery_exam, delivery_exam_lost, delivery_chart. */
status chart_files_exam(chart_files *c, sv exam);
status chart_files_lost(chart_files *c, sv exam);
status chart_files_take(chart_files *c, const exam_chart *x);
void chart_files_free(chart_files *c); /* c may be NULL */

#endif
