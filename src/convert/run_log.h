/* run.log of a run folder: when which step took how long, what was counted, which findings there are and where; for people who help.
 * No value of a cell, no name of a person, no path. It has times, so it is not among the files of the manifest: the bundle is the
 * same bytes each time, the log is not. */
#ifndef CONVERT_RUN_LOG_H
#define CONVERT_RUN_LOG_H

#include "convert/tree.h"
#include "report/report.h"

enum { RUN_LOG_STEPS_MAX = 24 };

typedef struct run_log {
    int64_t begun;     /* seconds since 1970 */
    uint64_t begun_ms; /* as os_ticks_ms */
    struct {
        const char *name;
        uint64_t at_ms; /* behind the beginning */
    } step[RUN_LOG_STEPS_MAX];
    size_t steps;
} run_log;

void run_log_begin(run_log *l);
void run_log_step(run_log *l, const char *name); /* name is lasting */
/* Into folder. False with a finding. */
bool run_log_write(const run_log *l, const report_input *facts, const char *folder, findings *f);

#endif
