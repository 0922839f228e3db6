#include "xlsx/sheet_number.h"
#include "base/date.h"
#include "source/value_text.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MS_OF_DAY = 86400000, LAST_SERIAL = 2958465 /* 9999-12-31 */, DATE_1904 = 695055 };

unsigned number_kind_of_id(unsigned id)
{
    if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || (id >= 50 && id <= 54) || id == 36 || id == 57 || id == 58)
        return NUMBER_DATE;
    if (id == 22) return NUMBER_DATE | NUMBER_TIME;
    if (id == 46) return NUMBER_SPAN;
    if ((id >= 18 && id <= 21) || id == 45 || id == 47 || (id >= 32 && id <= 35) || id == 55 || id == 56)
        return NUMBER_TIME;
    return NUMBER_PLAIN;
}

/* Letters of the first section, without quoted text, escaped characters and brackets (colours, languages); m is a month or
 * minutes as its neighbours say. */
unsigned number_kind_of_code(sv code)
{
    unsigned kind = NUMBER_PLAIN;
    bool months = false, minutes = false;
    if (code.n == 7 && sv_eq_nocase(code, SV_LIT("General"))) return kind;
    for (size_t i = 0; i < code.n && code.p[i] != ';'; i++) {
        char c = code.p[i] | 0x20;
        if (code.p[i] == '"') {
            for (i++; i < code.n && code.p[i] != '"'; i++) {}
        } else if (code.p[i] == '\\' || code.p[i] == '_' || code.p[i] == '*') {
            i++;
        } else if (code.p[i] == '[') {
            if (i + 1 < code.n && strchr("hHmMsS", code.p[i + 1])) {
                size_t k = i + 1;
                while (k < code.n && (code.p[k] | 0x20) == (code.p[i + 1] | 0x20)) k++;
                if (k < code.n && code.p[k] == ']') kind |= NUMBER_SPAN;
            }
            while (i < code.n && code.p[i] != ']') i++;
        } else if (c == 'y' || c == 'd') {
            kind |= NUMBER_DATE;
        } else if (c == 'h' || c == 's') {
            kind |= NUMBER_TIME;
            minutes = true;
        } else if (c == 'm') {
            months = true;
        } else if (c == 'e' && i + 1 < code.n && code.p[i + 1] != '+' && code.p[i + 1] != '-') {
            kind |= NUMBER_DATE; /* a year, in East Asian formats */
        } else if (code.p[i] == '0' || code.p[i] == '#' || code.p[i] == '?') {
            if (!(kind & NUMBER_TIME)) return NUMBER_PLAIN; /* but for fractions of a second */
        }
    }
    if (months && !minutes) kind |= NUMBER_DATE;
    return kind & NUMBER_SPAN ? NUMBER_SPAN : kind;
}

static size_t plain(double x, sv stored, char *out)
{
    bool digits = stored.n < 16;
    for (size_t i = 0; i < stored.n; i++)
        digits &= (stored.p[i] >= '0' && stored.p[i] <= '9') || stored.p[i] == '.' || (i == 0 && stored.p[i] == '-');
    if (digits) {
        memcpy(out, stored.p, stored.n);
        return stored.n;
    }
    char text[40];
    int n = snprintf(text, sizeof text, "%.15g", x);
    if (n <= 0) return 0;
    if (!strchr(text, 'e')) {
        memcpy(out, text, (size_t)n);
        return (size_t)n;
    }
    if (fabs(x) < 1e21 && floor(x) == x)
        n = snprintf(text, sizeof text, "%.0f", x);
    else
        return text_of_double(x, out);
    memcpy(out, text, (size_t)n);
    return (size_t)n;
}

/* The day of a serial number; -1 when there is none. Excel counts a 29 February 1900 that never was: number 60. */
static int32_t day_of(int64_t serial, bool from_1904)
{
    if (from_1904) return serial >= 0 && serial <= LAST_SERIAL - 1462 ? (int32_t)(DATE_1904 + serial) : -1;
    if (serial < 1 || serial == 60 || serial > LAST_SERIAL) return -1;
    return (int32_t)(DATE_1900 + serial - (serial < 60 ? 1 : 2));
}

static size_t clock_text(int64_t ms, char *out)
{
    date_time t = {.ticks = ms % 1000 ? ms : ms / 1000, .scale = ms % 1000 ? 3 : 0};
    return time_text(&t, out);
}

static size_t span(double x, char *out)
{
    double seconds = floor(fabs(x) * 86400 + 0.5);
    if (seconds > 1e12) return 0;
    int64_t s = (int64_t)seconds;
    int n = snprintf(out, NUMBER_TEXT_MAX, "%s%lld:%02d:%02d", x < 0 ? "-" : "", (long long)(s / 3600),
                     (int)(s / 60 % 60), (int)(s % 60));
    return n > 0 ? (size_t)n : 0;
}

size_t number_text_of_cell(sv stored, unsigned kind, bool from_1904, char out[NUMBER_TEXT_MAX])
{
    char text[64], *end;
    if (!stored.n || stored.n >= sizeof text) return 0;
    memcpy(text, stored.p, stored.n);
    text[stored.n] = '\0';
    double x = strtod(text, &end);
    if (*end || !isfinite(x) || strpbrk(text, "xXpPnN")) return 0;
    if (kind == NUMBER_PLAIN) return plain(x, stored, out);
    if (kind == NUMBER_SPAN) return span(x, out);
    if (x < 0 || x > LAST_SERIAL + 1.0) return plain(x, stored, out);
    int64_t day = (int64_t)floor(x), ms = (int64_t)floor((x - floor(x)) * MS_OF_DAY + 0.5);
    /* Seconds come as fractions of a day: a half millisecond beside a whole second is that second. */
    if (ms % 1000 == 1 || ms % 1000 == 999) ms = (ms + 500) / 1000 * 1000;
    if (ms >= MS_OF_DAY) {
        ms -= MS_OF_DAY;
        day++;
    }
    if (kind == NUMBER_TIME && day == 0) return clock_text(ms, out);
    int32_t days = day_of(day, from_1904);
    if (days < 0) return plain(x, stored, out);
    size_t n = date_text(days, out);
    if (kind == NUMBER_DATE && ms == 0) return n;
    out[n++] = ' ';
    return n + clock_text(ms, out + n);
}
