/* Deflate block by block: blocks that are packed apart, in any order and on any thread, and stand one behind the other as one stream. */
#ifndef ZIP_ZIP_BLOCK_H
#define ZIP_ZIP_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct zip_block zip_block; /* what packs one at a time */

/* How far back a block may refer to what stands before it. */
enum { ZIP_WINDOW_BYTES = 1 << 15 };

/* The most that n bytes become. */
#define ZIP_BLOCK_ROOM(n) ((n) + (n) / 1024 + 64)

zip_block *zip_block_new(void);    /* NULL when out of memory */
void zip_block_free(zip_block *b); /* b may be NULL */

/* Packs n bytes, before which `window` bytes stand (at most ZIP_WINDOW_BYTES) that end the block before; n may be 0. last: of its
 * stream. Returns the bytes made in `to`, which has room for ZIP_BLOCK_ROOM(n); 0 when it failed. Asks for no memory. The same bytes
 * give the same. */
size_t zip_block_pack(zip_block *b, int level, const void *from, size_t n, size_t window, bool last, void *to);

/* CRC-32 of what had the sum `crc` (0: nothing) and n bytes more; of two contents, one behind the other. */
uint32_t zip_crc(uint32_t crc, const void *p, size_t n);
uint32_t zip_crc_joined(uint32_t first, uint32_t second, uint64_t second_bytes);

#endif
