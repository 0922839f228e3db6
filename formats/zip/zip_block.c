#include "zip/zip_block.h"
#include <libdeflate.h>
#include <stdlib.h>
#include <zlib.h>

struct zip_block {
    z_stream z;
};

zip_block *zip_block_new(void)
{
    zip_block *b = calloc(1, sizeof *b);
    if (b && deflateInit2(&b->z, 1, Z_DEFLATED, -MAX_WBITS, MAX_MEM_LEVEL - 1, Z_DEFAULT_STRATEGY) == Z_OK) return b;
    free(b);
    return NULL;
}

void zip_block_free(zip_block *b)
{
    if (!b) return;
    (void)deflateEnd(&b->z);
    free(b);
}

size_t zip_block_pack(zip_block *b, int level, const void *from, size_t n, size_t window, bool last, void *to)
{
    z_stream *z = &b->z;
    const unsigned char *p = from;
    const size_t room = ZIP_BLOCK_ROOM(n);
    if (deflateReset(z) != Z_OK || deflateParams(z, level, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
    if (window && deflateSetDictionary(z, p - window, (uInt)window) != Z_OK) return 0;
    z->next_in = (z_const Bytef *)p;
    z->avail_in = (uInt)n;
    z->next_out = to;
    z->avail_out = (uInt)room;
    int rc = deflate(z, last ? Z_FINISH : Z_SYNC_FLUSH);
    bool ok = last ? rc == Z_STREAM_END : rc == Z_OK && z->avail_out != 0;
    return ok ? room - z->avail_out : 0;
}

uint32_t zip_crc(uint32_t crc, const void *p, size_t n) { return libdeflate_crc32(crc, p, n); }

uint32_t zip_crc_joined(uint32_t first, uint32_t second, uint64_t second_bytes)
{
    /* zlib takes no more than a long has on every system: that many zero bytes behind the first are joined to it alone. */
    const uint64_t step = 1 << 30;
    uLong crc = first;
    for (; second_bytes > step; second_bytes -= step) crc = crc32_combine(crc, 0, (z_off_t)step);
    return (uint32_t)crc32_combine(crc, second, (z_off_t)second_bytes);
}
