#include "pack/measure.h"
#include "base/platform.h"
#include "pack/pack_stream.h"
#include <stdlib.h>
#include <zlib.h>

enum { STEP_BYTES = 64 << 10 };

typedef struct size_of {
    uint64_t packed, raw;
} size_of;

struct measure {
    thread *runs;
    mutex *lock;
    condition *changed;
    size_t members, done; /* under the lock */
    bool stops;           /* the same */
    size_of *of;
    pack_stream *(*open)(void *ctx, size_t i);
    void *ctx;
    unsigned char in[STEP_BYTES], out[STEP_BYTES];
};

static bool deflate_step(z_stream *z, measure *m, size_t got, size_of *x)
{
    z->next_in = m->in;
    z->avail_in = (uInt)got;
    int r;
    do {
        z->next_out = m->out;
        z->avail_out = STEP_BYTES;
        r = deflate(z, got ? Z_NO_FLUSH : Z_FINISH);
        x->packed += STEP_BYTES - z->avail_out;
    } while (r == Z_OK && z->avail_out == 0);
    return r == Z_OK || r == Z_STREAM_END || r == Z_BUF_ERROR;
}

static bool stopped(measure *m)
{
    mutex_lock(m->lock);
    bool stops = m->stops;
    mutex_unlock(m->lock);
    return stops;
}

/* As libarchive deflates: with zlib, raw, at its usual level. */
static bool run_through(measure *m, pack_stream *s, size_of *x)
{
    z_stream z = {0};
    if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK) return false;
    size_t got = 1;
    bool ok = true;
    while (ok && got && !stopped(m)) {
        ok = pack_stream_read(s, m->in, STEP_BYTES, &got) && deflate_step(&z, m, got, x);
        x->raw += got;
    }
    (void)deflateEnd(&z);
    return ok && got == 0;
}

static void measure_all(void *ctx)
{
    measure *m = ctx;
    for (size_t i = 0; i < m->members && !stopped(m); i++) {
        size_of x = {0, 0};
        pack_stream *s = m->open(m->ctx, i);
        if (!s || !run_through(m, s, &x)) x.packed = UINT64_MAX;
        pack_stream_free(s);
        mutex_lock(m->lock);
        m->of[i] = x;
        m->done = i + 1;
        condition_wake_all(m->changed);
        mutex_unlock(m->lock);
    }
}

measure *measure_new(size_t members, pack_stream *(*open)(void *ctx, size_t i), void *ctx)
{
    measure *m = calloc(1, sizeof *m);
    if (!m) return NULL;
    m->members = members;
    m->open = open;
    m->ctx = ctx;
    m->of = calloc(members + 1, sizeof *m->of);
    m->lock = mutex_new();
    m->changed = condition_new();
    if (m->of && m->lock && m->changed) m->runs = thread_start(measure_all, m);
    if (m->runs) return m;
    measure_free(m);
    return NULL;
}

uint64_t measure_of(measure *m, size_t i, uint64_t *raw)
{
    mutex_lock(m->lock);
    while (m->done <= i) condition_wait(m->changed, m->lock);
    size_of x = m->of[i];
    mutex_unlock(m->lock);
    if (raw) *raw = x.raw;
    return x.packed;
}

void measure_free(measure *m)
{
    if (!m) return;
    if (m->runs) {
        mutex_lock(m->lock);
        m->stops = true;
        mutex_unlock(m->lock);
        thread_join(m->runs);
    }
    mutex_free(m->lock);
    condition_free(m->changed);
    free(m->of);
    free(m);
}
