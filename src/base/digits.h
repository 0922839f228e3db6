/* Decimal digits of integers, written two at a time from a table: what every number and date is printed with. */
#ifndef BASE_DIGITS_H
#define BASE_DIGITS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { DIGITS_U64_MAX = 20 };

extern const char DIGIT_PAIRS[201]; /* "00" "01" ... "99" */
extern const uint64_t POWER_OF_10[20];

/* The two digits of n < 100. */
static inline void digits_2(unsigned n, char *out) { memcpy(out, DIGIT_PAIRS + (size_t)2 * n, 2); }

/* Number of digits of x; 1 for 0. */
static inline unsigned digits_count(uint64_t x)
{
    x |= 1; /* changes no number of digits */
    unsigned bits = 64U - (unsigned)__builtin_clzll(x);
    unsigned n = bits * 1233 >> 12; /* floor(bits * log10(2)), 0..19: right, or one too few */
    return n + (x >= POWER_OF_10[n]);
}

/* Exactly n digits of x with leading zeros; x < 10^n. */
void digits_padded(uint64_t x, unsigned n, char *out);

/* The digits of x; returns their number. No NUL is written. */
static inline size_t digits_u64(uint64_t x, char out[DIGITS_U64_MAX])
{
    unsigned n = digits_count(x);
    digits_padded(x, n, out);
    return n;
}

#endif
