#include "sql/sql_module.h"
#include <stdlib.h>

typedef struct cursor {
    sqlite3_vtab_cursor base;
    sql_db *db;
    sql_table *table;
    char plan_text[24 +
                   8 * PLAN_KEYS_MAX]; /* of the plan below; a cursor is started again and again with the same one */
    plan plan;
    uint16_t *column; /* columns read, in the order asked for */
    size_t columns;
    int32_t *place; /* of each column of the table in the present cells; -1: not read */

    sql_scan *scan;   /* reading end to end */
    sql_index *index; /* or looking up, with `walk` and cells of its own */
    index_walk walk;
    value *cells;

    const value *cell; /* the present row */
    origin from;
    sqlite3_int64 number;
    bool end;
} cursor;

/* ---- life ---- */

int vtab_open(sqlite3_vtab *base, sqlite3_vtab_cursor **out)
{
    vtab *v = (vtab *)base;
    size_t n = v->table->info->columns + 1;
    cursor *c = calloc(1, sizeof *c);
    if (!c) return SQLITE_NOMEM;
    *c = (cursor){
        .db = v->db, .table = v->table, .column = calloc(n, sizeof *c->column), .place = calloc(n, sizeof *c->place)};
    *out = &c->base;
    if (c->column && c->place) return SQLITE_OK;
    vtab_close(&c->base);
    *out = NULL;
    return SQLITE_NOMEM;
}

static void stop(cursor *c)
{
    sql_scan_close(c->scan);
    c->scan = NULL;
}

static void drop_index(cursor *c)
{
    index_walk_close(&c->walk);
    sql_index_release(c->index);
    free(c->cells);
    c->index = NULL;
    c->cells = NULL;
}

int vtab_close(sqlite3_vtab_cursor *base)
{
    cursor *c = (cursor *)base;
    stop(c);
    drop_index(c);
    free(c->column);
    free(c->place);
    free(c);
    return SQLITE_OK;
}

/* The reader's words become the statement's. */
static int failed(cursor *c)
{
    sqlite3_free(c->base.pVtab->zErrMsg);
    c->base.pVtab->zErrMsg = sqlite3_mprintf("%s", c->db->message.n ? c->db->message.p : "the table cannot be read");
    return SQLITE_ERROR;
}

/* ---- starting ---- */

static bool is_used(const cursor *c, size_t column) { return c->plan.used >> (column < 63 ? column : 63) & 1; }

static void choose_columns(cursor *c)
{
    c->columns = 0;
    for (size_t i = 0; i < vtab_columns(c->table); i++) {
        c->place[i] = -1;
        if (!is_used(c, i)) continue;
        c->place[i] = (int32_t)c->columns;
        c->column[c->columns++] = (uint16_t)i;
    }
}

static bool take_plan(cursor *c, const char *text)
{
    if (strcmp(c->plan_text, text) == 0) return true;
    if (strlen(text) >= sizeof c->plan_text || !plan_read(text, &c->plan)) return false;
    memcpy(c->plan_text, text, strlen(text) + 1);
    drop_index(c);
    choose_columns(c);
    return true;
}

static int step(cursor *c)
{
    status st;
    c->number++;
    if (c->scan) {
        const row *r;
        st = sql_scan_next(c->scan, &r);
        if (st == ST_OK) {
            c->cell = r->cell;
            c->from = r->from;
        }
    } else {
        c->cell = c->cells;
        st = index_next(&c->walk, c->cells, &c->from);
    }
    c->end = st != ST_OK;
    return st == ST_OK || st == ST_END ? SQLITE_OK : failed(c);
}

static int start_scan(cursor *c)
{
    /* A look at every row after lookups: the cells come in another order. */
    drop_index(c);
    choose_columns(c);
    c->scan = sql_scan_open(c->db, c->table, c->column, c->columns);
    return c->scan ? step(c) : failed(c);
}

