#include "bak/bak_sum.h"
#include "bak/bak_layout.h"
#include "mdf/page_check.h"

enum { LANES = 32, BLOCK_BYTES = 4 * LANES };

/* A word is turned once for each word behind it, and 32 turns are none: so all words of a lane are turned alike, and
 * can be added up first. The loops over lanes become wide instructions. */
static uint32_t sum_blocks(const uint8_t *p, size_t blocks)
{
    uint32_t lane[LANES] = {0}, c = 0;
    for (size_t i = 0; i < blocks; i++, p += BLOCK_BYTES)
        for (size_t k = 0; k < LANES; k++) lane[k] ^= le32(p + 4 * k);
    for (unsigned k = 0; k < LANES; k++) c = rotl32(c, 1) ^ lane[k];
    return c;
}

uint32_t bak_sum_words(const void *p, size_t n)
{
    const uint8_t *b = p;
    size_t blocks = n / BLOCK_BYTES, whole = n & ~(size_t)3;
    uint32_t c = sum_blocks(b, blocks);
    for (size_t i = blocks * BLOCK_BYTES; i < whole; i += 4) c = rotl32(c, 1) ^ le32(b + i);
    if (whole == n) return c;
    uint8_t last[4] = {0};
    memcpy(last, b + whole, n - whole);
    return rotl32(c, 1) ^ le32(last);
}

uint32_t bak_sum_sectors(const void *p, size_t n)
{
    const uint8_t *b = p;
    uint32_t c = 0;
    for (; n >= MTF_SECTOR_BYTES; n -= MTF_SECTOR_BYTES, b += MTF_SECTOR_BYTES) c = rotl32(c, 1) ^ page_sector_xor(b);
    return c;
}

uint16_t bak_xor_words(const uint8_t *p, size_t n)
{
    uint16_t x = 0;
    for (size_t i = 0; i < n; i++) x = (uint16_t)(x ^ le16(p + 2 * i));
    return x;
}
