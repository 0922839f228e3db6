/* The parts of this layer among themselves. */
#ifndef SQL_SQL_INTERNAL_H
#define SQL_SQL_INTERNAL_H

#include "base/buf.h"
#include "sql/sql.h"
#include "sql/sql_column.h"
#include "sql/sql_lost.h"

typedef struct sql_index sql_index;

/* A table of the source. */
typedef struct sql_table {
    const table_info *info;
    size_t number;      /* in the catalog */
    sql_column *column; /* as many as info->columns */
    double rows;        /* expected, a guess where nothing is known */
    bool counted;       /* its rows are in the ledger */
    lost_rows lost;     /* left out so far */
    uint64_t scans;     /* from end to end */
    uint64_t rows_seen; /* that the newest of them gave to SQL */
    sql_index *index;   /* those built so far */
} sql_table;

enum { LOB_MARK_BYTES = 24 };

struct sql_db {
    sqlite3 *handle;
    row_source *source;
    const catalog *list;
    findings *found;
    sql_options o;
    arena *mem;
    sql_table *table;              /* as many as list->tables */
    buf message;                   /* behind sql_error */
    buf why;                       /* why the authorizer refused */
    char mark[LOB_MARK_BYTES + 1]; /* begins every locator; not to be guessed by who made the source */
    bool lobs_made;
    bool restricted;
    const sql_table *planned; /* by the newest plan that was asked for */
    bool planned_other;       /* and another one, since sql_plain_read began */
    bool rows_failed;         /* the newest error is that of a scan without SQLite: db->message has it */
    bool declaring;        /* a table of the source is being (re)connected, which the authorizer is asked about too */
    sql_column_read *read; /* may be NULL */
    void *read_ctx;
    uint64_t steps;     /* of the restricted statement under way, in thousands */
    size_t index_bytes; /* held by indexes in memory */
    uint64_t index_age; /* counts uses, to find the index that was not used for longest */
    unsigned spilled;   /* index files made */
    sqlite3_int64 old_limit;
    char *work_path;
    sqlite3_vfs vfs; /* sql_temp.c */
    char vfs_name[40];

    /* sql_functions.c: SQLite's own functions, their statements on a connection that computes them */
    void *originals;
    size_t n_originals;
    sqlite3_stmt **original_stmt;
    sqlite3 *helper;
};

/* A third of the memory is for indexes, the rest for SQLite. */
static inline size_t index_budget(const sql_db *db) { return db->o.memory_bytes / 3; }
static inline size_t sqlite_budget(const sql_db *db) { return db->o.memory_bytes - index_budget(db); }

/* ---- reading (sql_scan.c) ---- */

/* Rows of a table from end to end, those with unreadable cells left out where the options say so. */
typedef struct sql_scan sql_scan;
/* The columns are copied. NULL when it cannot; why is in db->message. */
sql_scan *sql_scan_open(sql_db *db, sql_table *t, const uint16_t *column, size_t columns);
/* ST_OK and a row that lives until the next call; ST_END; ST_FATAL, and why is in db->message. */
status sql_scan_next(sql_scan *s, const row **out);
void sql_scan_close(sql_scan *s); /* s may be NULL */

/* ---- indexes (sql_index.c) ---- */

typedef struct sql_index_want {
    const uint16_t *key; /* columns of the key, in order */
    size_t keys;
    const uint16_t *column; /* columns that the statement reads */
    size_t columns;
} sql_index_want;

/* The index that serves this, built when there is none. It is held until sql_index_release. NULL: why is in db->message. */
sql_index *sql_index_get(sql_db *db, sql_table *t, const sql_index_want *want);
void sql_index_release(sql_index *x);
void sql_indexes_free(sql_db *db, sql_table *t);
/* Bytes that an index of these columns will take in memory, by a guess. */
double sql_index_guess(const sql_table *t, uint64_t columns_used);

/* A lookup: rows whose key is this one, in the order of the table, and seldom others. */
typedef struct index_walk {
    sql_index *index;
    uint64_t key, at;
    sqlite3_stmt *spill; /* of an index in a file */
} index_walk;
/* ST_OK, ST_FATAL (db->message). */
status index_find(index_walk *w, sql_index *x, uint64_t key);
/* The cells in the order of the index's own columns (index_column), room for all of them; they live until the next call
 * on the walk. ST_OK, ST_END, ST_FATAL. */
status index_next(index_walk *w, value *cell, origin *from);
void index_walk_close(index_walk *w);
size_t index_columns(const sql_index *x);
uint16_t index_column(const sql_index *x, size_t i);

/* ---- the rest ---- */

/* sql_module.c: the virtual table module and the tables of the schema "source". */
bool sql_module_register(sql_db *db);
bool sql_tables_attach(sql_db *db);

/* sql_message.c */
void sql_say(sql_db *db, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The words of the worst of the newest findings of a table. */
void sql_say_finding(sql_db *db, const table_info *t, const char *otherwise);

/* sql_plain.c: what a statement reads that only names columns of one table. */
typedef struct sql_plain {
    const sql_table *table;
    uint64_t used; /* columns that SQLite asks the table for, as in a plan */
    int *column;   /* of each column of the result; -1: NULL. malloc */
} sql_plain;
/* False: the statement is of another kind, and SQLite has to run it. */
bool sql_plain_read(sql_db *db, sqlite3_stmt *st, sql_plain *out);

/* sql_lob.c; scale: digits behind the point that it stands for, -1: unknown */
void sql_real_text(double x, int scale, buf *out);
void sql_lob_result(sql_db *db, sqlite3_context *ctx, const lob_ref *ref);

/* sql_temp.c: the file system of the connections of a sql_db: nameless files are in memory. */
bool sql_temp_register(sql_db *db);
void sql_temp_unregister(sql_db *db); /* behind the last connection */

/* sql_guard.c */
void sql_guard_start(sql_db *db);

#endif
