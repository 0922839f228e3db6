/* `--sample`: what a run does more when it is about a sample. Everything takes a NULL sampling, of a run about the whole practice, and
 * does nothing. */
#ifndef CONVERT_SAMPLING_H
#define CONVERT_SAMPLING_H

#include "deliver/rejects.h"
#include "deliver/scope.h"
#include "diff/diff.h"
#include "profile/profile.h"
#include "sample/sample.h"

typedef struct sampling sampling;

typedef struct sampling_options {
    unsigned patients;
    sqlite3 *work;
    const char *folder; /* of the unfinished run; NULL: dry */
    findings *found;
    arena *mem; /* what lists are kept in */
    /* What stays in the practice is told of the source's values as well: that it was there, not what it was. */
    bool without_notes, without_national_id;
    bool (*cancelled)(void *ctx); /* may be NULL */
    void *ctx;
} sampling_options;
/* Before anything is staged. NULL with a finding. */
sampling *sampling_new(const sampling_options *o);
void sampling_free(sampling *s); /* before the scope is freed */

/* A value that became a custom one. */
void sampling_carried(sampling *s, const profile_origin *o);
/* A record left out or a value held back. */
void sampling_reject(sampling *s, const profile_reject *x);
/* Once everything is staged: looks at the charts, and lets the scope be a sample. */
void sampling_begin(sampling *s, const profile *x, const profile_run *run, scope_options *scope);
/* Once the scope is there: the lists of the sample. *file is in mem. ST_FATAL with a finding. */
status sampling_list(sampling *s, const rejects_file **file, size_t *n);

/* Where the values of its records stand, and a diff for each destination. chart_table must outlive s. ST_FATAL with a finding; also
 * when it was cancelled. */
typedef struct sampling_compared {
    const profile *profile;
    const profile_run *run;
    record_scope *scope;
    sv chart_table;
    const destination *const *destination;
    size_t destinations;
} sampling_compared;
status sampling_compare(sampling *s, const sampling_compared *c);
/* Of the destination of that number; NULL: nobody watches. */
const row_watch *sampling_watch(const sampling *s, size_t at);
/* Whether the chart of an exam is to say where its values stand; and the chart. */
bool sampling_traced(sampling *s, sv exam);
status sampling_chart(sampling *s, const exam_chart *x);
/* When all is written: closes the diffs. *file in mem. counts: of each destination. */
status sampling_finish(sampling *s, const rejects_file **file, size_t *n, diff_counts *counts);
sample_facts sampling_facts(const sampling *s);

#endif
