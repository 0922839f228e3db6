#include "zip/zip_file.h"
#include "base/platform.h"
#include <stdlib.h>
#include <string.h>

enum { BUFFER_BYTES = 1 << 18 };

struct zip_file {
    os_out *out;
    const char *why; /* the first failure */
    char *buffer;
    size_t used;
    uint64_t flushed; /* bytes before the buffer */
    uint64_t at;      /* where minizip stands */
};

zip_file *zip_file_new(const char *path, const char **why)
{
    zip_file *f = calloc(1, sizeof *f);
    *why = "out of memory";
    if (!f) return NULL;
    f->buffer = malloc(BUFFER_BYTES);
    if (f->buffer) f->out = os_create(path, why);
    if (f->out) return f;
    free(f->buffer);
    free(f);
    return NULL;
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

bool zip_file_append(zip_file *f, const void *bytes, size_t n)
{
    const char *p = bytes;
    while (n) {
        size_t room = BUFFER_BYTES - f->used, now = n < room ? n : room;
        memcpy(f->buffer + f->used, p, now);
        f->used += now;
        p += now;
        n -= now;
        if (f->used == BUFFER_BYTES && !flush(f)) return false;
    }
    return true;
}

bool zip_file_rewrite(zip_file *f, uint64_t at, const void *p, size_t n)
{
    if (at >= f->flushed) {
        memcpy(f->buffer + (at - f->flushed), p, n);
        return true;
    }
    return flush(f) && os_write_at(f->out, at, p, n, &f->why);
}

/* ---- what minizip calls ---- */

static voidpf open_call(voidpf opaque, const void *name, int mode)
{
    (void)name;
    (void)mode;
    return opaque;
}

static uLong read_call(voidpf opaque, voidpf stream, void *p, uLong n)
{
    (void)opaque, (void)stream, (void)p, (void)n; /* it reads only what it adds to */
    return 0;
}

static uLong write_call(voidpf opaque, voidpf stream, const void *p, uLong n)
{
    zip_file *f = stream;
    uint64_t end = zip_file_bytes(f);
    (void)opaque;
    if (f->why) return 0;
    bool ok = f->at == end ? zip_file_append(f, p, n) : n <= end - f->at && zip_file_rewrite(f, f->at, p, n);
    if (ok) f->at += n;
    return ok ? n : 0;
}

static ZPOS64_T tell_call(voidpf opaque, voidpf stream)
{
    (void)opaque;
    return ((zip_file *)stream)->at;
}

static long seek_call(voidpf opaque, voidpf stream, ZPOS64_T offset, int origin)
{
    zip_file *f = stream;
    uint64_t end = zip_file_bytes(f), from = origin == ZLIB_FILEFUNC_SEEK_END ? end : 0;
    (void)opaque;
    if (origin == ZLIB_FILEFUNC_SEEK_CUR) from = f->at;
    if (offset > end - from) return -1;
    f->at = from + offset;
    return 0;
}

static int close_call(voidpf opaque, voidpf stream)
{
    (void)opaque, (void)stream;
    return 0;
}

static int error_call(voidpf opaque, voidpf stream)
{
    (void)opaque;
    return ((zip_file *)stream)->why != NULL;
}

zlib_filefunc64_def zip_file_calls(zip_file *f)
{
    return (zlib_filefunc64_def){.zopen64_file = open_call,
                                 .zread_file = read_call,
                                 .zwrite_file = write_call,
                                 .ztell64_file = tell_call,
                                 .zseek64_file = seek_call,
                                 .zclose_file = close_call,
                                 .zerror_file = error_call,
                                 .opaque = f};
}

bool zip_file_close(zip_file *f, const char **why)
{
    (void)flush(f);
    bool closed = os_close(f->out, why), ok = closed && !f->why;
    if (f->why) *why = f->why;
    free(f->buffer);
    free(f);
    return ok;
}
