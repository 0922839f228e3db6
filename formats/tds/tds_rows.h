/* Rows of the server's own views, numbers and names. Every number is asked for as bigint and every name as bytes of UTF-16,
 * so that no setting of the login, the database or the library changes them. */
#ifndef TDS_TDS_ROWS_H
#define TDS_TDS_ROWS_H

#include "tds/tds_internal.h"

/* What only some versions of the server have; HAS_ALWAYS: all of them. */
typedef enum tds_feature {
    HAS_ALWAYS,
    HAS_SPARSE,
    HAS_COLUMN_SET,
    HAS_ENCRYPTION,
    HAS_MASKS,
    HAS_GRAPHS,
    HAS_MEMORY_TABLES,
    HAS_EXTERNAL_TABLES,
    HAS_COMPRESSION,
    HAS_FILTERS,
    HAS_POLICIES,
    TDS_FEATURES
} tds_feature;

typedef struct tds_features {
    bool has[TDS_FEATURES];
} tds_features;

/* A column of a statement. What the server does not have is asked for as NULL. */
typedef enum tds_asked_kind { NUMBER, TEXT } tds_asked_kind;
typedef struct tds_asked {
    tds_asked_kind kind;
    const char *expression, *name;
    tds_feature needs;
} tds_asked;

typedef struct tds_rows {
    tds_source *source;
    tds_link *link;
    bool bad; /* something that came is not what was asked for; sticky */
} tds_rows;

/* Asks for these columns; from: the rest of the statement, from FROM on. False with F_TDS_CATALOG. */
bool tds_rows_ask(tds_rows *r, const tds_features *has, const tds_asked *asked, size_t columns, const char *from);
/* The next row; false at the end, or when something is wrong: tds_rows_end tells which. */
bool tds_rows_next(tds_rows *r);
/* All rows came and were right; else false with F_TDS_CATALOG. */
bool tds_rows_end(tds_rows *r);

int64_t tds_rows_number(tds_rows *r, size_t i, int64_t if_null);
sv tds_rows_text(tds_rows *r, size_t i); /* in the source's memory; empty for NULL */

/* Adds F_TDS_CATALOG with this fact. */
void tds_say_catalog(const tds_source *s, const char *fact);

#endif
