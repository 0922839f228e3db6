/* From the base tables to the model: first the rows of interest as they stand (catalog_rows), then the tables, rowsets
 * and columns that readers work with (mdf_model). */
#ifndef MDF_MDF_CATALOG_H
#define MDF_MDF_CATALOG_H

#include "mdf/mdf_model.h"
#include "mdf/mdf_systab.h"

typedef struct object_row { /* sysschobjs: a user table */
    int32_t id, schema;
    sv name;
    bool of_index; /* its row is lost; an index has its name, and its rowset says that it has rows */
} object_row;

typedef struct column_row { /* syscolpars */
    int32_t object, id;
    sv name;
    uint8_t xtype, precision, scale;
    int32_t utype;
    int16_t length;
    uint32_t collation, status;
    bool of_index; /* its row is lost; an index has its name, and nothing else of this is known */
} column_row;
enum {
    COLUMN_NOT_NULL = 1,
    COLUMN_IDENTITY = 4,
    COLUMN_COMPUTED = 0x10,
    COLUMN_SPARSE = 0x1000000,
    COLUMN_SET = 0x2000000
};

typedef struct stored_column { /* sysrscols; syshobtcolumns in 2005 */
    int64_t rowset;
    int32_t id;    /* column id of the table; flags below */
    uint32_t type; /* low byte xtype; then precision and scale, or length */
    uint32_t collation, status;
    uint32_t hobt_column;
    int16_t leaf_offset;
    uint16_t null_bit;
    uint8_t bit_position;
    uint16_t key_ordinal;
} stored_column;
enum { STORED_DROPPED = 0x04000000, STORED_INTERNAL = 0x08000000, STORED_ID = 0x03FFFFFF };
enum {
    STORED_IS_DROPPED = 0x02,
    STORED_UNIQUIFIER = 0x10,
    STORED_FILESTREAM = 0x20,
    STORED_NOT_NULL = 0x80,
    STORED_SPARSE = 0x100
};

typedef struct type_row { /* sysscalartypes */
    int32_t id, schema;
    sv name;
    uint8_t xtype;
} type_row;

typedef struct schema_row { /* sysclsobjs */
    int32_t id;
    sv name;
} schema_row;
enum { CLASS_SCHEMA = 50, CLASS_GROUP = 31 /* filegroups and partition schemes */ };

typedef struct index_row { /* sysidxstats */
    int32_t object, id;
    sv name;
    uint32_t status;
    uint8_t type;
    bool partitioned;
    int64_t rowset;
} index_row;
enum { INDEX_UNIQUE = 0x8, INDEX_PRIMARY_KEY = 0x20, INDEX_UNIQUE_CONSTRAINT = 0x40 };

typedef struct index_column_row { /* sysiscols */
    int32_t object, index, ordinal, column;
    uint8_t key; /* position in the key, from 1; 0: not part of it, or not known */
    bool of_index;
} index_column_row;

typedef struct foreign_key_row { /* sysschobjs, type F */
    int32_t id, parent;
    sv name;
} foreign_key_row;

typedef struct reference_row { /* syssingleobjrefs: what a foreign key refers to */
    uint8_t class;
    int32_t from, ordinal; /* the foreign key; column of it, from 1 */
    int32_t to, column;
} reference_row;
enum { REFERENCE_TABLE = 27, REFERENCE_OWN_COLUMN = 28, REFERENCE_TARGET_COLUMN = 29 };

typedef struct default_row { /* sysseobjvalues */
    int64_t rowset;
    int32_t hobt_column;
    sv value; /* in the arena */
} default_row;

typedef struct file_row { /* sysprufiles */
    int32_t id, filegroup, pages;
    uint8_t kind; /* 0 data, 1 log */
    sv name, path;
} file_row;

typedef struct catalog_rows {
    systabs base;
    LIST_OF(object_row) object;             /* by id */
    LIST_OF(int32_t) listed;                /* ids of all objects that sysschobjs or its indexes list, ascending */
    LIST_OF(int32_t) owner;                 /* ids of all objects that may own rows, ascending */
    LIST_OF(column_row) column;             /* by object, id; of user tables only, as all below */
    LIST_OF(stored_column) stored;          /* by rowset, id */
    LIST_OF(type_row) type;                 /* by id */
    LIST_OF(schema_row) schema;             /* also filegroups, with ids of their own class: see `group` */
    LIST_OF(schema_row) group;              /* sysclsobjs, class 7 */
    LIST_OF(index_row) index;               /* by object, id */
    LIST_OF(index_column_row) index_column; /* by object, index, ordinal */
    LIST_OF(foreign_key_row) foreign_key;   /* by parent, id */
    LIST_OF(reference_row) reference;       /* by from */
    LIST_OF(default_row) value;             /* by rowset, hobt column */
    bool values_lost;                       /* some of them */
    bool index_columns_lost;                /* some rows of sysiscols are */
    bool stored_lost, columns_lost;         /* of sysrscols, and of syscolpars */
    LIST_OF(foreign_key_row) unsorted;      /* objects without rows whose kind is lost; parent unknown */
    LIST_OF(file_row) file;                 /* by id */
} catalog_rows;

/* Reads all of them. salvage may be NULL. ST_FATAL when there is no catalog or no memory. */
status catalog_rows_read(catalog_rows *c, page_reader *r, salvage_index *salvage, arena *mem, findings *found);

/* ---- mdf_catalog_index.c: rows that nonclustered indexes repeat. Each adds to a sorted list what is not in it and sorts
 * it; *found: how many rows of the base table were given that way. */
status catalog_index_objects(catalog_rows *c, const systab_count *count, uint64_t *found);
status catalog_index_columns(catalog_rows *c, const systab_count *count, uint64_t *found);
status catalog_index_types(catalog_rows *c, const systab_count *count, uint64_t *found);
status catalog_index_classes(catalog_rows *c, const systab_count *count, uint64_t *found);
status catalog_index_index_columns(catalog_rows *c, const systab_count *count, uint64_t *found);
status catalog_index_references(catalog_rows *c, const systab_count *count, uint64_t *found);
/* Foreign keys among the objects whose kind is lost: those that references lead from. Sorts. */
bool catalog_index_foreign_keys(catalog_rows *c);

/* Orders of the lists. */
int catalog_object_order(const void *a, const void *b);
int catalog_id_order(const void *a, const void *b); /* int32_t */
int catalog_column_order(const void *a, const void *b);
int catalog_type_order(const void *a, const void *b);
int catalog_index_column_order(const void *a, const void *b);
int catalog_reference_order(const void *a, const void *b);
int catalog_foreign_key_order(const void *a, const void *b);
int catalog_stored_order(const void *a, const void *b);
bool catalog_is_user_table(const catalog_rows *c, int32_t id);

/* Builds the model in the arena. ST_FATAL when out of memory. */
status catalog_build(const catalog_rows *c, page_store *store, arena *mem, findings *found, mdf_model *out);

#endif
