/* Order of texts that stand for something else: moments and unique identifiers. */
#include "base/date.h"
#include "sql/sql_collation.h"

enum { TICKS_PER_SECOND = 10000000 };

static bool digits(sv *s, size_t n, int *out)
{
    int x = 0;
    if (s->n < n) return false;
    for (size_t i = 0; i < n; i++) {
        if (s->p[i] < '0' || s->p[i] > '9') return false;
        x = x * 10 + (s->p[i] - '0');
    }
    s->p += n;
    s->n -= n;
    *out = x;
    return true;
}

static bool taken(sv *s, char c)
{
    if (s->n == 0 || s->p[0] != c) return false;
    s->p++;
    s->n--;
    return true;
}

/* 2024-02-29 or 20240229 */
static bool take_date(sv *s, int64_t *days)
{
    int y, m, d;
    if (!digits(s, 4, &y)) return false;
    bool dashes = taken(s, '-');
    if (!digits(s, 2, &m) || (dashes && !taken(s, '-')) || !digits(s, 2, &d)) return false;
    *days = date_days(y, m, d);
    return *days >= 0;
}

/* 13:05, 13:05:09, 13:05:09.1234567 */
static bool take_time(sv *s, int64_t *ticks)
{
    int h, m, sec = 0;
    if (!digits(s, 2, &h) || !taken(s, ':') || !digits(s, 2, &m)) return false;
    if (taken(s, ':') && !digits(s, 2, &sec)) return false;
    if (h > 23 || m > 59 || sec > 59) return false;
    int64_t fraction = 0, unit = TICKS_PER_SECOND;
    if (taken(s, '.'))
        for (; s->n && s->p[0] >= '0' && s->p[0] <= '9'; s->p++, s->n--) {
            unit /= 10;
            fraction += unit * (s->p[0] - '0');
        }
    *ticks = ((int64_t)h * 3600 + m * 60 + sec) * TICKS_PER_SECOND + fraction;
    return true;
}

/* +01:00 behind an optional blank; none means that the text is as it stands. */
static bool take_offset(sv *s, int64_t *ticks)
{
    int h, m;
    *ticks = 0;
    taken(s, ' ');
    if (s->n == 0) return true;
    if (taken(s, 'Z')) return s->n == 0;
    bool west = s->p[0] == '-';
    if (!taken(s, '-') && !taken(s, '+')) return false;
    if (!digits(s, 2, &h) || !taken(s, ':') || !digits(s, 2, &m)) return false;
    *ticks = ((int64_t)h * 3600 + m * 60) * TICKS_PER_SECOND * (west ? -1 : 1);
    return s->n == 0;
}

bool moment_of(sv text, int64_t *out)
{
    sv s = text;
    int64_t days = 0, ticks = 0, offset = 0;
    while (s.n && s.p[s.n - 1] == ' ') s.n--;
    bool time_alone = s.n > 2 && s.p[2] == ':';
    if (!time_alone) {
        if (!take_date(&s, &days)) return false;
        if (s.n && !taken(&s, ' ') && !taken(&s, 'T')) return false;
    }
    if (s.n && (!take_time(&s, &ticks) || !take_offset(&s, &offset))) return false;
    *out = days * 86400 * TICKS_PER_SECOND + ticks - offset;
    return s.n == 0;
}

int moment_compare(sv a, sv b)
{
    int64_t x, y;
    /* Texts of one column without an offset: the order of the bytes is that of the moments. */
    if (a.n == b.n && a.n <= 27 && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0)) return 0;
    bool xm = moment_of(a, &x), ym = moment_of(b, &y);
    if (xm && ym) return (x > y) - (x < y);
    if (xm != ym) return xm ? -1 : 1;
    return sv_cmp(a, b);
}

uint64_t moment_hash(sv s)
{
    int64_t x;
    return moment_of(s, &x) ? (uint64_t)x * UINT64_C(0x9E3779B97F4A7C15) : bytes_hash(s);
}

/* ---- unique identifiers ---- */

enum { GUID_TEXT = 36 };

static char upper(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 32) : c; }

/* Where the bytes stand in the text 6F9619FF-8B86-D011-B42D-00C04FC964FF, most significant first: the last group, the
 * one before it, and then the bytes of the first three in the order in which they are stored, low byte first. */
static const uint8_t guid_order[16] = {24, 26, 28, 30, 32, 34, 19, 21, 16, 14, 11, 9, 6, 4, 2, 0};

int guid_compare(sv a, sv b)
{
    if (a.n == GUID_TEXT && b.n == GUID_TEXT)
        for (size_t i = 0; i < 16; i++)
            for (size_t k = 0; k < 2; k++) {
                char x = upper(a.p[guid_order[i] + k]), y = upper(b.p[guid_order[i] + k]);
                if (x != y) return x < y ? -1 : 1;
            }
    size_t n = a.n < b.n ? a.n : b.n;
    for (size_t i = 0; i < n; i++)
        if (upper(a.p[i]) != upper(b.p[i])) return upper(a.p[i]) < upper(b.p[i]) ? -1 : 1;
    return (a.n > b.n) - (a.n < b.n);
}

uint64_t guid_hash(sv s)
{
    uint64_t h = s.n;
    for (size_t i = 0; i < s.n; i++) h = (h ^ (uint8_t)upper(s.p[i])) * UINT64_C(0x9E3779B97F4A7C15), h ^= h >> 29;
    return h;
}
