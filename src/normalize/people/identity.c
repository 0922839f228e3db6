/* National identification numbers: the American social security number and the Turkish T.C. kimlik number. */
#include "normalize/normalize_internal.h"

enum { SSN = 9, TCKN = 11 };

static bool all_same(const char *d, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (d[i] != d[0]) return false;
    return true;
}

/* Areas 000, 666 and 900 to 999, group 00 and serial 0000 were never given out (SSA); 9xx with the groups 50-65, 70-88,
 * 90-92 and 94-99 are taxpayer numbers of people without one (IRS). Two numbers were printed in advertisements. */
static bool ssn_is_possible(const char d[SSN])
{
    int group = (d[3] - '0') * 10 + d[4] - '0';
    bool itin =
        d[0] == '9' && ((group >= 50 && group <= 65) || (group >= 70 && group <= 88) || group >= 90) && group != 93;
    if (memcmp(d, "000", 3) == 0 || memcmp(d, "666", 3) == 0 || (d[0] == '9' && !itin)) return false;
    if (memcmp(d, "078051120", SSN) == 0 || memcmp(d, "219099999", SSN) == 0) return false;
    return group != 0 && memcmp(d + 5, "0000", 4) != 0 && !all_same(d, SSN);
}

static bool tckn_is_good(const char d[TCKN])
{
    int odd = 0, even = 0;
    for (int i = 0; i < 9; i++) *(i % 2 ? &even : &odd) += d[i] - '0';
    int tenth = (7 * odd - even) % 10;
    if (tenth < 0) tenth += 10;
    return d[0] != '0' && tenth == d[9] - '0' && (odd + even + tenth) % 10 == d[10] - '0';
}

/* Figures without blanks, points and hyphens; SIZE_MAX when anything else is there, or too many. */
static size_t figures(sv s, char out[TCKN])
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == ' ' || s.p[i] == '-' || s.p[i] == '.') continue;
        if (s.p[i] < '0' || s.p[i] > '9' || n == TCKN) return SIZE_MAX;
        out[n++] = s.p[i];
    }
    return n;
}

/* In another country than these two no rule is known, and the number stays as it is. */
norm_form normalize_national_id(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    char d[TCKN];
    size_t n = figures(in, d);
    sv country = sv_from(c->options->country);
    bool us = sv_eq_nocase(country, SV_LIT("US")), tr = sv_eq_nocase(country, SV_LIT("TR"));
    if (n != SIZE_MAX && n >= SSN && d[0] == '0' && all_same(d, n)) return FORM_EMPTY;
    if (n == SSN && ssn_is_possible(d) && !tr) {
        buf_add(out, d, 3), buf_char(out, '-');
        buf_add(out, d + 3, 2), buf_char(out, '-');
        buf_add(out, d + 5, 4);
        return FORM_GOOD;
    }
    if (n == TCKN && tckn_is_good(d)) {
        buf_add(out, d, TCKN);
        return FORM_GOOD;
    }
    if (!us && !tr) return normalize_line(c, in, out, r);
    norm_remark(r, F_NRM_NATIONAL_ID_WRONG, c->field);
    return FORM_WRONG;
}
