#include "normalize/dates/date_read.h"
#include "base/ascii.h"

typedef struct scan {
    sv s;
    size_t at;
} scan;

static bool at_end(const scan *x) { return x->at >= x->s.n; }
static char peek(const scan *x) { return at_end(x) ? '\0' : x->s.p[x->at]; }

static bool take(scan *x, char c)
{
    if (peek(x) != c) return false;
    x->at++;
    return true;
}

static size_t skip_blanks(scan *x)
{
    size_t from = x->at;
    while (peek(x) == ' ' || peek(x) == '\t') x->at++;
    return x->at - from;
}

/* Digits at the cursor, at most most of them; their number. */
static size_t take_number(scan *x, size_t most, int *number)
{
    size_t n = 0;
    *number = 0;
    while (n < most && is_digit(peek(x))) {
        *number = *number * 10 + (x->s.p[x->at++] - '0');
        n++;
    }
    return n;
}

/* A word, folded: letters up to the next figure, blank or sign. */
static bool take_word(scan *x, folded *word)
{
    size_t from = x->at;
    while (!at_end(x) && !is_digit(peek(x)) && !strchr(" \t,./-:", peek(x))) x->at++;
    return x->at > from && text_fold((sv){x->s.p + from, x->at - from}, word) && word->n > 0;
}

/* English and Turkish, whole and cut as programs cut them; "may" and "mar" begin a month in either language. */
int date_month_named(const folded *word)
{
    static const char *const months[12] = {"jan|january|oca|ocak",
                                           "feb|february|sub|subat",
                                           "mar|march|mart",
                                           "apr|april|nis|nisan",
                                           "may|mayis",
                                           "jun|june|haz|haziran",
                                           "jul|july|tem|temmuz",
                                           "aug|august|agu|agustos",
                                           "sep|sept|september|eyl|eylul",
                                           "oct|october|eki|ekim",
                                           "nov|november|kas|kasim",
                                           "dec|december|ara|aralik"};
    for (int i = 0; i < 12; i++) {
        if (folded_is_one_of(word, months[i])) return i + 1;
    }
    return 0;
}

static bool is_weekday(const folded *word)
{
    return folded_is_one_of(word,
                            "mon|monday|tue|tues|tuesday|wed|wednesday|thu|thur|thurs|thursday|fri|friday|sat|"
                            "saturday|sun|sunday|pazartesi|sali|carsamba|persembe|cuma|cumartesi|pazar|pzt|sal|car|"
                            "per|cum|cmt|paz");
}

static bool month_and_day_exist(int month, int day) { return month >= 1 && month <= 12 && day >= 1 && day <= 31; }

/* ---- the day ---- */

static bool year_behind(scan *x, date_read_result *out)
{
    size_t n = take_number(x, 5, &out->year);
    out->short_year = n == 2;
    return n == 4 || n == 2;
}

/* 20190305, or 20190305093000. */
static bool run_of_digits(scan *x, size_t n, date_read_result *out)
{
    (void)take_number(x, 4, &out->year);
    (void)take_number(x, 2, &out->month);
    (void)take_number(x, 2, &out->day);
    if (n == 14) {
        (void)take_number(x, 2, &out->hour);
        (void)take_number(x, 2, &out->minute);
        (void)take_number(x, 2, &out->second);
        out->has_time = true;
        if (out->hour > 23 || out->minute > 59 || out->second > 59) return false;
    }
    return month_and_day_exist(out->month, out->day);
}

static bool year_first(scan *x, date_read_result *out)
{
    (void)take_number(x, 4, &out->year);
    char sign = peek(x);
    if (sign != '-' && sign != '/' && sign != '.') return false;
    x->at++;
    folded word;
    if (is_digit(peek(x))) {
        if (take_number(x, 2, &out->month) == 0) return false;
    } else if (take_word(x, &word)) {
        out->month = date_month_named(&word);
    }
    return take(x, sign) && take_number(x, 2, &out->day) > 0 && month_and_day_exist(out->month, out->day);
}

/* 5 Mart 2019, 5-Mar-19, 05.Mar.2019, 5 March, 2019 */
static bool day_month_name(scan *x, int day, date_read_result *out)
{
    folded word;
    if (!take_word(x, &word)) return false;
    out->day = day;
    out->month = date_month_named(&word);
    (void)(take(x, '.') || take(x, ',') || take(x, '-') || take(x, '/'));
    skip_blanks(x);
    return year_behind(x, out) && month_and_day_exist(out->month, out->day);
}

static bool figures(scan *x, date_read_result *out)
{
    int first, second;
    (void)take_number(x, 2, &first);
    char sign = peek(x);
    if (sign == '/' || sign == '-' || sign == '.') {
        x->at++;
    } else if (skip_blanks(x) == 0) {
        return false;
    }
    skip_blanks(x);
    if (!is_digit(peek(x))) return day_month_name(x, first, out);
    if (!strchr("/-.", sign) || take_number(x, 2, &second) == 0) return false;
    skip_blanks(x);
    if (!take(x, sign)) return false;
    skip_blanks(x);
    if (!year_behind(x, out)) return false;
    if (sign == '.') { /* dots are written where the day comes first */
        out->day = first;
        out->month = second;
        return month_and_day_exist(out->month, out->day);
    }
    out->kind = DATE_TWO_FIGURES;
    out->month = first;
    out->day = second;
    return month_and_day_exist(first, second) || month_and_day_exist(second, first);
}

