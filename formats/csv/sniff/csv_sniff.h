/* Finds out how a text file is written: from its first half megabyte, and for the encoding from pieces of the whole. */
#ifndef CSV_CSV_SNIFF_H
#define CSV_CSV_SNIFF_H

#include "base/arena.h"
#include "base/byte_source.h"
#include "csv/csv_dialect.h"
#include "csv/sniff/csv_encoding.h"
#include "csv/sniff/csv_shape.h"

typedef struct csv_hints {
    csv_encoding_said encoding;
    char delimiter; /* 0: find out */
    csv_sisters sisters;
    bool ours;     /* stands in a folder that "chartferry extract" wrote */
    bool headless; /* the first row is data, whatever it looks like */
    size_t
        columns; /* 0: find out. Else the number that a list of columns says: nothing is taken for it but a file whose lines
                       bear it out (none has more values, and enough have so many); out->columns tells */
} csv_hints;

typedef struct csv_sniffed {
    csv_dialect d;
    const sv *name; /* of the columns, each one once */
    size_t columns;
    column_shape *shape;  /* of each column, from the rows looked at */
    const char *quoting;  /* "where needed", "all values", "none" */
    const char *no_names; /* without a header: why the first row is none */
    bool encoding_guessed, header_guessed;
    bool empty;          /* the file has no bytes */
    const char *refused; /* not text: what it is instead; nothing else is set then */
    size_t duplicates;   /* columns that were renamed */
    const sv *original;  /* their name in the file, for all columns */
} csv_sniffed;

/* ST_OK, or ST_FATAL with a finding. What it hands out lives in mem. */
status csv_sniff(byte_source *file, const csv_hints *h, arena *mem, findings *f, csv_sniffed *out);

/* The text of a field: without quotes, doubled ones halved. In mem only where it differs from the field's own bytes. */
struct csv_field;
sv csv_unquoted(const csv_dialect *d, const struct csv_field *field, arena *mem);

#endif
