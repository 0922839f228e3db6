/* Rows of the server's own views: numbers and names. Every number is asked for as bigint and every name as bytes of UTF-16,
 * so that no setting of the login, the database or the library changes them. */
#ifndef TDS_TDS_ROWS_H
#define TDS_TDS_ROWS_H

#include "tds/tds_internal.h"

/* In statements: a number, a name. */
#define NUMBER(x) "CAST(" x " AS bigint)"
#define TEXT(x)   "CAST(CAST(" x " AS nvarchar(260)) AS varbinary(520))"

typedef struct tds_rows {
    tds_source *source;
    tds_link *link;
    bool bad; /* something that came is not what was asked for; sticky */
} tds_rows;

/* Asks; false with F_TDS_CATALOG. columns: how many there must be. */
bool tds_rows_ask(tds_rows *r, const char *sql, size_t columns);
/* The next row; false at the end, or when something is wrong: tds_rows_end tells which. */
bool tds_rows_next(tds_rows *r);
/* All rows came and were right; else false with F_TDS_CATALOG. */
bool tds_rows_end(tds_rows *r);

int64_t tds_rows_number(tds_rows *r, size_t i, int64_t if_null);
sv tds_rows_text(tds_rows *r, size_t i); /* in the source's memory; empty for NULL */

/* Adds F_TDS_CATALOG with this fact. */
void tds_say_catalog(const tds_source *s, const char *fact);

#endif
