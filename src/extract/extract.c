#include "extract/extract.h"
#include "base/limits.h"
#include "extract/job.h"
#include <stdlib.h>

void extract_result_free(extract_result *r)
{
    arena_free(r->mem);
    *r = (extract_result){0};
}

static unsigned threads_of(const job *j)
{
    uint64_t chunks = 0;
    for (size_t i = 0; i < j->tables; i++) chunks += j->table[i].chunks;
    uint64_t n = j->o->threads ? j->o->threads : os_cpus();
    if (n > EXTRACT_THREADS_MAX) n = EXTRACT_THREADS_MAX;
    if (n > chunks) n = chunks;
    return n ? (unsigned)n : 1;
}

static size_t buffer_of(unsigned threads)
{
    size_t n = EXTRACT_BUFFERS_BYTES / threads;
    if (n > EXTRACT_BUFFER_BYTES_MAX) n = EXTRACT_BUFFER_BYTES_MAX;
    return n < EXTRACT_BUFFER_BYTES_MIN ? EXTRACT_BUFFER_BYTES_MIN : n;
}

static size_t widest(const job *j)
{
    size_t columns = 1;
    for (size_t i = 0; i < j->tables; i++)
        if (j->table[i].columns > columns) columns = j->table[i].columns;
    return columns;
}

static worker *worker_new(job *j)
{
    worker *w = calloc(1, sizeof *w);
    if (!w) return NULL;
    w->job = j;
    w->broken = calloc(widest(j), 1);
    /* Twice: a row is noticed to be too long only when it is; and some, for the longest single cell. */
    w->rows = buf_new(j->buffer_bytes * 2 + LOB_INLINE_BYTES_MAX * 64);
    w->unreadable = buf_new(j->buffer_bytes * 4);
    w->files = buf_new((size_t)16 << 20);
    w->name = buf_new(16384);
    if (w->broken) return w;
    free(w);
    return NULL;
}

static void worker_free(worker *w)
{
    if (!w) return;
    free(w->broken);
    buf_free(&w->rows);
    buf_free(&w->unreadable);
    buf_free(&w->files);
    buf_free(&w->name);
    free(w);
}

/* Runs all chunks on this thread and up to n - 1 others; fewer when the system gives no more. */
static void run_threads(job *j, unsigned n)
{
    worker *w[EXTRACT_THREADS_MAX] = {0};
    thread *t[EXTRACT_THREADS_MAX] = {0};
    for (unsigned i = 0; i < n; i++) w[i] = worker_new(j);
    if (!w[0]) job_stop(j, EXTRACT_NO_MEMORY);
    for (unsigned i = 1; i < n; i++)
        if (w[0] && w[i]) t[i] = thread_start(worker_run, w[i]);
    if (w[0]) worker_run(w[0]);
    for (unsigned i = 0; i < n; i++) {
        if (t[i]) thread_join(t[i]);
        worker_free(w[i]);
    }
}

static void close_tables(job *j)
{
    for (size_t i = 0; i < j->tables; i++) {
        out_file_abandon(j->table[i].out);
        j->table[i].out = NULL;
    }
}

static void enter_stage(job *j, extract_stage stage)
{
    j->progress.stage = stage;
    if (j->o->progress) j->o->progress(j->o->ctx, &j->progress);
}

static extract_end read_tables(job *j)
{
    j->unreadable = out_file_new(j->folder, SV_LIT("_unreadable.csv"));
    if (!j->unreadable || !out_file_write(j->unreadable, sv_from(sidecar_unreadable_head))) return EXTRACT_NO_OUTPUT;
    unsigned threads = threads_of(j);
    j->buffer_bytes = buffer_of(threads);
    enter_stage(j, STAGE_TABLES);
    run_threads(j, threads);
    close_tables(j);
    out_file *f = j->unreadable;
    j->unreadable = NULL;
    bool ok = out_file_close(f);
    if (atomic_load(&j->stopped)) return j->end;
    return ok ? EXTRACT_DONE : EXTRACT_NO_OUTPUT;
}

static extract_end write_all(job *j, extract_result *out)
{
    extract_end end = read_tables(j);
    if (end != EXTRACT_DONE) return end;
    enter_stage(j, STAGE_VERIFY);
    /* One table does not answer for the rest of the container. */
    if (j->o->tables == 0 && j->source->ops->verify(j->source) == ST_FATAL) return EXTRACT_NO_SOURCE;
    if (job_stopped(j)) return EXTRACT_CANCELLED;
    enter_stage(j, STAGE_FINISH);
    end = result_make(j, out);
    if (end != EXTRACT_DONE) return end;
    bool ok = sidecar_tables(j, out) && sidecar_types(j) && sidecar_findings(j) && out_folder_commit(j->folder);
    return ok ? EXTRACT_DONE : EXTRACT_NO_OUTPUT;
}

static extract_end run(job *j, extract_result *out)
{
    const catalog *c = NULL;
    if (j->source->ops->catalog(j->source, &c) != ST_OK) return EXTRACT_NO_SOURCE;
    extract_end end = plan_make(j, c);
    if (end != EXTRACT_DONE) return end;
    j->folder = out_folder_new(j->o->out, j->found);
    if (!j->folder) return EXTRACT_NO_OUTPUT;
    end = write_all(j, out);
    out_file_abandon(j->unreadable);
    bool renamed_by_hand = findings_count(j->found, F_OUT_RENAME_FAILED) > 0;
    if (end != EXTRACT_DONE && !renamed_by_hand) out->partial_left = !out_folder_discard(j->folder);
    out_folder_free(j->folder);
    return end;
}

extract_end extract_run(row_source *s, const extract_options *o, findings *f, extract_result *out)
{
    *out = (extract_result){.mem = arena_new(0)};
    job j = {.source = s, .o = o, .found = f, .mem = out->mem, .lock = mutex_new(), .turn_came = condition_new()};
    atomic_init(&j.stopped, false);
    bool ready = j.mem && j.lock && j.turn_came;
    extract_end end = ready ? run(&j, out) : EXTRACT_NO_MEMORY;
    if (end == EXTRACT_NO_MEMORY) find_code(f, F_OUT_OF_MEMORY, "writing the tables");
    condition_free(j.turn_came);
    mutex_free(j.lock);
    return end;
}
