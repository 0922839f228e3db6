/* Which patients a sample is made of (`convert --sample N`): some for each kind of patient, record and hard case that the practice has,
 * then others from all over it. A fixed seed and the keys decide, so the same source and options give the same sample.
 *
 * Strata are found in the staged records (strata.h) and in marks that are set while they are staged and the charts looked at. Each
 * stratum has a patient in the sample, the rarest first, as long as there is room; what the practice has none of is listed as such. */
#ifndef SAMPLE_SAMPLE_H
#define SAMPLE_SAMPLE_H

#include "base/finding.h"
#include "base/status.h"
#include "chart/chart.h"
#include "deliver/rejects.h"
#include "model/model.h"
#include <sqlite3.h>

/* Folder, in that of the run, of the sample's lists and of what compares its values. Its name says what it holds: it stays in the
 * practice. */
#define SAMPLE_FOLDER "sample_with_patient_values"

typedef struct sample sample;

/* size: patients, 1 and more. Makes tables of its own in the work file, which live as long as it. NULL with a finding. */
sample *sample_new(sqlite3 *work, unsigned size, findings *f);
void sample_free(sample *s); /* and drops its tables; s may be NULL */

/* What befell a record while it was staged. Failures are kept for sample_choose. */
void sample_held_back(sample *s, const model_entity *e, sv src_key);
void sample_rejected(sample *s, sv patient); /* a record of that patient (his src_key) was left out */
/* A chart as it is looked at before the sample is chosen, and what could not be read of one. */
void sample_chart(sample *s, const exam_chart *x);
void sample_chart_reject(sample *s, const chart_reject *x);

/* scope_options.choose: ctx is the sample. After staging. */
bool sample_choose(void *ctx, sqlite3 *work);

/* While the scope lives: sample.csv, a line for each patient of the sample and why he is in it, and strata.csv, a line for each
 * stratum; into folder/SAMPLE_FOLDER, which is made. folder NULL (a dry run): only told. *file: both, living as long as s. ST_FATAL
 * with a finding. */
status sample_write(sample *s, const char *folder, const rejects_file **file, size_t *n);

typedef struct sample_facts {
    uint64_t asked, chosen, came_along;         /* patients */
    uint64_t strata, covered, absent, left_out; /* left_out: the practice has them, and the sample had no room */
} sample_facts;
/* After sample_write. */
sample_facts sample_facts_of(const sample *s);

#endif
