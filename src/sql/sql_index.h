/* What an index is made of. Internal to sql_index.c and sql_spill.c. */
#ifndef SQL_SQL_INDEX_H
#define SQL_SQL_INDEX_H

#include "sql/sql_internal.h"

enum { INDEX_KEYS_MAX = 16 };

typedef struct spill spill;

struct sql_index {
    sql_db *db;
    sql_table *table;
    sql_index *next;                                      /* of the table */
    uint16_t key[INDEX_KEYS_MAX], key_at[INDEX_KEYS_MAX]; /* columns of the key; where they are in `column` */
    size_t keys;
    uint16_t *column; /* of the table: what is kept */
    size_t columns;
    value *cell; /* room for one row */
    unsigned holders;
    uint64_t age, rows;

    char **block;
    size_t blocks, block_room, used; /* used: bytes of the last block */
    size_t bytes;                    /* of db->index_bytes */
    uint64_t last;                   /* row added last */
    uint64_t *chain;                 /* first row by hash of the key */
    unsigned shift;

    spill *file; /* instead of blocks and chain */
};

/* ---- sql_spill.c: rows by key in a file of the work folder; what fails is said in db->message ---- */

spill *spill_create(sql_db *db);
bool spill_add(spill *s, uint64_t key, uint64_t number, const char *p, size_t n);
bool spill_finish(spill *s);
/* Starts a lookup with a statement of its own, which the caller keeps and finalizes. */
status spill_find(spill *s, uint64_t key, sqlite3_stmt **walk);
status spill_next(spill *s, sqlite3_stmt *walk, const char **p);
void spill_close(spill *s); /* removes the file; s may be NULL */

#endif
