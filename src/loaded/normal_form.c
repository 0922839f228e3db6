#include "loaded/normal_form.h"
#include "base/ascii.h"
#include "base/zone.h"
#include "loaded/names.h"
#include <stdlib.h>

typedef struct parts {
    int year, month, day, hour, minute, second, offset;
    bool has_time, has_zone;
} parts;

/* Up to so many digits; -1: none. */
static int digits(sv *s, size_t most)
{
    int n = 0;
    size_t i = 0;
    for (; i < s->n && i < most && is_digit(s->p[i]); i++) n = n * 10 + (s->p[i] - '0');
    *s = (sv){s->p + i, s->n - i};
    return i ? n : -1;
}

static bool sign(sv *s, char c)
{
    if (!s->n || *s->p != c) return false;
    *s = (sv){s->p + 1, s->n - 1};
    return true;
}

/* By a form of the template: YYYY MM DD hh mm ss stand for the parts, everything else for itself. */
static bool by_form(sv s, sv form, parts *p)
{
    for (size_t i = 0; i < form.n;) {
        static const char *const word[] = {"YYYY", "MM", "DD", "hh", "mm", "ss"};
        int *const part[] = {&p->year, &p->month, &p->day, &p->hour, &p->minute, &p->second};
        size_t w = 0;
        while (w < 6 && !sv_starts((sv){form.p + i, form.n - i}, sv_from(word[w]))) w++;
        if (w == 6) {
            if (!sign(&s, form.p[i++])) return false;
            continue;
        }
        size_t n = strlen(word[w]);
        if (s.n < n) return false;
        *part[w] = digits(&s, n);
        if (*part[w] < 0) return false;
        p->has_time |= w >= 3;
        i += n;
    }
    p->has_zone = form.n && form.p[form.n - 1] == 'Z';
    return s.n == 0;
}

static bool read_zone(sv *s, parts *p)
{
    while (sign(s, ' ')) {}
    if (sign(s, 'Z')) {
        p->has_zone = true;
        return true;
    }
    if (!s->n || (*s->p != '+' && *s->p != '-')) return true;
    bool minus = *s->p == '-';
    *s = (sv){s->p + 1, s->n - 1};
    int hour = digits(s, 2);
    (void)sign(s, ':');
    int minute = digits(s, 2);
    if (hour < 0 || hour > 14 || minute < 0 || minute > 59) return false;
    p->offset = (minus ? -1 : 1) * (60 * hour + minute);
    p->has_zone = true;
    return true;
}

static bool read_half(sv *s, parts *p)
{
    while (sign(s, ' ')) {}
    bool pm = s->n >= 2 && (s->p[0] == 'P' || s->p[0] == 'p') && (s->p[1] == 'M' || s->p[1] == 'm');
    bool am = s->n >= 2 && (s->p[0] == 'A' || s->p[0] == 'a') && (s->p[1] == 'M' || s->p[1] == 'm');
    if (!pm && !am) return true;
    if (p->hour < 1 || p->hour > 12) return false;
    p->hour = p->hour % 12 + (pm ? 12 : 0);
    *s = (sv){s->p + 2, s->n - 2};
    return true;
}

static bool read_time(sv *s, parts *p)
{
    if (!s->n) return true;
    if (!sign(s, 'T') && !sign(s, ' ')) return false;
    p->hour = digits(s, 2);
    if (p->hour < 0 || !sign(s, ':')) return false;
    p->minute = digits(s, 2);
    p->second = sign(s, ':') ? digits(s, 2) : 0;
    if (sign(s, '.') && digits(s, 9) < 0) return false;
    p->has_time = true;
    return p->minute >= 0 && p->second >= 0 && read_half(s, p) && read_zone(s, p) && s->n == 0;
}

static bool by_sight(sv s, bool day_first, parts *p)
{
    int a = digits(&s, 4);
    char mark = s.n ? *s.p : '\0';
    if (a < 0 || (mark != '-' && mark != '/' && mark != '.')) return false;
    (void)sign(&s, mark);
    int b = digits(&s, 2);
    if (b < 0 || !sign(&s, mark)) return false;
    int c = digits(&s, 4);
    if (c < 0) return false;
    bool year_first = a > 31;
    bool month_first = !year_first && mark == '/' && !day_first;
    p->year = year_first ? a : c;
    p->month = year_first ? b : month_first ? a : b;
    p->day = year_first ? c : month_first ? b : a;
    return p->year > 99 && read_time(&s, p);
}

