/* A small table that a person filled in or a CRM exported (CSV in any of its forms, XLSX), read whole. */
#ifndef DECIDE_SHEET_H
#define DECIDE_SHEET_H

#include "base/arena.h"
#include "base/finding.h"
#include "base/status.h"

enum { SHEET_ROWS_MAX_READ = 2000000, SHEET_BYTES_MAX = 64 << 20 };

typedef struct sheet {
    sv path;
    const sv *heading;
    size_t columns;
    const sv *cell; /* rows * columns, in the order of the file; outer blanks are taken off */
    size_t rows;
} sheet;

/* In mem. ST_FATAL with a finding: it cannot be read, has no headings, or is larger than a person's list can be. */
status sheet_read(const char *path, arena *mem, sheet *out, findings *f);

/* The first column headed by one of the names (letter case, blanks, - and _ do not count); SIZE_MAX: none. */
size_t sheet_column(const sheet *s, const sv *name, size_t names);
/* Empty where there is no such column. */
sv sheet_cell(const sheet *s, size_t line, size_t column);

#endif
