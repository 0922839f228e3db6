/* The files that an object's rows go to, CSV or XLSX: continued in a next part, with its heading, where one would pass a
 * limit. */
#ifndef DELIVER_ROW_FILE_H
#define DELIVER_ROW_FILE_H

#include "deliver/object_writer.h"

typedef struct row_file row_file;

/* trial: a copy of some rows in the folder of the trial, which the ledger does not count. Makes nothing yet. NULL with a
 * finding. */
row_file *row_file_new(const destination *d, const object_template *o, const deliver_run *run, delivered_list *files,
                       bool trial);
void row_file_free(row_file *f); /* what is unfinished is given up; f may be NULL */

/* A row. csv: the line with its end; for a workbook: the key and the cells one behind the other, end[i] where cell i ends. */
typedef struct row_cells {
    sv csv, key;
    const char *cell;
    const size_t *end;
} row_cells;
status row_file_put(row_file *f, const row_cells *row);
/* Whether several rows at once may go to it: it is CSV, and no limit would part them. */
bool row_file_takes_lines(const row_file *f);
status row_file_lines(row_file *f, sv lines, uint64_t rows);
/* Closes it. Without rows there is no file, but of the model as it is one with the heading. */
status row_file_finish(row_file *f);

/* Of a file's column; 0: that of the key. */
sv row_file_heading(const object_template *o, size_t i);

/* A cell of a CSV line, in quotes where they are needed. */
void row_file_cell(buf *out, char delimiter, sv text);

#endif
