/* The shortest decimal text of a binary floating-point number that reads back as the same number. Most numbers that
 * people store have few digits and take a fast path that is exact by proof; the rest goes through exact integer
 * arithmetic (Steele and White's free-format printing in the form of Burger and Dybvig, 1996). Neither the C library's
 * printing nor a locale has a part in it, so that every system gives the same text. */
#include "base/digits.h"
#include "source/value_text.h"

/* x = mantissa * 2^exponent, exactly. */
typedef struct binary_parts {
    uint64_t mantissa;
    int exponent;
    bool narrow_below; /* the next smaller number is only half as far away as the next larger one */
} binary_parts;

enum { SHORTEST_DIGITS_MAX = 17 };

/* 0.d1d2d3... * 10^point, n digits, the first and last of them not 0. */
typedef struct digit_string {
    char digit[SHORTEST_DIGITS_MAX + 1];
    unsigned n;
    int point;
} digit_string;

/* ---- natural numbers, as large as a double needs: 2^1076 * 10 ---- */

enum { NATURAL_WORDS = 38 };

typedef struct natural {
    uint32_t w[NATURAL_WORDS]; /* least significant first; words at and above n are not set */
    unsigned n;                /* words in use; the top one is not 0 */
} natural;

static void natural_set(natural *a, uint64_t x)
{
    a->w[0] = (uint32_t)x;
    a->w[1] = (uint32_t)(x >> 32);
    a->n = a->w[1] ? 2 : a->w[0] ? 1 : 0;
}

