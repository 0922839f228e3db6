#include "zip/zip_content.h"
#include "base/buf.h"
#include "base/memory.h"
#include <libdeflate.h>
#include <stdlib.h>

enum {
    LEVEL = 1, /* twice as fast as the next one, for a twentieth more */
    SAMPLE_MAX = 1 << 16,
    LEAST = 64 /* what is shorter costs nothing either way */
};

struct zip_content {
    struct libdeflate_compressor *packer;
    buf packed;
    uint64_t bytes;
    uint32_t crc;
};

zip_content *zip_content_new(void)
{
    zip_content *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    c->packed = buf_new(SIZE_MAX / 2);
    c->packer = libdeflate_alloc_compressor(LEVEL);
    if (c->packer) return c;
    zip_content_free(c);
    return NULL;
}

void zip_content_free(zip_content *c)
{
    if (!c) return;
    if (c->packer) libdeflate_free_compressor(c->packer);
    buf_free(&c->packed);
    free(c);
}

/* Into no more room than it may take. */
static bool pack(zip_content *c, sv content)
{
    size_t room = content.n - content.n / 20;
    buf_clear(&c->packed);
    char *to = buf_reserve(&c->packed, room);
    if (to) c->packed.n = libdeflate_deflate_compress(c->packer, content.p, content.n, to, room - 1);
    return c->packed.n != 0;
}

bool zip_content_gains(zip_content *c, sv sample)
{
    return sample.n >= LEAST && pack(c, (sv){sample.p, sample.n < SAMPLE_MAX ? sample.n : SAMPLE_MAX});
}

bool zip_content_pack(zip_content *c, sv content)
{
    c->bytes = content.n;
    /* A small one is its own sample. */
    if (!zip_content_gains(c, content) || (content.n > SAMPLE_MAX && !pack(c, content))) return false;
    c->crc = libdeflate_crc32(0, content.p, content.n);
    return true;
}

sv zip_content_packed(const zip_content *c) { return buf_view(&c->packed); }
uint64_t zip_content_bytes(const zip_content *c) { return c->bytes; }
uint32_t zip_content_crc(const zip_content *c) { return c->crc; }
