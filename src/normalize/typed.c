/* Fields that only have a type. */
#include "normalize/letters.h"
#include "normalize/normalize_internal.h"

norm_form normalize_text(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    (void)c, (void)r;
    buf_sv(out, in);
    return FORM_GOOD;
}

static norm_form wrong(const norm_column *c, norm_remarks *r)
{
    norm_remark(r, F_NRM_WRONG_TYPE, c->field);
    return FORM_WRONG;
}

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

enum { INTEGER_DIGITS_MAX = 18, DECIMAL_DIGITS_MAX = 38 };

/* A sign, digits, and maybe a point and digits. */
static bool number_parts(sv in, bool *negative, sv *whole, sv *behind)
{
    size_t at = in.n && (in.p[0] == '-' || in.p[0] == '+');
    *negative = at && in.p[0] == '-';
    *whole = (sv){in.p + at, count_digits(in, at)};
    at += whole->n;
    *behind = (sv){NULL, 0};
    if (at < in.n && in.p[at] == '.') {
        *behind = (sv){in.p + at + 1, count_digits(in, at + 1)};
        at += 1 + behind->n;
        if (behind->n == 0) return false;
    }
    while (whole->n > 1 && whole->p[0] == '0') *whole = (sv){whole->p + 1, whole->n - 1};
    return at == in.n && whole->n + behind->n > 0;
}

static void add_number(buf *out, bool negative, sv whole, sv behind)
{
    if (negative && !(all_zeros(whole) && all_zeros(behind))) buf_char(out, '-');
    buf_sv(out, whole.n ? whole : SV_LIT("0"));
    if (behind.n) buf_char(out, '.');
    buf_sv(out, behind);
}

/* "60.00" is a whole number that a decimal column or a spreadsheet printed. */
norm_form normalize_integer(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    bool negative;
    sv whole, behind;
    if (!number_parts(in, &negative, &whole, &behind) || !all_zeros(behind) || whole.n > INTEGER_DIGITS_MAX)
        return wrong(c, r);
    add_number(out, negative, whole, (sv){NULL, 0});
    return FORM_GOOD;
}

/* Zeros in front go; those behind the point stay: they say how exact the source is. */
norm_form normalize_decimal(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    bool negative;
    sv whole, behind;
    if (!number_parts(in, &negative, &whole, &behind) || whole.n + behind.n > DECIMAL_DIGITS_MAX) return wrong(c, r);
    add_number(out, negative, whole, behind);
    return FORM_GOOD;
}

/* 1, 0 and -1 (Access); English and Turkish words. */
norm_form normalize_bool(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    folded x;
    bool of_state = strcmp(c->field->name, "active") == 0;
    if (!text_fold(in, &x)) return wrong(c, r);
    if (folded_is_one_of(&x, "1|true|t|yes|y|on|evet|e|dogru") || (of_state && folded_is_one_of(&x, "active|aktif")))
        buf_char(out, '1');
    else if (folded_is_one_of(&x, "0|false|f|no|n|off|hayir|h|yanlis") ||
             (of_state && folded_is_one_of(&x, "inactive|pasif")))
        buf_char(out, '0');
    else
        return wrong(c, r);
    return FORM_GOOD;
}
