/* What a text looks like. */
#include "base/ascii.h"
#include "survey/survey_internal.h"

static size_t count_digits(sv s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) n += is_digit(s.p[i]);
    return n;
}

static bool made_of(sv s, const char *signs)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_digit(s.p[i]) && !strchr(signs, s.p[i])) return false;
    return s.n > 0 && !sv_find(s, '\0');
}

static bool has(sv s, char c) { return sv_find(s, c); }

static bool is_guid(sv s)
{
    if (s.n == 38 && s.p[0] == '{') s = (sv){s.p + 1, 36};
    if (s.n != 36) return false;
    for (size_t i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? s.p[i] != '-' : hex_digit(s.p[i]) < 0) return false;
    }
    return true;
}

/* A digit group of a date or a time at *i; its value in *x. */
static bool group(sv s, size_t *i, size_t most, unsigned *x)
{
    size_t from = *i;
    *x = 0;
    while (*i < s.n && is_digit(s.p[*i]) && *i - from < most) *x = *x * 10 + (unsigned)(s.p[(*i)++] - '0');
    return *i > from;
}

/* 9:30, 09:30:00.000, with AM or PM behind; up to the end of s. */
static bool is_time(sv s)
{
    size_t i = 0;
    unsigned x;
    if (!group(s, &i, 2, &x) || x > 24 || i == s.n || s.p[i++] != ':' || !group(s, &i, 2, &x) || x > 59) return false;
    if (i < s.n && s.p[i] == ':') {
        i++;
        if (!group(s, &i, 2, &x) || x > 60) return false;
        if (i < s.n && (s.p[i] == '.' || s.p[i] == ',')) {
            i++;
            if (!group(s, &i, 9, &x)) return false;
        }
    }
    while (i < s.n && s.p[i] == ' ') i++;
    sv rest = {s.p + i, s.n - i};
    return rest.n == 0 || sv_eq_nocase(rest, SV_LIT("AM")) || sv_eq_nocase(rest, SV_LIT("PM"));
}

static bool is_year(unsigned y, size_t digits) { return digits == 2 || (digits == 4 && y >= 1 && y <= 9999); }

/* Two separators of one kind between day, month and year, in any order; then nothing or a time. */
static bool is_date(sv s)
{
    unsigned part[3];
    size_t i = 0, length[3];
    char separator = 0;
    for (int k = 0; k < 3; k++) {
        size_t from = i;
        if (!group(s, &i, 4, &part[k])) return false;
        length[k] = i - from;
        if (k == 2) break;
        if (i == s.n || !strchr("-/.", s.p[i]) || (k == 1 && s.p[i] != separator)) return false;
        separator = s.p[i++];
    }
    bool year_first = length[0] == 4 && length[1] <= 2 && length[2] <= 2 && is_year(part[0], 4);
    bool year_last = length[0] <= 2 && length[1] <= 2 && is_year(part[2], length[2]);
    unsigned a = year_first ? part[1] : part[0], b = year_first ? part[2] : part[1];
    if (!(year_first || year_last) || a < 1 || b < 1 || a > 31 || b > 31 || (a > 12 && b > 12)) return false;
    if (i == s.n) return true;
    if (s.p[i] != ' ' && s.p[i] != 'T') return false;
    return is_time(text_trimmed((sv){s.p + i + 1, s.n - i - 1}));
}

/* "Mar  5 2019 12:00AM", "5 Mart 2019". */
static bool is_named_date(sv s)
{
    size_t letters = 0, digits = count_digits(s), blanks = 0;
    if (s.n < 8 || s.n > 30 || digits < 5) return false;
    for (size_t i = 0; i < s.n; i++) {
        letters += is_letter(s.p[i]) || (uint8_t)s.p[i] >= 0x80;
        blanks += s.p[i] == ' ';
        if (!is_digit(s.p[i]) && !is_letter(s.p[i]) && (uint8_t)s.p[i] < 0x80 && !strchr(" ,.:-", s.p[i])) return false;
    }
    return letters >= 3 && letters <= 11 && blanks >= 2;
}

