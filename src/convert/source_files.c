#include "convert/source_files.h"
#include "base/platform.h"
#include "deliver/digest.h"
#include <stdatomic.h>
#include <stdlib.h>

enum { READ_BYTES = 1 << 20 };

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
    atomic_bool stop;
};

static bool hash_bytes(source_files *x, byte_source *from, char *room, sha256 *s, hashed *to)
{
    size_t got = 1;
    for (uint64_t at = 0; got && !atomic_load(&x->stop); at += got) {
        if (byte_source_read(from, at, room, READ_BYTES, &got, x->found) != ST_OK) return false;
        sha256_add(s, room, got);
        to->bytes += got;
    }
    return !atomic_load(&x->stop);
}

static void hash_one(source_files *x, size_t i, char *room)
{
    const source_given *g = &x->given[i];
    byte_source *own = g->bytes ? NULL : byte_source_file(g->path, x->found);
    byte_source *from = g->bytes ? g->bytes : own;
    sha256 *s = from ? sha256_new() : NULL;
    if (s && hash_bytes(x, from, room, s, &x->file[i]))
        x->file[i].done = sha256_end(s, x->file[i].sha256);
    else
        sha256_free(s);
    byte_source_close(own);
}

static void work(void *arg)
{
    source_files *x = arg;
    char *room = malloc(READ_BYTES);
    for (size_t i = 0; room && i < x->n && !atomic_load(&x->stop); i++) hash_one(x, i, room);
    free(room);
}

source_files *source_files_begin(const source_given *given, size_t n)
{
    source_files *x = calloc(1, sizeof *x);
    if (!x) return NULL;
    x->given = given;
    x->n = n;
    x->file = calloc(n ? n : 1, sizeof *x->file);
    x->found = findings_new();
    x->worker = x->file && x->found ? thread_start(work, x) : NULL;
    if (x->worker) return x;
    source_files_free(x);
    return NULL;
}

static sv last_name(sv path)
{
    size_t from = path.n;
    while (from && path.p[from - 1] != '/' && path.p[from - 1] != '\\') from--;
    return (sv){path.p + from, path.n - from};
}

bool source_files_wait(source_files *x, arena *mem, findings *f, const report_source_file **out, size_t *n)
{
    thread_join(x->worker);
    x->worker = NULL;
    report_source_file *all = arena_array(mem, x->n + 1, sizeof *all);
    if (!all) return false;
    for (size_t i = 0; i < x->n; i++) {
        const source_given *g = &x->given[i];
        sv path = g->bytes ? byte_source_path(g->bytes) : sv_from(g->path);
        all[i].name = arena_sv(mem, last_name(path));
        all[i].bytes = x->file[i].bytes;
        all[i].sha256 = arena_sv(mem, sv_from(x->file[i].done ? x->file[i].sha256 : ""));
        if (!all[i].name.p || !all[i].sha256.p) return false;
        if (x->file[i].done) continue;
        finding lost = FINDING_OF(F_SOURCE_NOT_HASHED);
        lost.path = all[i].name;
        find_add(f, &lost);
    }
    *out = all;
    *n = x->n;
    return true;
}

void source_files_free(source_files *x)
{
    if (!x) return;
    atomic_store(&x->stop, true);
    if (x->worker) thread_join(x->worker);
    findings_free(x->found);
    free(x->file);
    free(x);
}
