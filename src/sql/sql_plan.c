/* What a statement may ask of a table: to read it from end to end, or the rows that are equal in some columns, from an
 * index.
 *
 * SQLite builds no index on a virtual table by itself, so equality is offered on any column, whether or not the
 * database declares a key: practice systems often declare none. Costs are in rows read. A lookup costs more the larger
 * the table is, since somebody has to build its index: so the larger table of a join is the one that is streamed. */
#include "sql/sql_module.h"
#include <math.h>
#include <stdlib.h>

/* Rows of a lookup that nothing is known of. */
enum { UNKNOWN_MATCHES = 50 };

static bool is_key_column(const key_info *k, size_t n, uint16_t column)
{
    for (size_t i = 0; i < n; i++)
        if (k->column[i] == column) return true;
    return false;
}

static bool all_equal(const key_info *k, const uint16_t *column, size_t n)
{
    for (size_t i = 0; i < k->columns; i++) {
        bool found = false;
        for (size_t j = 0; j < n; j++) found |= column[j] == k->column[i];
        if (!found) return false;
    }
    return true;
}

static double rows_of_referenced(const sql_db *db, const key_info *k)
{
    for (size_t i = 0; i < db->list->tables; i++) {
        const table_info *t = &db->list->table[i];
        if (sv_eq_nocase(t->name, k->ref_table) && sv_eq_nocase(t->schema, k->ref_schema)) return db->table[i].rows;
    }
    return 0;
}

/* How many rows are equal in these columns. */
static double matches(const sql_db *db, const sql_table *t, const uint16_t *column, size_t n, bool *unique)
{
    double best = t->rows < UNKNOWN_MATCHES ? t->rows : UNKNOWN_MATCHES;
    *unique = false;
    for (size_t i = 0; i < t->info->keys; i++) {
        const key_info *k = &t->info->key[i];
        bool all = all_equal(k, column, n);
        if (all && k->kind != KEY_FOREIGN) {
            *unique = true;
            return 1;
        }
        double distinct = all && k->kind == KEY_FOREIGN ? rows_of_referenced(db, k) : 0;
        if (distinct > 0) best = t->rows / distinct;
    }
    return best < 1 ? 1 : best;
}

/* An index on this column can answer the equality: it holds texts under the column's own rules, and finds more than a
 * stricter comparison wants (SQLite looks again), but not what a looser one wants. */
static bool collation_fits(sqlite3_index_info *info, int i, const sql_column *c)
{
    if (c->class == CLASS_VARIANT) return false;
    if (c->class == CLASS_INTEGER || c->class == CLASS_REAL || c->class == CLASS_DECIMAL || c->class == CLASS_BYTES)
        return true;
    const char *asked = sqlite3_vtab_collation(info, i);
    return sqlite3_stricmp(asked, "BINARY") == 0 || sqlite3_stricmp(asked, sql_column_collation(c)) == 0;
}

typedef struct choice {
    int constraint[PLAN_KEYS_MAX];
    uint16_t column[PLAN_KEYS_MAX];
    size_t n;
    uint16_t fixed[PLAN_KEYS_MAX]; /* columns equal to a constant */
    size_t n_fixed;
} choice;

/* Equalities with other tables; those with a constant only narrow a scan down (one scan is cheaper than an index). */
static choice choose(const sql_table *t, sqlite3_index_info *info)
{
    choice c = {.n = 0};
    for (int i = 0; i < info->nConstraint; i++) {
        const struct sqlite3_index_constraint *x = &info->aConstraint[i];
        if (!x->usable || x->op != SQLITE_INDEX_CONSTRAINT_EQ || x->iColumn < 0) continue;
        if ((size_t)x->iColumn >= vtab_columns(t) || !collation_fits(info, i, &t->column[x->iColumn])) continue;
        sqlite3_value *constant;
        uint16_t column = (uint16_t)x->iColumn;
        bool is_constant = sqlite3_vtab_rhs_value(info, i, &constant) == SQLITE_OK && constant;
        bool twice = false;
        for (size_t k = 0; k < c.n; k++) twice |= c.column[k] == column;
        if (is_constant && c.n_fixed < PLAN_KEYS_MAX) c.fixed[c.n_fixed++] = column;
        if (is_constant || twice || c.n == PLAN_KEYS_MAX) continue;
        c.constraint[c.n] = i;
        c.column[c.n++] = column;
    }
    return c;
}

