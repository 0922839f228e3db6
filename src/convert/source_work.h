/* What every run over a source begins with: facts of the source, and the two databases that its records are staged with.
 * Internal to this folder. */
#ifndef CONVERT_SOURCE_WORK_H
#define CONVERT_SOURCE_WORK_H

#include "base/ledger.h"
#include "report/report.h"
#include "sql/sql.h"

report_source source_facts(const source_info *info); /* info may be NULL */
/* The day of the backup in days since 1970-01-01, never the clock's; INT32_MIN: unknown. */
int32_t source_day(const report_source *s);

typedef struct source_work {
    sql_db *db;   /* the source, read by the profile's SELECTs */
    sql_db *work; /* the work file with the staged tables */
} source_work;

typedef struct source_work_options {
    const char *folder; /* of the work file; NULL: nothing touches the disk */
    bool shared;        /* several threads use the work file's handle, each with statements of its own */
    ledger *counts;
    bool (*cancelled)(void *ctx); /* may be NULL */
    void *ctx;
} source_work_options;

/* ST_OK; ST_FATAL with a finding. To be closed in any case. */
status source_work_open(row_source *s, const source_work_options *o, findings *f, source_work *out);
void source_work_close(source_work *w); /* and removes the work file */

#endif
