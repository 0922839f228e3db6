#include "deliver/object_run.h"
#include <stdlib.h>

enum { CANCEL_EVERY = 256, SQL_BYTES_MAX = 1 << 16 };

/* Each column by its table: alone, SQLite takes a quoted name that it does not know for a text. */
static sqlite3_stmt *select_rows(const object_template *o, const deliver_run *run)
{
    buf sql = buf_new(SQL_BYTES_MAX);
    size_t columns = o->entity->fields + STAGED_FIELDS;
    buf_str(&sql, "SELECT ");
    for (size_t i = 0; i < columns; i++) {
        sv name = staged_name(o->entity, i);
        buf_printf(&sql, "%st.\"%.*s\"", i ? ", " : "", (int)name.n, name.p);
    }
    buf_printf(&sql, " FROM main.\"%s\" AS t ORDER BY t.source_key", o->entity->name);
    return work_prepare(run, &sql);
}

static void read_row(sqlite3_stmt *rows, sv *value, size_t columns)
{
    for (size_t i = 0; i < columns; i++) {
        const char *p = (const char *)sqlite3_column_text(rows, (int)i);
        value[i] = (sv){p, p ? (size_t)sqlite3_column_bytes(rows, (int)i) : 0};
    }
}

static status all_rows(const deliver_run *run, sqlite3_stmt *rows, sv *value, size_t columns, object_writer *w)
{
    for (uint64_t n = 0;; n++) {
        if (n % CANCEL_EVERY == 0 && run->cancelled && run->cancelled(run->ctx)) return ST_END;
        int step = sqlite3_step(rows);
        if (step == SQLITE_DONE) return ST_OK;
        if (step != SQLITE_ROW) return work_failed(run, "reading the staged records");
        read_row(rows, value, columns);
        status s = object_writer_row(w, value);
        if (s != ST_OK) return s;
    }
}

status object_run_staged(const object_template *o, const deliver_run *run, object_writer *w)
{
    size_t columns = o->entity->fields + STAGED_FIELDS;
    sv *value = calloc(columns, sizeof *value);
    sqlite3_stmt *rows = select_rows(o, run);
    status s = ST_FATAL;
    if (!value)
        find_code(run->found, F_OUT_OF_MEMORY, "writing a file of the bundle");
    else if (!rows)
        (void)work_failed(run, "preparing an object of the bundle");
    else
        s = all_rows(run, rows, value, columns, w);
    sqlite3_finalize(rows);
    free(value);
    return s;
}
