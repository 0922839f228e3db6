#include "deliver/bundle_file.h"
#include "base/platform.h"
#include <stdlib.h>

enum { BUFFER_BYTES = 1 << 17 };

struct bundle_file {
    os_out *out;
    findings *found;
    sha256 *hash;
    uint64_t bytes;
    size_t used;
    bool failed;
    char *path;
    char buffer[BUFFER_BYTES];
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
    if (b->hash && b->path) b->out = os_create(b->path, &why);
    if (b->out) return b;
    say(f, F_OUT_CREATE_FAILED, b->path ? b->path : "", why);
    bundle_file_abandon(b);
    return NULL;
}

static void flush(bundle_file *b)
{
    const char *why = "";
    if (b->failed || !b->used) return;
    if (os_write(b->out, b->buffer, b->used, &why)) {
        sha256_add(b->hash, b->buffer, b->used);
        b->used = 0;
        return;
    }
    say(b->found, F_OUT_WRITE_FAILED, b->path, why);
    b->failed = true;
}

void bundle_file_text(bundle_file *b, sv text)
{
    while (text.n && !b->failed) {
        size_t room = BUFFER_BYTES - b->used, n = text.n < room ? text.n : room;
        memcpy(b->buffer + b->used, text.p, n);
        b->used += n;
        b->bytes += n;
        text.p += n;
        text.n -= n;
        if (b->used == BUFFER_BYTES) flush(b);
    }
}

bool bundle_file_failed(const bundle_file *b) { return b->failed; }
uint64_t bundle_file_bytes(const bundle_file *b) { return b->bytes; }

bool bundle_file_close(bundle_file *b, file_digest *out)
{
    const char *why = "";
    *out = (file_digest){.bytes = b->bytes};
    flush(b);
    bool closed = os_close(b->out, &why);
    if (!closed && !b->failed) say(b->found, F_OUT_WRITE_FAILED, b->path, why);
    bool hashed = sha256_end(b->hash, out->sha256);
    if (!hashed) find_code(b->found, F_OUT_OF_MEMORY, "hashing a file of the bundle");
    bool ok = closed && hashed && !b->failed;
    free(b->path);
    free(b);
    return ok;
}

void bundle_file_abandon(bundle_file *b)
{
    const char *why;
    if (!b) return;
    if (b->out) (void)os_close(b->out, &why);
    sha256_free(b->hash);
    free(b->path);
    free(b);
}
