/* Tables and columns of the source systems, from the .def files: TABLE_x and x_column are their numbers. */
#ifndef PRACTICE_SCHEMA_H
#define PRACTICE_SCHEMA_H

#include "types.h"

#define TABLE(t) TABLE_##t,
#define COLUMN(t, c, type)
#define END_TABLE(t)
typedef enum table_id {
#include "panda_schema.def"
    PANDA_TABLES,
    DENTES_BEFORE_FIRST = PANDA_TABLES - 1,
#include "dentes_schema.def"
    TABLES
} table_id;
#undef TABLE
#undef COLUMN
#undef END_TABLE

#define TABLE(t)           enum {
#define COLUMN(t, c, type) t##_##c,
#define END_TABLE(t)                                                                                                   \
    t##_columns                                                                                                        \
    }                                                                                                                  \
    ;
#include "dentes_schema.def"
#include "panda_schema.def"
#undef TABLE
#undef COLUMN
#undef END_TABLE

enum { COLUMNS_MAX = 64 };

typedef struct source_column {
    const char *name;
    const char *type; /* as declared, without the ! */
    bool not_null;
    sql_type sql;
} source_column;

typedef struct source_table {
    const char *name;
    source_column column[COLUMNS_MAX];
    unsigned columns;
} source_table;

/* All tables; NULL when a .def names a type that bakgen does not know. */
const source_table *schema_tables(void);

#endif
