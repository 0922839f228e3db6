/* Of which exams something is made of the chart: teeth written (`teeth: latest`, `since:`), pictures drawn (`charts:`). The
 * latest exam of a patient is the latest of those that have a chart; of two at one moment it is the one whose source key sorts
 * last. */
#ifndef DELIVER_EXAM_CHOICE_H
#define DELIVER_EXAM_CHOICE_H

#include "deliver/deliver.h"
#include "template/template.h"

typedef struct exam_choice exam_choice;

typedef struct exams_asked {
    exam_scope scope;
    sv since;       /* of EXAMS_SINCE */
    sv name;        /* what is made: no two choices of a destination have the same */
    sv destination; /* its id */
} exams_asked;

/* Of run: work, found. NULL with a finding. */
exam_choice *exam_choice_new(const exams_asked *asked, const deliver_run *run);
void exam_choice_free(exam_choice *c); /* and drops its tables; c may be NULL */

/* Before the first exam_wanted: an exam that has a chart. ST_OK; ST_FATAL with a finding. */
status exam_choice_exam(exam_choice *c, sv exam);
/* Its chart will not come: another one is the patient's latest then, which is told. */
status exam_choice_lost(exam_choice *c, sv exam);
/* Whether that exam, whose chart has come, is among them. */
status exam_wanted(exam_choice *c, sv exam, bool *out);

#endif
