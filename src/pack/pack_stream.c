#include "pack/pack_stream.h"
#include "archive/sealed.h"
#include "base/platform.h"
#include "deliver/digest.h"
#include <stdlib.h>

enum { STEP_BYTES = 64 << 10, PATH_BYTES_MAX = 32768 };

struct pack_stream {
    const char *bundle;
    findings *found;
    const pack_file *file, *end; /* those that are not over yet */
    /* The present one. */
    os_file *in;
    sha256 *hash;
    uint64_t at;
    /* Of a ZIP: what it wrote and nobody has taken. */
    archive_out *zip;
    buf waiting;
    size_t taken;
    bool closed;
    char *step;
};

static bool wrong(pack_stream *s, const char *why)
{
    return find_at(s->found, F_DEL_LINK_BUNDLE, s->file->path, sv_from(why));
}

/* ---- files ---- */

static bool open_file(pack_stream *s)
{
    const char *why = "out of memory";
    buf path = buf_new(PATH_BYTES_MAX);
    buf_printf(&path, "%s/%.*s", s->bundle, (int)s->file->path.n, s->file->path.p);
    s->hash = path.failed ? NULL : sha256_new();
    /* A link leads out of the bundle. */
    if (s->hash && os_is_link(path.p))
        why = "it is a link to another file";
    else if (s->hash)
        s->in = os_open_read(path.p, &why);
    buf_free(&path);
    s->at = 0;
    if (!s->in) return wrong(s, why);
    return os_file_size(s->in) == s->file->bytes || wrong(s, "its size is not that of the manifest");
}

/* *got 0: it is over, and was what the manifest says. */
static bool read_file(pack_stream *s, void *to, size_t room, size_t *got)
{
    const char *why = "";
    char hex[SHA256_HEX + 1];
    if (!s->in && !open_file(s)) return false;
    const uint64_t left = s->file->bytes - s->at;
    if (!os_read_at(s->in, s->at, to, left < room ? (size_t)left : room, got, &why)) return wrong(s, why);
    sha256_add(s->hash, to, *got);
    s->at += *got;
    if (*got) return true;
    if (s->at != s->file->bytes) return wrong(s, "it became shorter while it was read");
    bool ok = sha256_end(s->hash, hex);
    s->hash = NULL;
    os_close_read(s->in);
    s->in = NULL;
    if (ok && (!s->file->sha256.n || sv_eq(sv_from(hex), s->file->sha256))) return true;
    return wrong(s, "it is not as it was written: chartferry verify tells more");
}

/* ---- the ZIP ---- */

static bool keep(void *ctx, const void *p, size_t n)
{
    pack_stream *s = ctx;
    buf_add(&s->waiting, p, n);
    return !s->waiting.failed;
}

static bool zip_failed(pack_stream *s, sv path)
{
    return find_at(s->found, F_PACK_MEMBER_FAILED, path, sv_from(archive_out_why(s->zip)));
}

/* Writes on until something waits to be taken, or everything is written. */
static bool write_on(pack_stream *s)
{
    if (s->file == s->end) {
        s->closed = true;
        return archive_out_close(s->zip) || zip_failed(s, (sv){NULL, 0});
    }
    size_t got = 0;
    const bool begins = !s->in;
    if (begins && !archive_out_begin(s->zip, s->file->path, s->file->bytes)) return zip_failed(s, s->file->path);
    if (!read_file(s, s->step, STEP_BYTES, &got)) return false;
    bool ok = got ? archive_out_data(s->zip, s->step, got) : archive_out_end(s->zip);
    if (!ok) return zip_failed(s, s->file->path);
    if (!got) s->file++;
    return true;
}

static bool read_zip(pack_stream *s, void *to, size_t room, size_t *got)
{
    while (s->taken == s->waiting.n && !s->closed) {
        buf_clear(&s->waiting);
        s->taken = 0;
        if (!write_on(s)) return false;
    }
    const size_t left = s->waiting.n - s->taken;
    *got = left < room ? left : room;
    if (*got) memcpy(to, s->waiting.p + s->taken, *got);
    s->taken += *got;
    return true;
}

/* ---- both ---- */

static pack_stream *stream_of(const char *bundle, const pack_file *file, size_t n, findings *f)
{
    pack_stream *s = calloc(1, sizeof *s);
    if (!s) {
        find_code(f, F_OUT_OF_MEMORY, "reading a bundle");
        return NULL;
    }
    s->bundle = bundle;
    s->found = f;
    s->file = file;
    s->end = file + n;
    s->waiting = buf_new((size_t)16 << 20);
    return s;
}

pack_stream *pack_stream_file(const char *bundle, const pack_file *file, findings *f)
{
    return stream_of(bundle, file, 1, f);
}

pack_stream *pack_stream_nest(const char *bundle, const pack_file *file, size_t n, findings *f)
{
    pack_stream *s = stream_of(bundle, file, n, f);
    if (!s) return NULL;
    s->step = malloc(STEP_BYTES);
    s->zip = s->step ? archive_out_new(NULL, keep, s) : NULL;
    if (s->zip) return s;
    find_code(f, F_OUT_OF_MEMORY, "reading a bundle");
    pack_stream_free(s);
    return NULL;
}

void pack_stream_free(pack_stream *s)
{
    if (!s) return;
    archive_out_free(s->zip);
    sha256_free(s->hash);
    os_close_read(s->in);
    buf_free(&s->waiting);
    free(s->step);
    free(s);
}

bool pack_stream_read(pack_stream *s, void *to, size_t room, size_t *got)
{
    *got = 0;
    if (s->zip) return read_zip(s, to, room, got);
    if (s->file == s->end) return true;
    if (!read_file(s, to, room, got)) return false;
    if (!*got) s->file++;
    return true;
}
