/* Measurements in millimetres, marks and indexes, with the limits within which they are believed (README.md). */
#include "tooth/tooth_label.h"

/* Nothing there: an empty text, or the word that a writer of CSV files put for NULL. */
static bool is_nothing(sv s) { return s.n == 0 || sv_eq_nocase(s, SV_LIT("null")); }
/* What a chart shows for a site that could not be probed. */
static bool is_not_measured(sv s) { return is_nothing(s) || sv_eq_nocase(s, SV_LIT("x")) || sv_eq(s, SV_LIT("-")); }

enum number { NUMBER_GOOD, NUMBER_FINER /* than a tenth */, NUMBER_NONE };

/* Digits with a point or comma, in tenths. A comma and three figures could be thousands: no number. */
static enum number number_read(sv s, int32_t *tenths)
{
    bool negative = s.n && s.p[0] == '-';
    size_t i = s.n && (s.p[0] == '-' || s.p[0] == '+') ? 1 : 0, digits = 0;
    int32_t n = 0;
    for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++, digits++) {
        if (n > 9999) return NUMBER_NONE;
        n = n * 10 + (s.p[i] - '0');
    }
    n *= 10;
    bool finer = false;
    if (i < s.n) {
        char mark = s.p[i];
        size_t places = s.n - i - 1;
        if ((mark != '.' && mark != ',') || places == 0 || digits == 0) return NUMBER_NONE;
        if (mark == ',' && places > 2) return NUMBER_NONE;
        for (size_t k = i + 1; k < s.n; k++) {
            if (s.p[k] < '0' || s.p[k] > '9') return NUMBER_NONE;
            if (k == i + 1)
                n += s.p[k] - '0';
            else
                finer |= s.p[k] != '0';
        }
    } else if (digits == 0)
        return NUMBER_NONE;
    *tenths = negative ? -n : n;
    return finer ? NUMBER_FINER : NUMBER_GOOD;
}

static bool in(int32_t n, int32_t low, int32_t high) { return n >= low && n <= high; }
static bool by_halves(int32_t tenths) { return tenths % 5 == 0; }

reading depth_check(int32_t tenths)
{
    if (tenths == -10) return READING_NONE;
    if (!in(tenths, 0, 199)) return READING_WRONG;
    return tenths > 150 || !by_halves(tenths) ? READING_ODD : READING_GOOD;
}

reading recession_check(int32_t in_tenths, margin_sign sign, int16_t *tenths)
{
    int32_t n = in_tenths;
    *tenths = READ_NONE;
    switch (sign) {
    case MARGIN_UNKNOWN:
        if (!in(n, -1500, 1500)) return READING_WRONG;
        *tenths = (int16_t)n;
        return READING_GOOD;
    case MARGIN_RECESSION_NEGATIVE: n = -n; break;
    case MARGIN_100_PLUS:
        if (n == -10) return READING_NONE;
        if (n < 0 || n == 1000) return READING_WRONG;
        if (n > 1000) n = 1000 - n;
        break;
    default: break;
    }
    if (!in(n, -100, 150)) return READING_WRONG;
    *tenths = (int16_t)n;
    return in(n, -50, 100) && by_halves(n) ? READING_GOOD : READING_ODD;
}

reading attachment_check(int32_t tenths)
{
    if (!in(tenths, -100, 250)) return READING_WRONG;
    return in(tenths, 0, 200) && by_halves(tenths) ? READING_GOOD : READING_ODD;
}

reading width_check(int32_t tenths)
{
    if (!in(tenths, 0, 300)) return READING_WRONG;
    return tenths <= 150 && by_halves(tenths) ? READING_GOOD : READING_ODD;
}

/* A text in tenths that check accepts. */
static reading checked_read(sv text, reading (*check)(int32_t), int16_t *tenths)
{
    sv s = sv_trimmed(text);
    int32_t n;
    *tenths = READ_NONE;
    if (is_not_measured(s)) return READING_NONE;
    if (number_read(s, &n) != NUMBER_GOOD) return READING_WRONG;
    reading r = check(n);
    if (r == READING_GOOD || r == READING_ODD) *tenths = (int16_t)n;
    return r;
}

reading depth_read(sv text, int16_t *tenths) { return checked_read(text, depth_check, tenths); }

reading recession_read(sv text, margin_sign sign, int16_t *tenths)
{
    sv s = sv_trimmed(text);
    int32_t n;
    *tenths = READ_NONE;
    if (is_not_measured(s)) return READING_NONE;
    if (number_read(s, &n) != NUMBER_GOOD) return READING_WRONG;
    return recession_check(n, sign, tenths);
}

reading attachment_read(sv text, int16_t *tenths) { return checked_read(text, attachment_check, tenths); }
reading width_read(sv text, int16_t *tenths) { return checked_read(text, width_check, tenths); }

static reading index_check(int32_t tenths) { return in(tenths, 0, 30) ? READING_GOOD : READING_WRONG; }
reading index_read(sv text, int16_t *tenths) { return checked_read(text, index_check, tenths); }

