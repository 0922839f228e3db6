/* Patients that the practice has decided are one: what quality/duplicates.csv asked, filled in. Nothing is merged without
 * it. The record that stays takes over what the other one has and it lacks; whatever pointed to the other points to it. */
#ifndef DECIDE_MERGES_H
#define DECIDE_MERGES_H

#include "base/arena.h"
#include "base/finding.h"
#include "base/status.h"
#include "model/model.h"
#include <sqlite3.h>

typedef enum merge_word { MERGE_UNDECIDED, MERGE_MERGE, MERGE_KEEP } merge_word;

typedef struct merges merges;

/* A file with the headings of duplicates.csv: source_key, other_source_key, decision (merge, keep both, or empty) and
 * primary, the key of the record that stays. In mem. NULL with a finding for each thing that contradicts another: a
 * person with two primaries, a primary of another person, two records that are one and are to be kept both. */
const merges *merges_read(const char *path, arena *mem, findings *f);
/* What was decided of a pair, in any order; m NULL: nothing. */
merge_word merges_of(const merges *m, sv source_key, sv other_source_key);

/* The key of the record that stays of those that the record is merged with; empty: it is not merged. */
sv merges_primary(const merges *m, sv source_key);

typedef struct merge_sink {
    /* A value of the record that goes, where the one that stays has another: it is written nowhere. */
    status (*differs)(void *ctx, sv src_table, sv src_key, const model_field *field, sv value);
    void *ctx;
} merge_sink;

/* Once everything is staged: records that go are taken out of main.patient and listed in MERGED_TABLE. Decisions about
 * patients that the source does not hold are findings, and have no effect. ST_FATAL with a finding. */
status merges_apply(const merges *m, sqlite3 *work, const merge_sink *sink, findings *f);

/* entity, src_key, source_key, src_table of each record that went, into_key and into_source_key of the one that stayed. */
#define MERGED_TABLE "\"merged\""

/* Calls take for each record of an entity that went, by key, with the key of the one that stayed; false ends. False when take
 * ended it or the work file failed. */
typedef bool (*merges_take)(void *ctx, sv src_table, sv src_key, sv source_key, sv into_source_key);
bool merges_each(sqlite3 *work, const model_entity *e, merges_take take, void *ctx);

#endif
