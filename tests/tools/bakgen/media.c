/* The container of one family: bytes as they are, or cut into compressed records (MSSQLBAK, version 2). */
#include "backup.h"
#include "base/platform.h"
#include "xpress_encode.h"
#include <stdlib.h>

enum { OUT_ROOM = 1 << 20, CONTAINER_HEAD = 0x1E0, RECORD_HEAD = 28, PIECE = 65536 };
enum {
    RECORD_COMPRESSED = 0x21,
    RECORD_STORED = 0x20,
    RECORD_PLAIN = 0x23,
    RECORD_SEALED = 0x10,
    RECORD_DATABASE = 0x40
};

struct media {
    os_out *out;
    FILE *file; /* not owned */
    fault *f;
    unsigned block;
    uint64_t position; /* in the MTF stream */
    uint64_t file_at;  /* in the file */
    uint8_t *pending;  /* OUT_ROOM bytes not yet written */
    size_t pending_bytes;
    bool container;          /* cut into records */
    xpress_encoder *encoder; /* NULL: not compressed */
    seal *seal;              /* not owned; NULL: not encrypted */
    uint8_t *piece, *encoded, *sealed;
    size_t piece_bytes;
};

static void flush(media *m)
{
    const char *why = "";
    if (m->file && m->pending_bytes && fwrite(m->pending, m->pending_bytes, 1, m->file) != 1)
        fail(m->f, "cannot write the backup");
    if (m->out && !m->f->set && m->pending_bytes && !os_write(m->out, m->pending, m->pending_bytes, &why))
        fail(m->f, "cannot write the backup: %s", why);
    m->pending_bytes = 0;
}

static void to_file(media *m, const void *p, size_t n)
{
    const uint8_t *from = p;
    m->file_at += n;
    while (n) {
        size_t room = OUT_ROOM - m->pending_bytes, part = n < room ? n : room;
        memcpy(m->pending + m->pending_bytes, from, part);
        m->pending_bytes += part;
        from += part;
        n -= part;
        if (m->pending_bytes == OUT_ROOM) flush(m);
    }
}

static void zeros_to_file(media *m, size_t n)
{
    static const uint8_t ZERO[512] = {0};
    for (; n; n -= n < sizeof ZERO ? n : sizeof ZERO) to_file(m, ZERO, n < sizeof ZERO ? n : sizeof ZERO);
}

/* The keys of the container. Those that do not fit into its usual head make it longer. */
static void put_container_head(media *m)
{
    uint8_t head[16 + 4 + 2 * SEAL_KEY_MAX] = {'M', 'S', 'S', 'Q', 'L', 'B', 'A', 'K', 2, 0, 0, 0, 1};
    size_t n = 20;
    const bool by_database = m->encoder && seal_has_database(m->seal);
    head[12] = (uint8_t)(1 | (m->encoder ? 2 : 0) | (seal_has_backup(m->seal) ? 4 : 0) | (by_database ? 0x28 : 0));
    if (seal_has_backup(m->seal)) n += seal_put_backup_key(m->seal, head + n, m->f);
    if (by_database) n += seal_put_database_key(m->seal, head + n, m->f);
    to_file(m, head, n);
    if (n < CONTAINER_HEAD) zeros_to_file(m, CONTAINER_HEAD - n);
}

media *media_create(const char *path, unsigned block, bool compress, seal *with, fault *f)
{
    const char *why = "";
    media *m = calloc(1, sizeof *m);
    if (!m) {
        fail(f, "out of memory");
        return NULL;
    }
    m->f = f;
    m->block = block;
    m->out = os_create(path, &why);
    if (!m->out) fail(f, "%s: %s", path, why);
    m->pending = malloc(OUT_ROOM);
    bool ok = m->out && m->pending;
    m->seal = with;
    m->container = compress || seal_has_backup(with);
    if (compress) m->encoder = xpress_encoder_new();
    if (m->container) {
        m->piece = malloc(PIECE);
        m->encoded = malloc(XPRESS_OUT_MAX);
        m->sealed = malloc(SEAL_RECORD_MAX);
        ok = ok && (m->encoder || !compress) && m->piece && m->encoded && m->sealed;
    }
    if (!ok) {
        fail(f, "out of memory");
        m->piece_bytes = 0;
        media_close(m);
        return NULL;
    }
    if (m->container) put_container_head(m);
    return m;
}

