#include "zip/zip_file.h"
#include "base/memory.h"
#include "base/platform.h"
#include <stdlib.h>
#include <string.h>

/* With a listener the buffer grows, so that what is not settled stays in memory; what is larger is read back. */
enum { BUFFER_BYTES = 1 << 18, BUFFER_BYTES_MAX = 1 << 24 };

struct zip_file {
    os_out *out;
    const char *why; /* the first failure */
    char *path;
    char *buffer;
    size_t used, room;
    uint64_t flushed; /* bytes before the buffer */
    uint64_t told;    /* bytes that tell has had */
    void (*tell)(void *ctx, const void *p, size_t n);
    void *ctx;
};

zip_file *zip_file_new(const char *path, const char **why)
{
    zip_file *f = calloc(1, sizeof *f);
    *why = "out of memory";
    if (!f) return NULL;
    f->path = memory_text(sv_from(path));
    f->buffer = malloc(BUFFER_BYTES);
    f->room = BUFFER_BYTES;
    if (f->path && f->buffer) f->out = os_create(path, why);
    if (f->out) return f;
    free(f->buffer);
    free(f->path);
    free(f);
    return NULL;
}

void zip_file_tell(zip_file *f, void (*tell)(void *ctx, const void *p, size_t n), void *ctx)
{
    f->tell = tell;
    f->ctx = ctx;
}

uint64_t zip_file_bytes(const zip_file *f) { return f->flushed + f->used; }
const char *zip_file_why(const zip_file *f) { return f->why; }

static bool flush(zip_file *f)
{
    if (f->why) return false;
    if (f->used && !os_write(f->out, f->buffer, f->used, &f->why)) return false;
    f->flushed += f->used;
    f->used = 0;
    return true;
}

static bool grow(zip_file *f)
{
    char *buffer = realloc(f->buffer, 2 * f->room);
    if (!buffer) return false;
    f->buffer = buffer;
    f->room *= 2;
    return true;
}

static bool make_room(zip_file *f)
{
    if (f->used < f->room) return true;
    return (f->tell && f->room < BUFFER_BYTES_MAX && grow(f)) || flush(f);
}

bool zip_file_append(zip_file *f, const void *bytes, size_t n)
{
    const char *p = bytes;
    while (n) {
        if (!make_room(f)) return false;
        size_t room = f->room - f->used, now = n < room ? n : room;
        memcpy(f->buffer + f->used, p, now);
        f->used += now;
        p += now;
        n -= now;
    }
    return true;
}

/* What left the buffer before it was settled. */
static bool tell_written(zip_file *f)
{
    enum { PIECE_BYTES = 1 << 17 };
    const char *why = "out of memory";
    char *piece = malloc(PIECE_BYTES);
    os_file *in = piece ? os_open_read(f->path, &why) : NULL;
    while (in && f->told < f->flushed) {
        uint64_t left = f->flushed - f->told;
        size_t got = 0;
        if (!os_read_at(in, f->told, piece, left < PIECE_BYTES ? (size_t)left : PIECE_BYTES, &got, &why) || !got) break;
        f->tell(f->ctx, piece, got);
        f->told += got;
    }
    os_close_read(in);
    free(piece);
    if (f->told < f->flushed && !f->why) f->why = why;
    return f->told >= f->flushed;
}

bool zip_file_settle(zip_file *f)
{
    if (!f->tell) return true;
    if (f->told < f->flushed && !tell_written(f)) return false;
    size_t from = (size_t)(f->told - f->flushed);
    f->tell(f->ctx, f->buffer + from, f->used - from);
    f->told = zip_file_bytes(f);
    return f->used < BUFFER_BYTES || flush(f);
}

bool zip_file_rewrite(zip_file *f, uint64_t at, const void *p, size_t n)
{
    if (at >= f->flushed) {
        memcpy(f->buffer + (at - f->flushed), p, n);
        return true;
    }
    return flush(f) && os_write_at(f->out, at, p, n, &f->why);
}

bool zip_file_close(zip_file *f, const char **why)
{
    (void)(zip_file_settle(f) && flush(f));
    bool closed = os_close(f->out, why), ok = closed && !f->why;
    if (f->why) *why = f->why;
    free(f->buffer);
    free(f->path);
    free(f);
    return ok;
}
