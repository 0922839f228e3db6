#include "base/codepage_double.h"
#include "base/platform.h"
#include "base/utf.h"
#include <stdatomic.h>
#include <stdlib.h>

/* Asked of the system once a process; whichever thread is first to have a table leaves it for all. */
static const os_double_byte *table_of(unsigned page)
{
    static struct {
        unsigned page;
        _Atomic(os_double_byte *) table;
    } made[] = {{932, NULL}, {936, NULL}, {949, NULL}, {950, NULL}};
    size_t i = 0;
    while (i < sizeof made / sizeof made[0] && made[i].page != page) i++;
    if (i == sizeof made / sizeof made[0]) return NULL;
    os_double_byte *t = atomic_load(&made[i].table), *none = NULL;
    if (t) return t;
    t = malloc(sizeof *t);
    if (!t || !os_double_byte_table(page, t)) {
        free(t);
        return NULL;
    }
    if (atomic_compare_exchange_strong(&made[i].table, &none, t)) return t;
    free(t);
    return none;
}

/* Bytes to pass over where there is no character. A pair goes as one; but an ASCII byte is never taken for the second
 * half of a broken pair, so that a digit or a quote behind a stray lead byte survives. */
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

size_t codepage_double_to_utf8(unsigned page, sv s, char *out, size_t *bad)
{
    if (all_ascii(s)) {
        if (s.n) memcpy(out, s.p, s.n);
        return s.n;
    }
    const os_double_byte *t = table_of(page); /* NULL: this system does not have it, nothing but ASCII has a meaning */
    const uint8_t *p = (const uint8_t *)s.p;
    size_t at = 0, lost = 0;
    for (size_t i = 0; i < s.n;) {
        uint32_t c = p[i] < 0x80 ? p[i] : t ? t->single[p[i]] : 0;
        size_t n = 1;
        if (!c && p[i] >= 0x80) {
            bool pair = t && i + 1 < s.n;
            c = pair ? t->pair[p[i] - 0x80][p[i + 1]] : 0;
            n = c ? 2 : broken_bytes(p + i, s.n - i);
            lost += c == 0;
            if (!c) c = 0xFFFD;
        }
        at += utf8_put(c, out + at);
        i += n;
    }
    if (bad) *bad += lost;
    return at;
}
