#include "documents/spool.h"
#include "base/limits.h"
#include "base/platform.h"
#include <stdlib.h>

enum { PIECE_BYTES = 1 << 18 };

struct spool {
    const char *folder;
    char *memory;  /* DOCUMENT_MEMORY_BYTES */
    size_t n;      /* in memory: the whole, or what the file has not yet */
    os_file *file; /* NULL: all is in memory */
    enum { PACKS_UNASKED, PACKS_NO, PACKS_YES } packs;
    zip_content *packed; /* of one that packs and is in memory */
};

spool *spool_new(const char *folder)
{
    spool *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    s->folder = folder;
    s->memory = malloc(DOCUMENT_MEMORY_BYTES);
    s->packed = zip_content_new();
    if (s->memory && s->packed) return s;
    spool_free(s);
    return NULL;
}

static void forget(spool *s)
{
    os_close_read(s->file);
    s->file = NULL;
    s->n = 0;
    s->packs = PACKS_UNASKED;
}

void spool_free(spool *s)
{
    if (!s) return;
    forget(s);
    zip_content_free(s->packed);
    free(s->memory);
    free(s);
}

/* Memory is full: the file takes it. */
static bool move_on(spool *s, const char **why)
{
    if (!s->folder) {
        s->n = 0;
        return true;
    }
    if (!s->file) s->file = os_create_nameless(s->folder, why);
    if (!s->file || !os_append(s->file, s->memory, s->n, why)) return false;
    s->n = 0;
    return true;
}

static content_end take_all(spool *s, content_reader *r, sha256 *hash, spooled *out, const char **why)
{
    for (;;) {
        size_t room = DOCUMENT_MEMORY_BYTES - s->n, got = 0;
        if (room == 0 && !move_on(s, why)) return CONTENT_BROKEN;
        if (room == 0) room = DOCUMENT_MEMORY_BYTES;
        content_end e = content_read(r, s->memory + s->n, room < PIECE_BYTES ? room : PIECE_BYTES, &got);
        if (e != CONTENT_OPEN) return e;
        sha256_add(hash, s->memory + s->n, got);
        s->n += got;
        out->bytes += got;
        bool head = out->bytes == s->n && s->n - got < CONTENT_HEAD_BYTES;
        if (head)
            out->type =
                content_type_of((const uint8_t *)s->memory, s->n < CONTENT_HEAD_BYTES ? s->n : CONTENT_HEAD_BYTES);
    }
}

content_end spool_take(spool *s, content_reader *r, const content_place *p, spooled *out, const char **why)
{
    *out = (spooled){0};
    *why = NULL;
    forget(s);
    content_end e = content_begin(r, p);
    if (e != CONTENT_OPEN) return e;
    sha256 *hash = sha256_new();
    if (!hash) {
        *why = "out of memory";
        return CONTENT_BROKEN;
    }
    e = take_all(s, r, hash, out, why);
    if (e == CONTENT_WHOLE && out->bytes == 0) e = CONTENT_EMPTY;
    if (e != CONTENT_WHOLE) {
        sha256_free(hash);
        return e;
    }
    if (!sha256_end(hash, out->sha256)) *why = "out of memory";
    if (s->file && s->n && !move_on(s, why)) e = CONTENT_BROKEN;
    return *why ? CONTENT_BROKEN : e;
}

bool spool_put(spool *s, sv content, spooled *out)
{
    sha256 *hash = sha256_new();
    *out = (spooled){.bytes = content.n};
    forget(s);
    if (!hash) return false;
    if (content.n > DOCUMENT_MEMORY_BYTES) {
        sha256_free(hash);
        return false;
    }
    memcpy(s->memory, content.p, content.n);
    s->n = content.n;
    out->type = content_type_of((const uint8_t *)s->memory, s->n < CONTENT_HEAD_BYTES ? s->n : CONTENT_HEAD_BYTES);
    sha256_add(hash, content.p, content.n);
    return sha256_end(hash, out->sha256);
}

static bool packs(spool *s, const spooled *x)
{
    size_t n = 0;
    const char *why;
    if (x->type->packed) return false;
    if (!s->file) return zip_content_pack(s->packed, (sv){s->memory, s->n});
    /* A file that cannot be read back fails when it is given. */
    return os_read_at(s->file, 0, s->memory, PIECE_BYTES, &n, &why) && zip_content_gains(s->packed, (sv){s->memory, n});
}

bool spool_packs(spool *s, const spooled *x)
{
    if (s->packs == PACKS_UNASKED) s->packs = packs(s, x) ? PACKS_YES : PACKS_NO;
    return s->packs == PACKS_YES;
}

const zip_content *spool_packed(const spool *s) { return s->file ? NULL : s->packed; }

sv spool_view(const spool *s) { return s->file ? (sv){NULL, 0} : (sv){s->memory, s->n}; }

bool spool_give(spool *s, bool (*take)(void *ctx, const void *p, size_t n), void *ctx, const char **why)
{
    size_t got = 1;
    *why = NULL;
    if (!s->file) return take(ctx, s->memory, s->n);
    for (uint64_t at = 0; got; at += got) {
        if (!os_read_at(s->file, at, s->memory, PIECE_BYTES, &got, why)) return false;
        if (got && !take(ctx, s->memory, got)) return false;
    }
    return true;
}
