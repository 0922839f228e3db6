/* Inside of rollback: what its files share. */
#ifndef LOADED_ROLLBACK_INTERNAL_H
#define LOADED_ROLLBACK_INTERNAL_H

#include "deliver/list_file.h"
#include "loaded/after_load.h"
#include "loaded/bundle_rows.h"
#include "loaded/came_back.h"
#include "loaded/exports.h"
#include "loaded/rollback.h"

typedef enum row_way {
    WAY_REMOVE,
    WAY_RESTORE,
    WAY_ABSENT,  /* it failed: nothing of it is there */
    WAY_NOTHING, /* nothing says whether it was created or was there */
    WAY_NO_OLD,  /* it was updated, and no export has its old values */
    WAY_NO_ID,   /* it was created, and its id is not known, or two are */
    ROW_WAYS
} row_way;
static inline bool way_unknown(row_way w) { return w >= WAY_NOTHING; }

/* A column of a restore file. */
typedef struct old_column {
    size_t load, field; /* the load that writes it */
    bool
        shown; /* it is a column of the file: not where an empty cell empties the field and no export taken before has it */
} old_column;

typedef struct load_way {
    uint64_t rows[ROW_WAYS];
    unsigned remove_step, restore_step; /* first numbers of its files; 0: none */
    old_column *column;                 /* of its restore file */
    size_t columns;
    uint64_t not_exported; /* old values that the export before has no column for */
} load_way;

typedef struct rolling {
    const rollback_options *o;
    rollback_result *out;
    after_load a;
    came_back back;
    exports before;
    export_row row;
    load_way *way;
    list_file *unknown;
    struct undo_file *file; /* rollback_files.c: the one at hand */
    unsigned steps;
} rolling;

static inline bool taken_back(const bundle_load *b) { return b->parts && !b->kept; }
/* Whether a row is taken back by itself: one of a second pass is so only where the first pass has no row of its record, as in the
 * bundle of a second pick-up. False with a finding. */
bool rollback_own(rolling *x, const row_place *at, const sv *cell, size_t n, bool *own);

/* rollback_files.c */
bool rollback_write_files(rolling *x);
/* What is to become of the row; its old row, where there is one, is then in x->row. False with a finding. */
bool rollback_way(rolling *x, const row_place *at, const sv *cell, size_t n, row_way *way, row_fate *fate);
/* rollback_page.c: ROLLBACK-STEPS.html. */
bool rollback_write_page(rolling *x);
extern const char *const row_way_word[ROW_WAYS];
/* The file of a step, in mem: "salesforce/03_delete_24_Event_2.csv". part: from 1. */
sv rollback_file_path(rolling *x, unsigned step, const char *what, sv stem, unsigned part);

#endif
