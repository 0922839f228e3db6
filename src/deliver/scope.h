/* Which of the staged records a run is about (`--only`, `--sample`), and which make the trial. A sample and a trial are some
 * patients with everything that hangs on them and everything that they and it point to. Made once, for all destinations. */
#ifndef DELIVER_SCOPE_H
#define DELIVER_SCOPE_H

#include "base/arena.h"
#include "base/finding.h"
#include "model/model.h"
#include <sqlite3.h>

/* Folder, in that of the destination, of the trial. */
#define TRIAL_FOLDER "00_trial"

typedef struct scope_options {
    sv active_since;   /* YYYY-MM-DD: patients who were seen, planned or booked on or after that day; empty: all */
    sv location;       /* source key, or key in the source, of the practice location; empty: all */
    sv patient;        /* source key, or key in the source: of that one alone; empty: all */
    const sv *entity;  /* names; none: all */
    const sv *without; /* names of those that are left out */
    size_t entities, withouts;
    unsigned trial_patients; /* 0: no trial */
    /* A sample: puts the src_keys of its patients into the empty table CHOSEN_TABLE (src_key), none of those whom OUT_TABLE
     * (entity, src_key) names. False with a finding. NULL: no sample. */
    bool (*choose)(void *ctx, sqlite3 *work);
    void *choose_ctx;
} scope_options;

#define CHOSEN_TABLE "main.\"scope:chosen\""
#define OUT_TABLE    "main.\"scope:out\""
/* entity, src_key of every record of the sample, while the scope lives. A patient of it who was not chosen came along: a record of a
 * chosen one points to him. He is as whole as the others. */
#define SAMPLE_TABLE "main.\"scope:sample\""

/* "active-since:2020-01-01", "location:KEY", "patient:KEY", "entities:a,b", "without:a,b" into *o, in mem. What is wrong with it (static text); NULL:
 * nothing. */
const char *scope_option(sv text, scope_options *o, arena *mem);

typedef struct record_scope record_scope;

/* After staging. Adds tables of its own to the work file. NULL with a finding, also when there is no such patient. */
record_scope *scope_new(sqlite3 *work, const scope_options *o, findings *f);
void scope_free(record_scope *s); /* and drops its tables; s may be NULL */

/* Asked by several threads at a time where the work file's handle may be used so.
 *
 * Whether the record is left out: skipped. */
bool scope_leaves_out(record_scope *s, const model_entity *e, sv src_key);
/* Whether records of the entity are left out as such: links to them still hold, they are loaded another time. */
bool scope_leaves_entity(const record_scope *s, const model_entity *e);
/* Whether the run is a sample. */
bool scope_is_sample(const record_scope *s);
bool scope_in_trial(const record_scope *s, const model_entity *e, sv src_key);
bool scope_failed(const record_scope *s); /* the work file could not be read */

#endif
