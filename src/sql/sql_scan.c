#include "sql/sql_internal.h"
#include <stdlib.h>

enum { BATCH = 256 };

struct sql_scan {
    sql_db *db;
    sql_table *table;
    row_cursor *cursor;
    size_t n, at; /* of the batch */
    uint64_t left_out, good;
    row batch[BATCH];
};

sql_scan *sql_scan_open(sql_db *db, sql_table *t, const uint16_t *column, size_t columns)
{
    if (t->info->unreadable.n) {
        sql_say(db, "%.*s cannot be read: %.*s", (int)t->info->full_name.n, t->info->full_name.p,
                (int)t->info->unreadable.n, t->info->unreadable.p);
        return NULL;
    }
    sql_scan *s = malloc(sizeof *s);
    if (!s) {
        sql_say(db, "out of memory");
        return NULL;
    }
    static const uint16_t none;
    scan_request q = {.table = t->number, .column = column ? column : &none, .columns = columns};
    *s = (sql_scan){.db = db, .table = t};
    if (db->source->ops->scan(db->source, &q, &s->cursor) == ST_OK) return s;
    sql_say_finding(db, t->info, "the table cannot be read");
    free(s);
    return NULL;
}

void sql_scan_close(sql_scan *s)
{
    if (!s) return;
    s->db->source->ops->cursor_close(s->cursor);
    free(s);
}

static size_t line_of(const sql_scan *s)
{
    return ledger_line_of(s->db->o.counts, LEDGER_TABLE, s->table->info->full_name, (sv){NULL, 0});
}

/* The first scan from end to end knows how many rows there are. A row that any scan left out is unreadable, whatever the columns of
 * this one. */
static void count(sql_scan *s)
{
    sql_db *db = s->db;
    s->table->scans++;
    s->table->rows_seen = s->good;
    if (s->table->counted || !db->o.counts) return;
    s->table->counted = true;
    size_t line = line_of(s);
    uint64_t whole = s->good + s->left_out;
    uint64_t lost = s->table->lost.n > s->left_out ? s->table->lost.n : s->left_out;
    if (lost > whole) lost = whole;
    uint64_t gone = db->source->ops->counts(s->cursor)->rows_unreadable;
    ledger_add(db->o.counts, line, COUNT_READ, whole + gone);
    ledger_add(db->o.counts, line, COUNT_DECODED, whole - lost);
    ledger_add(db->o.counts, line, COUNT_UNREADABLE, lost + gone);
}

static void leave_out(sql_scan *s, const row *r)
{
    s->left_out++;
    if (lost_rows_add(&s->table->lost, &r->from) && s->table->counted)
        ledger_move(s->db->o.counts, line_of(s), COUNT_DECODED, COUNT_UNREADABLE, 1);
}

static bool has_unreadable(const row *r)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->cell[i].kind == V_UNREADABLE) return true;
    return false;
}

status sql_scan_next(sql_scan *s, const row **out)
{
    for (;;) {
        while (s->at < s->n) {
            const row *r = &s->batch[s->at++];
            if (s->db->o.leave_out_unreadable && has_unreadable(r)) {
                leave_out(s, r);
                continue;
            }
            s->good++;
            *out = r;
            return ST_OK;
        }
        s->at = s->n = 0;
        status st = s->db->source->ops->next(s->cursor, s->batch, BATCH, &s->n);
        if (st == ST_END) {
            count(s);
            return ST_END;
        }
        if (st == ST_OK || st == ST_ROW_LOST) continue;
        sql_say_finding(s->db, s->table->info, "the table cannot be read to its end");
        return ST_FATAL;
    }
}

bool sql_scanned(const sql_db *db, sv table, uint64_t *scans, uint64_t *rows)
{
    for (size_t i = 0; i < db->list->tables; i++) {
        const sql_table *t = &db->table[i];
        if (!sv_eq_nocase(t->info->full_name, table)) continue;
        *scans = t->scans;
        *rows = t->rows_seen;
        return true;
    }
    return false;
}
