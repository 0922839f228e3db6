/* How a source column is seen by SQL: its declaration, its values, and its values as keys (SQL.md has the table). */
#ifndef SQL_SQL_COLUMN_H
#define SQL_SQL_COLUMN_H

#include "source/row_source.h"
#include "sql/sql_exact.h"

typedef enum column_class {
    CLASS_INTEGER,      /* whole numbers of at most 64 bits */
    CLASS_REAL,         /* float, real */
    CLASS_DECIMAL,      /* up to 15 digits: INTEGER or REAL, never anything else */
    CLASS_DECIMAL_LONG, /* up to 19 digits: the same where it is exact, else TEXT */
    CLASS_DECIMAL_TEXT, /* more: TEXT */
    CLASS_TEXT,
    CLASS_MOMENT, /* dates and times, ISO text */
    CLASS_GUID,
    CLASS_BYTES,
    CLASS_VARIANT
} column_class;

typedef struct sql_column {
    column_class class;
    unsigned rules; /* of a text's collation */
    uint8_t scale;
} sql_column;

sql_column sql_column_of(const column_info *c);
/* Name of the SQLite collation. */
const char *sql_column_collation(const sql_column *c);
/* Appends the declaration behind a column's name: type, scale, collation. */
void sql_column_declare(const sql_column *c, const column_info *info, buf *out);

/* A real as the double with the same shortest decimal text: 0.1 stays 0.1, as it does when SQL Server compares it. */
double sql_double_of_real32(double x);
/* Hands a value that is neither V_LOB nor V_UNREADABLE to SQLite. */
void sql_value_result(sqlite3_context *ctx, const sql_column *c, const value *v);

/* A value as a key: equal values have equal keys; other values seldom have, and never among whole numbers of
 * CLASS_INTEGER. */
typedef enum key_state { KEY_VALUE, KEY_NULL, KEY_UNREADABLE } key_state;
key_state sql_key_of_value(const sql_column *c, const value *v, uint64_t *key);
/* What an equality is asked for. KEY_UNREADABLE: it cannot be told by a key (a number for a text column): look at every
 * row. KEY_NULL: no row is equal. */
key_state sql_key_of_sql(const sql_column *c, sqlite3_value *v, uint64_t *key);
static inline uint64_t key_join(uint64_t a, uint64_t b)
{
    uint64_t h = (a ^ a >> 32) * UINT64_C(0x9E3779B97F4A7C15) + b;
    return h ^ h >> 31;
}

#endif
