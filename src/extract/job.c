#include "extract/job.h"
#include <stdlib.h>

enum { BATCH_ROWS = 256 };

void job_stop(job *j, extract_end why)
{
    mutex_lock(j->lock);
    if (!atomic_load(&j->stopped)) {
        j->end = why;
        atomic_store(&j->stopped, true);
    }
    condition_wake_all(j->turn_came);
    mutex_unlock(j->lock);
}

bool job_stopped(job *j)
{
    if (atomic_load_explicit(&j->stopped, memory_order_relaxed)) return true;
    if (!j->o->cancelled || !j->o->cancelled(j->o->ctx)) return false;
    job_stop(j, EXTRACT_CANCELLED);
    return true;
}

/* ---- turns ---- */

static bool wait_for_turn(worker *w)
{
    job *j = w->job;
    if (w->my_turn) return !job_stopped(j);
    mutex_lock(j->lock);
    while (j->turn != w->number && !atomic_load(&j->stopped)) condition_wait(j->turn_came, j->lock);
    w->my_turn = !atomic_load(&j->stopped);
    mutex_unlock(j->lock);
    return w->my_turn;
}

static void pass_turn(worker *w)
{
    job *j = w->job;
    mutex_lock(j->lock);
    j->turn++;
    condition_wake_all(j->turn_came);
    mutex_unlock(j->lock);
    w->my_turn = false;
}

static bool stop_with(worker *w, extract_end why)
{
    job_stop(w->job, why);
    return false;
}

/* ---- writing ---- */

static bool write_table(worker *w, sv text)
{
    if (!out_file_write(w->t->out, text)) return stop_with(w, EXTRACT_NO_OUTPUT);
    csv_count(&w->t->counted, text);
    return true;
}

static bool open_csv(worker *w)
{
    table_job *t = w->t;
    buf head = buf_new((size_t)64 << 20);
    t->out = out_file_new(w->job->folder, t->file);
    for (size_t i = 0; i < t->columns; i++) {
        if (i) csv_comma(&head);
        csv_field(&head, cell_column(w, i)->name);
    }
    csv_end_row(&head);
    bool ok = t->out != NULL && !head.failed;
    if (!ok) stop_with(w, t->out ? EXTRACT_NO_MEMORY : EXTRACT_NO_OUTPUT);
    ok = ok && write_table(w, buf_view(&head));
    buf_free(&head);
    return ok;
}

bool worker_flush(worker *w)
{
    bool csv = w->job->o->format == EXTRACT_CSV;
    if (!wait_for_turn(w)) return false;
    if (w->rows.failed || w->unreadable.failed) return stop_with(w, EXTRACT_NO_MEMORY);
    if (csv && !w->t->out && !open_csv(w)) return false;
    if (csv && w->rows.n) {
        if (!write_table(w, buf_view(&w->rows))) return false;
        buf_clear(&w->rows);
    }
    if (!out_file_write(w->job->unreadable, buf_view(&w->unreadable))) return stop_with(w, EXTRACT_NO_OUTPUT);
    buf_clear(&w->unreadable);
    return true;
}

/* ---- workbooks: one chunk per table, so the thread that has it owns the file ---- */

static bool open_xlsx(worker *w)
{
    buf path = buf_new(32768);
    arena *mem = arena_new(0);
    sv *heading = mem ? arena_array(mem, w->t->columns, sizeof *heading) : NULL;
    bool ok = heading && out_folder_path(w->job->folder, w->t->file, &path);
    for (size_t i = 0; ok && i < w->t->columns; i++) heading[i] = cell_column(w, i)->name;
    if (ok) w->book = xlsx_create(path.p, out_folder_partial(w->job->folder), w->t->info->name, heading, w->t->columns);
    arena_free(mem);
    buf_free(&path);
    return w->book != NULL || stop_with(w, EXTRACT_NO_MEMORY);
}

static bool close_xlsx(worker *w)
{
    const char *why = "";
    if (xlsx_sheets(w->book) > 1) {
        finding x = FINDING_OF(F_OUT_SHEET_CONTINUED);
        x.table = w->t->info->full_name;
        find_add(w->job->found, &x);
    }
    w->t->in_file = xlsx_rows(w->book);
    bool ok = xlsx_close(w->book, &why);
    w->book = NULL;
    if (ok) return true;
    find_at(w->job->found, F_OUT_WRITE_FAILED, w->t->file, sv_from(why));
    return stop_with(w, EXTRACT_NO_OUTPUT);
}

/* ---- one chunk ---- */

