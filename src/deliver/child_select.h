/* SQL for values of records that point to the one at hand, which is `t` in the SELECT around it. */
#ifndef DELIVER_CHILD_SELECT_H
#define DELIVER_CHILD_SELECT_H

#include "deliver/object_writer.h"

/* Tables of the work file: the exams whose charts are kept for plans (patient, exam, exam_at, source_key, come), those charts
 * (patient, exam, json, text), and which plan has which exam (plan, exam, patient). */
#define LATEST_CHART_TABLE "\"latest chart\""
#define CHART_TEXT_TABLE   "\"latest chart text\""
#define PLAN_CHART_TABLE   "\"plan chart\""

/* Appends an expression. */
void child_select(const row_column *c, const object_template *o, const deliver_run *run, buf *out);
/* Indexes by which an object's are found. False when the work file failed. */
bool child_select_prepare(const object_template *o, const deliver_run *run);

#endif