static bool need_index(cursor *c)
{
    if (c->index) return true;
    sql_index_want want = {.key = c->plan.key, .keys = c->plan.keys, .column = c->column, .columns = c->columns};
    c->index = sql_index_get(c->db, c->table, &want);
    if (!c->index) return false;
    size_t n = index_columns(c->index);
    c->cells = calloc(n + 1, sizeof *c->cells);
    if (!c->cells) {
        sql_say(c->db, "out of memory");
        return false;
    }
    for (size_t i = 0; i < n; i++) c->place[index_column(c->index, i)] = (int32_t)i;
    return true;
}

static int start_lookup(cursor *c, sqlite3_value **argv)
{
    uint64_t key = 0;
    for (size_t i = 0; i < c->plan.keys; i++) {
        uint64_t part = 0;
        key_state k = sql_key_of_sql(&c->table->column[c->plan.key[i]], argv[i], &part);
        if (k == KEY_UNREADABLE) return start_scan(c);
        if (k == KEY_NULL) {
            c->end = true;
            return SQLITE_OK;
        }
        key = i ? key_join(key, part) : part;
    }
    if (!need_index(c) || index_find(&c->walk, c->index, key) != ST_OK) return failed(c);
    return step(c);
}

int vtab_filter(sqlite3_vtab_cursor *base, int number, const char *text, int argc, sqlite3_value **argv)
{
    cursor *c = (cursor *)base;
    stop(c);
    c->number = 0;
    if (!text || !take_plan(c, text) || (size_t)argc != c->plan.keys) return SQLITE_CORRUPT_VTAB;
    return number ? start_lookup(c, argv) : start_scan(c);
}

/* ---- rows ---- */

int vtab_next(sqlite3_vtab_cursor *base) { return step((cursor *)base); }
int vtab_eof(sqlite3_vtab_cursor *base) { return ((cursor *)base)->end; }

int vtab_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
    *out = ((cursor *)base)->number;
    return SQLITE_OK;
}

static int hidden(const cursor *c, sqlite3_context *ctx, size_t column)
{
    switch ((hidden_column)column) {
    case HIDDEN_PAGE: sqlite3_result_int64(ctx, c->from.page); break;
    case HIDDEN_SLOT: sqlite3_result_int64(ctx, c->from.slot); break;
    case HIDDEN_FILE: sqlite3_result_int64(ctx, c->from.file); break;
    case HIDDEN_LINE:
        if (c->from.line) sqlite3_result_int64(ctx, (sqlite3_int64)c->from.line);
        break;
    case HIDDEN_COLUMNS: break;
    }
    return SQLITE_OK;
}

static int unreadable(const cursor *c, sqlite3_context *ctx, size_t column, finding_code why)
{
    if (c->db->o.unreadable_cell == SQL_CELL_NULL) return SQLITE_OK;
    const table_info *t = c->table->info;
    const column_info *info = &t->column[column];
    char place[64] = "";
    if (c->from.line)
        sqlite3_snprintf(sizeof place, place, ", line %llu", (unsigned long long)c->from.line);
    else
        sqlite3_snprintf(sizeof place, place, ", page %u:%u, slot %u", (unsigned)c->from.file, (unsigned)c->from.page,
                         (unsigned)c->from.slot);
    const finding_text *text = finding_text_of(why);
    char *message = sqlite3_mprintf("%.*s, column %.*s%s cannot be read (%s: %s)", (int)t->full_name.n, t->full_name.p,
                                    (int)info->name.n, info->name.p, place, text->id, text->title);
    sqlite3_result_error(ctx, message ? message : "a cell cannot be read", -1);
    sqlite3_free(message);
    return SQLITE_ERROR;
}

int vtab_column(sqlite3_vtab_cursor *base, sqlite3_context *ctx, int number)
{
    cursor *c = (cursor *)base;
    size_t column = (size_t)number, own = vtab_columns(c->table);
    if (column >= own) return hidden(c, ctx, column - own);
    int32_t place = c->place[column];
    if (place < 0) return SQLITE_OK; /* SQLite has said that it does not look at it */
    const value *v = &c->cell[place];
    if (v->kind == V_UNREADABLE) return unreadable(c, ctx, column, v->as.why);
    if (v->kind == V_LOB)
        sql_lob_result(c->db, ctx, &v->as.lob);
    else
        sql_value_result(ctx, &c->table->column[column], v);
    return SQLITE_OK;
}