bool normal_moment(buf *out, sv text, sv form, bool day_first, bool *zoned)
{
    parts p = {0};
    sv s = sv_trimmed_controls(text);
    *zoned = false;
    if (!form.n || !by_form(s, form, &p)) {
        p = (parts){0};
        if (!by_sight(s, day_first, &p)) return false;
    }
    date_time t = {.days = date_days(p.year, p.month, p.day), .ticks = p.hour * 3600 + p.minute * 60 + p.second};
    if (t.days < 0 || p.hour > 23 || p.minute > 59 || p.second > 59) return false;
    if (p.offset && !date_time_move(&t, -p.offset)) return false;
    char room[DATETIME_TEXT_MAX];
    *zoned = p.has_zone;
    buf_add(out, room, p.has_time ? datetime_text(&t, room) : date_text(t.days, room));
    return true;
}

/* ---- numbers ---- */

/* "$", "US$", "%", blanks, also those without a break. */
static size_t passed_over(sv s)
{
    if (s.n >= 2 && (unsigned char)s.p[0] == 0xC2 && (unsigned char)s.p[1] == 0xA0) return 2;
    if (s.n >= 3 && (unsigned char)s.p[0] == 0xE2 && (unsigned char)s.p[1] == 0x82) return 3; /* euro, lira */
    if (s.n >= 3 && (unsigned char)s.p[0] == 0xE2 && (unsigned char)s.p[1] == 0x80) return 3; /* narrow blank */
    return s.n && (*s.p == ' ' || *s.p == '$' || *s.p == '%') ? 1 : 0;
}

bool normal_number(buf *out, sv text, bool comma)
{
    char whole[64], behind[64];
    size_t w = 0, b = 0;
    bool point = false, minus = false, any = false;
    const char mark = comma ? ',' : '.', group = comma ? '.' : ',';
    for (sv s = sv_trimmed_controls(text); s.n;) {
        size_t skip = passed_over(s);
        char c = *s.p;
        if (!skip) {
            skip = 1;
            if (is_digit(c) && !point && w < sizeof whole)
                whole[w++] = c;
            else if (is_digit(c) && point && b < sizeof behind)
                behind[b++] = c;
            else if (c == mark && !point)
                point = true;
            else if (c == '-' && !any && !minus)
                minus = true;
            else if (c != group || point || !any)
                return false;
            any |= is_digit(c);
        }
        s = (sv){s.p + skip, s.n - skip};
    }
    if (!any) return false;
    while (b && behind[b - 1] == '0') b--;
    size_t from = 0;
    while (from + 1 < w && whole[from] == '0') from++;
    if (minus && (b || w > from + 1 || (w && whole[from] != '0'))) buf_char(out, '-');
    if (w)
        buf_add(out, whole + from, w - from);
    else
        buf_char(out, '0');
    if (b) buf_char(out, '.');
    buf_add(out, behind, b);
    return true;
}

/* ---- texts ---- */

void normal_text(buf *out, sv text)
{
    size_t from = out->n;
    sv s = sv_trimmed_controls(text);
    for (size_t i = 0; i < s.n; i++) {
        bool end = s.p[i] == '\n' || s.p[i] == '\r';
        if (!end) {
            buf_char(out, s.p[i]);
            continue;
        }
        if (s.p[i] == '\r' && i + 1 < s.n && s.p[i + 1] == '\n') i++;
        while (out->n > from && (out->p[out->n - 1] == ' ' || out->p[out->n - 1] == '\t')) out->n--;
        buf_char(out, '\n');
    }
}

static int by_bytes(const void *a, const void *b) { return sv_cmp(*(const sv *)a, *(const sv *)b); }

void normal_words(buf *out, sv text)
{
    enum { WORDS_MAX = 512 };
    sv word[WORDS_MAX];
    size_t n = 0;
    for (size_t from = 0, i = 0; i <= text.n && n < WORDS_MAX; i++) {
        if (i < text.n && text.p[i] != ';') continue;
        sv s = sv_trimmed_controls((sv){text.p + from, i - from});
        if (s.n) word[n++] = s;
        from = i + 1;
    }
    qsort(word, n, sizeof *word, by_bytes);
    for (size_t i = 0; i < n; i++) {
        if (i) buf_char(out, ';');
        buf_sv(out, word[i]);
    }
}
