/* The database as the catalog describes it, in memory: what catalog code builds and what scan, record and LOB code
 * reads. All of it lives in the database's arena, is built once at open and never changes afterwards, so that several
 * threads may read it. */
#ifndef MDF_MDF_MODEL_H
#define MDF_MDF_MODEL_H

#include "base/arena.h"
#include "base/codepage.h"
#include "mdf/page_store.h"
#include "source/row_source.h"

/* A page address. {0, 0} is "none": page 0 of a file is its header and never the target of a pointer. */
typedef struct page_id {
    uint32_t page;
    uint16_t file;
} page_id;

/* The address as the number of an entry in a table (base/id_table.h): never 0, whatever a file says. */
static inline uint64_t page_key(page_id id) { return UINT64_C(1) << 48 | (uint64_t)id.file << 32 | id.page; }
static inline page_id page_of_key(uint64_t key) { return (page_id){(uint32_t)key, (uint16_t)(key >> 32)}; }

/* A column as it lies in the records of one rowset (sysrscols; syshobtcolumns in 2005). Different partitions, and
 * tables altered at different times, may differ. */
typedef struct mdf_column {
    uint8_t xtype; /* system type id: 56 int, 231 nvarchar ... */
    uint8_t precision, scale;
    bool max;           /* (max), text, ntext, image, xml: LOB rules apply */
    uint16_t max_bytes; /* declared length in bytes where not max */
    int16_t
        leaf_offset;   /* > 0: in the fixed part at this record offset; < 0: variable column -leaf_offset - 1; 0: sparse
                      * */
    uint16_t null_bit; /* 1-based position in the null bitmap, also the order in compressed records; 0: none */
    uint8_t bit_position;                                   /* of a bit column in its byte */
    bool dropped, uniquifier, sparse, filestream, internal; /* not shown, but they hold their place */
    uint32_t column_id;     /* rscolid without its flag bits: the name of a sparse column in a row's sparse vector */
    uint32_t hobt_column;   /* hbcolid: the key of its default value in sysseobjvalues */
    uint16_t key_ordinal;   /* position in the clustered key, from 1; 0: none */
    const codepage *cp;     /* of char, varchar, text; NULL else */
    uint32_t udt;           /* user type id of xtype 240: 128 hierarchyid, 129 geometry, 130 geography */
    int32_t catalog_column; /* index into table_info.column; -1: hidden (dropped, uniquifier, internal) */
    /* What a row that is older than the column has for it: NULL, or the default of a metadata-only ADD COLUMN, default_bytes in
     * the uncompressed in-row form of the column's type. */
    bool has_default;
    bool default_lost; /* there must be one, or may have been: rows that lack the column cannot be read */
    sv default_bytes;
} mdf_column;

typedef enum {
    MDF_UNCOMPRESSED = 0,
    MDF_ROW_COMPRESSED = 1,
    MDF_PAGE_COMPRESSED = 2,
    MDF_COLUMNSTORE = 3
} mdf_compression;

/* Rows or pages as a catalog counts them, -1 unknown: so is a sum of which a part is unknown, or that has no room. A file may claim
 * any count. */
static inline int64_t mdf_counts_added(int64_t a, int64_t b)
{
    return a < 0 || b < 0 || a > INT64_MAX - b ? -1 : a + b;
}

/* A heap or clustered index (one partition of it), or a nonclustered index. */
typedef struct mdf_rowset {
    int64_t id;
    uint32_t index;    /* position in mdf_model.rowset */
    uint32_t table;    /* position in mdf_model.table */
    uint32_t index_id; /* 0 heap, 1 clustered, above: nonclustered */
    uint32_t partition;
    mdf_compression compression;
    int64_t rows;                              /* sysrowsets.rcrows */
    int64_t unit_in_row;                       /* id of the allocation unit of the rows; 0: not known */
    page_id iam_in_row, iam_lob, iam_overflow; /* first IAM pages */
    page_id root, first;                       /* of the in-row part; may be stale, IAM is right */
    int64_t pages_data, pages_used;
    uint64_t scan_units;      /* at least 1; an estimate of its pages, see table_info.scan_units */
    const mdf_column *column; /* by null_bit where they have one */
    size_t columns;
    uint16_t max_null_bit, min_leaf; /* sysrowsets.maxnullbit, minleaf (0: unknown) */
    bool vardecimal;                 /* decimals are stored as variable-length vardecimals */
    bool unplaced;                   /* the catalog's row about its pages is lost, and so is its IAM page */
    bool columns_lost;               /* rows of the catalog's list of stored columns are lost: some of these may be */
    bool form_lost;                  /* nothing says whether its rows are compressed */
} mdf_rowset;

typedef struct mdf_table {
    int32_t object_id;
    const mdf_rowset *const *part; /* heap or clustered rowsets, by partition number; the rows of the table */
    size_t parts;
    const mdf_rowset *const *index; /* nonclustered rowsets that hold one entry per row (not filtered) */
    size_t indexes;
    /* table_info.column[i] is column_of[p * columns + i] of part p: index into its column array, or -1 (never stored)
     * */
    const int32_t *column_of;
} mdf_table;

typedef struct mdf_model {
    unsigned version, created_version, compatibility_level;
    sv name;
    uint32_t collation;
    const codepage *cp; /* the database's */
    bool vardecimal;
    const table_info *info; /* parallel to table */
    const mdf_table *table;
    size_t tables;
    const mdf_rowset *rowset; /* all of the above */
    size_t rowsets;
    uint64_t data_bytes;
    const database_file_info *file;
    size_t files;
} mdf_model;

#endif
