/* A folder that "chartferry extract" wrote: its _tables.csv says which file is which table, whatever had to be done to the
 * file's name. */
#ifndef CSV_CSV_EXTRACTED_H
#define CSV_CSV_EXTRACTED_H

#include "source/row_source.h"

typedef struct csv_extracted {
    bool there;
    const table_info *table; /* schema, name, full_name */
    const sv *file;
    size_t tables;
} csv_extracted;

/* Looks for _tables.csv among the files and reads it. ST_OK (out->there tells) or ST_FATAL. */
status csv_extracted_read(byte_source *const *file, size_t files, arena *mem, findings *f, csv_extracted *out);
/* True when a table stands in the file of this name; its names are set in *out. */
bool csv_extracted_name(const csv_extracted *e, sv leaf, table_info *out);
/* The file stands beside the tables and is none. */
bool csv_extracted_sidecar(const csv_extracted *e, sv leaf);

#endif
