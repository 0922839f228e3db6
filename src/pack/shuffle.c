#include "pack/shuffle.h"
#include "base/platform.h"
#include <openssl/rand.h>
#include <stdlib.h>

/* Each row goes into one of these files by chance; a file's rows are then mixed in memory. 128 files of 64 MB are 8 GB. */
enum { HEAPS = 128, HEAP_BUFFER = 32 << 10, RANDOM_BYTES = 4096, HEAP_BYTES_MAX = 512 << 20 };

typedef struct heap {
    os_file *file; /* made when its buffer is full first */
    buf waiting;
    uint64_t bytes, rows;
} heap;

struct shuffle {
    findings *found;
    const char *folder;
    heap of[HEAPS];
    unsigned char random[RANDOM_BYTES];
    size_t left;
};

static bool failed(shuffle *s, const char *why)
{
    finding x = FINDING_OF(F_DEL_WORK_FAILED);
    x.a = SV_LIT("mixing rows");
    x.b = sv_from(why);
    find_add(s->found, &x);
    return false;
}

shuffle *shuffle_new(const char *folder, findings *f)
{
    shuffle *s = calloc(1, sizeof *s);
    if (!s) {
        find_code(f, F_OUT_OF_MEMORY, "mixing rows");
        return NULL;
    }
    s->found = f;
    s->folder = folder;
    for (size_t i = 0; i < HEAPS; i++) s->of[i].waiting = buf_new((size_t)128 << 20);
    return s;
}

void shuffle_free(shuffle *s)
{
    if (!s) return;
    for (size_t i = 0; i < HEAPS; i++) {
        os_close_read(s->of[i].file);
        buf_free(&s->of[i].waiting);
    }
    free(s);
}

static bool random_bytes(shuffle *s, void *out, size_t n)
{
    if (s->left < n) {
        if (RAND_bytes(s->random, RANDOM_BYTES) != 1) return failed(s, "the system has no random numbers");
        s->left = RANDOM_BYTES;
    }
    s->left -= n;
    memcpy(out, s->random + s->left, n);
    return true;
}

/* Below n, each equally likely. */
static bool random_below(shuffle *s, uint64_t n, uint64_t *out)
{
    const uint64_t fair = UINT64_MAX - UINT64_MAX % n;
    do {
        if (!random_bytes(s, out, sizeof *out)) return false;
    } while (*out >= fair);
    *out %= n;
    return true;
}

static bool flush(shuffle *s, heap *h)
{
    const char *why = "out of memory";
    if (!h->file) h->file = os_create_nameless(s->folder, &why);
    if (!h->file || !os_append(h->file, h->waiting.p, h->waiting.n, &why)) return failed(s, why);
    buf_clear(&h->waiting);
    return true;
}

bool shuffle_add(shuffle *s, sv row)
{
    unsigned char which;
    const uint64_t n = row.n;
    if (!random_bytes(s, &which, 1)) return false;
    heap *h = &s->of[which % HEAPS];
    buf_add(&h->waiting, &n, sizeof n);
    buf_sv(&h->waiting, row);
    h->bytes += sizeof n + n;
    h->rows++;
    if (h->waiting.failed || h->bytes > HEAP_BYTES_MAX) return failed(s, "there is not enough memory for that many");
    return h->waiting.n < HEAP_BUFFER || flush(s, h);
}

static bool load(shuffle *s, heap *h, char *all, sv *row)
{
    const char *why = "its work file is not as it was";
    size_t filed = h->file ? (size_t)os_file_size(h->file) : 0, got = 0;
    if (filed && (!os_read_at(h->file, 0, all, filed, &got, &why) || got != filed)) return failed(s, why);
    memcpy(all + filed, h->waiting.p ? h->waiting.p : "", h->waiting.n);
    size_t at = 0;
    for (uint64_t i = 0; i < h->rows; i++) {
        uint64_t n;
        memcpy(&n, all + at, sizeof n);
        row[i] = (sv){all + at + sizeof n, (size_t)n};
        at += sizeof n + (size_t)n;
    }
    return true;
}

static bool mix(shuffle *s, sv *row, uint64_t n)
{
    for (uint64_t i = n; i > 1; i--) {
        uint64_t k;
        if (!random_below(s, i, &k)) return false;
        sv x = row[i - 1];
        row[i - 1] = row[k];
        row[k] = x;
    }
    return true;
}

bool shuffle_give(shuffle *s, bool (*take)(void *ctx, sv row), void *ctx)
{
    bool ok = true;
    for (size_t i = 0; ok && i < HEAPS; i++) {
        heap *h = &s->of[i];
        if (!h->rows) continue;
        char *all = malloc((size_t)h->bytes);
        sv *row = calloc((size_t)h->rows, sizeof *row);
        ok = all && row ? load(s, h, all, row) && mix(s, row, h->rows) : failed(s, "out of memory");
        for (uint64_t k = 0; ok && k < h->rows; k++) ok = take(ctx, row[k]);
        free(all);
        free(row);
        os_close_read(h->file);
        buf_free(&h->waiting);
        h->file = NULL;
    }
    return ok;
}
