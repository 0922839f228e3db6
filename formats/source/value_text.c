#include "source/value_text.h"
#include "base/bytes.h"
#include "base/digits.h"

size_t text_of_i64(int64_t x, char out[24])
{
    if (x >= 0) return digits_u64((uint64_t)x, out);
    out[0] = '-';
    return 1 + digits_u64(0 - (uint64_t)x, out + 1);
}

enum { UPPER_CASE = 'A' - '9' - 1, LOWER_CASE = 'a' - '9' - 1 }; /* distance from the digits to the letters */

/* The eight hex digits of four bytes (a little-endian word of them): one nibble per byte, high nibble first. */
static inline void hex_4(uint32_t bytes, unsigned letters, char *out)
{
    const uint64_t ones = 0x0101010101010101U;
    uint64_t x = bytes;
    x = (x & 0xFFFF0000U) << 16 | (x & 0xFFFFU);
    x = (x & 0x0000FF000000FF00U) << 8 | (x & 0x000000FF000000FFU);
    x = (x & 0x00F000F000F000F0U) >> 4 | (x & 0x000F000F000F000FU) << 8;
    uint64_t is_letter = (x + 6 * ones) >> 4 & ones;
    x += '0' * ones + is_letter * letters;
    out[0] = (char)x; /* written out, so that compilers make one store of it */
    out[1] = (char)(x >> 8);
    out[2] = (char)(x >> 16);
    out[3] = (char)(x >> 24);
    out[4] = (char)(x >> 32);
    out[5] = (char)(x >> 40);
    out[6] = (char)(x >> 48);
    out[7] = (char)(x >> 56);
}

void value_hex(const void *p, size_t n, buf *out)
{
    if (n == 0) return;
    if (n > SIZE_MAX / 2 - 4) {
        out->failed = true;
        return;
    }
    char *to = buf_reserve(out, 2 * n);
    if (!to) return;
    const uint8_t *from = p;
    size_t i = 0;
    for (; i + 4 <= n; i += 4) hex_4(le32(from + i), LOWER_CASE, to + 2 * i);
    for (; i < n; i++) {
        char digits[8];
        hex_4(from[i], LOWER_CASE, digits);
        memcpy(to + 2 * i, digits, 2);
    }
    out->n += 2 * n;
}

/* Data1, Data2 and Data3 are stored little-endian and print as numbers; the rest prints as it is stored. Each group is
 * written with what follows it, which the next one then overwrites. */
static size_t guid_text(const uint8_t g[16], char *out)
{
    const uint32_t data1 = (uint32_t)g[3] | (uint32_t)g[2] << 8 | (uint32_t)g[1] << 16 | (uint32_t)g[0] << 24;
    hex_4(data1, UPPER_CASE, out);
    hex_4((uint32_t)g[5] | (uint32_t)g[4] << 8, UPPER_CASE, out + 9);
    hex_4((uint32_t)g[7] | (uint32_t)g[6] << 8, UPPER_CASE, out + 14);
    hex_4(le16(g + 8), UPPER_CASE, out + 19);
    hex_4(le32(g + 10), UPPER_CASE, out + 24);
    hex_4(le32(g + 12), UPPER_CASE, out + 28);
    out[8] = out[13] = out[18] = out[23] = '-';
    return 36;
}

size_t value_text_fixed(const value *v, char out[VALUE_TEXT_MAX])
{
    switch (v->kind) {
    case V_BOOL:
    case V_INT: return text_of_i64(v->as.integer, out);
    case V_DECIMAL: return decimal_text(&v->as.decimal, out);
    case V_REAL: return text_of_double(v->as.real, out);
    case V_REAL32: return text_of_float((float)v->as.real, out);
    case V_DATE: return date_text(v->as.when.days, out);
    case V_TIME: return time_text(&v->as.when, out);
    case V_DATETIME: return datetime_text(&v->as.when, out);
    case V_DATETIMEOFFSET: return datetimeoffset_text(&v->as.when, out);
    case V_GUID: return guid_text(v->as.guid, out);
    case V_NULL:
    case V_TEXT:
    case V_BYTES:
    case V_LOB:
    case V_UNREADABLE: break;
    }
    return 0;
}

void value_text(const value *v, buf *out)
{
    switch (v->kind) {
    case V_TEXT: buf_sv(out, v->as.text); return;
    case V_BYTES:
        buf_add(out, "0x", 2);
        value_hex(v->as.text.p, v->as.text.n, out);
        return;
    case V_NULL:
    case V_LOB:
    case V_UNREADABLE: return;
    default: break;
    }
    char *to = buf_reserve(out, VALUE_TEXT_MAX);
    if (to) out->n += value_text_fixed(v, to);
}
