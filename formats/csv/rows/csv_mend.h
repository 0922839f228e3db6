/* Broken rows: a delimiter, a quotation mark or a line break stands in a value without the quotes that would protect it.
 * All ways of cutting the text into the table's columns are weighed against what the columns' values look like; where
 * exactly one is left, that is the row. */
#ifndef CSV_CSV_MEND_H
#define CSV_CSV_MEND_H

#include "csv/rows/csv_record.h"
#include "csv/sniff/csv_shape.h"

/* Cuts [p, end), which may hold line breaks that belong to values, into `columns` fields. True when there is exactly one
 * way; field has room for `columns`. */
bool csv_mend(const csv_dialect *d, const char *p, const char *end, const column_shape *shape, size_t columns,
              csv_field_text *field);

#endif
