#include "base/codepage_double.h"
#include "base/codepage.h"
#include "base/utf.h"
#include <errno.h>
#include <iconv.h>

/* Bytes to pass over where iconv finds no character. A pair goes as one; but an ASCII byte is never taken for the
 * second half of a broken pair, so that a digit or a quote behind a stray lead byte survives. */
static size_t broken_bytes(const uint8_t *p, size_t n)
{
    bool lead = p[0] >= 0x81 && p[0] <= 0xFE;
    return lead && n >= 2 && p[1] >= 0x80 ? 2 : 1;
}

static bool all_ascii(sv s)
{
    unsigned char any = 0;
    for (size_t i = 0; i < s.n; i++) any |= (unsigned char)s.p[i];
    return any < 0x80;
}

/* A descriptor per call: it holds no state that two threads could share, and none is left behind by a thread that ends.
 * Opening one costs well under a microsecond once the C library has loaded the encoding, and ASCII text needs none. */
size_t codepage_double_to_utf8(const char *encoding, sv s, char *out, size_t *bad)
{
    if (all_ascii(s)) {
        if (s.n) memcpy(out, s.p, s.n);
        return s.n;
    }
    iconv_t cd = iconv_open("UTF-8", encoding);
    char *from = (char *)(uintptr_t)s.p, *to = out;
    size_t left = s.n, room = s.n * CODEPAGE_GROWTH_MAX, lost = 0;
    while (left > 0) {
        if (cd != (iconv_t)-1 && iconv(cd, &from, &left, &to, &room) != (size_t)-1) break;
        if (left == 0) break;
        /* Not a character here, half of one at the end, or an encoding that this system does not have. */
        size_t skip = (unsigned char)from[0] < 0x80 ? 0 : broken_bytes((const uint8_t *)from, left);
        size_t put = utf8_put(skip ? 0xFFFD : (unsigned char)from[0], to);
        lost += skip > 0;
        if (skip == 0) skip = 1;
        to += put;
        room -= put;
        from += skip;
        left -= skip;
    }
    if (cd != (iconv_t)-1) iconv_close(cd);
    if (bad) *bad += lost;
    return (size_t)(to - out);
}
