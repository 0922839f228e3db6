#include "base/codepage.h"
#include "base/bytes.h"
#include "base/codepage_double.h"
#include "base/codepage_tables.h"
#include "base/utf.h"

struct codepage {
    const uint16_t *upper; /* single-byte: meaning of the bytes from 0x80 on */
    unsigned number;
    bool pairs; /* double-byte; neither: UTF-8 */
};

static const codepage pages[] = {
    {upper_437, 437, false},   {upper_850, 850, false},   {upper_857, 857, false},   {upper_874, 874, false},
    {NULL, 932, true},         {NULL, 936, true},         {NULL, 949, true},         {NULL, 950, true},
    {upper_1250, 1250, false}, {upper_1251, 1251, false}, {upper_1252, 1252, false}, {upper_1253, 1253, false},
    {upper_1254, 1254, false}, {upper_1255, 1255, false}, {upper_1256, 1256, false}, {upper_1257, 1257, false},
    {upper_1258, 1258, false}, {NULL, 65001, false},
};

const codepage *codepage_of(unsigned number)
{
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        if (pages[i].number == number) return &pages[i];
    }
    return NULL;
}

unsigned codepage_number(const codepage *cp) { return cp->number; }

/* Copies ASCII eight bytes at a time as long as there are any; the number of bytes done. */
static size_t ascii_bytes(const char *p, size_t n, char *out)
{
    size_t i = 0;
    for (; n - i >= 8; i += 8) {
        uint64_t v;
        memcpy(&v, p + i, sizeof v);
        if (v & 0x8080808080808080) break;
        memcpy(out + i, &v, sizeof v);
    }
    return i;
}

static size_t single_to_utf8(const uint16_t *upper, sv s, char *out)
{
    size_t i = 0, at = 0;
    while (i < s.n) {
        size_t ascii = ascii_bytes(s.p + i, s.n - i, out + at);
        i += ascii;
        at += ascii;
        /* Not all ASCII: some bytes one by one before the next try. */
        for (size_t k = 0; k < 8 && i < s.n; k++, i++) {
            unsigned char c = (unsigned char)s.p[i];
            if (c < 0x80) {
                out[at++] = (char)c;
            } else {
                at += utf8_put(upper[c - 0x80], out + at);
            }
        }
    }
    return at;
}

static size_t utf8_to_utf8(sv s, char *out, size_t *bad)
{
    size_t i = 0, at = 0, lost = 0;
    while (i < s.n) {
        size_t ascii = ascii_bytes(s.p + i, s.n - i, out + at);
        i += ascii;
        at += ascii;
        for (size_t k = 0; k < 8 && i < s.n; k++) {
            size_t n = utf8_valid_at((sv){s.p + i, s.n - i});
            if (n == 0) {
                at += utf8_put(0xFFFD, out + at);
                lost++;
                i++;
                continue;
            }
            memcpy(out + at, s.p + i, n);
            at += n;
            i += n;
        }
    }
    if (bad) *bad += lost;
    return at;
}

size_t codepage_to_utf8(const codepage *cp, sv s, char *out, size_t *bad)
{
    if (cp->upper) return single_to_utf8(cp->upper, s, out); /* every byte has a meaning */
    if (cp->pairs) return codepage_double_to_utf8(cp->number, s, out, bad);
    return utf8_to_utf8(s, out, bad);
}
