/* The rows of a table. */
#include "base/limits.h"
#include "tds/tds_cell.h"
#include "tds/tds_failure.h"
#include "tds/tds_internal.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { SQL_MAX = 8 << 20, EXPRESSIONS_MAX = 4096, ROW_BYTES_MAX = 256 << 20, KEY_MAX = 2048, VERSION_2005 = 9 };

struct row_cursor {
    tds_source *s;
    const table_info *info;
    tds_table *table;
    tds_link *link;
    arena *mem; /* of the present row */
    uint16_t *column;
    size_t *at; /* of each column: its first result column */
    size_t columns, key_at;
    value *cell;
    scan_counts counts;
    uint32_t index; /* of the table */
    bool plain, over, keyed;
};

/* ---- the statement ---- */

static void comma(buf *b, bool first)
{
    if (!first) buf_str(b, ", ");
}

static void select_column(buf *b, const tds_column_plan *p, size_t inline_max)
{
    const int q = (int)p->quoted.n, n = (int)p->length.n;
    switch (p->how) {
    case HOW_PLAIN:
    case HOW_BYTES: buf_sv(b, p->bytes); break;
    case HOW_LARGE:
    case HOW_WHOLE:
        buf_printf(b, "CAST(%.*s AS bigint), CASE WHEN %.*s <= %zu THEN ", n, p->length.p, n, p->length.p,
                   p->how == HOW_WHOLE ? WHOLE_VALUE_BYTES_MAX : inline_max);
        buf_sv(b, p->bytes);
        buf_str(b, " END");
        break;
    case HOW_VARIANT:
        buf_printf(b, "CAST(CAST(SQL_VARIANT_PROPERTY(%.*s, 'BaseType') AS nvarchar(128)) AS varbinary(256)), ", q,
                   p->quoted.p);
        buf_printf(b, "CAST(SQL_VARIANT_PROPERTY(%.*s, 'Precision') AS bigint), ", q, p->quoted.p);
        buf_printf(b, "CAST(SQL_VARIANT_PROPERTY(%.*s, 'Scale') AS bigint), ", q, p->quoted.p);
        buf_printf(b,
                   "CAST(COLLATIONPROPERTY(CAST(SQL_VARIANT_PROPERTY(%.*s, 'Collation') AS nvarchar(128)), "
                   "'CodePage') AS bigint), ",
                   q, p->quoted.p);
        buf_sv(b, p->bytes);
        break;
    case HOW_NEVER: break;
    }
}

/* What the row is found by again. */
static void select_key(buf *b, const tds_table *t, bool has_place)
{
    for (size_t i = 0; i < t->keys; i++)
        buf_printf(b, ", CAST(%.*s AS varbinary(900))", (int)t->column[t->key[i]].quoted.n,
                   t->column[t->key[i]].quoted.p);
    if (!t->keys) buf_str(b, has_place ? ", CAST(%%physloc%% AS varbinary(8))" : ", CAST(NULL AS varbinary(8))");
}

static bool make_statement(row_cursor *c, buf *b, size_t inline_max)
{
    size_t at = 0;
    bool large = false;
    if (c->plain) buf_str(b, "BEGIN TRANSACTION; ");
    buf_str(b, "SELECT ");
    for (size_t i = 0; i < c->columns; i++) {
        const tds_column_plan *p = &c->table->column[c->column[i]];
        c->at[i] = at;
        if (p->how == HOW_NEVER) continue;
        comma(b, at == 0);
        select_column(b, p, inline_max);
        at += tds_cell_width(p);
        large |= p->how == HOW_LARGE;
    }
    if (!at) buf_str(b, "1"); /* how many rows there are may be all that is asked */
    if (!at) at = 1;
    c->key_at = at;
    c->keyed = large;
    if (large) select_key(b, c->table, c->s->version_major > VERSION_2005);
    at += large ? c->table->keys ? c->table->keys : 1 : 0;
    buf_str(b, " FROM ");
    buf_sv(b, c->table->from);
    if (c->table->memory_optimized) buf_str(b, " WITH (SNAPSHOT)");
    buf_sv(b, c->table->order);
    if (c->plain) buf_str(b, "; COMMIT TRANSACTION");
    buf_char(b, '\0');
    return !b->failed && at <= EXPRESSIONS_MAX;
}

