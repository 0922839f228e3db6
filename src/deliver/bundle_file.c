#include "deliver/bundle_file.h"
#include "base/digits.h"
#include "base/platform.h"
#include "csv/csv_writer.h"
#include <stdlib.h>

/* A file that has grown to BIG_BYTES is written and hashed by a thread of its own, while the next buffer is filled. */
enum { BUFFER_BYTES = 1 << 18, BIG_BYTES = 1 << 20 };

/* Shared with the thread; all of it under the lock. */
typedef struct writer {
    thread *runs;
    mutex *lock;
    condition *changed;
    const char *full; /* the buffer to write; NULL: none, the thread waits */
    size_t n;
    bool ends;
} writer;

struct bundle_file {
    os_out *out;
    findings *found;
    sha256 *hash;
    csv_counter records;
    uint64_t bytes;
    size_t used;
    bool failed; /* with a thread: under its lock */
    char *path;
    writer with; /* with.runs NULL: no thread */
    char *buffer, *other;
};

static void say(findings *f, finding_code code, const char *path, const char *why)
{
    finding x = FINDING_OF(code);
    x.path = sv_from(path);
    x.a = sv_from(why);
    find_add(f, &x);
}

static char *join(const char *folder, sv path)
{
    size_t n = strlen(folder);
    char *p = malloc(n + path.n + 2);
    if (!p) return NULL;
    memcpy(p, folder, n);
    p[n] = '/';
    memcpy(p + n + 1, path.p, path.n);
    p[n + 1 + path.n] = '\0';
    return p;
}

bundle_file *bundle_file_new(const char *folder, sv path, findings *f)
{
    const char *why = "out of memory";
    bundle_file *b = calloc(1, sizeof *b);
    if (!b) {
        find_code(f, F_OUT_OF_MEMORY, "making a file of the bundle");
        return NULL;
    }
    b->found = f;
    b->hash = sha256_new();
    b->path = join(folder, path);
    b->buffer = malloc(BUFFER_BYTES);
    if (b->hash && b->path && b->buffer) b->out = os_create(b->path, &why);
    if (b->out) return b;
    say(f, F_OUT_CREATE_FAILED, b->path ? b->path : "", why);
    bundle_file_abandon(b);
    return NULL;
}

/* False, with a finding, when it could not be written. */
static bool write_out(bundle_file *b, const char *p, size_t n)
{
    const char *why = "";
    if (os_write(b->out, p, n, &why)) {
        sha256_add(b->hash, p, n);
        csv_count(&b->records, (sv){p, n});
        return true;
    }
    say(b->found, F_OUT_WRITE_FAILED, b->path, why);
    return false;
}

/* ---- the thread of a big file ---- */

static void run_writer(void *arg)
{
    bundle_file *b = arg;
    writer *w = &b->with;
    mutex_lock(w->lock);
    for (;;) {
        while (!w->full && !w->ends) condition_wait(w->changed, w->lock);
        if (!w->full) break;
        bool failed = b->failed;
        mutex_unlock(w->lock);
        if (!failed) failed = !write_out(b, w->full, w->n);
        mutex_lock(w->lock);
        b->failed |= failed;
        w->full = NULL;
        condition_wake_all(w->changed);
    }
    mutex_unlock(w->lock);
}

static void free_writer(bundle_file *b)
{
    condition_free(b->with.changed);
    mutex_free(b->with.lock);
    free(b->other);
    b->with = (writer){0};
    b->other = NULL;
}

/* Without a thread the file is written all the same. */
static void start_writer(bundle_file *b)
{
    writer *w = &b->with;
    w->lock = mutex_new();
    w->changed = condition_new();
    b->other = malloc(BUFFER_BYTES);
    if (w->lock && w->changed && b->other) w->runs = thread_start(run_writer, b);
    if (!w->runs) free_writer(b);
}

static void hand_over(bundle_file *b)
{
    writer *w = &b->with;
    mutex_lock(w->lock);
    while (w->full) condition_wait(w->changed, w->lock);
    char *free_now = b->other;
    b->other = b->buffer;
    w->full = b->buffer;
    w->n = b->used;
    b->buffer = free_now;
    b->used = 0;
    condition_wake_all(w->changed);
    mutex_unlock(w->lock);
}

static void end_writer(bundle_file *b)
{
    writer *w = &b->with;
    if (!w->runs) return;
    mutex_lock(w->lock);
    w->ends = true;
    condition_wake_all(w->changed);
    mutex_unlock(w->lock);
    thread_join(w->runs);
    free_writer(b);
}

/* ---- writing ---- */

bool bundle_file_failed(const bundle_file *b)
{
    if (!b->with.runs) return b->failed;
    mutex_lock(b->with.lock);
    bool failed = b->failed;
    mutex_unlock(b->with.lock);
    return failed;
}

static void flush(bundle_file *b)
{
    if (!b->with.runs && b->bytes >= BIG_BYTES) start_writer(b);
    if (b->with.runs) {
        hand_over(b);
        return;
    }
    if (!b->failed && b->used) b->failed = !write_out(b, b->buffer, b->used);
    b->used = 0;
}

void bundle_file_text(bundle_file *b, sv text)
{
    while (text.n) {
        size_t room = BUFFER_BYTES - b->used, n = text.n < room ? text.n : room;
        memcpy(b->buffer + b->used, text.p, n);
        b->used += n;
        b->bytes += n;
        text.p += n;
        text.n -= n;
        if (b->used == BUFFER_BYTES) flush(b);
    }
}

uint64_t bundle_file_bytes(const bundle_file *b) { return b->bytes; }

static void free_file(bundle_file *b)
{
    free(b->buffer);
    free(b->path);
    free(b);
}

static bool finish(bundle_file *b, file_digest *out)
{
    const char *why = "";
    *out = (file_digest){.bytes = b->bytes};
    flush(b);
    end_writer(b);
    out->records = b->records.records;
    bool closed = os_close(b->out, &why);
    if (!closed && !b->failed) say(b->found, F_OUT_WRITE_FAILED, b->path, why);
    bool hashed = sha256_end(b->hash, out->sha256);
    if (!hashed) find_code(b->found, F_OUT_OF_MEMORY, "hashing a file of the bundle");
    return closed && hashed && !b->failed;
}

bool bundle_file_close(bundle_file *b, file_digest *out)
{
    bool ok = finish(b, out);
    free_file(b);
    return ok;
}

static bool holds(const bundle_file *b, uint64_t rows, uint64_t records)
{
    char said[DIGITS_U64_MAX], held[DIGITS_U64_MAX];
    if (records == rows + 1) return true;
    finding x = FINDING_OF(F_DEL_UNBALANCED);
    x.table = sv_from(b->path);
    x.a = (sv){said, digits_u64(rows, said)};
    x.b = (sv){held, digits_u64(records ? records - 1 : 0, held)};
    find_add(b->found, &x);
    return false;
}

bool bundle_file_close_csv(bundle_file *b, uint64_t rows, file_digest *out)
{
    bool ok = finish(b, out) && holds(b, rows, out->records);
    free_file(b);
    return ok;
}

void bundle_file_abandon(bundle_file *b)
{
    const char *why;
    if (!b) return;
    end_writer(b);
    if (b->out) (void)os_close(b->out, &why);
    sha256_free(b->hash);
    free_file(b);
}
