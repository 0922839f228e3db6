/* What a database to be written holds: tables, columns and the rule that makes each column's values (README.md). */
#ifndef BAKGEN_SPEC_H
#define BAKGEN_SPEC_H

#include "base/arena.h"
#include "types.h"
#include "version.h"

enum { PARTS_MAX = 16 };

typedef enum rule_kind {
    RULE_SEQ,    /* start + step * ((row / div) % mod) */
    RULE_RANDOM, /* within lo..hi, or the whole type */
    RULE_LIST,   /* one of the items, by chance */
    RULE_CYCLE,  /* the items in turn */
    RULE_TEXT,   /* words, lo..hi characters in all */
    RULE_BYTES,  /* lo..hi bytes */
    RULE_EDGES,  /* the type's extreme and awkward values in turn */
    RULE_CODED   /* stored bytes with the text they stand for, in turn */
} rule_kind;

typedef struct rule {
    rule_kind kind;
    bool ranged;             /* lo and hi were given */
    int64_t lo, hi;          /* in the type's unit: decimals scaled, dates in days, moments in seconds */
    int64_t start, step;     /* RULE_SEQ, same unit */
    uint64_t div, mod;       /* RULE_SEQ; mod 0: none */
    const char *const *item; /* UTF-8 */
    size_t items;
} rule;

typedef struct column_spec {
    const char *name;
    sql_type type;
    bool not_null, identity;
    unsigned null_percent;
    bool sparse, dropped;
    uint64_t added;           /* the rows before this one are older than the column; 0: none is */
    const char *default_item; /* what they have; NULL: nothing */
    rule rule;
} column_spec;

typedef struct index_spec {
    const char *name;
    const size_t *column; /* positions in table_spec.column */
    size_t columns;
    bool unique;
} index_spec;

typedef struct foreign_spec {
    size_t column;
    const char *schema, *table; /* its clustered key's first column is meant */
} foreign_spec;

/* Rows that a program gives, in place of rules; no description can say it. */
struct cell_value;
typedef struct row_feed {
    /* Sets one value per column. Rows are asked for in order, once, or again from 0 where a table is written again. */
    bool (*row)(void *ctx, uint64_t row, struct cell_value *value, fault *f);
    void *ctx;
} row_feed;

typedef struct table_spec {
    const char *schema, *name;
    uint64_t rows;
    row_feed feed; /* without a function: the rules of the columns */
    column_spec *column;
    size_t columns;
    const size_t *key; /* clustered key; rows must come in its order */
    size_t keys;       /* 0: heap */
    bool primary;      /* the key is a primary key constraint */
    index_spec *index;
    size_t indexes;
    foreign_spec *foreign;
    size_t foreigns;
    uint64_t ghost_every, forward_every; /* a ghost after, a forwarded row at, every n-th row; 0: none */
    unsigned gap;                        /* extents left free in front of the table */
    bool stale;                          /* never used pages of its extents hold copies of used ones */
    bool duplicates;                     /* the clustered key is not unique: a uniquifier tells equal ones apart */
    uint64_t hollow;                     /* extents that belong to the table and hold nothing */
    unsigned parts;                      /* partitions; 1: not partitioned */
    uint8_t compression[PARTS_MAX];      /* of each partition: 0 none, 1 ROW, 2 PAGE */
    unsigned nodes;                      /* links in an inner record of a value's tree; 0: as many as fit */
    bool old_roots;                      /* roots of large values as SQL Server 2000 wrote them */
    bool null_roots;                     /* NULL in text, ntext and image is a root that says so */
    bool vardecimal;
    uint64_t later, updated; /* rows that the state before lacks; every n-th row had other values in it; 0: none */
    const char *group;       /* filegroup; NULL: PRIMARY */
} table_spec;

typedef struct file_spec {
    const char *name, *group; /* a data file beyond the first; PRIMARY or another filegroup */
} file_spec;

typedef struct database_spec {
    const char *name;
    uint64_t seed;
    const sql_version *version;
    uint32_t collation;
    unsigned guard; /* page_guard */
    file_spec *file;
    size_t files;
    table_spec *table;
    size_t tables;
} database_spec;

/* Reads a description; all of it lives in the arena. False and a message with the line when it is wrong. */
bool spec_parse(const char *text, arena *mem, database_spec *out, fault *f);

/* What depends on the version or on several tables. */
bool spec_check(const database_spec *db, fault *f);

/* A built-in description by name ("practice", "narrow", "wide", "types"), with the row counts of its large tables set to
 * rows (0: as they are); NULL when there is none. */
const char *spec_sample(const char *name);

/* "2015-12-31" as days since 0001-01-01, -1 when it is no day; and a scalar of a type in the type's unit. */
int64_t spec_days(const char *text);
bool spec_scalar(const sql_type *t, const char *text, int64_t *out);

#endif
