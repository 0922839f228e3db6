/* Eight bytes at a time: tests on a word as loaded from memory. */
#ifndef CSV_CSV_WORDS_H
#define CSV_CSV_WORDS_H

#include <stdint.h>
#include <string.h>

#define CSV_ONES  UINT64_C(0x0101010101010101)
#define CSV_HIGHS UINT64_C(0x8080808080808080)

static inline uint64_t csv_load(const char *p)
{
    uint64_t w;
    memcpy(&w, p, sizeof w);
    return w;
}

/* Not 0 when a byte of w is c. Which bytes are meant is exact only for the lowest one. */
static inline uint64_t csv_has(uint64_t w, char c)
{
    uint64_t x = w ^ CSV_ONES * (uint8_t)c;
    return (x - CSV_ONES) & ~x & CSV_HIGHS;
}

/* The high bit of each byte of w that is c, of no other. */
static inline uint64_t csv_marks(uint64_t w, char c)
{
    uint64_t x = w ^ CSV_ONES * (uint8_t)c;
    return ~(((x & ~CSV_HIGHS) + ~CSV_HIGHS) | x) & CSV_HIGHS;
}

#endif