/* Mar  5 2019, March 5, 2019, Mar-05-2019 */
static bool month_name_first(scan *x, const folded *month, date_read_result *out)
{
    out->month = date_month_named(month);
    (void)(take(x, '.') || take(x, '-') || take(x, '/'));
    skip_blanks(x);
    if (take_number(x, 2, &out->day) == 0) return false;
    bool parted = take(x, ',') || take(x, '-') || take(x, '/');
    parted = skip_blanks(x) > 0 || parted;
    return parted && year_behind(x, out) && month_and_day_exist(out->month, out->day);
}

static bool day_part(scan *x, date_read_result *out)
{
    folded word;
    if (!is_digit(peek(x))) {
        if (!take_word(x, &word)) return false;
        if (is_weekday(&word)) {
            (void)(take(x, ',') || take(x, '.'));
            skip_blanks(x);
            if (!is_digit(peek(x)) && !take_word(x, &word)) return false;
        }
        if (!is_digit(peek(x)) || date_month_named(&word)) return month_name_first(x, &word, out);
    }
    size_t n = 0;
    while (x->at + n < x->s.n && is_digit(x->s.p[x->at + n])) n++;
    if (n == 8 || n == 14) return run_of_digits(x, n, out);
    if (n == 4) return year_first(x, out);
    return n <= 2 && figures(x, out);
}

/* ---- the time ---- */

/* AM and PM in English and Turkish (ÖÖ, ÖS). */
static bool half_of_day(scan *x, date_read_result *out)
{
    scan y = *x;
    skip_blanks(&y);
    char letters[3] = {0};
    size_t n = 0;
    folded word;
    while (!at_end(&y) && n < 2) {
        if (take(&y, '.')) continue;
        size_t from = y.at;
        uint32_t letter;
        y.at += letter_at((sv){y.s.p + y.at, y.s.n - y.at}, &letter);
        if (!text_fold((sv){y.s.p + from, y.at - from}, &word) || word.n != 1) {
            y.at = from;
            break;
        }
        letters[n++] = word.text[0];
    }
    (void)take(&y, '.');
    bool am = strcmp(letters, "am") == 0 || strcmp(letters, "oo") == 0;
    bool pm = strcmp(letters, "pm") == 0 || strcmp(letters, "os") == 0;
    if (!am && !pm) return true; /* 24 hours */
    if (out->hour < 1 || out->hour > 12) return false;
    *x = y;
    out->hour = out->hour % 12 + (pm ? 12 : 0);
    return true;
}

static bool offset_part(scan *x, date_read_result *out)
{
    scan y = *x;
    skip_blanks(&y);
    if (take(&y, 'Z') || take(&y, 'z')) {
        out->has_offset = true;
        *x = y;
        return true;
    }
    bool minus = peek(&y) == '-';
    if (!minus && peek(&y) != '+') return true;
    y.at++;
    int hours, minutes = 0;
    if (take_number(&y, 2, &hours) != 2) return false;
    bool colon = take(&y, ':');
    size_t n = take_number(&y, 2, &minutes);
    if ((n != 2 && (n != 0 || colon)) || hours > 14 || minutes > 59) return false;
    out->has_offset = true;
    out->offset = (minus ? -1 : 1) * (hours * 60 + minutes);
    *x = y;
    return true;
}

static bool time_part(scan *x, date_read_result *out)
{
    if (take_number(x, 2, &out->hour) == 0 || out->hour > 23) return false;
    if (take(x, ':')) {
        if (take_number(x, 2, &out->minute) != 2 || out->minute > 59) return false;
        if (take(x, ':') && (take_number(x, 2, &out->second) != 2 || out->second > 59)) return false;
        if (peek(x) == '.' || peek(x) == ',' || peek(x) == ':') { /* SQL Server prints :fff in some styles */
            x->at++;
            size_t from = x->at;
            while (is_digit(peek(x))) x->at++;
            size_t n = x->at - from;
            if (n == 0 || n > 9) return false;
            while (n > 0 && x->s.p[from + n - 1] == '0') n--;
            out->fraction = (sv){x->s.p + from, n};
        }
        if (!half_of_day(x, out)) return false;
    } else {
        size_t before = x->at;
        if (!half_of_day(x, out) || x->at == before) return false; /* a lone hour needs its half of the day */
    }
    out->has_time = true;
    return offset_part(x, out);
}

bool date_read(sv in, date_read_result *out)
{
    *out = (date_read_result){.kind = DATE_CERTAIN};
    scan x = {in, 0};
    if (!day_part(&x, out)) return false;
    if (at_end(&x)) return true;
    if (out->has_time) return offset_part(&x, out) && at_end(&x);
    bool letter = take(&x, 'T') || take(&x, 't');
    bool comma = !letter && take(&x, ',');
    if (!letter && skip_blanks(&x) == 0 && !comma) return false;
    folded word;
    if (!letter && !is_digit(peek(&x))) { /* 5 Mart 2019 Salı */
        if (!take_word(&x, &word) || !is_weekday(&word)) return false;
        skip_blanks(&x);
        if (at_end(&x)) return true;
    }
    if (!time_part(&x, out)) return false;
    skip_blanks(&x);
    return at_end(&x);
}
