#include "base/sv.h"
#include "base/ascii.h"

int sv_cmp(sv a, sv b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    return c ? c : (a.n > b.n) - (a.n < b.n);
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

uint64_t sv_hash_nocase(sv s)
{
    uint64_t h = SV_HASH_START;
    for (size_t i = 0; i < s.n; i++) h = sv_hash_step(h, ascii_lower(s.p[i]));
    return h;
}
