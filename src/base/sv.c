#include "base/sv.h"
#include "base/ascii.h"

int sv_cmp(sv a, sv b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    return c ? c : (a.n > b.n) - (a.n < b.n);
}

const char *sv_find(sv s, char byte) { return s.n ? memchr(s.p, byte, s.n) : NULL; }

bool sv_holds(sv s, sv word)
{
    for (size_t i = 0; i + word.n <= s.n; i++)
        if (sv_starts((sv){s.p + i, s.n - i}, word)) return true;
    return false;
}

bool sv_eq_nocase(sv a, sv b)
{
    if (a.n != b.n) return false;
    for (size_t i = 0; i < a.n; i++)
        if (ascii_lower(a.p[i]) != ascii_lower(b.p[i])) return false;
    return true;
}

bool sv_ends_nocase(sv s, sv ending)
{
    return s.n > ending.n && sv_eq_nocase((sv){s.p + s.n - ending.n, ending.n}, ending);
}

bool sv_holds_nocase(sv s, sv word)
{
    for (size_t i = 0; i + word.n <= s.n; i++)
        if (sv_eq_nocase((sv){s.p + i, word.n}, word)) return true;
    return false;
}

uint64_t sv_hash_nocase(sv s)
{
    uint64_t h = SV_HASH_START;
    for (size_t i = 0; i < s.n; i++) h = sv_hash_step(h, ascii_lower(s.p[i]));
    return h;
}