/* A unique or primary key that is covered is enough: further columns would make another index of the same rows. */
static void keep_unique_key(const sql_table *t, choice *c)
{
    for (size_t i = 0; i < t->info->keys; i++) {
        const key_info *k = &t->info->key[i];
        if (k->kind == KEY_FOREIGN || !all_equal(k, c->column, c->n)) continue;
        size_t kept = 0;
        for (size_t j = 0; j < c->n; j++) {
            if (!is_key_column(k, k->columns, c->column[j])) continue;
            c->constraint[kept] = c->constraint[j];
            c->column[kept++] = c->column[j];
        }
        c->n = kept;
        return;
    }
}

static void sort_by_column(choice *c)
{
    for (size_t i = 1; i < c->n; i++)
        for (size_t k = i; k > 0 && c->column[k - 1] > c->column[k]; k--) {
            uint16_t column = c->column[k];
            int constraint = c->constraint[k];
            c->column[k] = c->column[k - 1];
            c->constraint[k] = c->constraint[k - 1];
            c->column[k - 1] = column;
            c->constraint[k - 1] = constraint;
        }
}

static bool plan_write(sqlite3_index_info *info, const choice *c)
{
    char text[24 + 8 * PLAN_KEYS_MAX];
    size_t n = 0;
    sqlite3_snprintf(sizeof text, text, "%llx", (unsigned long long)info->colUsed);
    for (size_t i = 0; i < c->n; i++) {
        n = strlen(text);
        sqlite3_snprintf((int)(sizeof text - n), text + n, ",%d", (int)c->column[i]);
    }
    info->idxStr = sqlite3_mprintf("%s", text);
    info->needToFreeIdxStr = 1;
    return info->idxStr != NULL;
}

bool plan_read(const char *text, plan *out)
{
    char *at;
    *out = (plan){.used = strtoull(text, &at, 16)};
    while (*at == ',' && out->keys < PLAN_KEYS_MAX) out->key[out->keys++] = (uint16_t)strtoul(at + 1, &at, 10);
    return *at == '\0';
}

static sqlite3_int64 whole_rows(double x) { return x < 1 ? 1 : x > 1e15 ? (sqlite3_int64)1e15 : (sqlite3_int64)x; }

int vtab_best_index(sqlite3_vtab *base, sqlite3_index_info *info)
{
    vtab *v = (vtab *)base;
    const sql_table *t = v->table;
    choice c = choose(t, info);
    v->db->planned_other |= v->db->planned && v->db->planned != t;
    v->db->planned = t;
    bool unique = false;
    double found = t->rows;
    keep_unique_key(t, &c);
    sort_by_column(&c);
    double bytes = sql_index_guess(t, info->colUsed), budget = (double)index_budget(v->db);
    bool large = bytes > budget;
    /* What cannot be built is not offered: better a plan that reads the table once more than one that ends in an error.
     * */
    if (large && !v->db->o.work_folder) c.n = 0;
    if (c.n) {
        found = matches(v->db, t, c.column, c.n, &unique);
        double per_row = large ? 50 : 4 + t->rows / 1e6;
        info->estimatedCost = 2 + (unique ? 1 + t->rows / 1e7 : found * per_row);
        for (size_t i = 0; i < c.n; i++) info->aConstraintUsage[c.constraint[i]].argvIndex = (int)i + 1;
        if (c.n == 1 && t->column[c.column[0]].class == CLASS_INTEGER) info->aConstraintUsage[c.constraint[0]].omit = 1;
        if (unique) info->idxFlags = SQLITE_INDEX_SCAN_UNIQUE;
        info->idxNum = 1;
    } else {
        bool one = false;
        if (c.n_fixed) {
            double narrowed = matches(v->db, t, c.fixed, c.n_fixed, &one);
            found = one ? 1 : narrowed > t->rows / 10 ? narrowed : t->rows / 10;
        }
        info->estimatedCost = 10 + t->rows;
    }
    info->estimatedRows = whole_rows(found);
    return plan_write(info, &c) ? SQLITE_OK : SQLITE_NOMEM;
}
