/* libFuzzer: binary XML. The first two bytes choose the sizes of the pieces and of the room, on which the text must not
 * depend. */
#include "base/buf.h"
#include "sqltype/sqltype.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* Names repeat at the cost of two bytes: this is as much as a document of the fuzzer's size may reach. */
#define TEXT_MAX ((size_t)1 << 20)

typedef struct pieces {
    const char *p;
    size_t n, size;
} pieces;

static status next_piece(void *ctx, sv *piece)
{
    pieces *s = ctx;
    if (s->n == 0) return ST_END;
    size_t n = s->n < s->size ? s->n : s->size;
    *piece = (sv){s->p, n};
    s->p += n;
    s->n -= n;
    return ST_OK;
}

static status decode(const uint8_t *p, size_t n, size_t piece, size_t room, buf *out)
{
    pieces s = {(const char *)p, n, piece};
    binxml *x = binxml_new(next_piece, &s);
    if (!x) return ST_FATAL;
    char text[256];
    size_t got;
    status r;
    while ((r = binxml_next(x, text, room, &got)) == ST_OK && out->n < TEXT_MAX) buf_add(out, text, got);
    binxml_free(x);
    return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    if (n < 2) return 0;
    buf whole = buf_new(2 * TEXT_MAX), parts = buf_new(2 * TEXT_MAX);
    status a = decode(p + 2, n - 2, n, 256, &whole);
    status b = decode(p + 2, n - 2, (size_t)p[0] + 1, (size_t)p[1] + 1, &parts);
    size_t common = whole.n < parts.n ? whole.n : parts.n;
    bool cut = a == ST_OK || b == ST_OK;
    if (!cut && (a != b || whole.n != parts.n)) abort();
    if (common && memcmp(whole.p, parts.p, common) != 0) abort();
    buf_free(&whole);
    buf_free(&parts);
    return 0;
}
