/* What was left out and what was held back, as files that a person can correct and run again: rejects/<entity or
 * object>.csv with the row's own columns first, then code and reason; exceptions.csv with entity, source table and
 * key, field, original value, code, reason. A row is in the bundle or in the rejects, never both. These files hold
 * patients' values and stay with the practice. */
#ifndef DELIVER_REJECTS_H
#define DELIVER_REJECTS_H

#include "base/finding.h"
#include "base/status.h"

typedef struct rejects rejects;

/* Files are made in folder (the unfinished run) when they are first needed; folder NULL (a dry run): only counted.
 * NULL when out of memory. folder is copied. */
rejects *rejects_new(const char *folder, findings *f);
/* A row left out. name: entity or object, letters, digits, - and _ only; the same columns at each call for a name.
 * A value with p NULL is NULL. ST_FATAL with a finding. */
status rejects_row(rejects *r, sv name, const sv *column, const sv *value, size_t columns, sv code, sv reason);
/* A value held back or changed in a row that is written. */
status rejects_value(rejects *r, sv entity, sv src_table, sv src_key, sv field, sv value, sv code, sv reason);

/* Lists that only hold rows back, in the order in which they came; nothing else can be asked of them than rejects_give.
 * NULL when out of memory. */
/* full(ctx) is called when they take `most` bytes: it may give them, or they grow; false: nothing more can be taken. */
rejects *rejects_held_new(findings *f, size_t most, bool (*full)(void *ctx), void *ctx);
size_t rejects_held(const rejects *held); /* rows so far */
/* Those of them to `to` that were not given yet and are among the first `upto`; all were given: begins anew. */
status rejects_give(rejects *held, size_t upto, rejects *to);

typedef struct rejects_file {
    sv path; /* relative to the folder */
    uint64_t rows, bytes;
    char sha256[65];
} rejects_file;

/* Closes the files and names them: rejects by name, then exceptions.csv. The list lives as long as r. */
status rejects_finish(rejects *r, const rejects_file **file, size_t *n);
/* How many lines of a list have a code: the first n lists and codes that were met, in that order. */
typedef struct rejects_count {
    sv path, code;
    uint64_t rows;
} rejects_count;
const rejects_count *rejects_counts(const rejects *r, size_t *n);
uint64_t rejects_rows(const rejects *r);   /* left out so far */
uint64_t rejects_values(const rejects *r); /* held back or changed so far */
void rejects_free(rejects *r);             /* r may be NULL */

#endif
