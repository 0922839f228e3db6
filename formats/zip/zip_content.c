#include "zip/zip_content.h"
#include "base/buf.h"
#include "base/memory.h"
#include "zip/zip_packer.h"
#include <stdlib.h>
#include <zlib.h>

enum {
    SAMPLE_MAX = 1 << 16,
    LEAST = 64,       /* what is shorter costs nothing either way */
    ZLIB_ENVELOPE = 6 /* of compress2, around the deflate */
};

struct zip_content {
    zip_packer *packer;
    buf packed;
    uint64_t bytes;
};

zip_content *zip_content_new(void)
{
    zip_content *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    c->packed = buf_new(SIZE_MAX / 2);
    c->packer = zip_packer_new();
    if (c->packer) return c;
    zip_content_free(c);
    return NULL;
}

void zip_content_free(zip_content *c)
{
    if (!c) return;
    zip_packer_free(c->packer);
    buf_free(&c->packed);
    free(c);
}

static bool is_worth(size_t packed, size_t n) { return packed < n - n / 20; }

bool zip_is_worth_packing(const void *sample, size_t n)
{
    size_t length = n < SAMPLE_MAX ? n : SAMPLE_MAX;
    uLongf room = compressBound((uLong)length);
    Bytef *out = length < LEAST ? NULL : memory_take(room);
    const int end = out ? compress2(out, &room, sample, (uLong)length, ZIP_FAST_LEVEL) : Z_BUF_ERROR;
    if (end == Z_MEM_ERROR) memory_ran_out();
    free(out);
    return end == Z_OK && is_worth(room - ZLIB_ENVELOPE, length);
}

static bool take(void *ctx, const void *p, size_t n)
{
    buf *to = ctx;
    buf_add(to, p, n);
    return !to->failed;
}

bool zip_content_pack(zip_content *c, sv content)
{
    bool small = content.n <= SAMPLE_MAX; /* then it is its own sample */
    buf_clear(&c->packed);
    c->bytes = content.n;
    if (content.n < LEAST || (!small && !zip_is_worth_packing(content.p, content.n))) return false;
    zip_packer_begin(c->packer, ZIP_FAST_LEVEL);
    return zip_packer_add(c->packer, content.p, content.n, take, &c->packed) &&
           zip_packer_end(c->packer, take, &c->packed) && (!small || is_worth(c->packed.n, content.n));
}

sv zip_content_packed(const zip_content *c) { return buf_view(&c->packed); }
uint64_t zip_content_bytes(const zip_content *c) { return c->bytes; }
uint32_t zip_content_crc(const zip_content *c) { return zip_packer_crc(c->packer); }
