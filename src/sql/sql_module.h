/* The virtual table of one source table. Internal to sql_module.c, sql_plan.c and sql_cursor.c. */
#ifndef SQL_SQL_MODULE_H
#define SQL_SQL_MODULE_H

#include "sql/sql_internal.h"

/* Hidden columns behind the table's own. */
typedef enum hidden_column { HIDDEN_PAGE, HIDDEN_SLOT, HIDDEN_FILE, HIDDEN_LINE, HIDDEN_COLUMNS } hidden_column;

/* SQLite takes 2,000 columns in a table; what a wider one has beyond that is not offered. */
enum { VTAB_COLUMNS_MAX = 1990 };
static inline size_t vtab_columns(const sql_table *t)
{
    return t->info->columns < VTAB_COLUMNS_MAX ? t->info->columns : VTAB_COLUMNS_MAX;
}

typedef struct vtab {
    sqlite3_vtab base;
    sql_db *db;
    sql_table *table;
} vtab;

/* A plan as it travels from sql_plan.c to the cursor in idxStr: the columns used (bit 63: that and all further ones),
 * and the key columns whose values come as arguments. */
typedef struct plan {
    uint64_t used;
    uint16_t key[16];
    size_t keys;
} plan;
enum { PLAN_KEYS_MAX = 16 };

int vtab_best_index(sqlite3_vtab *v, sqlite3_index_info *info);
bool plan_read(const char *text, plan *out);

int vtab_open(sqlite3_vtab *v, sqlite3_vtab_cursor **out);
int vtab_close(sqlite3_vtab_cursor *c);
int vtab_filter(sqlite3_vtab_cursor *c, int number, const char *text, int argc, sqlite3_value **argv);
int vtab_next(sqlite3_vtab_cursor *c);
int vtab_eof(sqlite3_vtab_cursor *c);
int vtab_column(sqlite3_vtab_cursor *c, sqlite3_context *ctx, int column);
int vtab_rowid(sqlite3_vtab_cursor *c, sqlite3_int64 *out);

#endif
