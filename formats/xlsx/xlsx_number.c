#include "xlsx/xlsx_number.h"
#include "base/digits.h"
#include <math.h>
#include <stdio.h>

__extension__ typedef unsigned __int128 u128;

enum { DIGITS = 16, MANTISSA_BITS = 52, EXPONENT_BIAS = 1075 };
/* Between these, %G writes no exponent, and a mantissa times 10^19 has room in 128 bits. */
static const double LEAST = 0.0001, LIMIT = 1e15;

/* Digits before the point; below 1, minus the zeros behind it. The fractions are no less than what they stand for, so every double is
 * on its right side. */
static int whole_digits(double x)
{
    if (x >= 1) return (int)digits_count((uint64_t)x);
    return x >= 0.1 ? 0 : x >= 0.01 ? -1 : x >= 0.001 ? -2 : -3;
}

/* x * 10^places to the nearest integer, of two as near to the even one: exactly what printf does. */
static uint64_t scaled(double x, int places)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    const unsigned shift = EXPONENT_BIAS - (unsigned)(bits >> MANTISSA_BITS); /* 3 to 66 */
    const uint64_t mantissa = (bits & ((UINT64_C(1) << MANTISSA_BITS) - 1)) | UINT64_C(1) << MANTISSA_BITS;
    const u128 product = (u128)mantissa * POWER_OF_10[places], half = (u128)1 << (shift - 1);
    const u128 rest = product & ((half << 1) - 1);
    const uint64_t n = (uint64_t)(product >> shift);
    return n + (rest > half || (rest == half && n % 2));
}

size_t xlsx_number_text(double x, char out[XLSX_NUMBER_MAX])
{
    char digit[DIGITS];
    size_t at = 0, n = DIGITS;
    if (signbit(x)) {
        out[at++] = '-';
        x = -x;
    }
    if (x < LIMIT && x == (double)(uint64_t)x) return at + digits_u64((uint64_t)x, out + at);
    if (x < LEAST || x >= LIMIT) return at + (size_t)snprintf(out + at, XLSX_NUMBER_MAX - at, "%.*G", DIGITS, x);
    const int whole = whole_digits(x);
    /* 16 digits, never 17: no double below a power of ten in this range is as near to it as half of the 16th digit. */
    digits_padded(scaled(x, DIGITS - whole), DIGITS, digit);
    while (digit[n - 1] == '0') n--;
    const size_t before = whole > 0 ? (size_t)whole : 0;
    if (before)
        memcpy(out + at, digit, before);
    else
        out[at++] = '0';
    at += before;
    if (n <= before) return at; /* it is an integer after all, with so few digits */
    out[at++] = '.';
    for (int zeros = whole; zeros < 0; zeros++) out[at++] = '0';
    memcpy(out + at, digit + before, n - before);
    return at + n - before;
}
