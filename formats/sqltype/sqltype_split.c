/* Text that comes in pieces: where the last whole character ends. */
#include "sqltype/sqltype.h"

/* Lead bytes of the double-byte code pages; a byte behind one belongs to it. */
static bool is_lead(unsigned number, uint8_t b)
{
    switch (number) {
    case 932: return (b >= 0x81 && b <= 0x9F) || (b >= 0xE0 && b <= 0xFC);
    case 936:
    case 949:
    case 950: return b >= 0x81 && b <= 0xFE;
    default: return false;
    }
}

static size_t split_double_byte(unsigned number, const uint8_t *p, size_t n)
{
    size_t at = 0;
    while (at < n) {
        const size_t step = is_lead(number, p[at]) ? 2 : 1;
        if (step > n - at) return n - at;
        at += step;
    }
    return 0;
}

static size_t split_utf16(const uint8_t *p, size_t n)
{
    const size_t odd = n & 1;
    const bool high = n - odd >= 2 && (p[n - odd - 1] & 0xFC) == 0xD8;
    return odd + (high ? 2 : 0);
}

static size_t split_utf8(const uint8_t *p, size_t n)
{
    for (size_t back = 1; back <= 3 && back <= n; back++) {
        const uint8_t b = p[n - back];
        if ((b & 0xC0) == 0x80) continue;
        const size_t length = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : b >= 0xC0 ? 2 : 1;
        return length > back ? back : 0;
    }
    return 0;
}

size_t sqltype_split(lob_encoding e, const codepage *cp, const char *bytes, size_t n)
{
    const uint8_t *p = (const uint8_t *)bytes;
    switch (e) {
    case LOB_UTF16: return split_utf16(p, n);
    case LOB_UTF8: return split_utf8(p, n);
    case LOB_CODEPAGE: return split_double_byte(codepage_number(cp), p, n);
    default: return 0;
    }
}
