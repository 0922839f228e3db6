#include "base/codepage.h"
#include "base/bytes.h"
#include "base/codepage_double.h"
#include "base/codepage_tables.h"
#include "base/utf.h"

struct codepage {
    unsigned number;
    const uint16_t *upper; /* single-byte: meaning of the bytes from 0x80 on */
    bool pairs;            /* double-byte; neither: UTF-8 */
};

static const codepage pages[] = {
    {437, upper_437, false},   {850, upper_850, false},   {857, upper_857, false},   {874, upper_874, false},
    {932, NULL, true},         {936, NULL, true},         {949, NULL, true},         {950, NULL, true},
    {1250, upper_1250, false}, {1251, upper_1251, false}, {1252, upper_1252, false}, {1253, upper_1253, false},
    {1254, upper_1254, false}, {1255, upper_1255, false}, {1256, upper_1256, false}, {1257, upper_1257, false},
    {1258, upper_1258, false}, {65001, NULL, false},
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