/* ---- beginning and end ---- */

void tds_scan_close(row_cursor *c)
{
    if (!c) return;
    if (c->link) {
        bool usable = c->over || tds_cancel(c->link);
        /* A statement that was given up may have left its transaction open. */
        if (usable && !c->over && c->plain)
            usable = tds_do(c->link, "IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION") == ST_OK;
        if (usable)
            tds_give(c->s, c->link, c->plain);
        else
            tds_link_close(c->link);
    }
    arena_free(c->mem);
    free(c->column);
    free(c->at);
    free(c->cell);
    free(c);
}

static bool take_columns(row_cursor *c, const scan_request *q)
{
    c->columns = q->column ? q->columns : c->info->columns;
    c->column = calloc(c->columns + 1, sizeof *c->column);
    c->at = calloc(c->columns + 1, sizeof *c->at);
    c->cell = calloc(c->columns + 1, sizeof *c->cell);
    c->mem = arena_new(ROW_BYTES_MAX);
    if (!c->column || !c->at || !c->cell || !c->mem) return false;
    for (size_t i = 0; i < c->columns; i++) c->column[i] = q->column ? q->column[i] : (uint16_t)i;
    return true;
}

/* The statement is sent; what goes wrong then is the table's. */
static status send(row_cursor *c, size_t inline_max)
{
    buf sql = buf_new(SQL_MAX);
    bool made = make_statement(c, &sql, inline_max);
    const size_t columns = c->key_at + (c->keyed ? c->table->keys ? c->table->keys : 1 : 0);
    status st = made ? tds_ask(c->link, sql.p) : ST_FATAL;
    buf_free(&sql);
    if (!made) {
        finding x = FINDING_OF(F_LIMIT_REACHED);
        x.table = c->info->full_name;
        x.a = SV_LIT("the number of columns asked for at once");
        x.b = SV_LIT("4096");
        find_add(c->s->found, &x);
    } else if (st == ST_OK && tds_columns(c->link) != columns) {
        finding x = FINDING_OF(F_TDS_ANSWER_WRONG);
        x.table = c->info->full_name;
        x.a = SV_LIT("0");
        x.b = SV_LIT("it had another number of columns");
        find_add(c->s->found, &x);
        st = ST_TABLE_LOST;
    } else if (st != ST_OK)
        tds_say_lost(c->s->found, tds_trouble_of(c->link), c->s->path, c->info->full_name, 0,
                     c->s->login.answer_seconds);
    return st;
}

status tds_scan(row_source *source, const scan_request *q, row_cursor **out)
{
    tds_source *s = (tds_source *)source;
    *out = NULL;
    tds_pool_begin(s);
    row_cursor *c = calloc(1, sizeof *c);
    if (c)
        *c = (row_cursor){.s = s,
                          .info = &s->catalog.table[q->table],
                          .table = &s->table[q->table],
                          .index = (uint32_t)q->table,
                          .plain = !s->snapshot || s->table[q->table].memory_optimized};
    if (!c || !take_columns(c, q)) {
        find_code(s->found, F_OUT_OF_MEMORY, TDS_OUT_OF_MEMORY);
        tds_scan_close(c);
        return ST_FATAL;
    }
    c->link = tds_take(s, c->plain, c->info->full_name);
    status st = c->link ? send(c, q->no_lobs_inline ? 0 : LOB_INLINE_BYTES_MAX) : ST_TABLE_LOST;
    if (st != ST_OK) {
        tds_scan_close(c);
        return ST_TABLE_LOST;
    }
    *out = c;
    return ST_OK;
}

/* ---- rows ---- */

static finding at_row(const row_cursor *c, finding_code code, size_t i)
{
    finding x = FINDING_OF(code);
    x.table = c->info->full_name;
    x.column = c->info->column[c->column[i]].name;
    x.line = c->counts.rows + 1;
    return x;
}

