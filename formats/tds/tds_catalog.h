/* The catalog while it is built. */
#ifndef TDS_TDS_CATALOG_H
#define TDS_TDS_CATALOG_H

#include "tds/tds_rows.h"

typedef struct tds_built {
    table_info info;
    tds_table table;
    const int64_t *id; /* of the columns */
} tds_built;

typedef struct tds_catalog_build {
    tds_source *s;
    tds_link *l;
    tds_features has;
    tds_built *table; /* by id */
    size_t tables;
} tds_catalog_build;

tds_built *tds_built_of(tds_catalog_build *b, int64_t id); /* NULL: no such table */
/* tds_keys.c: primary keys, unique indexes, foreign keys; how rows are found again. */
bool tds_read_keys(tds_catalog_build *b);

#endif
