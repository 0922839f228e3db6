/* Numbers into bytes, as every structure on disk has them. */
#ifndef LITTLE_ENDIAN_H
#define LITTLE_ENDIAN_H

#include <stdint.h>

static inline void put16(uint8_t *p, unsigned x)
{
    p[0] = (uint8_t)x;
    p[1] = (uint8_t)(x >> 8);
}

static inline void put32(uint8_t *p, uint32_t x)
{
    put16(p, x & 0xFFFF);
    put16(p + 2, x >> 16);
}

static inline void put64(uint8_t *p, uint64_t x)
{
    put32(p, (uint32_t)x);
    put32(p + 4, (uint32_t)(x >> 32));
}

#endif
