/* Inside of reconcile: what its files share. */
#ifndef LOADED_RECONCILE_INTERNAL_H
#define LOADED_RECONCILE_INTERNAL_H

#include "loaded/bundle_rows.h"
#include "loaded/came_back.h"
#include "loaded/fix_back.h"
#include "loaded/reconcile.h"

typedef enum row_group { GROUP_IN, GROUP_FAILED, GROUP_UNKNOWN, ROW_GROUPS } row_group;

typedef struct reconciling {
    const reconcile_options *o;
    reconcile_result *out;
    arena *mem;
    findings *found;
    loads l;
    stage_folder *folder;
    load_work *work;
    came_back back;
    uint64_t *rows;                 /* of each load, as read first */
    uint64_t (*state)[ROW_STATES];  /* of each load, as read again */
    load_totals *bundle;            /* of each load, as read first, */
    load_totals *group[ROW_GROUPS]; /* and as read again */
    fix_back failed, unknown;
    reconcile_end end;
} reconciling;

static inline uint64_t rows_in(const reconciling *x, size_t load)
{
    return x->state[load][ROW_SEEN] + x->state[load][ROW_UPDATED] + x->state[load][ROW_CREATED];
}

/* reconcile_matrix.c: True when the counts and totals of every load add up; else a finding. */
bool reconcile_adds_up(const reconciling *x);
/* reconcile.csv. */
bool reconcile_write_matrix(reconciling *x);
/* reconcile_page.c: reconcile.html. */
bool reconcile_write_page(reconciling *x);

#endif
