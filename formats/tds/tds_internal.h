/* A server as a source: what its files share. */
#ifndef TDS_TDS_INTERNAL_H
#define TDS_TDS_INTERNAL_H

#include "base/platform.h"
#include "source/row_source.h"
#include "source/server_address.h"
#include "sqltype/sqltype.h"
#include "tds/tds_link.h"

/* How the values of a column are asked for and what comes. */
typedef enum tds_how {
    HOW_PLAIN,   /* the column itself, in the library's form of the type */
    HOW_BYTES,   /* cast to bytes: text of any encoding, binary, rowversion */
    HOW_LARGE,   /* a length, and the bytes where they are few; else fetched in pieces */
    HOW_WHOLE,   /* the same, but never in pieces: CLR types */
    HOW_VARIANT, /* its base type, what that needs, and the bytes */
    HOW_NEVER
} tds_how;

typedef struct tds_column_plan {
    sqltype type; /* of the bytes: xml comes as nvarchar */
    tds_how how;
    lob_encoding encoding; /* HOW_LARGE */
    sv quoted;             /* [name] */
    sv bytes;              /* the expression for its bytes */
    sv length;             /* HOW_LARGE, HOW_WHOLE: the expression for their number */
} tds_column_plan;

typedef struct tds_table {
    int64_t id;
    sv from;                 /* [schema].[name] */
    tds_column_plan *column; /* as many as the table_info has */
    uint16_t *key;           /* positions of a unique key that rows are found again by; none: by their place */
    size_t keys;
    sv order; /* " ORDER BY ..." where the server keeps the rows so; else empty */
    bool memory_optimized;
} tds_table;

/* A connection of the source. */
typedef struct tds_pooled tds_pooled;

typedef struct tds_source {
    row_source base;
    findings *found;
    arena *mem;              /* lives as long as the source */
    arena *keys;             /* keys of large values, under lock */
    mutex *lock, *beginning; /* beginning: held while the first connections are made */
    sv path;                 /* the address as the user wrote it */
    server_address address;
    tds_login login;
    char *password; /* overwritten at the end; NULL: none */
    unsigned version_major;
    bool snapshot, dead;
    tds_pooled *pool; /* under lock */
    unsigned made;    /* connections with a view of their own, under lock */
    bool pooled;      /* under beginning */
    catalog catalog;
    tds_table *table; /* as many as the catalog has */
    source_info info;
    backup_set_info set;
    sv *key; /* what lob_ref points to; in `keys`, under lock */
    size_t key_n, key_room;
} tds_source;

#define TDS_OUT_OF_MEMORY "talking to a server" /* what was done meanwhile */

/* tds_open.c: connects; every failure adds its finding. NULL: it has. */
tds_link *tds_open_link(tds_source *s);

/* tds_pool.c: a connection for a scan or a large value, at the source's moment where it has one. NULL with a finding of the
 * table. tds_give takes it back, or closes it when it is of no more use. */
tds_link *tds_take(tds_source *s, bool plain, sv table);
void tds_give(tds_source *s, tds_link *l, bool plain);
/* Before the first scan: so that the views of several connections begin together. */
void tds_pool_begin(tds_source *s);
void tds_pool_end(tds_source *s);

/* tds_facts.c, tds_catalog.c, tds_keys.c: what the server says of itself. False: a finding says why. */
bool tds_read_facts(tds_source *s, tds_link *l);
bool tds_read_catalog(tds_source *s, tds_link *l);

/* tds_scan.c, tds_lob.c */
status tds_scan(row_source *s, const scan_request *q, row_cursor **out);
status tds_next(row_cursor *c, row *out, size_t max, size_t *got);
const scan_counts *tds_counts(const row_cursor *c);
void tds_scan_close(row_cursor *c);
status tds_lob_open(row_source *s, const lob_ref *ref, lob_stream **out);
status tds_lob_read(lob_stream *l, void *p, size_t room, size_t *got);
void tds_lob_close(lob_stream *l);

/* Keeps a key for a lob_ref; its number, or UINT32_MAX when memory is out. */
uint32_t tds_key_keep(tds_source *s, sv key);
sv tds_key_of(tds_source *s, uint32_t number);

#endif
