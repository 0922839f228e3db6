#include "sql/sql_module.h"
#include "base/ascii.h"
#include <stdlib.h>

/* ---- declarations ---- */

/* How many columns before this one have its name, letter case aside: SQL Server may tell names apart that SQLite does
 * not. */
static unsigned same_before(const table_info *t, size_t i)
{
    unsigned n = 0;
    for (size_t k = 0; k < i; k++) n += sv_eq_nocase(t->column[k].name, t->column[i].name);
    return n;
}

static bool has_column_named(const table_info *t, sv name)
{
    for (size_t i = 0; i < t->columns; i++)
        if (sv_eq_nocase(t->column[i].name, name)) return true;
    return false;
}

void sql_column_name(const table_info *t, size_t column, buf *out)
{
    unsigned before = same_before(t, column);
    buf_sv(out, t->column[column].name);
    if (before) buf_printf(out, "~%u", before + 1);
}

static void declare_column(const sql_table *t, size_t i, buf *out)
{
    const column_info *c = &t->info->column[i];
    buf name = buf_new(4096);
    sql_column_name(t->info, i, &name);
    buf_quoted(out, buf_view(&name), '"', '"');
    buf_free(&name);
    buf_char(out, ' ');
    sql_column_declare(&t->column[i], c, out);
}

/* A hidden column always has its place, and gives way to a column of the table that has its name. */
static void declare_hidden(const sql_table *t, size_t i, buf *out)
{
    static const char *const names[HIDDEN_COLUMNS] = {"_page", "_slot", "_file", "_line"};
    bool taken = has_column_named(t->info, sv_from(names[i]));
    buf_printf(out, "%s\"%s%s\" INTEGER HIDDEN", t->info->columns || i ? ", " : "", taken ? "_source" : "", names[i]);
}

static bool declaration(const sql_table *t, buf *out)
{
    buf_str(out, "CREATE TABLE x(");
    for (size_t i = 0; i < vtab_columns(t); i++) {
        if (i) buf_str(out, ", ");
        declare_column(t, i, out);
    }
    for (size_t i = 0; i < HIDDEN_COLUMNS; i++) declare_hidden(t, i, out);
    buf_str(out, ")");
    buf_char(out, '\0');
    return !out->failed;
}

/* ---- the module ---- */

/* Arguments: module, schema, table, and the number of the table in the catalog. */
static int vtab_create(sqlite3 *handle, void *ctx, int argc, const char *const *argv, sqlite3_vtab **out, char **error)
{
    sql_db *db = ctx;
    char *end = NULL;
    unsigned long number = argc == 4 ? strtoul(argv[3], &end, 10) : 0;
    if (!end || *end || number >= db->list->tables) {
        *error = sqlite3_mprintf("the tables of the source are attached by chartferry itself");
        return SQLITE_ERROR;
    }
    vtab *v = sqlite3_malloc(sizeof *v);
    buf text = buf_new((size_t)16 << 20);
    if (!v || !declaration(&db->table[number], &text)) {
        sqlite3_free(v);
        buf_free(&text);
        return SQLITE_NOMEM;
    }
    *v = (vtab){.db = db, .table = &db->table[number]};
    db->declaring = true;
    int rc = sqlite3_declare_vtab(handle, text.p);
    db->declaring = false;
    buf_free(&text);
    if (rc != SQLITE_OK) {
        *error = sqlite3_mprintf("%s", sqlite3_errmsg(handle));
        sqlite3_free(v);
        return rc;
    }
    sqlite3_vtab_config(handle, SQLITE_VTAB_DIRECTONLY);
    *out = &v->base;
    return SQLITE_OK;
}

static int vtab_disconnect(sqlite3_vtab *v)
{
    sqlite3_free(v);
    return SQLITE_OK;
}

static const sqlite3_module module = {
    .iVersion = 1,
    .xCreate = vtab_create,
    .xConnect = vtab_create,
    .xBestIndex = vtab_best_index,
    .xDisconnect = vtab_disconnect,
    .xDestroy = vtab_disconnect,
    .xOpen = vtab_open,
    .xClose = vtab_close,
    .xFilter = vtab_filter,
    .xNext = vtab_next,
    .xEof = vtab_eof,
    .xColumn = vtab_column,
    .xRowid = vtab_rowid,
};

bool sql_module_register(sql_db *db)
{
    return sqlite3_create_module_v2(db->handle, "source_table", &module, db, NULL) == SQLITE_OK;
}

/* ---- the tables ---- */

typedef struct named {
    sv name;
    size_t table;
} named;

static int by_name(const void *a, const void *b)
{
    const named *x = a, *y = b;
    size_t n = x->name.n < y->name.n ? x->name.n : y->name.n;
    for (size_t i = 0; i < n; i++) {
        char p = ascii_lower(x->name.p[i]), q = ascii_lower(y->name.p[i]);
        if (p != q) return p < q ? -1 : 1;
    }
    if (x->name.n != y->name.n) return x->name.n < y->name.n ? -1 : 1;
    return (x->table > y->table) - (x->table < y->table);
}

static bool attach(sql_db *db, sv name, unsigned same, size_t table)
{
    buf text = buf_new((size_t)1 << 20), full = buf_new(65536);
    buf_sv(&full, name);
    if (same) buf_printf(&full, "~%u", same + 1);
    buf_str(&text, "CREATE VIRTUAL TABLE source.");
    buf_quoted(&text, buf_view(&full), '"', '"');
    buf_printf(&text, " USING source_table(%zu)", table);
    buf_char(&text, '\0');
    bool ok = !text.failed && !full.failed && sqlite3_exec(db->handle, text.p, NULL, NULL, NULL) == SQLITE_OK;
    buf_free(&text);
    buf_free(&full);
    return ok;
}

/* Names reserved by SQLite cannot be had; such a table is there under its schema's name. */
static bool reserved(sv name) { return name.n >= 7 && sv_eq_nocase((sv){name.p, 7}, SV_LIT("sqlite_")); }

bool sql_tables_attach(sql_db *db)
{
    size_t n = db->list->tables;
    named *full = calloc(n + 1, sizeof *full), *bare = calloc(n + 1, sizeof *bare);
    bool ok = full && bare;
    for (size_t i = 0; ok && i < n; i++) {
        full[i] = (named){db->list->table[i].full_name, i};
        bare[i] = (named){db->list->table[i].name, i};
    }
    if (ok) {
        qsort(full, n, sizeof *full, by_name);
        qsort(bare, n, sizeof *bare, by_name);
    }
    unsigned same = 0;
    for (size_t i = 0; ok && i < n; i++) {
        same = i && sv_eq_nocase(full[i - 1].name, full[i].name) ? same + 1 : 0;
        ok = attach(db, full[i].name, same, full[i].table);
    }
    for (size_t i = 0; ok && i < n; i++) {
        bool alone = (i == 0 || !sv_eq_nocase(bare[i - 1].name, bare[i].name)) &&
                     (i + 1 == n || !sv_eq_nocase(bare[i + 1].name, bare[i].name));

        /* A table [a.b] may have the name that b of schema a has: that one goes first. */
        if (alone && !reserved(bare[i].name))
            ok = attach(db, bare[i].name, 0, bare[i].table) || sqlite3_errcode(db->handle) == SQLITE_ERROR;
    }
    free(full);
    free(bare);
    return ok;
}
