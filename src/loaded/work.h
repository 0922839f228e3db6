/* The rows of a bundle and what became of them, in a work file: memory stays flat however many there are. */
#ifndef LOADED_WORK_H
#define LOADED_WORK_H

#include "base/finding.h"

/* The better one stays: a row that failed and was loaded again is in. */
typedef enum row_state { ROW_UNKNOWN, ROW_FAILED, ROW_SEEN, ROW_UPDATED, ROW_CREATED, ROW_STATES } row_state;
static inline bool row_is_in(row_state s) { return s >= ROW_SEEN; }

typedef struct row_place {
    size_t load, part;
    uint64_t number; /* 1: the first below the heading */
} row_place;

typedef struct row_fate {
    row_state state;
    size_t reason; /* of a list of the caller's; SIZE_MAX: none */
    sv id;         /* that the system gave; empty: not known. Valid until the next call */
    sv why;        /* the tool's own words; the same */
    bool two_ids;  /* two different ids were told: which one is meant is not known */
} row_fate;

typedef struct load_work load_work;

/* Made in the folder, removed by load_work_close. NULL with a finding. */
load_work *load_work_open(const char *folder, findings *f);
void load_work_close(load_work *w); /* w may be NULL */

/* A row of the bundle. same: what it is known by where the system has no key; empty: by its key alone. False with a
 * finding, as all that follow. */
bool load_work_row(load_work *w, const row_place *at, sv key, sv same);
/* What a result says of the row of that load with the key (by_content: with the content); *found: it has one. */
bool load_work_mark(load_work *w, size_t load, sv key, bool by_content, const row_fate *fate, bool *found);
/* The same of the row at a place. */
bool load_work_mark_at(load_work *w, const row_place *at, const row_fate *fate, bool *found);
bool load_work_has(load_work *w, size_t load, sv key, bool by_content, bool *found);
/* What became of the row at a place, which was added. */
bool load_work_fate(load_work *w, const row_place *at, row_fate *out);

/* The id that the system gave to a key of an object's loads, and back; p NULL: none. For links. */
bool load_work_put_id(load_work *w, size_t object, sv id, sv key);
bool load_work_key_of_id(load_work *w, size_t object, sv id, buf *key, bool *found);

/* A row of an export, packed by the caller, by what it is known by; *again: the object has one with the key already, which
 * stays. */
bool load_work_keep(load_work *w, size_t object, sv key, sv packed, bool *again);
bool load_work_kept(load_work *w, size_t object, sv key, buf *packed, bool *found);

#endif
