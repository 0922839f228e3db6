/* What the files of the CSV reader share. */
#ifndef CSV_CSV_INTERNAL_H
#define CSV_CSV_INTERNAL_H

#include "base/platform.h"
#include "csv/csv_source.h"
#include "csv/rows/csv_record.h"
#include "csv/rows/csv_text.h"
#include "csv/sniff/csv_sniff.h"
#include <stdatomic.h>

/* Where a row begins; at == UINT64_MAX: not known yet. */
typedef struct csv_place {
    uint64_t at, line;
} csv_place;

typedef struct csv_table {
    byte_source *file;
    csv_sniffed s;
    table_info *info;
    text_file_info *text;
    csv_place *start; /* of each scan unit; guarded by the source's lock */
    mutex *building;  /* held by who looks for the beginning of a unit */
    bool listed;      /* a list beside the file names its columns */
    bool audited;     /* read once from end to end when it was opened */
    atomic_uint_fast64_t stripped, blank_lines;
} csv_table;

typedef struct csv_source {
    row_source base;
    arena *mem;
    findings *found;
    mutex *lock;
    csv_table *table;
    size_t tables;
    catalog catalog;
    source_info info;
} csv_source;

/* Bytes of a file that one scan unit takes. */
#define CSV_UNIT_BYTES ((uint64_t)1 << 20)

/* csv_scan.c */
status csv_scan(row_source *s, const scan_request *q, row_cursor **out);
status csv_next(row_cursor *c, row *out, size_t max, size_t *got);
const scan_counts *csv_counts(const row_cursor *c);
void csv_cursor_close(row_cursor *c);

/* csv_lob.c */
status csv_lob_open(row_source *s, const lob_ref *ref, lob_stream **out);
status csv_lob_read(lob_stream *l, void *p, size_t room, size_t *got);
void csv_lob_close(lob_stream *l);

/* csv_names.c: the table that a file is, by its name. */
void csv_table_name(sv path, arena *mem, table_info *t);

#endif