/* 123-45-6789, or eleven digits with the two check digits of a Turkish identification number. */
static bool is_national_id(sv s)
{
    if (s.n == 11 && s.p[3] == '-' && s.p[6] == '-' && count_digits(s) == 9) return true;
    if (s.n != 11 || count_digits(s) != 11 || s.p[0] == '0') return false;
    int odd = 0, even = 0, sum = 0;
    for (size_t i = 0; i < 9; i++) *(i % 2 ? &even : &odd) += s.p[i] - '0';
    for (size_t i = 0; i < 10; i++) sum += s.p[i] - '0';
    return ((7 * odd - even) % 10 + 10) % 10 == s.p[9] - '0' && sum % 10 == s.p[10] - '0';
}

static bool is_integer(sv s)
{
    size_t i = s.p[0] == '-' || s.p[0] == '+';
    return s.n > i && s.n - i <= 19 && count_digits(s) == s.n - i;
}

static bool is_decimal(sv s)
{
    static const char *const units[] = {"TL", "USD", "EUR", "TRY"};
    if (s.p[0] == '$') s = (sv){s.p + 1, s.n - 1};
    for (size_t i = 0; i < 4; i++) {
        sv u = sv_from(units[i]);
        if (s.n > u.n && sv_eq_nocase((sv){s.p + s.n - u.n, u.n}, u)) s = text_trimmed((sv){s.p, s.n - u.n});
    }
    if (s.n && s.p[0] == '(' && s.p[s.n - 1] == ')') s = (sv){s.p + 1, s.n - 2};
    size_t i = s.n && (s.p[0] == '-' || s.p[0] == '+'), digits = count_digits(s), marks = 0;
    for (; i < s.n; i++) {
        if (s.p[i] == '.' || s.p[i] == ',')
            marks++;
        else if (!is_digit(s.p[i]))
            return false;
    }
    return digits > 0 && digits <= 38 && marks <= 6 && marks <= digits;
}

static bool is_phone(sv s)
{
    size_t digits = count_digits(s);
    sv bare = s;
    for (size_t i = 0; i < s.n; i++) /* an extension: x12, ext. 12 */
        if (is_letter(s.p[i]) && i >= 7) {
            bare = text_trimmed((sv){s.p, i});
            break;
        }
    return digits >= 7 && digits <= 18 && made_of(bare, "+()-. ") && count_digits(bare) >= 7;
}

static bool is_email(sv s)
{
    const char *at = sv_find(s, '@');
    return at && at != s.p && !has(s, ' ') && has((sv){at, (size_t)(s.p + s.n - at)}, '.');
}

static bool is_html(sv s)
{
    if (!has(s, '<') || !has(s, '>')) return false;
    for (size_t i = 0; i + 1 < s.n; i++)
        if (s.p[i] == '<' && (is_letter(s.p[i + 1]) || s.p[i + 1] == '/' || s.p[i + 1] == '!')) return true;
    return false;
}

static text_look words(sv s)
{
    size_t blanks = 0;
    for (size_t i = 1; i < s.n; i++) blanks += s.p[i] == '\n' || (s.p[i] == ' ' && s.p[i - 1] != ' ');
    return blanks == 0 ? LOOKS_WORD : blanks <= 3 ? LOOKS_WORDS : LOOKS_PROSE;
}

text_look text_looks(sv s)
{
    if (sv_starts(s, SV_LIT("{\\rtf"))) return LOOKS_RTF;
    if (is_html(s)) return LOOKS_HTML;
    if (s.n > 80) return words(s);
    if (is_national_id(s)) return LOOKS_NATIONAL_ID;
    if (is_integer(s)) return LOOKS_INTEGER;
    if (is_date(s) || is_named_date(s)) return LOOKS_DATE;
    if (is_time(s)) return LOOKS_TIME;
    if (is_decimal(s)) return LOOKS_DECIMAL;
    if (is_phone(s)) return LOOKS_PHONE;
    if (is_email(s)) return LOOKS_EMAIL;
    if (is_guid(s)) return LOOKS_GUID;
    return words(s);
}
