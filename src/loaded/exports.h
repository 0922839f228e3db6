/* Exports of a destination, read: of each the rows that the bundle has too are kept, by object and key. */
#ifndef LOADED_EXPORTS_H
#define LOADED_EXPORTS_H

#include "loaded/recognise.h"
#include "loaded/work.h"

typedef struct export_file {
    sv name;
    recognised r;
    sv *heading;
    uint8_t *seen; /* of each column: which parts of dates with slashes were above 12 */
    size_t columns;
    uint64_t rows, ours, others, extra, unclear, twice;
} export_file;

/* A row that an export has and the bundle has not (twice false), or that it has more than once. */
typedef bool export_odd_row(void *ctx, const export_file *f, const bundle_load *b, sv key, bool twice);

typedef struct exports {
    const loads *l;
    load_work *work; /* has the bundle's rows already */
    arena *mem;
    findings *found;
    export_odd_row *odd; /* false ends it; NULL: they are only counted */
    void *ctx;
    export_file *file; /* a sheet each */
    size_t files, room;
    bool *told; /* for each load: an export could have shown its rows */
} exports;

/* False when out of memory. */
bool exports_init(exports *e);
/* Reads one file. What is no export of the bundle's objects is a finding. False with a finding when it cannot go on. */
bool exports_read(exports *e, const char *path);

/* A kept row. cell: in the order of the file's columns; valid until the next call. */
typedef struct export_row {
    const export_file *file;
    const load_columns *column; /* where the load's fields stand in it */
    sv *cell;
    buf packed;
} export_row;
export_row export_row_new(void);
void export_row_free(export_row *r);
/* The row of an export that is the bundle's row; cells: of the bundle, in the order of its fields. *found: there is one.
 * False with a finding. */
bool exports_find(exports *e, size_t load, const sv *cell, size_t n, export_row *out, bool *found);
/* Dates of the column with slashes begin with the day: some first part was above 12, no second one. */
bool exports_day_first(const export_file *f, size_t column);

#endif