media *media_over(FILE *file, unsigned block, fault *f)
{
    media *m = calloc(1, sizeof *m);
    if (m) m->pending = malloc(OUT_ROOM);
    if (!m || !m->pending || (file && !file_seek(file, 0))) {
        fail(f, "cannot write the backup");
        free(m ? m->pending : NULL);
        free(m);
        return NULL;
    }
    m->f = f;
    m->block = block;
    m->file = file;
    return m;
}

void media_skip(media *m, uint64_t n)
{
    flush(m);
    m->position += n;
    m->file_at += n;
    if (m->file && !file_seek(m->file, m->file_at)) fail(m->f, "cannot write the backup");
}

bool media_close(media *m)
{
    if (!m) return false;
    const char *why = "";
    media_break(m);
    flush(m);
    if (m->out) {
        if (!os_close(m->out, &why)) fail(m->f, "cannot write the backup: %s", why);
    }
    bool ok = !m->f->set;
    free(m->pending);
    free(m->piece);
    free(m->encoded);
    free(m->sealed);
    xpress_encoder_free(m->encoder);
    free(m);
    return ok;
}

uint64_t media_position(const media *m) { return m->position; }

uint32_t words_sum(const uint8_t *p, size_t n)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < n; i += 4)
        sum = rotate_left(sum, 1) ^ (uint32_t)get_n(p + i, n - i < 4 ? (unsigned)(n - i) : 4);
    return sum;
}

/* A piece that does not get smaller is stored: a form that no real file has shown yet (reference: flag bit 0 clear). */
void media_break(media *m)
{
    if (!m->container || m->piece_bytes == 0) return;
    if (m->piece_bytes % 512) {
        fail(m->f, "a compressed piece must be a multiple of 512 bytes");
        return;
    }
    size_t n = m->encoder ? xpress_encode(m->encoder, m->piece, m->piece_bytes, m->encoded) : 0;
    const uint8_t *body = n ? m->encoded : m->piece;
    size_t bytes = n ? n : m->piece_bytes;
    uint8_t head[RECORD_HEAD] = {n ? RECORD_COMPRESSED : RECORD_STORED, (uint8_t)(m->piece_bytes / 512)};
    const bool by_database = m->encoder && seal_has_database(m->seal);
    put16(head + 2, n);
    put32(head + 24, words_sum(body, bytes));
    if (by_database || seal_has_backup(m->seal)) {
        head[0] = (uint8_t)((n ? RECORD_COMPRESSED : RECORD_PLAIN) | (seal_has_backup(m->seal) ? RECORD_SEALED : 0) |
                            (by_database ? RECORD_DATABASE : 0));
        put16(head + 2, bytes & 0xFFFF);
        bytes = seal_record(m->seal, by_database, body, bytes, head, m->sealed, m->f);
        body = m->sealed;
    }
    to_file(m, head, sizeof head);
    to_file(m, body, bytes);
    m->piece_bytes = 0;
}

void media_write(media *m, const void *p, size_t n)
{
    m->position += n;
    if (!m->container) {
        to_file(m, p, n);
        return;
    }
    const uint8_t *from = p;
    while (n) {
        size_t room = PIECE - m->piece_bytes, part = n < room ? n : room;
        memcpy(m->piece + m->piece_bytes, from, part);
        m->piece_bytes += part;
        from += part;
        n -= part;
        if (m->piece_bytes == PIECE) media_break(m);
    }
}

void media_zero(media *m, uint64_t n)
{
    static const uint8_t ZERO[512] = {0};
    for (; n; n -= n < sizeof ZERO ? n : sizeof ZERO) media_write(m, ZERO, n < sizeof ZERO ? (size_t)n : sizeof ZERO);
}

void media_filemark(media *m, const void *p, size_t n)
{
    if (m->container) {
        media_break(m);
        zeros_to_file(m, (size_t)((m->block - m->file_at % m->block) % m->block));
    }
    m->position += n;
    to_file(m, p, n);
}
