#include "deliver/object_run.h"
#include "deliver/row_select.h"
#include "model/work_file.h"
#include <stdlib.h>

enum { CANCEL_EVERY = 256 };

static status all_rows(const deliver_run *run, sqlite3_stmt *rows, sv *value, size_t columns, object_writer *w)
{
    for (uint64_t n = 0;; n++) {
        if (n % CANCEL_EVERY == 0 && run->cancelled && run->cancelled(run->ctx)) return ST_END;
        int step = sqlite3_step(rows);
        if (step == SQLITE_DONE) return ST_OK;
        if (step != SQLITE_ROW) return work_failed(run->work, run->found, "reading the staged records");
        row_read(rows, value, columns);
        status s = object_writer_row(w, value);
        if (s != ST_OK) return s;
    }
}

status object_run_staged(const object_template *o, const deliver_run *run, object_writer *w, sv charted_table)
{
    sv *value = calloc(o->columns, sizeof *value);
    sqlite3_stmt *rows = row_select(o, run, charted_table.n ? ROWS_WITHOUT : ROWS_ALL, charted_table);
    status s = ST_FATAL;
    if (!value)
        find_code(run->found, F_OUT_OF_MEMORY, "writing a file of the bundle");
    else if (!rows)
        (void)work_failed(run->work, run->found, "preparing an object of the bundle");
    else if (object_writer_staged(w) == ST_OK)
        s = all_rows(run, rows, value, o->columns, w);
    sqlite3_finalize(rows);
    free(value);
    return s;
}