reading mark_read(sv text, int8_t *yes)
{
    static const struct {
        const char *word;
        int8_t yes;
    } words[] = {{"1", 1},   {"0", 0},   {"Y", 1},    {"N", 0},     {"YES", 1}, {"NO", 0},
                 {"T", 1},   {"F", 0},   {"TRUE", 1}, {"FALSE", 0}, {"+", 1},   {"-", 0},
                 {"1.0", 1}, {"0.0", 0}, {"EVET", 1}, {"HAYIR", 0}, {"VAR", 1}, {"YOK", 0}};
    folded f;
    *yes = -1;
    if (is_nothing(sv_trimmed(text))) return READING_NONE;
    if (!fold_text(text, &f)) return READING_WRONG;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (sv_eq((sv){f.p, f.n}, sv_from(words[i].word))) {
            *yes = words[i].yes;
            return READING_GOOD;
        }
    return READING_WRONG;
}

/* ---- grades ---- */

static unsigned roman(sv s)
{
    static const char *const figures[] = {"I", "II", "III", "IV"};
    for (unsigned i = 0; i < 4; i++)
        if (sv_eq(s, sv_from(figures[i]))) return i + 1;
    return 0;
}

/* What stands behind one of the words, or all of s. */
static sv behind(sv s, const char *const *word, size_t words)
{
    for (size_t i = 0; i < words; i++) {
        sv w = sv_from(word[i]);
        if (!sv_starts(s, w) || s.n == w.n) continue;
        sv rest = {s.p + w.n, s.n - w.n};
        if (w.n > 1 && rest.p[0] >= 'A' && rest.p[0] <= 'Z') continue;
        while (rest.n && strchr(" -.", rest.p[0])) rest = (sv){rest.p + 1, rest.n - 1};
        return rest;
    }
    return s;
}

reading mobility_read(sv text, int16_t *tenths)
{
    static const char *const words[] = {"MOBILITY", "CLASS", "GRADE", "DEGREE", "DERECE", "SINIF", "M"};
    folded f;
    *tenths = READ_NONE;
    if (is_nothing(sv_trimmed(text))) return READING_NONE;
    if (!fold_text(text, &f) || f.n == 0) return READING_WRONG;
    sv s = behind((sv){f.p, f.n}, words, sizeof words / sizeof words[0]);
    bool plus = s.n > 1 && s.p[s.n - 1] == '+';
    if (plus) s.n--;
    int32_t n = (int32_t)roman(s) * 10;
    if (n == 0 && (s.n == 0 || s.p[0] == '+' || s.p[0] == '-' || number_read(s, &n) != NUMBER_GOOD))
        return READING_WRONG;
    if (plus && n % 10) return READING_WRONG;
    if (plus) n += 5;
    if (!in(n, 0, 30) || !by_halves(n)) return READING_WRONG;
    *tenths = (int16_t)n;
    return n == 5 ? READING_ODD : READING_GOOD;
}

reading furcation_read(sv text, furcation_scale scale, int8_t *grade)
{
    static const char *const words[] = {"FURCATION", "CLASS", "GRADE", "DEGREE", "DERECE", "SINIF", "F"};
    folded f;
    *grade = -1;
    if (is_nothing(sv_trimmed(text))) return READING_NONE;
    if (!fold_text(text, &f) || f.n == 0) return READING_WRONG;
    sv s = behind((sv){f.p, f.n}, words, sizeof words / sizeof words[0]);
    int32_t n = (int32_t)roman(s) * 10;
    if (n == 0 && (s.n == 0 || s.p[0] == '+' || s.p[0] == '-' || number_read(s, &n) != NUMBER_GOOD))
        return READING_WRONG;
    if (n % 10 || !in(n, 0, 40) || (n == 40 && scale == FURCATION_HAMP)) return READING_WRONG;
    *grade = (int8_t)(n / 10);
    return READING_GOOD;
}

const char *const miller_name[5] = {NULL, "I", "II", "III", "IV"};
const char *const cairo_name[4] = {NULL, "RT1", "RT2", "RT3"};

reading miller_read(sv text, int8_t *klass)
{
    static const char *const words[] = {"MILLER CLASS", "MILLER", "CLASS", "SINIF"};
    folded f;
    *klass = 0;
    if (is_nothing(sv_trimmed(text))) return READING_NONE;
    if (!fold_text(text, &f)) return READING_WRONG;
    *klass = (int8_t)roman(behind((sv){f.p, f.n}, words, sizeof words / sizeof words[0]));
    return *klass ? READING_GOOD : READING_WRONG;
}

reading cairo_read(sv text, int8_t *type)
{
    static const char *const words[] = {"CAIRO"};
    folded f;
    *type = 0;
    if (is_nothing(sv_trimmed(text))) return READING_NONE;
    if (!fold_text(text, &f)) return READING_WRONG;
    sv s = behind((sv){f.p, f.n}, words, 1);
    if (s.n < 3 || s.p[0] != 'R' || s.p[1] != 'T') return READING_WRONG;
    s = (sv){s.p + 2, s.n - 2};
    if (s.n == 2 && (s.p[0] == ' ' || s.p[0] == '-')) s = (sv){s.p + 1, 1};
    if (s.n != 1 || s.p[0] < '1' || s.p[0] > '3') return READING_WRONG;
    *type = (int8_t)(s.p[0] - '0');
    return READING_GOOD;
}
