/* Shared by the files that turn catalog rows into the model: mdf_catalog.c (tables), mdf_columns.c, mdf_keys.c. */
#ifndef MDF_MDF_BUILD_H
#define MDF_MDF_BUILD_H

#include "base/sorted.h"
#include "mdf/mdf_catalog.h"

/* Everything a build needs at hand. `failed` is sticky: out of memory. */
typedef struct build {
    const catalog_rows *c;
    page_store *store;
    arena *mem;
    arena *scratch; /* of the table that is being built */
    findings *found;
    mdf_model *m;
    mdf_rowset *rowset; /* m->rowset, being filled */
    size_t rowset_room;
    uint64_t pages_max; /* that the store could hold at all */
    bool failed;
} build;

/* count * size bytes of the model's arena; NULL (and build.failed) when out of memory. count may be 0. */
void *build_array(build *b, size_t count, size_t size);
/* The same for the time of building one table. */
void *build_scratch(build *b, size_t count, size_t size);

/* The declared columns of a table, by id, and the one with an id (NULL: none). */
const column_row *build_columns_of(const build *b, int32_t object, size_t *n);
const column_row *build_column(const column_row *declared, size_t n, int32_t id);
/* The index rows of a table. */
const index_row *build_indexes_of(const build *b, int32_t object, size_t *n);
sv build_schema_name(const build *b, int32_t id);

/* ---- mdf_columns.c ---- */

/* The stored columns of a rowset, by id. */
const stored_column *build_stored_of(const build *b, int64_t rowset, size_t *n);
/* The type has a fixed length that is not stored otherwise in an uncompressed record, as a vardecimal is. */
bool build_has_fixed_place(const mdf_column *c);
/* rs->column from the catalog; catalog_column holds the table's column id until build_table_columns has run. */
void build_rowset_columns(build *b, mdf_rowset *rs, const column_row *declared, size_t n);
/* info->column and t->column_of; the parts' columns learn their position among them. */
void build_table_columns(build *b, mdf_table *t, table_info *info, const column_row *declared, size_t n);

/* ---- mdf_keys.c ---- */

/* info->key: primary key, unique indexes and constraints, foreign keys. */
void build_keys(build *b, int32_t object, table_info *info);

#endif
