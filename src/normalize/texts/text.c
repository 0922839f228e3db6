#include "normalize/normalize_internal.h"

/* Bytes of the blank that s begins with; 0: none. */
static size_t blank_at(sv s)
{
    if (s.n && (s.p[0] == ' ' || (s.p[0] >= '\t' && s.p[0] <= '\r'))) return 1;
    return s.n >= 2 && s.p[0] == '\xC2' && s.p[1] == '\xA0' ? 2 : 0;
}

static size_t blank_before_end(sv s)
{
    if (s.n && blank_at((sv){s.p + s.n - 1, 1})) return 1;
    return s.n >= 2 && blank_at((sv){s.p + s.n - 2, 2}) == 2 ? 2 : 0;
}

sv text_trim(sv s)
{
    for (size_t n; (n = blank_at(s)) > 0;) s = (sv){s.p + n, s.n - n};
    for (size_t n; (n = blank_before_end(s)) > 0;) s.n -= n;
    return s;
}

bool text_is_one_of(sv s, const char *words)
{
    for (const char *p = words; *p;) {
        size_t n = 0;
        while (p[n] && p[n] != '|') n++;
        if (n == s.n && sv_eq_nocase(s, (sv){p, n})) return true;
        p += n + (p[n] == '|');
    }
    return false;
}