static bool take_chunk(worker *w)
{
    job *j = w->job;
    mutex_lock(j->lock);
    while (j->next_table < j->tables && j->next_chunk == j->table[j->next_table].chunks) {
        j->next_table++;
        j->next_chunk = 0;
    }
    bool any = j->next_table < j->tables && !atomic_load(&j->stopped);
    if (any) {
        w->t = &j->table[j->next_table];
        w->chunk = j->next_chunk++;
        w->number = j->next_number++;
    }
    mutex_unlock(j->lock);
    w->row = w->written = w->holed = w->cells = w->cell_rows = 0;
    return any;
}

static uint64_t chunk_bytes(const table_job *t, uint64_t chunk)
{
    if (t->units == 0) return t->info->bytes;
    uint64_t first = chunk * t->chunk_units, last = first + t->chunk_units;
    if (last > t->units) last = t->units;
    return t->info->bytes / t->units * (last - first);
}

static void report(worker *w, uint64_t rows, uint64_t bytes, bool table_done)
{
    job *j = w->job;
    mutex_lock(j->lock);
    j->progress.rows += rows;
    j->progress.bytes += bytes;
    j->progress.tables += table_done;
    if (j->o->progress) j->o->progress(j->o->ctx, &j->progress);
    mutex_unlock(j->lock);
}

static bool take_row(worker *w, const row *r)
{
    w->row++;
    row_fate fate = w->book ? row_xlsx(w, r) : row_csv(w, r);
    if (fate == ROW_STOPPED) return false;
    w->written += fate == ROW_WRITTEN;
    w->cell_rows += fate == ROW_UNREADABLE;
    bool full = (!w->book && w->rows.n > w->job->buffer_bytes) || w->unreadable.n > w->job->buffer_bytes;
    return !full || worker_flush(w);
}

enum { PAGE = 8192 };

/* Reads the cursor to its end. What it returned last, or ST_FATAL when the job was stopped. */
static status read_rows(worker *w, row_cursor *c)
{
    const row_source_ops *ops = w->job->source->ops;
    row batch[BATCH_ROWS];
    uint64_t share = chunk_bytes(w->t, w->chunk), seen = 0;
    status st = ST_OK;
    while (st == ST_OK || st == ST_ROW_LOST) {
        size_t got = 0;
        uint64_t before = w->written;
        st = ops->next(c, batch, BATCH_ROWS, &got);
        for (size_t i = 0; i < got; i++)
            if (!take_row(w, &batch[i])) return ST_FATAL;
        uint64_t pages = ops->counts(c)->pages * PAGE, now = pages < share ? pages : share;
        report(w, w->written - before, now > seen ? now - seen : 0, false);
        if (now > seen) seen = now;
        if (job_stopped(w->job)) return ST_FATAL;
    }
    report(w, 0, share - seen, false);
    return st;
}

/* The chunk's numbers and, with the last one, the table's file: when it is the worker's turn. */
static bool finish_chunk(worker *w, uint64_t lost, bool broken)
{
    table_job *t = w->t;
    bool last = w->chunk + 1 == t->chunks;
    if (w->book && !close_xlsx(w)) return false;
    if (!worker_flush(w)) return false;
    t->written += w->written;
    t->holed += w->holed;
    t->cells += w->cells;
    t->unreadable += w->cell_rows + lost;
    t->broken |= broken;
    if (last && t->out) {
        bool ok = out_file_close(t->out);
        t->out = NULL;
        t->in_file = t->counted.quoted || !t->counted.records ? UINT64_MAX : t->counted.records - 1;
        if (!ok) return stop_with(w, EXTRACT_NO_OUTPUT);
    }
    if (last) report(w, 0, 0, true);
    pass_turn(w);
    return true;
}

static bool run_chunk(worker *w)
{
    job *j = w->job;
    table_job *t = w->t;
    const row_source_ops *ops = j->source->ops;
    scan_request q = {.table = t->index, .column = t->column, .columns = t->columns};
    if (t->units) {
        q.first = w->chunk * t->chunk_units;
        q.last = q.first + t->chunk_units < t->units ? q.first + t->chunk_units : t->units;
    }
    if (j->o->format == EXTRACT_XLSX && !open_xlsx(w)) return false;
    row_cursor *c = NULL;
    status st = ops->scan(j->source, &q, &c);
    uint64_t lost = 0;
    if (st == ST_OK) st = read_rows(w, c);
    if (c) {
        lost = ops->counts(c)->rows_unreadable;
        ops->cursor_close(c);
    }
    if (st == ST_FATAL) return stop_with(w, EXTRACT_NO_SOURCE);
    return finish_chunk(w, lost, st == ST_TABLE_LOST);
}

void worker_run(void *worker_)
{
    worker *w = worker_;
    while (take_chunk(w) && run_chunk(w)) continue;
    xlsx_abandon(w->book);
    w->book = NULL;
}
