/* A list of columns beside dumps that name none, as INFORMATION_SCHEMA.COLUMNS gives it: which table has which columns, in
 * which order. */
#ifndef CSV_CSV_COLUMNS_H
#define CSV_CSV_COLUMNS_H

#include "csv/csv_internal.h"

typedef struct csv_listed csv_listed; /* a line of a list */

typedef struct csv_columns {
    csv_listed *line;
    size_t lines, room;
} csv_columns;

/* What a list says of one table. */
typedef struct csv_columns_of {
    const sv *name; /* in order; NULL: no list names the table, or see why_not */
    size_t columns;
    const char *why_not; /* lists name the table, but do not tell its columns */
} csv_columns_of;

/* The beginning of the file names TABLE_NAME, COLUMN_NAME and ORDINAL_POSITION: worth opening as a list. */
bool csv_columns_likely(byte_source *file, findings *f);
/* True when the opened table has the columns of a list. */
bool csv_columns_is_list(const csv_table *t);
/* Adds the lines of the list that is s->table[table]. Call csv_columns_sort behind the last one. False when out of memory
 * or the file cannot be read. */
bool csv_columns_add(csv_source *s, size_t table, csv_columns *out);
void csv_columns_sort(csv_columns *c);
void csv_columns_free(csv_columns *c);
/* What the lists of the table's own folder say of it. Names live in mem. False when out of memory. */
bool csv_columns_find(const csv_columns *c, const csv_table *t, arena *mem, csv_columns_of *out);

#endif
