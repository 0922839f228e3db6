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

static void count(sql_scan *s)
{
    sql_db *db = s->db;
    if (s->table->counted || !db->o.counts) return;
    s->table->counted = true;
    size_t line = ledger_line_of(db->o.counts, LEDGER_TABLE, s->table->info->full_name, (sv){NULL, 0});
    uint64_t lost = db->source->ops->counts(s->cursor)->rows_unreadable + s->left_out;
    ledger_add(db->o.counts, line, COUNT_READ, s->good + lost);
    ledger_add(db->o.counts, line, COUNT_DECODED, s->good);
    ledger_add(db->o.counts, line, COUNT_UNREADABLE, lost);
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
                s->left_out++;
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
