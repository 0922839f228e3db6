/* What a source is like, without any value of it that could be a patient's: rows counted, each column's fill, number of
 * different values, looks and shapes of its texts, and, where nobody can be known by them, codes and years
 * (formats/snapshot/FORMAT.md says when). Every row is read once; memory does not grow with the rows. */
#ifndef SURVEY_SURVEY_H
#define SURVEY_SURVEY_H

#include "base/status.h"
#include "snapshot/snapshot.h"

/* What is told of codes, shapes and years stands in at least so many rows each. */
enum { SURVEY_ROWS_MIN = 5 };

typedef struct survey_run {
    row_source *source;
    const catalog *list;
    findings *found;
    arena *mem;                   /* of the facts */
    int this_year;                /* years that somebody older than 89 may have been born in are not told */
    bool (*cancelled)(void *ctx); /* may be NULL */
    void (*progress)(void *ctx, sv table, size_t done, size_t tables); /* may be NULL */
    void *ctx;
} survey_run;

/* A column that is named like a password: nothing should carry it anywhere. */
bool survey_names_secret(sv column);

/* The facts of a snapshot are those it holds. ST_OK; ST_END when cancelled; ST_FATAL with a finding. */
status survey_take(const survey_run *run, const source_facts **out);

#endif
