/* A rowset (heap, clustered or nonclustered index): its columns as they lie in records, and the writer of its rows. */
#ifndef BAKGEN_ROWSET_H
#define BAKGEN_ROWSET_H

#include "types.h"
#include "unit.h"

enum { ROWSET_COLUMNS_MAX = 1024, RECORD_MAX = 8060, TREE_LEVELS = 8, TREE_KEY_MAX = 1200 };

typedef struct rowset_column {
    sql_type type;
    bool not_null;
    uint32_t column_id; /* in the catalog */
    uint16_t key;       /* ordinal in the key, from 1; 0: none */
    int16_t leaf;       /* offset, or below 0: variable column -leaf - 1 */
    int16_t inner;      /* the same in index pages above the leaves; 0: not there */
    uint16_t inner_null_bit;
    uint8_t bit;
    size_t source; /* position of the cell that fills it */
    bool sparse, dropped, uniquifier;
    uint64_t added;           /* rows before this one lack it */
    const char *default_item; /* what those have */
} rowset_column;

/* The stored form of one cell. */
typedef struct cell {
    const uint8_t *p;
    size_t n;
    bool null;
} cell;

typedef struct row_place {
    uint32_t page;
    uint16_t slot;
} row_place;

/* The upper levels of a tree, built while leaves are written in key order. */
typedef struct tree_level {
    page_buffer page;
    uint32_t prev;
    uint32_t lone_child; /* the first child, until a second one shows that the level is needed */
    uint8_t lone_key[TREE_KEY_MAX];
    unsigned lone_key_bytes;
} tree_level;

/* How large values are laid out. */
typedef struct lob_shape {
    unsigned nodes; /* links in an inner record */
    bool old_roots, null_roots;
} lob_shape;

enum { POINTER_MAX = 72 };

/* A variable column of a row: bytes in the row, or what stands there for a value that lies elsewhere. */
typedef struct piece {
    const uint8_t *p;
    size_t n;
    const rowset_column *column;
    bool complex;
    unsigned n_pointer;
    uint8_t pointer[POINTER_MAX];
} piece;

typedef struct rowset {
    int64_t id;
    int32_t object;
    uint32_t index_id; /* 0 heap, 1 clustered, above: nonclustered */
    uint32_t status;
    int32_t scope;
    bool user;
    rowset_column *column; /* in physical order, owned */
    size_t columns;
    unsigned variables, inner_variables; /* variable columns */
    unsigned fixed_end, inner_end;       /* pminlen of leaves and of the levels above; 0: none */
    unsigned keys;
    uint64_t rows;
    unit data, lob, overflow;
    bool has_lob, has_overflow;
    size_t sparse;  /* columns at the end of the list that only the sparse vector holds */
    size_t present; /* columns of the row to be added: older rows have fewer */
    uint8_t compression;
    uint32_t partition; /* from 1 */
    const struct lob_shape *shape;
    struct pending *pending; /* rows of a compressed page, owned */
    uint8_t *vector;         /* sparse vector of the row being built, owned */
    /* while rows are written */
    page_buffer *page, *forward, *lob_page, *overflow_page; /* owned */
    uint32_t prev;
    tree_level *level; /* TREE_LEVELS of them, owned; NULL until needed */
    uint32_t *blob;    /* the database's counter of LOB values */
    piece *piece;      /* variable columns of the row being built, owned */
} rowset;

/* Lays out the columns: `columns` and their type, not_null, key and source are set. Nonclustered rowsets (index_id > 1) get the layout of index records. */
bool rowset_layout(rowset *rs, fault *f);
void rowset_free(rowset *rs);

/* Prepares for writing; auids are the numbers of its units in row, overflow and LOB order. */
bool rowset_start(rowset *rs, const filegroup *group, const int64_t auid[3], uint32_t *blob);

typedef enum row_kind { ROW_PLAIN, ROW_GHOST, ROW_FORWARDED } row_kind;
/* Adds a row (cells by rowset_column.source); where it (or its stub) lies in *at. */
bool rowset_add(rowset *rs, const cell *cells, row_kind kind, row_place *at);
bool rowset_finish(rowset *rs, bool stale);

/* ---- parts ---- */

/* Completes the open page and begins another one with this row. */
bool rowset_next_page(rowset *rs, const cell *cells);

/* Writes an off-row value and appends its in-row form (pointer or inline root) to out; *n is its length (at most 72). */
/* A NULL of text, ntext or image that has a root of its own. */
bool lob_store_null(rowset *rs, uint8_t *out, unsigned *out_bytes);
bool lob_store(rowset *rs, const sql_type *t, const uint8_t *p, size_t n, uint8_t *out, unsigned *out_bytes);
/* A leaf (or a page of a lower level) begins: its first key and its page. */
bool tree_child(rowset *rs, unsigned level, const uint8_t *key, unsigned key_bytes, uint32_t child);
/* The key part of a record for the levels above the leaves: without the child's address. At most TREE_KEY_MAX bytes:
 * descriptions with longer keys are refused. */
unsigned tree_key(const rowset *rs, const cell *cells, uint8_t *out);
bool tree_finish(rowset *rs);

#endif