static void natural_times(natural *a, uint32_t factor)
{
    uint64_t carry = 0;
    for (unsigned i = 0; i < a->n; i++) {
        carry += (uint64_t)a->w[i] * factor;
        a->w[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry) a->w[a->n++] = (uint32_t)carry;
}

static void natural_times_power_of_10(natural *a, unsigned power)
{
    for (; power >= 9; power -= 9) natural_times(a, 1000000000U);
    if (power) natural_times(a, (uint32_t)POWER_OF_10[power]);
}

static void natural_shift_left(natural *a, unsigned bits)
{
    if (a->n == 0 || bits == 0) return;
    unsigned words = bits / 32;
    if (words) {
        memmove(a->w + words, a->w, a->n * sizeof a->w[0]);
        memset(a->w, 0, words * sizeof a->w[0]);
        a->n += words;
    }
    if (bits % 32) natural_times(a, 1U << bits % 32);
}

static int natural_compare(const natural *a, const natural *b)
{
    if (a->n != b->n) return a->n < b->n ? -1 : 1;
    for (unsigned i = a->n; i-- > 0;)
        if (a->w[i] != b->w[i]) return a->w[i] < b->w[i] ? -1 : 1;
    return 0;
}

/* Compares a + b with c. */
static int natural_compare_sum(const natural *a, const natural *b, const natural *c)
{
    natural sum = a->n < b->n ? *b : *a;
    const natural *less = a->n < b->n ? a : b;
    uint64_t carry = 0;
    for (unsigned i = 0; i < sum.n; i++) {
        carry += (uint64_t)sum.w[i] + (i < less->n ? less->w[i] : 0);
        sum.w[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry) sum.w[sum.n++] = (uint32_t)carry;
    return natural_compare(&sum, c);
}

/* a -= factor * b, which is not larger than a. */
static void natural_minus(natural *a, const natural *b, uint32_t factor)
{
    uint64_t carry = 0;
    int64_t borrow = 0;
    for (unsigned i = 0; i < a->n; i++) {
        if (i < b->n) carry += (uint64_t)b->w[i] * factor;
        borrow += (int64_t)a->w[i] - (int64_t)(uint32_t)carry;
        a->w[i] = (uint32_t)borrow;
        borrow >>= 32;
        carry >>= 32;
    }
    while (a->n && a->w[a->n - 1] == 0) a->n--;
}

/* Takes the digit floor(a / b) off a, for a < 10 * b and a top word of b within [2^27, 2^28): a then has no more words
 * than b, and the quotient of the top words is at most one too small. */
static unsigned natural_take_digit(natural *a, const natural *b)
{
    if (a->n < b->n) return 0;
    uint32_t q = a->w[b->n - 1] / (b->w[b->n - 1] + 1);
    if (q) natural_minus(a, b, q);
    if (natural_compare(a, b) >= 0) {
        natural_minus(a, b, 1);
        q++;
    }
    return q;
}

/* ---- the general way ---- */

/* rest / unit is the number; (rest - below) / unit and (rest + above) / unit are the ends of what reads back as it. */
typedef struct interval {
    natural rest, unit, below, above;
} interval;

static void interval_of(const binary_parts *x, interval *v)
{
    /* A factor of 2 makes half a unit of the last place whole, another one the half of that. */
    unsigned extra = x->narrow_below ? 2 : 1;
    unsigned up = x->exponent > 0 ? (unsigned)x->exponent : 0;
    unsigned down = x->exponent < 0 ? (unsigned)-x->exponent : 0;
    natural_set(&v->rest, x->mantissa);
    natural_shift_left(&v->rest, up + extra);
    natural_set(&v->unit, 1);
    natural_shift_left(&v->unit, down + extra);
    natural_set(&v->below, 1);
    natural_shift_left(&v->below, up);
    natural_set(&v->above, 1);
    natural_shift_left(&v->above, up + extra - 1);
}

static void interval_times(interval *v, uint32_t factor)
{
    natural_times(&v->rest, factor);
    natural_times(&v->below, factor);
    natural_times(&v->above, factor);
}

/* Brings the upper end into (1/10, 1] (or below 1 when that end itself does not read back): returns the power of ten
 * that was taken out. */
static int interval_scale(interval *v, const binary_parts *x, bool ends_belong)
{
    int bits = 64 - __builtin_clzll(x->mantissa) + x->exponent; /* 2^(bits-1) <= x < 2^bits */
    /* floor((bits - 1) * log10(2)) + 1, or one too small for x: log10(2) * 2^32, shifted with an offset to stay
     * positive */
    int power = (int)(((int64_t)(bits - 1) * 1292913986 + ((int64_t)2048 << 32)) >> 32) - 2047;
    if (power > 0) {
        natural_times_power_of_10(&v->unit, (unsigned)power);
    } else {
        natural_times_power_of_10(&v->rest, (unsigned)-power);
        natural_times_power_of_10(&v->below, (unsigned)-power);
        natural_times_power_of_10(&v->above, (unsigned)-power);
    }
    int c = natural_compare_sum(&v->rest, &v->above, &v->unit);
    if (c > 0 || (c == 0 && ends_belong)) {
        natural_times(&v->unit, 10);
        power++;
    }
    /* Top word of the divisor into [2^27, 2^28), see natural_take_digit. */
    unsigned top_bits = 32U - (unsigned)__builtin_clz(v->unit.w[v->unit.n - 1]);
    unsigned shift = (28U + 32U - top_bits) % 32U;
    natural_shift_left(&v->rest, shift);
    natural_shift_left(&v->unit, shift);
    natural_shift_left(&v->below, shift);
    natural_shift_left(&v->above, shift);
    return power;
}

static void shortest(const binary_parts *x, digit_string *out)
{
    /* A reader that rounds to even takes the ends of the interval for an even mantissa. */
    bool ends_belong = (x->mantissa & 1) == 0;
    interval v;
    interval_of(x, &v);
    out->point = interval_scale(&v, x, ends_belong);
    out->n = 0;
    for (;;) { /* ends: 17 digits tell any two doubles apart */
        interval_times(&v, 10);
        unsigned digit = natural_take_digit(&v.rest, &v.unit);
        int low = natural_compare(&v.rest, &v.below);
        int high = natural_compare_sum(&v.rest, &v.above, &v.unit);
        bool may_end = low < 0 || (low == 0 && ends_belong);
        bool may_end_above = high > 0 || (high == 0 && ends_belong);
        bool last = may_end || may_end_above || out->n == SHORTEST_DIGITS_MAX - 1;
        /* Of two texts of that length the nearer one; of two equally near the one that ends in an even digit. */
        int half = natural_compare_sum(&v.rest, &v.rest, &v.unit);
        if (last && may_end_above && (!may_end || half > 0 || (half == 0 && digit % 2 == 1))) digit++;
        out->digit[out->n++] = (char)('0' + digit);
        if (last) return;
    }
}

/* ---- the fast way ---- */

/* Numbers that are a whole number of at most `digits` digits over a power of ten. `digits` is what the width always
 * keeps apart (15 of a double, 6 of a float), so at most one such decimal reads back as x, and the first one found is
 * the shortest. whole and the power are exact, hence their quotient is what a correct reader makes of the text; the
 * product's error is far below one half, hence no such decimal is missed. */
static bool few_digits(double x, double limit, bool narrow, uint64_t *units, unsigned *scale)
{
    static const double power[23] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                     1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    for (unsigned s = 0; s < 20; s++) {
        double product = x * power[s];
        if (product >= limit) return false;
        uint64_t whole = (uint64_t)(product + 0.5);
        double back = (double)whole / power[s];
        /* Rounding the quotient twice is harmless: 53 bits are more than twice 24 and two. */
        if (narrow ? (float)back == (float)x : back == x) {
            *units = whole;
            *scale = s;
            return true;
        }
    }
    return false;
}

/* ---- the text ---- */

/* Plain for 1e-4 <= x < 1e16, else with an exponent of at least two digits. */
static size_t text_of_digits(const digit_string *d, char *out)
{
    char *p = out;
    int point = d->point, n = (int)d->n;
    if (point < -3 || point > 16) {
        *p++ = d->digit[0];
        if (n > 1) {
            *p++ = '.';
            memcpy(p, d->digit + 1, (size_t)n - 1);
            p += n - 1;
        }
        unsigned exponent = (unsigned)(point > 0 ? point - 1 : 1 - point);
        *p++ = 'e';
        *p++ = point > 0 ? '+' : '-';
        unsigned width = exponent < 100 ? 2 : 3;
        digits_padded(exponent, width, p);
        return (size_t)(p - out) + width;
    }
    if (point <= 0) {
        memset(p, '0', 5);
        p[1] = '.';
        p += 2 - point;
        memcpy(p, d->digit, (size_t)n);
        return (size_t)(p - out) + (size_t)n;
    }
    if (n <= point) {
        memcpy(p, d->digit, (size_t)n);
        memset(p + n, '0', (size_t)(point - n));
        return (size_t)(p - out) + (size_t)point;
    }
    memcpy(p, d->digit, (size_t)point);
    p[point] = '.';
    memcpy(p + point + 1, d->digit + point, (size_t)(n - point));
    return (size_t)(p - out) + (size_t)n + 1;
}

static size_t text_of_special(double x, char out[32])
{
    sv s = x != x ? SV_LIT("NaN") : x < 0 ? SV_LIT("-Infinity") : SV_LIT("Infinity");
    memcpy(out, s.p, s.n);
    return s.n;
}

/* units * 10^-scale, units below 10^15. */
static size_t text_of_units(uint64_t units, unsigned scale, char *out)
{
    if (scale == 0) return digits_u64(units, out);
    digit_string d;
    d.n = digits_count(units);
    d.point = (int)d.n - (int)scale;
    digits_padded(units, d.n, d.digit);
    return text_of_digits(&d, out);
}

static size_t text_of_parts(double magnitude, const binary_parts *x, bool narrow, char *out)
{
    uint64_t units = 0;
    unsigned scale = 0;
    if (few_digits(magnitude, narrow ? 1e6 : 1e15, narrow, &units, &scale)) return text_of_units(units, scale, out);
    digit_string d;
    shortest(x, &d);
    return text_of_digits(&d, out);
}

size_t text_of_double(double x, char out[32])
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    unsigned exponent = (unsigned)(bits >> 52 & 0x7FF);
    uint64_t fraction = bits & (((uint64_t)1 << 52) - 1);
    if (exponent == 0x7FF) return text_of_special(x, out);
    binary_parts parts = {exponent ? fraction | (uint64_t)1 << 52 : fraction, (exponent ? (int)exponent : 1) - 1075,
                          fraction == 0 && exponent > 1};
    bool negative = bits >> 63;
    if (negative) *out++ = '-';
    return negative + text_of_parts(negative ? -x : x, &parts, false, out);
}

size_t text_of_float(float x, char out[32])
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    unsigned exponent = bits >> 23 & 0xFF;
    uint64_t fraction = bits & ((1U << 23) - 1);
    if (exponent == 0xFF) return text_of_special((double)x, out);
    binary_parts parts = {exponent ? fraction | (uint64_t)1 << 23 : fraction, (exponent ? (int)exponent : 1) - 150,
                          fraction == 0 && exponent > 1};
    bool negative = bits >> 31;
    if (negative) *out++ = '-';
    return negative + text_of_parts(negative ? -(double)x : (double)x, &parts, true, out);
}
