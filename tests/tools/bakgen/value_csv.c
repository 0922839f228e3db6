/* The text that chartferry's extract must give for a value, written from the description of its CSV alone. */
#include "value.h"
#include <stdlib.h>

void csv_text(buf *out, sv text)
{
    bool quote = text.n == 0 || text.p[0] == ' ' || text.p[text.n - 1] == ' ';
    for (size_t i = 0; i < text.n && !quote; i++) quote = text.p[i] != 0 && strchr(",\"\r\n", text.p[i]) != NULL;
    if (!quote) {
        buf_sv(out, text);
        return;
    }
    buf_char(out, '"');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"') buf_char(out, '"');
        buf_char(out, text.p[i]);
    }
    buf_char(out, '"');
}

static void put_digits(buf *out, int64_t x, unsigned width) { buf_printf(out, "%0*lld", (int)width, (long long)x); }

static int64_t days_before(int64_t year)
{
    int64_t y = year - 1;
    return y * 365 + y / 4 - y / 100 + y / 400;
}

static void put_date(buf *out, int64_t days)
{
    int64_t year = days / 366 + 1;
    while (days_before(year + 1) <= days) year++;
    int64_t left = days - days_before(year);
    static const int LENGTHS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    int month = 0;
    for (; month < 11; month++) {
        int length = LENGTHS[month] + (month == 1 && leap);
        if (left < length) break;
        left -= length;
    }
    buf_printf(out, "%04lld-%02d-%02lld", (long long)year, month + 1, (long long)left + 1);
}

static void put_clock(buf *out, int64_t ticks, unsigned scale)
{
    int64_t unit = 1;
    for (unsigned i = 0; i < scale; i++) unit *= 10;
    int64_t seconds = ticks / unit;
    put_digits(out, seconds / 3600, 2);
    buf_char(out, ':');
    put_digits(out, seconds / 60 % 60, 2);
    buf_char(out, ':');
    put_digits(out, seconds % 60, 2);
    if (scale == 0) return;
    buf_char(out, '.');
    put_digits(out, ticks % unit, scale);
}

static void put_datetime(buf *out, const cell_value *v)
{
    static const int LAST_DIGITS[] = {0, 3, 7};
    int64_t milliseconds = v->ticks / 3 * 10 + LAST_DIGITS[v->ticks % 3];
    put_date(out, v->days);
    buf_char(out, ' ');
    put_clock(out, milliseconds, 3);
}

static void put_offset_moment(buf *out, const sql_type *t, const cell_value *v)
{
    int64_t unit = 1;
    for (unsigned i = 0; i < t->scale; i++) unit *= 10;
    int64_t day = 86400 * unit;
    int64_t local = v->days * day + v->ticks + v->offset * 60 * unit;
    put_date(out, local / day);
    buf_char(out, ' ');
    put_clock(out, local % day, t->scale);
    int minutes = v->offset < 0 ? -v->offset : v->offset;
    buf_printf(out, " %c%02d:%02d", v->offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

static void put_decimal(buf *out, const sql_type *t, const cell_value *v)
{
    uint32_t word[4] = {(uint32_t)v->lo, (uint32_t)(v->lo >> 32), (uint32_t)v->hi, (uint32_t)(v->hi >> 32)};
    char digit[48];
    unsigned n = 0;
    while (word[0] || word[1] || word[2] || word[3] || n <= t->scale) {
        uint64_t rest = 0;
        for (int i = 3; i >= 0; i--) {
            rest = rest << 32 | word[i];
            word[i] = (uint32_t)(rest / 10);
            rest %= 10;
        }
        digit[n++] = (char)('0' + rest);
    }
    if (v->negative) buf_char(out, '-');
    while (n > 0) {
        buf_char(out, digit[--n]);
        if (n == t->scale && n > 0) buf_char(out, '.');
    }
}

static bool reads_back(const char *text, double x, bool narrow)
{
    return narrow ? strtof(text, NULL) == (float)x : strtod(text, NULL) == x;
}

/* Fewest digits that read back equal; plain from 1e-4 to below 1e16, else with an exponent. */
static void put_real(buf *out, double x, bool narrow)
{
    char text[40], digits[24] = "";
    int most = narrow ? 9 : 17;
    for (int precision = 1; precision <= most; precision++) {
        snprintf(text, sizeof text, "%.*e", precision - 1, x);
        if (reads_back(text, x, narrow)) break;
    }
    const char *p = text;
    if (*p == '-') buf_char(out, *p++);
    size_t n = 0;
    for (; *p != 'e'; p++)
        if (*p != '.') digits[n++] = *p;
    int exponent = (int)strtol(p + 1, NULL, 10);
    while (n > 1 && digits[n - 1] == '0') digits[--n] = 0;
    if (x != 0 && (exponent < -4 || exponent > 15)) {
        buf_char(out, digits[0]);
        if (n > 1) buf_char(out, '.');
        buf_add(out, digits + 1, n - 1);
        buf_printf(out, "e%c%02d", exponent < 0 ? '-' : '+', exponent < 0 ? -exponent : exponent);
        return;
    }
    if (exponent < 0) {
        buf_str(out, "0.");
        for (int i = -1; i > exponent; i--) buf_char(out, '0');
        buf_add(out, digits, n);
        return;
    }
    for (int i = 0; i <= exponent || i < (int)n; i++) {
        if (i == exponent + 1) buf_char(out, '.');
        buf_char(out, i < (int)n ? digits[i] : '0');
    }
}

static void put_hex(buf *out, const char *p, size_t n)
{
    static const char HEX[] = "0123456789abcdef";
    buf_str(out, "0x");
    for (size_t i = 0; i < n; i++) {
        buf_char(out, HEX[(uint8_t)p[i] >> 4]);
        buf_char(out, HEX[p[i] & 15]);
    }
}

static void put_guid(buf *out, const char *stored)
{
    static const uint8_t ORDER[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    for (unsigned i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) buf_char(out, '-');
        buf_printf(out, "%02X", (unsigned)(uint8_t)stored[ORDER[i]]);
    }
}

void value_csv(const sql_type *t, const cell_value *v, buf *out)
{
    if (v->null) return;
    if (v->coded) {
        csv_text(out, buf_view(&v->bytes));
        return;
    }
    switch (t->cls) {
    case TC_INT:
    case TC_BIT: put_digits(out, v->i, 1); break;
    case TC_DECIMAL:
    case TC_MONEY: put_decimal(out, t, v); break;
    case TC_REAL: put_real(out, v->real, t->fixed == 4); break;
    case TC_DATE: put_date(out, v->days); break;
    case TC_TIME: put_clock(out, v->ticks, t->scale); break;
    case TC_DATETIME2:
        put_date(out, v->days);
        buf_char(out, ' ');
        put_clock(out, v->ticks, t->scale);
        break;
    case TC_DATETIMEOFFSET: put_offset_moment(out, t, v); break;
    case TC_DATETIME: put_datetime(out, v); break;
    case TC_SMALLDATETIME:
        put_date(out, v->days);
        buf_char(out, ' ');
        put_clock(out, v->ticks * 60, 0);
        break;
    case TC_GUID: put_guid(out, v->bytes.p); break;
    case TC_TEXT:
    case TC_UTEXT: csv_text(out, buf_view(&v->bytes)); break;
    default: put_hex(out, v->bytes.p, v->bytes.n);
    }
}
