/* Makes the value of one cell from the seed, the table, the column and the row alone: any cell can be made again at any
 * time, so that the database, its truth and its key pages never have to be kept in memory. */
#ifndef BAKGEN_VALUE_H
#define BAKGEN_VALUE_H

#include "base/buf.h"
#include "spec.h"

typedef struct cell_value {
    bool null;
    bool negative;     /* of a decimal or money */
    uint64_t lo, hi;   /* magnitude of a decimal or money in units of its scale */
    int64_t i;         /* integer, bit */
    int64_t ticks;     /* since midnight, in units of 10^-scale s (datetime: 1/300 s, smalldatetime: minutes) */
    int32_t days;      /* since 0001-01-01; of a datetimeoffset: UTC */
    int16_t offset;    /* minutes */
    const char *coded; /* HEX=..., the stored form; NULL: it follows from the value */
    double real;       /* a real holds a float's value */
    buf bytes;         /* text as UTF-8, binary, guid (16 bytes as stored), rowversion (8) */
} cell_value;

void cell_value_free(cell_value *v);

typedef struct value_maker {
    const column_spec *column;
    uint64_t salt;
    uint64_t rowversion; /* added to the row number */
} value_maker;

value_maker value_maker_of(const database_spec *db, size_t table, size_t column);

/* The value of the cell in that row. False when the rule's items do not fit the type or memory is out. */
bool value_make(const value_maker *m, uint64_t row, cell_value *out, fault *f);

/* The value an item of a list stands for; NULL without one. False and a fault when it does not fit the type. */
bool value_from_item(const sql_type *t, const char *item, cell_value *v, fault *f);
/* That value as a sql_variant in out; its bytes, 0: failed. */
size_t default_variant(const sql_type *t, const char *item, uint8_t *out, size_t room, fault *f);

/* Stored bytes of a value in `out` (cleared first): the form in a record, also of (max) and legacy types. */
bool value_store(const sql_type *t, const cell_value *v, buf *out);
/* The same for types of fixed length but char, nchar and binary, straight into a record. */
void value_store_fixed(const sql_type *t, const cell_value *v, uint8_t *out);

/* The field that `extract` writes into its CSV for the value. */
void value_csv(const sql_type *t, const cell_value *v, buf *out);
/* A text as a field of a CSV. */
void csv_text(buf *out, sv text);

#endif
