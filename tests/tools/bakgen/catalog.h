/* The catalog: base tables as the engine lays them out, and the rows that describe the database. */
#ifndef BAKGEN_CATALOG_H
#define BAKGEN_CATALOG_H

#include "base/buf.h"
#include "rowset.h"
#include "spec.h"

typedef struct base_column {
    const char *name, *type;
    bool not_null;
    uint8_t key;           /* ordinal in the clustered key; 0: none */
    uint16_t since, until; /* versions that have it; until 0: all later ones too */
} base_column;

typedef struct base_table {
    const char *name;
    int32_t id;
    const base_column *column;
    size_t columns;
    uint16_t since, until; /* until 0: all later ones too */
} base_table;

enum { BASE_TABLES = 25, BASE_RSCOLS = 3, BASE_ROWSETS = 5, BASE_ALLOCUNITS = 7, BASE_FILES1 = 8 };
enum {
    BASE_ROWSETCOLUMNS = 4,
    BASE_SEOBJVALUES = 9,
    BASE_HOBTCOLUMNS = 13,
    BASE_HOBTS = 15,
    BASE_SEREFS = 26,
    BASE_DBFILES_2005 = 76,
    BASE_DBFILES = 20,
    BASE_PHFG = 23,
    BASE_PRUFILES = 24,
    BASE_OWNERS = 27,
    BASE_SCHOBJS = 34,
    BASE_COLPARS = 41,
    BASE_SCALARTYPES = 50,
    BASE_IDXSTATS = 54,
    BASE_ISCOLS = 55,
    BASE_CLSOBJS = 64,
    BASE_SINGLEREFS = 74
};
extern const base_table BASE_TABLE[BASE_TABLES];

/* Rows of one base table, gathered in any order and written in key order. */
typedef struct base_rows {
    const base_table *table;
    rowset rs;
    buf bytes;     /* the rows' cells one after the other: null flag, u32 length, bytes */
    size_t *start; /* of each row in bytes, owned */
    size_t rows, room;
    size_t cells, kept; /* of the row being built: given, and what this version has of them */
} base_rows;

typedef struct catalog {
    base_rows base[BASE_TABLES];
    size_t bases; /* that this version has */
    unsigned version;
    fault *f;
    base_rows *open; /* row being built */
} catalog;

bool catalog_open(catalog *c, unsigned version, fault *f);
void catalog_close(catalog *c);
base_rows *catalog_base(catalog *c, int32_t id); /* NULL: this version has no such table */

/* ---- rows, cell by cell: all columns of BASE_TABLE; those that the version has not are left out ---- */
void row_begin(catalog *c, int32_t base);
void row_int(catalog *c, int64_t v);         /* any integer column */
void row_text(catalog *c, const char *utf8); /* ASCII is enough here; char, nchar (padded), nvarchar */
void row_bytes(catalog *c, const void *p, size_t n);
void row_zero(catalog *c, unsigned columns); /* zeros in that many fixed columns */
void row_null(catalog *c, unsigned columns);
void row_date(catalog *c); /* a fixed moment */
bool row_end(catalog *c);

/* Bytes that the rows gathered so far take in records. */
uint64_t catalog_bytes(const catalog *c);
/* Writes the rows of a base table, sorted by its key. */
bool catalog_write(base_rows *b, const filegroup *group, uint32_t *blob);
void catalog_forget(base_rows *b); /* drops the rows */

#endif
