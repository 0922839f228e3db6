/* Inside of reconcile: what its files share. */
#ifndef LOADED_RECONCILE_INTERNAL_H
#define LOADED_RECONCILE_INTERNAL_H

#include "loaded/after_load.h"
#include "loaded/bundle_rows.h"
#include "loaded/came_back.h"
#include "loaded/fix_back.h"
#include "loaded/reconcile.h"

typedef enum row_group { GROUP_IN, GROUP_FAILED, GROUP_UNKNOWN, ROW_GROUPS } row_group;

/* What the conversion counted of a field of the model, over all of its records (quality/totals.csv). */
typedef struct source_total {
    sv field;      /* "treatment_plan.estimate" */
    sv measure[4]; /* filled, sum, least or first, most or last, as the list has them */
} source_total;

typedef struct reconciling {
    const reconcile_options *o;
    reconcile_result *out;
    after_load a;
    came_back back;
    uint64_t *rows;                 /* of each load, as read first */
    uint64_t (*state)[ROW_STATES];  /* of each load, as read again */
    load_totals *bundle;            /* of each load, as read first, */
    load_totals *group[ROW_GROUPS]; /* and as read again */
    source_total *source;           /* in the list's order */
    size_t sources;
    fix_back failed, unknown;
} reconciling;

static inline uint64_t rows_in(const reconciling *x, size_t load)
{
    return x->state[load][ROW_SEEN] + x->state[load][ROW_UPDATED] + x->state[load][ROW_CREATED];
}

/* reconcile_source.c: a bundle without the list has no totals of its source. False with a finding. */
bool reconcile_read_source(reconciling *x);
/* NULL: the field is made of more than one of the model's, or of none. */
const source_total *reconcile_source_of(const reconciling *x, const load_field *f);

/* reconcile_matrix.c: True when the counts and totals of every load add up; else a finding. */
bool reconcile_adds_up(const reconciling *x);
/* reconcile.csv. */
bool reconcile_write_matrix(reconciling *x);
/* reconcile_page.c: reconcile.html. */
bool reconcile_write_page(reconciling *x);

#endif
