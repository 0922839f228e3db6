/* Rows of a SELECT on their way: read by one thread, surveyed or made canonical by another, taken by the
 * caller. Batches go round in one ring, so the order is the statement's, whoever is faster. */
#include "base/platform.h"
#include "profile/profile_internal.h"

/* Threads wake each other once a batch: so many rows of a few short values, or so many bytes of long ones. */
enum { RING = 4, ROWS = 128, BATCH_BYTES = 1 << 18 };

typedef struct batch {
    profile_row row[ROWS];
    size_t n;
    int end; /* what the step behind its rows gave; SQLITE_ROW: it is full */
} batch;

typedef struct flow {
    profile_cells *cells;
    bool for_survey;
    arena *mem;
    batch *batch; /* RING of them */
    mutex *lock;
    condition *changed;
    /* Under the lock: batches so far. */
    uint64_t read, made, taken;
    bool stop;
} flow;

/* Waits until *count, which another thread counts up, is past `at`. False: stopped. */
static bool wait_past(flow *f, const uint64_t *count, uint64_t at)
{
    mutex_lock(f->lock);
    while (!f->stop && *count <= at) condition_wait(f->changed, f->lock);
    bool goes_on = !f->stop;
    mutex_unlock(f->lock);
    return goes_on;
}

static void count_up(flow *f, uint64_t *count)
{
    mutex_lock(f->lock);
    (*count)++;
    condition_wake_all(f->changed);
    mutex_unlock(f->lock);
}

static void stop(flow *f)
{
    mutex_lock(f->lock);
    f->stop = true;
    condition_wake_all(f->changed);
    mutex_unlock(f->lock);
}

/* ---- the thread that reads ---- */

static void read_batch(const flow *f, batch *b)
{
    size_t bytes = 0;
    b->n = 0;
    b->end = SQLITE_ROW;
    while (b->n < ROWS && bytes < BATCH_BYTES) {
        b->end = sql_rows_next(f->cells->rows);
        if (b->end != SQLITE_ROW) return;
        bytes += profile_row_read(f->cells, f->for_survey, &b->row[b->n++]);
    }
}

static void run_reader(void *arg)
{
    flow *f = arg;
    for (uint64_t at = 0;; at++) {
        if (at >= RING && !wait_past(f, &f->taken, at - RING)) return;
        batch *b = &f->batch[at % RING];
        read_batch(f, b);
        int end = b->end;
        count_up(f, &f->read);
        if (end != SQLITE_ROW) return;
    }
}

/* ---- the thread that makes values ---- */

static void make_batch(const flow *f, batch *b)
{
    for (size_t i = 0; i < b->n && !b->row[i].spoilt; i++) {
        if (f->for_survey)
            profile_row_survey(f->cells, &b->row[i]);
        else
            profile_row_normalize(f->cells, &b->row[i]);
    }
}

static void run_maker(void *arg)
{
    flow *f = arg;
    for (uint64_t at = 0; wait_past(f, &f->read, at); at++) {
        batch *b = &f->batch[at % RING];
        make_batch(f, b);
        int end = b->end;
        count_up(f, &f->made);
        if (end != SQLITE_ROW) return;
    }
}

/* ---- the caller ---- */

static bool take_batches(flow *f, profile_take *take, void *ctx, int *end)
{
    for (uint64_t at = 0; *end == SQLITE_ROW; at++) {
        (void)wait_past(f, &f->made, at);
        const batch *b = &f->batch[at % RING];
        for (size_t i = 0; i < b->n; i++)
            if (!take(ctx, &b->row[i])) return false;
        *end = b->end;
        count_up(f, &f->taken);
    }
    return true;
}

static bool open_flow(flow *f)
{
    f->mem = arena_new(0);
    f->batch = f->mem ? arena_array(f->mem, RING, sizeof *f->batch) : NULL;
    f->lock = mutex_new();
    f->changed = condition_new();
    bool ok = f->batch && f->lock && f->changed;
    for (size_t i = 0; ok && i < RING * ROWS; i++)
        ok = profile_row_open(f->cells, f->mem, &f->batch[i / ROWS].row[i % ROWS]);
    return ok;
}

static void close_flow(flow *f)
{
    for (size_t i = 0; f->batch && i < RING * ROWS; i++) profile_row_close(f->cells, &f->batch[i / ROWS].row[i % ROWS]);
    arena_free(f->mem);
    condition_free(f->changed);
    mutex_free(f->lock);
}

bool profile_flow(profile_cells *c, bool for_survey, profile_take *take, void *ctx, int *end)
{
    flow f = {.cells = c, .for_survey = for_survey};
    c->rows = sql_rows_open(c->s->run->db, for_survey ? c->survey_st : c->q->st);
    bool opened = c->rows && open_flow(&f);
    thread *reader = opened ? thread_start(run_reader, &f) : NULL;
    thread *maker = reader ? thread_start(run_maker, &f) : NULL;
    *end = SQLITE_ROW;
    bool ok = maker && take_batches(&f, take, ctx, end);
    if (opened) stop(&f);
    if (reader) thread_join(reader);
    if (maker) thread_join(maker);
    if (c->rows) close_flow(&f);
    sql_rows_close(c->rows);
    c->rows = NULL;
    if (!maker) find_code(c->s->run->found, F_OUT_OF_MEMORY, "staging %s", c->e->entity->name);
    return ok;
}
