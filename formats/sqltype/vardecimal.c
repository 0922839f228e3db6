#include "sqltype/sqltype.h"

__extension__ typedef unsigned __int128 u128;

/* Ten bits at bit position `at`, most significant bit first; what lies behind the end was cut off because it is 0. */
static unsigned group_at(sv in, size_t at)
{
    unsigned bits = 0;
    for (size_t i = 0; i < 3; i++) {
        size_t byte = at / 8 + i;
        bits = bits << 8 | (byte < in.n ? (unsigned char)in.p[byte] : 0U);
    }
    return bits >> (14 - at % 8) & 0x3FF;
}

/* First byte: sign (0x80: not negative) and exponent + 64; then groups of three digits in ten bits, d.ddddd... times
 * 10^exponent (FORMAT.md, Vardecimal). */
bool vardecimal_decode(sv in, unsigned precision, unsigned scale, decimal *out)
{
    enum { BYTES_MAX = 21, DIGITS_MAX = 38 };
    if (scale > precision || precision > DIGITS_MAX || in.n > BYTES_MAX) return false;
    *out = (decimal){0, 0, (uint8_t)scale, false};
    if (in.n == 0) return true;
    unsigned first = (unsigned char)in.p[0];
    sv mantissa = {in.p + 1, in.n - 1};
    /* The digits of the magnitude; those behind them lie below the scale and must be 0. */
    int wanted = (int)(first & 0x7F) - 64 + (int)scale + 1;
    if (wanted > DIGITS_MAX) return false;
    u128 magnitude = 0;
    int taken = 0;
    for (size_t at = 0; at < mantissa.n * 8 || taken < wanted; at += 10) {
        unsigned group = group_at(mantissa, at);
        if (group > 999) return false;
        const unsigned digit[3] = {group / 100, group / 10 % 10, group % 10};
        for (size_t i = 0; i < 3; i++, taken++) {
            if (taken < wanted)
                magnitude = magnitude * 10 + digit[i];
            else if (digit[i])
                return false;
        }
    }
    out->lo = (uint64_t)magnitude;
    out->hi = (uint64_t)(magnitude >> 64);
    out->negative = !(first & 0x80) && magnitude != 0;
    return decimal_fits(out, precision);
}
