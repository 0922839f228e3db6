/* Rows of a SELECT on their way: read by one thread, surveyed or made canonical by others, taken by the caller in the
 * statement's order. */
#include "base/belt.h"
#include "base/platform.h"
#include "profile/profile_internal.h"

/* Threads wake each other once a batch: so many rows of a few short values, or so many bytes of long ones. */
enum { RING = 6, ROWS = 128, BATCH_BYTES = 1 << 18, MAKERS_MAX = 4 };

enum { STATION_READ, STATION_MAKE, STATION_TAKE, STATIONS };

typedef struct batch {
    profile_row row[ROWS];
    size_t n;
    int end; /* what the step behind its rows gave; SQLITE_ROW: it is full */
} batch;

typedef struct flow flow;

/* Every n-th batch is its: what a value becomes hangs on nothing but its row. */
typedef struct maker {
    flow *of;
    unsigned number;
    known_values *known; /* of each cell */
    thread *runs;
} maker;

struct flow {
    profile_cells *cells;
    bool for_survey;
    arena *mem;
    batch *batch; /* RING of them */
    belt *belt;
    maker maker[MAKERS_MAX];
    unsigned makers;
    thread *reader;
};

/* ---- the thread that reads ---- */

static int read_row(const flow *f, profile_row *r, size_t *bytes)
{
    if (!f->cells->rows) return kept_rows_next(f->cells->kept, r, bytes) ? SQLITE_ROW : SQLITE_DONE;
    int end = sql_rows_next(f->cells->rows);
    if (end == SQLITE_ROW) *bytes += profile_row_read(f->cells, f->for_survey, r);
    return end;
}

static void read_batch(const flow *f, batch *b)
{
    size_t bytes = 0;
    b->n = 0;
    b->end = SQLITE_ROW;
    while (b->n < ROWS && bytes < BATCH_BYTES) {
        b->end = read_row(f, &b->row[b->n], &bytes);
        if (b->end != SQLITE_ROW) return;
        b->n++;
    }
}

static void run_reader(void *arg)
{
    flow *f = arg;
    int end = SQLITE_ROW;
    for (uint64_t at = 0; end == SQLITE_ROW && belt_take(f->belt, STATION_READ, at); at++) {
        batch *b = &f->batch[at % RING];
        read_batch(f, b);
        end = b->end;
        belt_pass(f->belt, STATION_READ, at);
    }
}

/* ---- the threads that make values ---- */

static void make_batch(const flow *f, known_values *known, batch *b)
{
    for (size_t i = 0; i < b->n && !b->row[i].spoilt; i++) {
        if (f->for_survey)
            profile_row_survey(f->cells, &b->row[i]);
        else
            profile_row_normalize(f->cells, known, &b->row[i]);
    }
}

static void run_maker(void *arg)
{
    const maker *m = arg;
    const flow *f = m->of;
    for (uint64_t at = m->number; belt_take(f->belt, STATION_MAKE, at); at += f->makers) {
        make_batch(f, m->known, &f->batch[at % RING]);
        belt_pass(f->belt, STATION_MAKE, at);
    }
}

/* A survey is one for all rows, and is counted by one. */
static bool start(flow *f)
{
    unsigned cpus = os_cpus();
    f->makers = f->for_survey ? 1 : cpus < MAKERS_MAX ? cpus : MAKERS_MAX;
    for (unsigned i = 0; i < f->makers; i++) {
        known_values *known = arena_array(f->mem, f->cells->cells + 1, sizeof *known);
        f->maker[i] = (maker){.of = f, .number = i, .known = known};
        if (!known || !(f->maker[i].runs = thread_start(run_maker, &f->maker[i]))) return false;
    }
    f->reader = thread_start(run_reader, f);
    return f->reader != NULL;
}

static void end_threads(flow *f)
{
    belt_stop(f->belt);
    if (f->reader) thread_join(f->reader);
    for (unsigned i = 0; i < f->makers; i++)
        if (f->maker[i].runs) thread_join(f->maker[i].runs);
}

/* ---- the caller ---- */

static bool take_batches(const flow *f, profile_take *take, void *ctx, int *end)
{
    for (uint64_t at = 0; *end == SQLITE_ROW; at++) {
        (void)belt_take(f->belt, STATION_TAKE, at);
        const batch *b = &f->batch[at % RING];
        for (size_t i = 0; i < b->n; i++)
            if (!take(ctx, &b->row[i])) return false;
        *end = b->end;
        belt_pass(f->belt, STATION_TAKE, at);
    }
    return true;
}

static bool open_flow(flow *f)
{
    f->mem = arena_new(0);
    f->batch = f->mem ? arena_array(f->mem, RING, sizeof *f->batch) : NULL;
    f->belt = belt_new(RING, STATIONS);
    bool ok = f->batch && f->belt;
    for (size_t i = 0; ok && i < RING * ROWS; i++)
        ok = profile_row_open(f->cells, f->mem, &f->batch[i / ROWS].row[i % ROWS]);
    return ok;
}

static void close_flow(flow *f)
{
    for (size_t i = 0; f->batch && i < RING * ROWS; i++) profile_row_close(f->cells, &f->batch[i / ROWS].row[i % ROWS]);
    arena_free(f->mem);
    belt_free(f->belt);
}

/* False: out of memory. */
static bool open_rows(const flow *f)
{
    profile_cells *c = f->cells;
    if (!f->for_survey && c->kept) {
        kept_rows_rewind(c->kept);
        return true;
    }
    c->rows = sql_rows_open(c->s->run->db, f->for_survey && c->survey_st ? c->survey_st : c->q->st);
    return c->rows != NULL;
}

bool profile_flow(profile_cells *c, bool for_survey, profile_take *take, void *ctx, int *end)
{
    flow f = {.cells = c, .for_survey = for_survey};
    bool rows = open_rows(&f), opened = rows && open_flow(&f), started = opened && start(&f);
    *end = SQLITE_ROW;
    bool ok = started && take_batches(&f, take, ctx, end);
    if (opened) end_threads(&f);
    if (rows) close_flow(&f);
    sql_rows_close(c->rows);
    c->rows = NULL;
    if (!started) find_code(c->s->run->found, F_OUT_OF_MEMORY, "staging %s", c->e->entity->name);
    return ok;
}
