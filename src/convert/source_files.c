#include "convert/source_files.h"
#include "base/path.h"
#include "base/platform.h"
#include "deliver/digest.h"
#include <stdatomic.h>
#include <stdlib.h>

/* Of a piece that the second level of a processor's cache holds, nothing is fetched twice. */
enum { READ_BYTES = 1 << 18 };

typedef struct hashed {
    bool done;
    uint64_t bytes;
    char sha256[SHA256_HEX + 1];
} hashed;

struct source_files {
    const source_given *given;
    size_t n;
    hashed *file;
    thread *worker;
    findings *found; /* of the worker */
    atomic_bool ends;
    /* The work: the worker's, once that has ended whose caller goes on with it. */
    size_t at;         /* file at hand; n: there are no more */
    byte_source *own;  /* of it, where none was given */
    byte_source *from; /* NULL: it is not open yet */
    sha256 *hash;
    char *room; /* READ_BYTES */
};

/* The file at hand is done with: whole or not. */
static void end_file(source_files *x, bool whole)
{
    if (whole)
        x->file[x->at].done = sha256_end(x->hash, x->file[x->at].sha256);
    else
        sha256_free(x->hash);
    byte_source_close(x->own);
    x->own = x->from = NULL;
    x->hash = NULL;
    x->at++;
}

static void begin_file(source_files *x)
{
    const source_given *g = &x->given[x->at];
    x->own = g->bytes ? NULL : byte_source_file(g->path, x->found);
    x->from = g->bytes ? g->bytes : x->own;
    x->hash = x->from ? sha256_new() : NULL;
    if (!x->hash) end_file(x, false);
}

/* One piece more. False: there are none. */
static bool hash_piece(source_files *x)
{
    size_t got = 0;
    if (x->at == x->n) return false;
    if (!x->from) {
        begin_file(x);
        return true;
    }
    hashed *to = &x->file[x->at];
    if (byte_source_read(x->from, to->bytes, x->room, READ_BYTES, &got, x->found) != ST_OK || got == 0) {
        end_file(x, got == 0);
        return true;
    }
    sha256_add(x->hash, x->room, got);
    to->bytes += got;
    return true;
}

static void work(void *arg)
{
    source_files *x = arg;
    thread_stand_back();
    while (!atomic_load(&x->ends) && hash_piece(x)) continue;
}

static void end_worker(source_files *x)
{
    atomic_store(&x->ends, true);
    if (x->worker) thread_join(x->worker);
    x->worker = NULL;
}

source_files *source_files_begin(const source_given *given, size_t n)
{
    source_files *x = calloc(1, sizeof *x);
    if (!x) return NULL;
    x->given = given;
    x->n = n;
    x->file = calloc(n ? n : 1, sizeof *x->file);
    x->found = findings_new();
    x->room = malloc(READ_BYTES);
    x->worker = x->file && x->found && x->room ? thread_start(work, x) : NULL;
    if (x->worker) return x;
    source_files_free(x);
    return NULL;
}

status source_files_wait(source_files *x, bool (*stopped)(void *ctx), void *ctx, arena *mem, findings *f,
                         const report_source_file **out, size_t *n)
{
    /* Whoever waits for it need not stand back. */
    end_worker(x);
    do
        if (stopped(ctx)) return ST_END;
    while (hash_piece(x));
    report_source_file *all = arena_array(mem, x->n + 1, sizeof *all);
    if (!all) return ST_FATAL;
    for (size_t i = 0; i < x->n; i++) {
        const source_given *g = &x->given[i];
        sv path = g->bytes ? byte_source_path(g->bytes) : sv_from(g->path);
        all[i].name = arena_sv(mem, path_leaf(path));
        all[i].bytes = x->file[i].bytes;
        all[i].sha256 = arena_sv(mem, sv_from(x->file[i].done ? x->file[i].sha256 : ""));
        if (!all[i].name.p || !all[i].sha256.p) return ST_FATAL;
        if (x->file[i].done) continue;
        finding lost = FINDING_OF(F_SOURCE_NOT_HASHED);
        lost.path = all[i].name;
        find_add(f, &lost);
    }
    *out = all;
    *n = x->n;
    return ST_OK;
}

void source_files_free(source_files *x)
{
    if (!x) return;
    end_worker(x);
    if (x->file && x->at < x->n) end_file(x, false);
    findings_free(x->found);
    free(x->room);
    free(x->file);
    free(x);
}
