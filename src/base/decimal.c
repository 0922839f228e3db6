#include "base/decimal.h"
#include "base/digits.h"

__extension__ typedef unsigned __int128 u128;

static u128 magnitude_of(const decimal *d) { return (u128)d->hi << 64 | d->lo; }

decimal decimal_from_i64(int64_t units, uint8_t scale)
{
    decimal d = {(uint64_t)units, 0, scale, units < 0};
    if (d.negative) d.lo = 0 - d.lo;
    return d;
}

bool decimal_fits(const decimal *d, unsigned precision)
{
    if (precision <= 19) return d->hi == 0 && d->lo < POWER_OF_10[precision];
    if (precision > 38) return true;
    return magnitude_of(d) < (u128)POWER_OF_10[19] * POWER_OF_10[precision - 19];
}

/* Groups of 19 digits: the most that 64 bits hold. A magnitude of 128 bits has at most three, the first one a digit. */
static size_t digits_of_wide(u128 x, char out[39])
{
    u128 upper = x / POWER_OF_10[19];
    uint64_t low = (uint64_t)(x % POWER_OF_10[19]);
    size_t n = 0;
    if (upper >= POWER_OF_10[19]) {
        n = digits_u64((uint64_t)(upper / POWER_OF_10[19]), out);
        digits_padded((uint64_t)(upper % POWER_OF_10[19]), 19, out + n);
        n += 19;
    } else if (upper) {
        n = digits_u64((uint64_t)upper, out);
    } else {
        return digits_u64(low, out);
    }
    digits_padded(low, 19, out + n);
    return n + 19;
}

/* Up to 64 bits and 19 decimals, which is nearly every number there is: both parts go straight to their places. */
static size_t narrow_text(const decimal *d, char out[DECIMAL_TEXT_MAX])
{
    char *p = out;
    *p = '-';
    p += d->negative;
    if (d->scale == 0) return digits_u64(d->lo, p) + d->negative;
    uint64_t unit = POWER_OF_10[d->scale];
    /* A division of 32 bits is several times faster than one of 64 on most machines. */
    bool small = (d->lo | unit) <= UINT32_MAX;
    uint64_t whole = small ? (uint32_t)d->lo / (uint32_t)unit : d->lo / unit;
    p += digits_u64(whole, p);
    *p++ = '.';
    digits_padded(d->lo - whole * unit, d->scale, p);
    return (size_t)(p - out) + d->scale;
}

size_t decimal_text(const decimal *d, char out[DECIMAL_TEXT_MAX])
{
    if (d->hi == 0 && d->scale <= 19) return narrow_text(d, out);
    char digit[40];
    size_t n = digits_of_wide(magnitude_of(d), digit);
    size_t scale = d->scale;
    char *p = out;
    if (d->negative) *p++ = '-';
    if (n > scale) {
        memcpy(p, digit, n - scale);
        p += n - scale;
        if (scale) *p++ = '.';
        memcpy(p, digit + n - scale, scale);
        return (size_t)(p - out) + scale;
    }
    *p++ = '0';
    *p++ = '.';
    memset(p, '0', scale - n);
    memcpy(p + scale - n, digit, n);
    return (size_t)(p - out) + scale;
}
