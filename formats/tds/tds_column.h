/* From a row of sys.columns to what a column is and how its values are asked for. */
#ifndef TDS_TDS_COLUMN_H
#define TDS_TDS_COLUMN_H

#include "tds/tds_internal.h"

typedef struct tds_declared {
    int64_t id, system_type, user_type;
    sv name, collation, type_schema, type_name; /* type_schema: of an alias type only */
    int64_t codepage, max_length, precision, scale;
    bool nullable, identity, computed, persisted, sparse, column_set, encrypted, hidden_values, graph, may_select;
} tds_declared;

/* False when memory is out. */
bool tds_column_describe(const tds_declared *d, arena *mem, column_info *info, tds_column_plan *plan);

/* Whether the column can be part of a key that rows are found again by: its bytes, cast back, are its value. page: the code page
 * of the database, whose text literals have it. */
bool tds_column_is_key(const tds_column_plan *plan, const column_info *info, unsigned page);

#endif
