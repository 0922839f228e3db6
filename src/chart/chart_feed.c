/* Rows read by several threads and handed over in the table's order. Chunks go round: the first to the first thread, the
 * second to the second; each thread fills batches of its own, so that nothing depends on who is faster. */
#include "base/belt.h"
#include "base/platform.h"
#include "chart/chart_internal.h"
#include <stdlib.h>

enum { THREADS_MAX = 8, RING = 3, ROWS_AT_ONCE = 128 };

enum { STATION_FILL, STATION_FOLD, STATIONS };

typedef struct feeder {
    chart_feed *feed;
    thread *thread;
    chart_batch batch[RING];
    belt *belt;     /* NULL: no thread */
    uint64_t taken; /* batches that the caller has given back */
    uint64_t chunk; /* it works on */
    row_cursor *cursor;
    uint64_t seen;
    row row[ROWS_AT_ONCE];
    size_t row_at, row_n; /* read, and not yet in a batch */
    status end;           /* of the cursor; ST_OK: there is more */
} feeder;

struct chart_feed {
    const chart_scan *scan;
    chart_make make;
    const void *ctx;
    uint64_t units, chunk_units, chunks;
    feeder *feeder;
    unsigned threads; /* 0: the caller's thread alone, with one feeder */
    uint64_t chunk;   /* that is given out */
    bool holds;       /* the caller holds a batch */
};

static void cut_into_chunks(chart_feed *f)
{
    const table_info *t = f->scan->table;
    f->units = t->scan_units;
    f->chunk_units = 1;
    uint64_t unit_bytes = f->units ? t->bytes / f->units : 0;
    if (f->units && unit_bytes < CHART_CHUNK_BYTES) f->chunk_units = CHART_CHUNK_BYTES / (unit_bytes ? unit_bytes : 1);
    if (f->units && f->chunk_units > f->units) f->chunk_units = f->units;
    f->chunks = f->units ? (f->units - 1) / f->chunk_units + 1 : 1;
}

static status open_chunk(feeder *w)
{
    const chart_feed *f = w->feed;
    row_source *s = f->scan->run->source;
    scan_request q = {.table = f->scan->plan->table, .column = f->scan->wanted, .columns = f->scan->wanted_n};
    if (f->units) {
        q.first = w->chunk * f->chunk_units;
        q.last = q.first + f->chunk_units < f->units ? q.first + f->chunk_units : f->units;
    }
    w->seen = w->row_at = w->row_n = 0;
    return s->ops->scan(s, &q, &w->cursor);
}

static void close_chunk(feeder *w, chart_batch *b)
{
    const chart_feed *f = w->feed;
    row_source *s = f->scan->run->source;
    b->last = true;
    b->end = w->end;
    b->units = f->units == 0                                ? 1
               : (w->chunk + 1) * f->chunk_units > f->units ? f->units - w->chunk * f->chunk_units
                                                            : f->chunk_units;
    if (w->cursor) b->lost = s->ops->counts(w->cursor)->rows_unreadable;
    s->ops->cursor_close(w->cursor);
    w->cursor = NULL;
    w->chunk += f->threads ? f->threads : 1;
}

/* A table that breaks off cannot be folded: charts with teeth missing would pass for whole ones. */
static status whole(status st) { return st == ST_TABLE_LOST ? ST_FATAL : st; }

/* The next batch of the feeder's chunk. */
static void fill(feeder *w, chart_batch *b)
{
    const chart_feed *f = w->feed;
    row_source *s = f->scan->run->source;
    batch_clear(b);
    if (!w->cursor) w->end = whole(open_chunk(w));
    while (b->rows + b->seens + b->waiting < CHART_BATCH_ROWS && b->text_bytes < CHART_BATCH_TEXT_BYTES && !b->failed) {
        if (w->row_at < w->row_n) {
            f->make(f->ctx, &w->row[w->row_at++], b);
            continue;
        }
        if (w->end != ST_OK) {
            close_chunk(w, b);
            return;
        }
        w->row_at = w->row_n = 0;
        status st = s->ops->next(w->cursor, w->row, ROWS_AT_ONCE, &w->row_n);
        if (st != ST_OK && st != ST_ROW_LOST) w->end = whole(st);
        if (w->end == ST_FATAL) w->row_n = 0;
    }
}

static void feed_run(void *feeder_)
{
    feeder *w = feeder_;
    chart_feed *f = w->feed;
    bool over = false;
    for (uint64_t at = 0; !over && w->chunk < f->chunks && belt_take(w->belt, STATION_FILL, at); at++) {
        chart_batch *b = &w->batch[at % RING];
        fill(w, b);
        over = b->failed || b->end == ST_FATAL;
        belt_pass(w->belt, STATION_FILL, at);
    }
    if (w->cursor) f->scan->run->source->ops->cursor_close(w->cursor);
    w->cursor = NULL;
}

