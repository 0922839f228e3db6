/* Little-endian reads: unchecked ones for callers that have checked the length, and a cursor that cannot run past its
 * end. The cursor's failure is sticky, so a parser reads a whole header and tests `bad` once. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint16_t le16(const uint8_t *p) { return (uint16_t)(p[0] | (unsigned)p[1] << 8); }
static inline uint32_t le32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}
static inline uint64_t le64(const uint8_t *p) { return (uint64_t)le32(p) | (uint64_t)le32(p + 4) << 32; }
static inline uint64_t le48(const uint8_t *p) { return (uint64_t)le32(p) | (uint64_t)le16(p + 4) << 32; }
static inline uint32_t rotl32(uint32_t x, unsigned n) { return n & 31 ? x << (n & 31) | x >> (32 - (n & 31)) : x; }

typedef struct cur {
    const uint8_t *p; /* borrowed */
    size_t n;         /* bytes in all */
    size_t at;        /* next byte */
    bool bad;         /* a read did not fit; every later read gives 0 */
} cur;

static inline cur cur_from(const void *p, size_t n) { return (cur){(const uint8_t *)p, n, 0, false}; }
static inline size_t cur_left(const cur *c) { return c->bad ? 0 : c->n - c->at; }

/* n bytes at the cursor, which moves on; NULL and bad when fewer are left. */
static inline const uint8_t *cur_take(cur *c, size_t n)
{
    if (c->bad || n > c->n - c->at) {
        c->bad = true;
        return NULL;
    }
    const uint8_t *p = c->p + c->at;
    c->at += n;
    return p;
}
static inline void cur_skip(cur *c, size_t n) { (void)cur_take(c, n); }
static inline uint8_t cur_u8(cur *c)
{
    const uint8_t *p = cur_take(c, 1);
    return p ? *p : 0;
}
static inline uint16_t cur_u16(cur *c)
{
    const uint8_t *p = cur_take(c, 2);
    return p ? le16(p) : 0;
}
static inline uint32_t cur_u32(cur *c)
{
    const uint8_t *p = cur_take(c, 4);
    return p ? le32(p) : 0;
}

#endif
