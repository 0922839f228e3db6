/* Eight bytes at a time: tests on a word as loaded from memory. */
#ifndef CSV_CSV_WORDS_H
#define CSV_CSV_WORDS_H

#include <stdint.h>
#include <string.h>
#if defined __SSE2__ && !defined CSV_ONLY_WORDS
#include <emmintrin.h>
#endif

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

/* A bit for each of 64 bytes that is c, the lowest for the first. */
enum { CSV_BLOCK = 64 };
#if defined __SSE2__ && !defined CSV_ONLY_WORDS
static inline uint64_t csv_bits(const char *p, char c)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < CSV_BLOCK; i += 16) {
        __m128i same = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)(p + i)), _mm_set1_epi8(c));
        bits |= (uint64_t)(unsigned)_mm_movemask_epi8(same) << i;
    }
    return bits;
}
#else
/* Where the machine has no instruction for it, one product moves eight marks side by side. Tests are of this form too. */
static inline uint64_t csv_bits(const char *p, char c)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < CSV_BLOCK; i += 8)
        bits |= ((csv_marks(csv_load(p + i), c) >> 7) * UINT64_C(0x0102040810204080) >> 56) << i;
    return bits;
}
#endif

#endif
