/* What came for a column, as a value: first the bytes that a data file would hold, then the meaning that sqltype gives to
 * those, so that a live server and a backup of it say the same. */
#ifndef TDS_TDS_CELL_H
#define TDS_TDS_CELL_H

#include "tds/tds_internal.h"

/* Result columns that a column takes. */
size_t tds_cell_width(const tds_column_plan *p);

/* The value of a column whose first result column is `at`. NULL, or why it is none (static). text may lie in mem or in the
 * link's row. HOW_LARGE gives V_LOB with its length and encoding alone where the bytes did not come along. */
const char *tds_cell(tds_link *l, size_t at, const tds_column_plan *p, arena *mem, value *out, sqltype_notes *notes);

/* sql_variant by its parts. bytes: as CAST(... AS varbinary) gives them. */
bool tds_variant(sv base, int64_t precision, int64_t scale, int64_t page, sv bytes, arena *mem, value *out,
                 sqltype_notes *notes);

#endif
