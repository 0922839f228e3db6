#include "bak/bak_sum.h"
#include "bak/bak_layout.h"

uint32_t bak_sum_words(const void *p, size_t n)
{
    const uint8_t *b = p;
    uint32_t c = 0;
    size_t whole = n & ~(size_t)3;
    for (size_t i = 0; i < whole; i += 4) c = rotl32(c, 1) ^ le32(b + i);
    if (whole == n) return c;
    uint8_t last[4] = {0};
    memcpy(last, b + whole, n - whole);
    return rotl32(c, 1) ^ le32(last);
}

uint32_t bak_sum_sectors(const void *p, size_t n)
{
    const uint8_t *b = p;
    uint32_t c = 0;
    for (; n >= MTF_SECTOR_BYTES; n -= MTF_SECTOR_BYTES, b += MTF_SECTOR_BYTES) {
        uint32_t x = 0;
        for (size_t i = 0; i < MTF_SECTOR_BYTES; i += 4) x ^= le32(b + i);
        c = rotl32(c, 1) ^ x;
    }
    return c;
}

uint16_t bak_xor_words(const uint8_t *p, size_t n)
{
    uint16_t x = 0;
    for (size_t i = 0; i < n; i++) x = (uint16_t)(x ^ le16(p + 2 * i));
    return x;
}
