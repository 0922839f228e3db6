#include "base/utf.h"
#include "base/bytes.h"

static const char REPLACEMENT[3] = {'\xEF', '\xBF', '\xBD'}; /* U+FFFD */

size_t utf8_put(uint32_t code_point, char out[4])
{
    uint32_t c = code_point;
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if ((c >= 0xD800 && c < 0xE000) || c >= 0x110000) c = 0xFFFD;
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

/* The low bytes of four units, all of them ASCII, side by side. */
static inline uint64_t pack_ascii(uint64_t units)
{
    units = (units | units >> 8) & 0x0000FFFF0000FFFF;
    return (units | units >> 16) & 0xFFFFFFFF;
}

static inline void put_le64(char *out, uint64_t v)
{
    for (unsigned i = 0; i < 8; i++) out[i] = (char)(v >> 8 * i);
}

/* Converts ASCII units eight at a time as long as there are any; the number of units done. */
static size_t ascii_units(const uint8_t *p, size_t units, char *out)
{
    size_t i = 0;
    for (; units - i >= 8; i += 8) {
        uint64_t a = le64(p + 2 * i), b = le64(p + 2 * i + 8);
        if ((a | b) & 0xFF80FF80FF80FF80) break;
        put_le64(out + i, pack_ascii(a) | pack_ascii(b) << 32);
    }
    return i;
}

/* The code point at unit i (i < units); *taken units of 1 or 2. A lone surrogate comes as itself. */
static uint32_t code_point_at(const uint8_t *p, size_t units, size_t i, size_t *taken)
{
    uint32_t high = le16(p + 2 * i);
    *taken = 1;
    if (high < 0xD800 || high >= 0xDC00 || i + 1 == units) return high;
    uint32_t low = le16(p + 2 * i + 2);
    if (low < 0xDC00 || low >= 0xE000) return high;
    *taken = 2;
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

size_t utf16_to_utf8(const void *utf16, size_t n, char *out, size_t *bad)
{
    const uint8_t *p = utf16;
    size_t units = n / 2, i = 0, at = 0, lost = n & 1;
    while (i < units) {
        size_t ascii = ascii_units(p + 2 * i, units - i, out + at);
        i += ascii;
        at += ascii;
        /* Text that is not all ASCII: some units one by one before the next try. */
        for (size_t k = 0, taken; k < 8 && i < units; k++, i += taken) {
            uint32_t c = le16(p + 2 * i);
            taken = 1;
            if (c < 0x80) { /* the rest of a short text */
                out[at++] = (char)c;
                continue;
            }
            c = code_point_at(p, units, i, &taken);
            lost += c >= 0xD800 && c < 0xE000;
            at += utf8_put(c, out + at);
        }
    }
    if (n & 1) {
        memcpy(out + at, REPLACEMENT, sizeof REPLACEMENT);
        at += sizeof REPLACEMENT;
    }
    if (bad) *bad += lost;
    return at;
}

size_t utf8_ascii_at(sv s)
{
    size_t i = 0;
    for (uint64_t w; i + sizeof w <= s.n; i += sizeof w) {
        memcpy(&w, s.p + i, sizeof w);
        if (w & UINT64_C(0x8080808080808080)) break;
    }
    while (i < s.n && (uint8_t)s.p[i] < 0x80) i++;
    return i;
}

size_t utf8_valid_at(sv s)
{
    if (s.n == 0) return 0;
    const uint8_t *p = (const uint8_t *)s.p;
    uint8_t first = p[0];
    if (first < 0x80) return 1;
    /* The second byte's range shuts out overlong forms, surrogates and what lies behind U+10FFFF. */
    uint8_t low = 0x80, high = 0xBF;
    size_t n;
    if (first >= 0xC2 && first <= 0xDF) {
        n = 2;
    } else if (first >= 0xE0 && first <= 0xEF) {
        n = 3;
        if (first == 0xE0) low = 0xA0;
        if (first == 0xED) high = 0x9F;
    } else if (first >= 0xF0 && first <= 0xF4) {
        n = 4;
        if (first == 0xF0) low = 0x90;
        if (first == 0xF4) high = 0x8F;
    } else {
        return 0;
    }
    if (s.n < n || p[1] < low || p[1] > high) return 0;
    for (size_t i = 2; i < n; i++) {
        if ((p[i] & 0xC0) != 0x80) return 0;
    }
    return n;
}

uint32_t utf8_code(const char *p, size_t n)
{
    const uint8_t *u = (const uint8_t *)p;
    uint32_t code = n == 1 ? u[0] : u[0] & (0xFFu >> (n + 1));
    for (size_t i = 1; i < n; i++) code = code << 6 | (u[i] & 0x3F);
    return code;
}

size_t utf8_add_clean(buf *out, sv s)
{
    size_t invalid = 0, good = 0; /* s[good..at) is valid and not yet appended */
    for (size_t at = 0; at < s.n;) {
        size_t n = utf8_valid_at((sv){s.p + at, s.n - at});
        if (n) {
            at += n;
            continue;
        }
        buf_add(out, s.p + good, at - good);
        buf_add(out, REPLACEMENT, sizeof REPLACEMENT);
        invalid++;
        good = ++at;
    }
    if (s.n > good) buf_add(out, s.p + good, s.n - good);
    return invalid;
}
