/* The rows of a bundle, read: who they are, and what their columns hold in all. */
#ifndef LOADED_BUNDLE_ROWS_H
#define LOADED_BUNDLE_ROWS_H

#include "base/amount.h"
#include "loaded/records.h"
#include "loaded/work.h"

/* Totals of a load's columns; columns that are neither numbers nor dates have none. */
typedef struct load_totals {
    column_total *field;
} load_totals;
bool totals_wanted(const load_field *f);
bool totals_of_numbers(const load_field *f);
/* cell: in the order of the load's fields. */
void totals_add(load_totals *t, const bundle_load *l, const sv *cell, size_t n);

/* What a row is known by where the system has no key: a hash of its values but keys and links. at: where the fields stand in
 * the row; NULL: in the load's order. False when out of memory. */
enum { CONTENT_HEX = 64 };
bool row_content(const bundle_load *l, const sv *cell, size_t n, const size_t *at, char hex[CONTENT_HEX + 1]);

/* Every row into the work file; rows and totals counted. totals: one for each load. False with a finding. */
bool bundle_rows_read(const loads *l, load_work *w, load_totals *totals, uint64_t *rows);

/* Calls take for each row with its place, in order. False with a finding, or when take ended it. */
typedef struct row_visit {
    bool (*part)(void *ctx, const row_place *at, const sv *heading, size_t n); /* a part begins; may be NULL */
    bool (*row)(void *ctx, const row_place *at, const sv *cell, size_t n);
    void *ctx;
} row_visit;
bool bundle_rows_visit(const loads *l, const row_visit *v);

#endif