static void lose_cell(row_cursor *c, size_t i, const char *why)
{
    finding x = at_row(c, F_TDS_VALUE, i);
    x.a = sv_from(why);
    find_add(c->s->found, &x);
    c->cell[i] = (value){.kind = V_UNREADABLE, .as.why = F_TDS_VALUE};
    c->counts.cells_unreadable++;
}

static void say_text(const row_cursor *c, size_t i, size_t bad)
{
    char number[24];
    finding x = at_row(c, F_TDS_TEXT, i);
    snprintf(number, sizeof number, "%zu", bad);
    x.a = sv_from(number);
    find_add(c->s->found, &x);
}

/* The key's parts, each with its length before it; one number of at most eight bytes alone goes into the locator. */
static bool read_key(row_cursor *c, uint8_t *key, size_t *n)
{
    const size_t parts = c->table->keys ? c->table->keys : 1;
    *n = 0;
    for (size_t i = 0; i < parts; i++) {
        sv p;
        if (tds_column(c->link, c->key_at + i, &p) != TDS_BYTES || p.n > 900 || *n + 2 + p.n > KEY_MAX) return false;
        key[(*n)++] = (uint8_t)(p.n & 255);
        key[(*n)++] = (uint8_t)(p.n >> 8);
        memcpy(key + *n, p.p, p.n);
        *n += p.n;
    }
    return true;
}

static const char *point(row_cursor *c, size_t i)
{
    uint8_t key[KEY_MAX];
    size_t n;
    lob_ref *r = &c->cell[i].as.lob;
    if (!read_key(c, key, &n)) return "its row has no key to find it again by";
    const uint32_t number = tds_key_keep(c->s, (sv){(const char *)key, n});
    if (number == UINT32_MAX) return "there is no memory for the keys of large values";
    r->page = number;
    r->owner = c->index;
    r->column = c->column[i];
    return NULL;
}

static void read_cell(row_cursor *c, size_t i)
{
    const tds_column_plan *p = &c->table->column[c->column[i]];
    sqltype_notes notes = {0};
    value *v = &c->cell[i];
    *v = (value){.kind = V_NULL};
    if (p->how == HOW_NEVER) {
        *v = (value){.kind = V_UNREADABLE, .as.why = F_OUT_COLUMN_LEFT_OUT};
        return;
    }
    const char *why = tds_cell(c->link, c->at[i], p, c->mem, v, &notes);
    if (!why && v->kind == V_LOB) why = point(c, i);
    if (why) lose_cell(c, i, arena_failed(c->mem) ? "there is no memory for it" : why);
    if (!why && notes.bad_text) say_text(c, i, notes.bad_text);
}

/* All rows are here, by the server's own count. The list of tables may have counted at another moment. */
static void settle(row_cursor *c)
{
    table_info *t = (table_info *)(uintptr_t)c->info;
    char before[24], now[24];
    if (t->rows_expected < 0 || (uint64_t)t->rows_expected == c->counts.rows) return;
    snprintf(before, sizeof before, "%" PRId64, t->rows_expected);
    snprintf(now, sizeof now, "%" PRIu64, c->counts.rows);
    finding x = FINDING_OF(F_TDS_ROWS_DIFFER);
    x.table = t->full_name;
    x.a = sv_from(before);
    x.b = sv_from(now);
    find_add(c->s->found, &x);
    t->rows_expected = (int64_t)c->counts.rows;
}

status tds_next(row_cursor *c, row *out, size_t max, size_t *got)
{
    *got = 0;
    if (c->over || max == 0) return ST_END;
    const status st = tds_row(c->link);
    if (st != ST_OK) {
        c->over = true;
        if (st == ST_END)
            settle(c);
        else
            tds_say_lost(c->s->found, tds_trouble_of(c->link), c->s->path, c->info->full_name, c->counts.rows,
                         c->s->login.answer_seconds);
        return st;
    }
    arena_reset(c->mem);
    for (size_t i = 0; i < c->columns; i++) read_cell(c, i);
    c->counts.rows++;
    *out = (row){.cell = c->cell, .n = c->columns, .from = {.line = c->counts.rows}};
    *got = 1;
    return ST_OK;
}

const scan_counts *tds_counts(const row_cursor *c) { return &c->counts; }
