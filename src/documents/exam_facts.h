/* What stands above a drawn chart, from the staged records: whose exam it is, when, by whom, the clinician's diagnosis. */
#ifndef DOCUMENTS_EXAM_FACTS_H
#define DOCUMENTS_EXAM_FACTS_H

#include "base/arena.h"
#include "base/finding.h"
#include "base/status.h"
#include "drawing/drawing.h"
#include <sqlite3.h>

typedef struct exam_facts exam_facts;

/* work: with the staged entities, while they stay. NULL with a finding. */
exam_facts *exam_facts_new(sqlite3 *work, findings *f);
void exam_facts_free(exam_facts *x); /* x may be NULL */

typedef struct facts_of_exam {
    drawn_patient patient; /* with the name */
    drawn_exam exam;       /* without the chart */
    sv moment;             /* as staged: sorts exams of a patient, with their keys */
} facts_of_exam;

/* In mem. ST_END: no such exam is staged; ST_FATAL with a finding. */
status exam_facts_of(exam_facts *x, sv src_key, arena *mem, facts_of_exam *out);

#endif
