#include "base/date.h"
#include "normalize/normalize_internal.h"

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

static norm_form wrong(const norm_column *c, norm_remarks *r)
{
    norm_remark(r, F_NRM_WRONG_TYPE, c->field);
    return FORM_WRONG;
}

/* A date column of type datetime has midnight behind every date; any other time means that the column is no date. */
norm_form normalize_date(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    sv day = {in.p, in.n < 10 ? in.n : 10}, time = after_date(in);
    if (!is_date(day) || (in.n != 10 && (!is_time(time) || !is_midnight(time)))) return wrong(c, r);
    buf_sv(out, day);
    return FORM_GOOD;
}

norm_form normalize_datetime(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    sv day = {in.p, in.n < 10 ? in.n : 10}, time = in.n == 10 ? SV_LIT("00:00:00") : after_date(in);
    if (!is_date(day) || !is_time(time)) return wrong(c, r);
    if (time.n > 8) {
        while (time.p[time.n - 1] == '0') time.n--;
        if (time.p[time.n - 1] == '.') time.n--;
    }
    buf_sv(out, day);
    buf_char(out, ' ');
    buf_sv(out, time);
    if (time.n == 5) buf_str(out, ":00");
    return FORM_GOOD;
}
