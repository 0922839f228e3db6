#include "base/date.h"
#include "profile/profile_internal.h"

static bool digits(sv s, size_t at, size_t n)
{
    if (at + n > s.n) return false;
    for (size_t i = at; i < at + n; i++)
        if (s.p[i] < '0' || s.p[i] > '9') return false;
    return true;
}

static int number(sv s, size_t at, size_t n)
{
    int x = 0;
    for (size_t i = at; i < at + n; i++) x = x * 10 + (s.p[i] - '0');
    return x;
}

static bool is_date(sv s)
{
    return s.n == 10 && digits(s, 0, 4) && s.p[4] == '-' && digits(s, 5, 2) && s.p[7] == '-' && digits(s, 8, 2) &&
           date_days(number(s, 0, 4), number(s, 5, 2), number(s, 8, 2)) >= 0;
}

/* HH:MM, HH:MM:SS, or that with up to seven digits behind a point. */
static bool is_time(sv s)
{
    if (!digits(s, 0, 2) || s.n < 5 || s.p[2] != ':' || !digits(s, 3, 2)) return false;
    if (number(s, 0, 2) > 23 || number(s, 3, 2) > 59) return false;
    if (s.n == 5) return true;
    if (s.n < 8 || s.p[5] != ':' || !digits(s, 6, 2) || number(s, 6, 2) > 59) return false;
    return s.n == 8 || (s.n > 9 && s.n <= 16 && s.p[8] == '.' && digits(s, 9, s.n - 9));
}

static sv after_date(sv s)
{
    return s.n > 11 && (s.p[10] == ' ' || s.p[10] == 'T') ? (sv){s.p + 11, s.n - 11} : (sv){NULL, 0};
}

static bool is_midnight(sv time)
{
    for (size_t i = 0; i < time.n; i++)
        if (time.p[i] >= '1' && time.p[i] <= '9') return false;
    return true;
}

/* A date column of type datetime has midnight behind every date; any other time means that the column is no date. */
static field_outcome date_text_of(sv in, buf *out)
{
    sv day = {in.p, in.n < 10 ? in.n : 10}, time = after_date(in);
    if (!is_date(day) || (in.n != 10 && (!is_time(time) || !is_midnight(time)))) return FIELD_WRONG;
    buf_sv(out, day);
    return FIELD_GOOD;
}

static field_outcome datetime_text_of(sv in, buf *out)
{
    sv day = {in.p, in.n < 10 ? in.n : 10}, time = after_date(in);
    if (!is_date(day) || !is_time(time)) return FIELD_WRONG;
    if (time.n == 5) {
        buf_printf(out, "%.*s %.*s:00", (int)day.n, day.p, (int)time.n, time.p);
        return FIELD_GOOD;
    }
    if (time.n > 8) {
        while (time.p[time.n - 1] == '0') time.n--;
        if (time.p[time.n - 1] == '.') time.n--;
    }
    buf_printf(out, "%.*s %.*s", (int)day.n, day.p, (int)time.n, time.p);
    return FIELD_GOOD;
}

enum { INTEGER_DIGITS_MAX = 18, DECIMAL_DIGITS_MAX = 38 };

static size_t count_digits(sv s, size_t at)
{
    size_t n = 0;
    while (at + n < s.n && s.p[at + n] >= '0' && s.p[at + n] <= '9') n++;
    return n;
}

static bool all_zeros(sv s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '0') return false;
    return true;
}

/* An optional minus, digits, and with `fraction` maybe a point and digits. Zeros in front go; those behind the point
 * stay: they say how exact the source is. */
static field_outcome number_text(sv in, bool fraction, buf *out)
{
    bool negative = in.p[0] == '-';
    size_t at = negative, n = count_digits(in, at);
    sv whole = {in.p + at, n}, behind = {NULL, 0};
    at += n;
    if (fraction && at < in.n && in.p[at] == '.') {
        behind = (sv){in.p + at + 1, count_digits(in, at + 1)};
        at += 1 + behind.n;
        if (behind.n == 0) return FIELD_WRONG;
    }
    if (at != in.n || whole.n + behind.n == 0) return FIELD_WRONG;
    while (whole.n > 1 && whole.p[0] == '0') whole = (sv){whole.p + 1, whole.n - 1};
    if (whole.n + behind.n > (fraction ? DECIMAL_DIGITS_MAX : INTEGER_DIGITS_MAX)) return FIELD_WRONG;
    if (negative && !(all_zeros(whole) && all_zeros(behind))) buf_char(out, '-');
    buf_sv(out, whole.n ? whole : SV_LIT("0"));
    if (behind.n) buf_char(out, '.');
    buf_sv(out, behind);
    return FIELD_GOOD;
}

static field_outcome bool_text(sv in, buf *out)
{
    bool yes = sv_eq(in, SV_LIT("1")) || sv_eq_nocase(in, SV_LIT("true"));
    bool no = sv_eq(in, SV_LIT("0")) || sv_eq_nocase(in, SV_LIT("false"));
    if (!yes && !no) return FIELD_WRONG;
    buf_char(out, yes ? '1' : '0');
    return FIELD_GOOD;
}

static field_outcome word_text(const char *words, sv in, buf *out)
{
    for (const char *p = words; *p;) {
        size_t n = 0;
        while (p[n] && p[n] != ' ') n++;
        if (sv_eq(in, (sv){p, n})) {
            buf_sv(out, in);
            return FIELD_GOOD;
        }
        p += n + (p[n] == ' ');
    }
    return FIELD_WRONG;
}

field_outcome profile_field_text(const model_field *f, sv in, buf *out)
{
    if (in.n == 0) return FIELD_EMPTY;
    switch (f->type) {
    case FIELD_TEXT:
    case FIELD_REFERENCE: buf_sv(out, in); return FIELD_GOOD;
    case FIELD_DATE: return date_text_of(in, out);
    case FIELD_DATETIME: return datetime_text_of(in, out);
    case FIELD_INTEGER: return number_text(in, false, out);
    case FIELD_DECIMAL: return number_text(in, true, out);
    case FIELD_BOOL: return bool_text(in, out);
    case FIELD_ENUM: return word_text(f->values, in, out);
    }
    return FIELD_WRONG;
}

const char *profile_field_kind(const model_field *f)
{
    switch (f->type) {
    case FIELD_DATE: return "a date (YYYY-MM-DD)";
    case FIELD_DATETIME: return "a date and time (YYYY-MM-DD HH:MM:SS)";
    case FIELD_INTEGER: return "a whole number";
    case FIELD_DECIMAL: return "a decimal number";
    case FIELD_BOOL: return "0 or 1";
    case FIELD_ENUM: return f->values;
    case FIELD_TEXT:
    case FIELD_REFERENCE: break;
    }
    return "a text";
}
