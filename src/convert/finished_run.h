/* A finished run folder, for the commands that come after it: its manifest, and files of it that are as they were written. */
#ifndef CONVERT_FINISHED_RUN_H
#define CONVERT_FINISHED_RUN_H

#include "base/arena.h"
#include "base/finding.h"
#include <jansson.h>

typedef struct finished_run {
    const char *folder;
    arena *mem; /* the caller's */
    findings *found;
    json_t *manifest; /* owned: finished_run_close */
    sv manifest_text;
} finished_run;

/* False with a finding (DEL-860). */
bool finished_run_open(const char *folder, arena *mem, findings *f, finished_run *out);
void finished_run_close(finished_run *r);

/* The path on the disk of a file that the manifest names, in mem; p NULL with a finding when it leads out of the folder or the
 * file is not as it was written. */
sv finished_run_file(const finished_run *r, const json_t *entry);
/* Says that the bundle cannot be used (DEL-860); path empty: its folder. Always false. */
bool finished_run_wrong(const finished_run *r, sv path, const char *why);

/* A member that is a text; p NULL: none. */
sv json_member_text(const json_t *o, const char *key);

#endif
