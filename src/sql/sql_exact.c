#include "sql/sql_exact.h"
#include "base/ascii.h"
#include "base/digits.h"
#include <math.h>

enum { DOUBLE_DIGITS = 15, DOUBLE_SCALE_MAX = 22, EXACT_DIGITS = 38 };

/* Powers of ten that a double holds exactly. */
static const double TENS[DOUBLE_SCALE_MAX + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* 10^n, n <= 38. */
static sql_u128 ten(unsigned n)
{
    return n <= 19 ? (sql_u128)POWER_OF_10[n] : (sql_u128)POWER_OF_10[19] * POWER_OF_10[n - 19];
}

exact exact_from_i64(int64_t x)
{
    uint64_t m = x < 0 ? 0 - (uint64_t)x : (uint64_t)x;
    return (exact){.magnitude = m, .negative = x < 0};
}

exact exact_from_decimal(const decimal *d)
{
    /* No column declares a larger scale; a file that is damaged may. */
    uint8_t scale = d->scale <= EXACT_DIGITS ? d->scale : EXACT_DIGITS;
    return (exact){.magnitude = (sql_u128)d->hi << 64 | d->lo, .negative = d->negative, .scale = scale};
}

decimal exact_decimal(const exact *x)
{
    return (decimal){.lo = (uint64_t)x->magnitude,
                     .hi = (uint64_t)(x->magnitude >> 64),
                     .scale = x->scale,
                     .negative = x->negative && x->magnitude != 0};
}

/* ---- text ---- */

static bool parse_exponent(sv s, int *out)
{
    bool negative = s.n && s.p[0] == '-';
    size_t at = s.n && (s.p[0] == '-' || s.p[0] == '+');
    int e = 0;
    if (at == s.n) return false;
    for (; at < s.n; at++) {
        if (!is_digit(s.p[at]) || e > 1000) return false;
        e = e * 10 + (s.p[at] - '0');
    }
    *out = negative ? -e : e;
    return true;
}

/* magnitude * 10^-scale with a scale of any sign; false when the result needs more than 38 digits or decimals. */
static bool settle(exact *x, int scale)
{
    while (x->magnitude && scale > EXACT_DIGITS && x->magnitude % 10 == 0) x->magnitude /= 10, scale--;
    if (x->magnitude == 0) scale = scale < 0 ? 0 : scale > EXACT_DIGITS ? EXACT_DIGITS : scale;
    for (; scale < 0; scale++) {
        if (x->magnitude >= ten(EXACT_DIGITS - 1)) return false;
        x->magnitude *= 10;
    }
    if (scale > EXACT_DIGITS) return false;
    x->scale = (uint8_t)scale;
    return true;
}

bool exact_parse(sv text, exact *out)
{
    sv s = sv_trimmed_spaces(text);
    exact x = {0};
    size_t at = s.n && (s.p[0] == '-' || s.p[0] == '+'), digits = 0;
    int scale = 0, exponent = 0;
    bool point = false;
    x.negative = s.n && s.p[0] == '-';
    for (; at < s.n && (is_digit(s.p[at]) || (s.p[at] == '.' && !point)); at++) {
        if (s.p[at] == '.') {
            point = true;
            continue;
        }
        digits++;
        scale += point;
        if (x.magnitude >= ten(EXACT_DIGITS - 1)) return false;
        x.magnitude = x.magnitude * 10 + (unsigned)(s.p[at] - '0');
    }
    if (digits == 0) return false;
    if (at < s.n) {
        if (s.p[at] != 'e' && s.p[at] != 'E') return false;
        if (!parse_exponent((sv){s.p + at + 1, s.n - at - 1}, &exponent)) return false;
    }
    if (!settle(&x, scale - exponent)) return false;
    *out = x;
    return true;
}

size_t exact_text(const exact *x, unsigned scale, char out[EXACT_TEXT_MAX])
{
    decimal d = exact_decimal(x);
    size_t n = decimal_text(&d, out);
    if (scale > EXACT_DIGITS) scale = EXACT_DIGITS;
    if (scale > x->scale) {
        if (x->scale == 0) out[n++] = '.';
        memset(out + n, '0', scale - x->scale);
        n += scale - x->scale;
    }
    return n;
}

/* ---- doubles ---- */

/* r / 10^k is correctly rounded when both are exact in a double: it is x just when x is the double next to that
 * decimal. */
static bool decimal_at(double x, unsigned k, double *r)
{
    *r = nearbyint(x * TENS[k]);
    return fabs(*r) < TENS[DOUBLE_DIGITS] && *r / TENS[k] == x;
}

static void set_from(exact *out, double r, unsigned scale)
{
    *out = (exact){.magnitude = (uint64_t)fabs(r), .negative = r < 0, .scale = (uint8_t)scale};
}

bool exact_from_double(double x, unsigned hint, exact *out, bool *near)
{
    double r;
    *near = true;
    if (hint <= DOUBLE_SCALE_MAX && decimal_at(x, hint, &r)) {
        set_from(out, r, hint);
        return true;
    }
    *near = isfinite(x) && fabs(x) < TENS[DOUBLE_DIGITS];
    if (!*near) return false;
    unsigned k = 0;
    for (; k <= DOUBLE_SCALE_MAX && fabs(x) * TENS[k] < TENS[DOUBLE_DIGITS]; k++)
        if (decimal_at(x, k, &r)) {
            set_from(out, r, k);
            return true;
        }
    k = k ? k - 1 : 0;
    set_from(out, nearbyint(x * TENS[k]), k);
    return false;
}

void exact_trim(exact *x)
{
    while (x->scale && x->magnitude % 10 == 0) {
        x->magnitude /= 10;
        x->scale--;
    }
}

bool exact_to_double(const exact *x, double *out)
{
    exact y = *x;
    if (y.magnitude >= POWER_OF_10[DOUBLE_DIGITS] || y.scale > DOUBLE_SCALE_MAX) exact_trim(&y);
    if (y.magnitude >= POWER_OF_10[DOUBLE_DIGITS] || y.scale > DOUBLE_SCALE_MAX) return false;
    double r = (double)(uint64_t)y.magnitude / TENS[y.scale];
    *out = y.negative ? -r : r;
    return true;
}

double exact_near_double(const exact *x)
{
    double r = (double)((long double)x->magnitude / (long double)ten(x->scale));
    return x->negative ? -r : r;
}

/* ---- arithmetic ---- */

static bool lift(sql_u128 *x, unsigned by)
{
    return *x == 0 || (*x < ten(EXACT_DIGITS) / ten(by) && (*x *= ten(by), true));
}

bool exact_add(const exact *a, const exact *b, exact *out)
{
    exact x = *a, y = *b;
    exact_trim(&x);
    exact_trim(&y);
    uint8_t scale = x.scale > y.scale ? x.scale : y.scale;
    if (!lift(&x.magnitude, (unsigned)(scale - x.scale)) || !lift(&y.magnitude, (unsigned)(scale - y.scale)))
        return false;
    bool same = x.negative == y.negative, x_larger = x.magnitude >= y.magnitude;
    out->scale = scale;
    out->magnitude = same       ? x.magnitude + y.magnitude
                     : x_larger ? x.magnitude - y.magnitude
                                : y.magnitude - x.magnitude;
    out->negative = (x_larger ? x.negative : y.negative) && out->magnitude;
    return out->magnitude < ten(EXACT_DIGITS);
}

bool exact_multiply(const exact *a, const exact *b, exact *out)
{
    exact x = *a, y = *b;
    exact_trim(&x);
    exact_trim(&y);
    if (y.magnitude && x.magnitude > ten(EXACT_DIGITS) / y.magnitude) return false;
    if (x.scale + y.scale > EXACT_DIGITS) return false;
    *out = (exact){.magnitude = x.magnitude * y.magnitude, .scale = (uint8_t)(x.scale + y.scale)};
    out->negative = x.negative != y.negative && out->magnitude;
    return out->magnitude < ten(EXACT_DIGITS);
}

/* ---- order ---- */

int exact_cmp(const exact *a, const exact *b)
{
    bool an = a->negative && a->magnitude, bn = b->negative && b->magnitude;
    if (an != bn) return an ? -1 : 1;
    /* Whole parts, then fractions brought to one scale: neither can grow past 10^38. */
    sql_u128 pa = ten(a->scale), pb = ten(b->scale);
    sql_u128 wa = a->magnitude / pa, wb = b->magnitude / pb;
    int c = (wa > wb) - (wa < wb);
    if (c == 0) {
        sql_u128 fa = a->magnitude % pa, fb = b->magnitude % pb;
        if (a->scale < b->scale) fa *= ten((unsigned)(b->scale - a->scale));
        if (b->scale < a->scale) fb *= ten((unsigned)(a->scale - b->scale));
        c = (fa > fb) - (fa < fb);
    }
    return an ? -c : c;
}

int exact_collate(void *unused, int an, const void *a, int bn, const void *b)
{
    (void)unused;
    sv sa = {a, (size_t)an}, sb = {b, (size_t)bn};
    exact x, y;
    bool xn = exact_parse(sa, &x), yn = exact_parse(sb, &y);
    if (xn && yn) return exact_cmp(&x, &y);
    if (xn != yn) return xn ? -1 : 1;
    return sv_cmp(sa, sb);
}

uint64_t exact_hash(const exact *x)
{
    exact y = *x;
    exact_trim(&y);
    uint64_t h = (uint64_t)y.magnitude * UINT64_C(0x9E3779B97F4A7C15) ^ (uint64_t)(y.magnitude >> 64);
    h ^= (uint64_t)y.scale << 56 | (uint64_t)(y.negative && y.magnitude) << 63;
    return h * UINT64_C(0xD6E8FEB86659FD93) ^ h >> 32;
}

/* ---- SQLite ---- */

exact_form exact_form_of(const exact *x, unsigned scale, bool always_text, int64_t *integer, double *real)
{
    if (!always_text && scale == 0 && x->scale == 0 && x->magnitude <= INT64_MAX) {
        int64_t i = (int64_t)x->magnitude;
        *integer = x->negative ? -i : i;
        return EXACT_INTEGER;
    }
    return !always_text && exact_to_double(x, real) ? EXACT_REAL : EXACT_DIGITS_ALL;
}

void exact_result(sqlite3_context *ctx, const exact *x, unsigned scale, bool always_text)
{
    char text[EXACT_TEXT_MAX];
    int64_t i;
    double r;
    switch (exact_form_of(x, scale, always_text, &i, &r)) {
    case EXACT_INTEGER: sqlite3_result_int64(ctx, i); break;
    case EXACT_REAL:
        sqlite3_result_double(ctx, r);
        sqlite3_result_subtype(ctx, EXACT_SUBTYPE + (scale <= EXACT_DIGITS ? scale : EXACT_DIGITS));
        break;
    case EXACT_DIGITS_ALL: sqlite3_result_text(ctx, text, (int)exact_text(x, scale, text), SQLITE_TRANSIENT); break;
    }
}

bool exact_of_double(double x, exact *out)
{
    bool near;
    return exact_from_double(x, 0, out, &near) || near;
}

bool exact_of_value(sqlite3_value *v, exact *out)
{
    switch (sqlite3_value_type(v)) {
    case SQLITE_INTEGER: *out = exact_from_i64(sqlite3_value_int64(v)); return true;
    case SQLITE_FLOAT: return exact_of_double(sqlite3_value_double(v), out);
    case SQLITE_TEXT: {
        const char *p = (const char *)sqlite3_value_text(v);
        return exact_parse((sv){p, (size_t)sqlite3_value_bytes(v)}, out);
    }
    default: return false;
    }
}