static bool start_threads(chart_feed *f, unsigned threads)
{
    f->threads = threads;
    for (unsigned i = 0; i < threads; i++) {
        f->feeder[i].chunk = i;
        if (!(f->feeder[i].belt = belt_new(RING, STATIONS))) return false;
    }
    for (unsigned i = 0; i < threads; i++)
        if (!(f->feeder[i].thread = thread_start(feed_run, &f->feeder[i]))) return false;
    return true;
}

chart_feed *feed_start(const chart_scan *s, chart_make make, const void *ctx)
{
    chart_feed *f = calloc(1, sizeof *f);
    if (!f) return NULL;
    f->scan = s;
    f->make = make;
    f->ctx = ctx;
    cut_into_chunks(f);
    unsigned threads = s->run->threads > THREADS_MAX ? THREADS_MAX : s->run->threads;
    if (threads > f->chunks) threads = (unsigned)f->chunks;
    if (s->run->threads > 1 && threads == 0) threads = 1;
    f->feeder = calloc(threads ? threads : 1, sizeof *f->feeder);
    bool ok = f->feeder != NULL;
    for (unsigned i = 0; ok && i < (threads ? threads : 1); i++) {
        f->feeder[i].feed = f;
        for (size_t k = 0; k < RING; k++) ok &= (f->feeder[i].batch[k].mem = arena_new(0)) != NULL;
    }
    /* One thread asked for: no second one, and no waiting. */
    if (ok && (s->run->threads <= 1 || start_threads(f, threads))) return f;
    feed_stop(f);
    return NULL;
}

static void give_back(chart_feed *f, feeder *w)
{
    if (!f->holds) return;
    belt_pass(w->belt, STATION_FOLD, w->taken++);
    f->holds = false;
}

static chart_batch *next_of(chart_feed *f, feeder *w)
{
    if (!f->threads) {
        fill(w, &w->batch[0]);
        return &w->batch[0];
    }
    give_back(f, w);
    (void)belt_take(w->belt, STATION_FOLD, w->taken);
    f->holds = true;
    return &w->batch[w->taken % RING];
}

static feeder *feeder_of(const chart_feed *f) { return &f->feeder[f->threads ? f->chunk % f->threads : 0]; }

chart_batch *feed_next(chart_feed *f)
{
    if (f->chunk >= f->chunks) return NULL;
    feeder *w = feeder_of(f);
    if (f->holds && w->batch[w->taken % RING].last) {
        give_back(f, w);
        if (++f->chunk >= f->chunks) return NULL;
        w = feeder_of(f);
    }
    chart_batch *b = next_of(f, w);
    if (!f->threads && b->last) f->chunk++;
    if (b->failed || b->end == ST_FATAL) f->chunk = f->chunks; /* nothing behind it counts */
    return b;
}

void feed_stop(chart_feed *f)
{
    if (!f) return;
    for (unsigned i = 0; f->feeder && i < (f->threads ? f->threads : 1); i++) {
        feeder *w = &f->feeder[i];
        if (w->belt) belt_stop(w->belt);
        if (w->thread) thread_join(w->thread);
        if (w->cursor) f->scan->run->source->ops->cursor_close(w->cursor);
        for (size_t k = 0; k < RING; k++) batch_free(&w->batch[k]);
        belt_free(w->belt);
    }
    free(f->feeder);
    free(f);
}

uint64_t feed_units(const chart_scan *s) { return s->table->scan_units ? s->table->scan_units : 1; }

/* ---- batches ---- */

void batch_clear(chart_batch *b)
{
    arena_reset(b->mem);
    b->rows = b->entries = b->texts = b->events = b->seens = 0;
    b->text_bytes = 0;
    b->failed = b->last = b->by_number = false;
    b->units = b->lost = b->waiting = 0;
    b->end = ST_OK;
    b->signs = (sign_counts){0};
}

void batch_free(chart_batch *b)
{
    free(b->row);
    free(b->seen);
    free(b->entry);
    free(b->text);
    free(b->event);
    arena_free(b->mem);
    *b = (chart_batch){0};
}

sv batch_text(chart_batch *b, sv text)
{
    sv copy = arena_sv(b->mem, text);
    if (!copy.p) b->failed = true;
    b->text_bytes += text.n + 1;
    return copy;
}

void *batch_grow(chart_batch *b, void **list, size_t *n, size_t *room, size_t size)
{
    if (*n == *room) {
        size_t more = *room ? *room * 2 : 256;
        void *grown = more <= SIZE_MAX / size ? realloc(*list, more * size) : NULL;
        if (!grown) {
            b->failed = true;
            return NULL;
        }
        *list = grown;
        *room = more;
    }
    return (char *)*list + (*n)++ * size;
}
