/* What all parts share: little-endian writes, the checksum of the format, a file position, the first failure. */
#ifndef BAKGEN_LE_H
#define BAKGEN_LE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#ifndef _WIN32
#include <sys/types.h>
#endif

static inline void put16(uint8_t *p, uint64_t v)
{
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
}
static inline void put32(uint8_t *p, uint64_t v)
{
    put16(p, v);
    put16(p + 2, v >> 16);
}
static inline void put64(uint8_t *p, uint64_t v)
{
    put32(p, v);
    put32(p + 4, v >> 32);
}
static inline void put_n(uint8_t *p, uint64_t v, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) p[i] = (uint8_t)(v >> (8 * i));
}
/* The character at *p of a UTF-8 text that is right; *p moves behind it. */
static inline uint32_t next_character(const char **p)
{
    const uint8_t *u = (const uint8_t *)*p;
    unsigned n = u[0] < 0x80 ? 1 : u[0] < 0xE0 ? 2 : u[0] < 0xF0 ? 3 : 4;
    uint32_t x = n == 1 ? u[0] : u[0] & (0x3FU >> (n - 1));
    for (unsigned i = 1; i < n; i++) x = x << 6 | (u[i] & 0x3FU);
    *p += n;
    return x;
}
/* As UTF-16: 2 or 4 bytes, returned. */
static inline unsigned put_character(uint8_t *p, uint32_t x)
{
    if (x < 0x10000) {
        put16(p, x);
        return 2;
    }
    put16(p, 0xD800 + ((x - 0x10000) >> 10));
    put16(p + 2, 0xDC00 + ((x - 0x10000) & 0x3FF));
    return 4;
}
static inline uint64_t get_n(const uint8_t *p, unsigned bytes)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < bytes; i++) v |= (uint64_t)p[i] << (8 * i);
    return v;
}
static inline unsigned get16(const uint8_t *p) { return (unsigned)get_n(p, 2); }

/* XOR of the 128 little-endian words of one 512-byte sector. */
static inline uint32_t sector_xor(const uint8_t *p)
{
    uint64_t a = 0, b = 0, w[2];
    for (unsigned i = 0; i < 512; i += 16) {
        memcpy(w, p + i, 16);
        a ^= w[0];
        b ^= w[1];
    }
    a ^= b;
    uint8_t bytes[8];
    memcpy(bytes, &a, 8);
    return (uint32_t)get_n(bytes, 4) ^ (uint32_t)get_n(bytes + 4, 4);
}
static inline uint32_t rotate_left(uint32_t x, unsigned n) { return n & 31 ? x << (n & 31) | x >> (32 - (n & 31)) : x; }

/* The running sum over sectors that pages, log blocks and CSUM streams share: rotate by one, XOR in the next sector. */
static inline uint32_t sectors_sum(uint32_t sum, const uint8_t *p, size_t bytes)
{
    for (size_t at = 0; at < bytes; at += 512) sum = rotate_left(sum, 1) ^ sector_xor(p + at);
    return sum;
}

static inline bool file_seek(FILE *f, uint64_t at)
{
#ifdef _WIN32
    return _fseeki64(f, (__int64)at, SEEK_SET) == 0;
#else
    return fseeko(f, (off_t)at, SEEK_SET) == 0;
#endif
}

/* The first thing that went wrong; everything after it is skipped. */
typedef struct fault {
    bool set;
    char text[240];
} fault;

/* Remembers the first message; always false, for "return fail(...)". */
static inline bool __attribute__((format(printf, 2, 3))) fail(fault *f, const char *format, ...)
{
    if (!f->set) {
        va_list args;
        va_start(args, format);
        vsnprintf(f->text, sizeof f->text, format, args);
        va_end(args);
        f->set = true;
    }
    return false;
}

#endif
