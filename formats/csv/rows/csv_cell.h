/* A field's text as a value: quotes, padding, NULL and empty, invisible characters, validity. */
#ifndef CSV_CSV_CELL_H
#define CSV_CSV_CELL_H

#include "base/arena.h"
#include "csv/rows/csv_record.h"
#include "source/value.h"

/* What else the record holds decides what has to be looked for. */
typedef struct csv_cell_want {
    const csv_dialect *d;
    const csv_record *r;
    arena *mem; /* for text that is not the field's own bytes */
} csv_cell_want;

typedef enum csv_cell_state { CSV_CELL_OK, CSV_CELL_INVALID, CSV_CELL_NO_MEMORY } csv_cell_state;

/* V_NULL or V_TEXT. `stripped` is increased by the number of characters taken out. */
csv_cell_state csv_cell(const csv_cell_want *w, const csv_field_text *field, value *out, uint64_t *stripped);

#endif
