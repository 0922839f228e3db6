#include "deliver/bundle_file.h"
#include "base/belt.h"
#include "base/digits.h"
#include "base/platform.h"
#include "csv/csv_writer.h"
#include <stdatomic.h>
#include <stdlib.h>

/* A file that has grown to BIG_BYTES is written and hashed by a thread of its own, while the next buffer is filled. */
enum { BUFFER_BYTES = 1 << 18, BIG_BYTES = 1 << 20, BUFFERS = 2 };

enum { STATION_FILL, STATION_WRITE, STATIONS };

typedef struct buffer {
    char *p; /* BUFFER_BYTES */
    size_t n;
    bool last;
} buffer;

struct bundle_file {
    os_out *out;
    findings *found;
    sha256 *hash;
    csv_counter records;
    uint64_t bytes;
    atomic_bool failed;
    char *path;
    buffer buffer[BUFFERS]; /* without a thread the first one alone */
    uint64_t filling;       /* number of the one that is being filled */
    belt *belt;             /* with a thread; else NULL */
    thread *runs;
};

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
    b->buffer[0].p = malloc(BUFFER_BYTES);
    if (b->hash && b->path && b->buffer[0].p) b->out = os_create(b->path, &why);
    if (b->out) return b;
    find_at(f, F_OUT_CREATE_FAILED, sv_from(b->path ? b->path : ""), sv_from(why));
    bundle_file_abandon(b);
    return NULL;
}

/* What is in the buffer, unless something before could not be written; then the finding is there. */
static void write_out(bundle_file *b, const buffer *x)
{
    const char *why = "";
    if (!x->n || bundle_file_failed(b)) return;
    if (os_write(b->out, x->p, x->n, &why)) {
        sha256_add(b->hash, x->p, x->n);
        csv_count(&b->records, (sv){x->p, x->n});
        return;
    }
    find_at(b->found, F_OUT_WRITE_FAILED, sv_from(b->path), sv_from(why));
    atomic_store(&b->failed, true);
}

/* ---- the thread of a big file ---- */

static void run_writer(void *arg)
{
    bundle_file *b = arg;
    bool last = false;
    for (uint64_t at = 0; !last && belt_take(b->belt, STATION_WRITE, at); at++) {
        const buffer *x = &b->buffer[at % BUFFERS];
        write_out(b, x);
        last = x->last;
        belt_pass(b->belt, STATION_WRITE, at);
    }
}

/* Without a thread the file is written all the same. */
static void start_writer(bundle_file *b)
{
    bool room = true;
    for (size_t i = 1; i < BUFFERS; i++) {
        if (!b->buffer[i].p) b->buffer[i].p = malloc(BUFFER_BYTES);
        room = room && b->buffer[i].p;
    }
    b->belt = room ? belt_new(BUFFERS, STATIONS) : NULL;
    b->runs = b->belt ? thread_start(run_writer, b) : NULL;
    if (b->runs) return;
    belt_free(b->belt);
    b->belt = NULL;
}

static buffer *filled(bundle_file *b) { return &b->buffer[b->filling % BUFFERS]; }

static void end_writer(bundle_file *b)
{
    if (!b->runs) return;
    filled(b)->last = true;
    belt_pass(b->belt, STATION_FILL, b->filling);
    thread_join(b->runs);
    belt_free(b->belt);
    b->runs = NULL;
    filled(b)->n = 0;
}

/* ---- writing ---- */

bool bundle_file_failed(const bundle_file *b) { return atomic_load(&b->failed); }

static void flush(bundle_file *b)
{
    if (!b->runs && b->bytes >= BIG_BYTES) start_writer(b);
    if (b->runs) {
        belt_pass(b->belt, STATION_FILL, b->filling);
        (void)belt_take(b->belt, STATION_FILL, ++b->filling);
    } else {
        write_out(b, filled(b));
    }
    filled(b)->n = 0;
}

void bundle_file_text(bundle_file *b, sv text)
{
    while (text.n) {
        buffer *x = filled(b);
        size_t room = BUFFER_BYTES - x->n, n = text.n < room ? text.n : room;
        memcpy(x->p + x->n, text.p, n);
        x->n += n;
        b->bytes += n;
        text.p += n;
        text.n -= n;
        if (x->n == BUFFER_BYTES) flush(b);
    }
}

uint64_t bundle_file_bytes(const bundle_file *b) { return b->bytes; }

static void free_file(bundle_file *b)
{
    for (size_t i = 0; i < BUFFERS; i++) free(b->buffer[i].p);
    free(b->path);
    free(b);
}

static bool finish(bundle_file *b, file_digest *out)
{
    const char *why = "";
    *out = (file_digest){.bytes = b->bytes};
    end_writer(b);
    write_out(b, filled(b));
    out->records = b->records.records;
    bool closed = os_close(b->out, &why);
    if (!closed && !b->failed) find_at(b->found, F_OUT_WRITE_FAILED, sv_from(b->path), sv_from(why));
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
