/* Atomic values of binary XML in the lexical forms of XML Schema (FORMAT-binxml.md, Values). */
#include "base/bytes.h"
#include "base/date.h"
#include "source/value_text.h"
#include "sqltype/binxml_internal.h"
#include "sqltype/sqltype_internal.h"
#include <inttypes.h>
#include <math.h>

enum {
    SQL_SMALLINT = 0x01,
    SQL_INT = 0x02,
    SQL_REAL = 0x03,
    SQL_FLOAT = 0x04,
    SQL_MONEY = 0x05,
    SQL_BIT = 0x06,
    SQL_TINYINT = 0x07,
    SQL_BIGINT = 0x08,
    SQL_UUID = 0x09,
    SQL_DECIMAL = 0x0a,
    SQL_NUMERIC = 0x0b,
    SQL_BINARY = 0x0c,
    SQL_CHAR = 0x0d,
    SQL_NCHAR = 0x0e,
    SQL_VARBINARY = 0x0f,
    SQL_VARCHAR = 0x10,
    SQL_NVARCHAR = 0x11,
    SQL_DATETIME = 0x12,
    SQL_SMALLDATETIME = 0x13,
    SQL_SMALLMONEY = 0x14,
    SQL_TEXT = 0x16,
    SQL_IMAGE = 0x17,
    SQL_NTEXT = 0x18,
    SQL_UDT = 0x1b,
    XSD_TIMEOFFSET = 0x7a,
    XSD_DATETIMEOFFSET = 0x7b,
    XSD_DATEOFFSET = 0x7c,
    XSD_TIME2 = 0x7d,
    XSD_DATETIME2 = 0x7e,
    XSD_DATE2 = 0x7f,
    XSD_TIME = 0x81,
    XSD_DATETIME = 0x82,
    XSD_DATE = 0x83,
    XSD_BINHEX = 0x84,
    XSD_BASE64 = 0x85,
    XSD_BOOLEAN = 0x86,
    XSD_DECIMAL = 0x87,
    XSD_BYTE = 0x88,
    XSD_UNSIGNEDSHORT = 0x89,
    XSD_UNSIGNEDINT = 0x8a,
    XSD_UNSIGNEDLONG = 0x8b,
    XSD_QNAME = 0x8c
};

bx_value bx_value_of(uint8_t token)
{
    switch (token) {
    case SQL_BIT:
    case SQL_TINYINT:
    case XSD_BOOLEAN:
    case XSD_BYTE: return (bx_value){BX_FIXED, 1};
    case SQL_SMALLINT:
    case XSD_UNSIGNEDSHORT: return (bx_value){BX_FIXED, 2};
    case XSD_DATE2: return (bx_value){BX_FIXED, 3};
    case SQL_INT:
    case SQL_REAL:
    case SQL_SMALLMONEY:
    case SQL_SMALLDATETIME:
    case XSD_UNSIGNEDINT: return (bx_value){BX_FIXED, 4};
    case SQL_BIGINT:
    case SQL_FLOAT:
    case SQL_MONEY:
    case SQL_DATETIME:
    case XSD_TIME:
    case XSD_DATETIME:
    case XSD_DATE:
    case XSD_UNSIGNEDLONG: return (bx_value){BX_FIXED, 8};
    case SQL_UUID: return (bx_value){BX_FIXED, 16};
    case SQL_DECIMAL:
    case SQL_NUMERIC:
    case XSD_DECIMAL: return (bx_value){BX_COUNTED, 0};
    case XSD_TIME2:
    case XSD_DATETIME2: return (bx_value){BX_SCALED, 3};
    case XSD_TIMEOFFSET:
    case XSD_DATETIMEOFFSET:
    case XSD_DATEOFFSET: return (bx_value){BX_SCALED, 5};
    case SQL_NCHAR:
    case SQL_NVARCHAR:
    case SQL_NTEXT: return (bx_value){BX_WIDE, 0};
    case SQL_CHAR:
    case SQL_VARCHAR:
    case SQL_TEXT: return (bx_value){BX_NARROW, 0};
    case SQL_BINARY:
    case SQL_VARBINARY:
    case SQL_IMAGE:
    case SQL_UDT:
    case XSD_BASE64: return (bx_value){BX_BASE64, 0};
    case XSD_BINHEX: return (bx_value){BX_HEX, 0};
    case XSD_QNAME: return (bx_value){BX_QNAME_REF, 0};
    default: return (bx_value){BX_NO_VALUE, 0};
    }
}

/* ---- numbers ---- */

static void add_integer(int64_t x, buf *out) { buf_printf(out, "%" PRId64, x); }

static void add_float(double x, bool narrow, buf *out)
{
    if (isnan(x)) {
        buf_str(out, "NaN");
    } else if (isinf(x)) {
        buf_str(out, x < 0 ? "-INF" : "INF");
    } else {
        char text[32];
        buf_add(out, text, narrow ? text_of_float((float)x, text) : text_of_double(x, text));
    }
}

static double float_of(const uint8_t *p)
{
    uint32_t bits = le32(p);
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static double double_of(const uint8_t *p)
{
    uint64_t bits = le64(p);
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* XML Schema's form of a decimal has no zeros at its end. */
static size_t without_last_zeros(const char *text, size_t n)
{
    if (!memchr(text, '.', n)) return n;
    while (text[n - 1] == '0') n--;
    return text[n - 1] == '.' ? n - 1 : n;
}

static void add_decimal_text(const decimal *d, bool trimmed, buf *out)
{
    char text[DECIMAL_TEXT_MAX];
    size_t n = decimal_text(d, text);
    buf_add(out, text, trimmed ? without_last_zeros(text, n) : n);
}

/* Precision, scale, sign (1: not negative), magnitude. */
static bool add_decimal(bool trimmed, const uint8_t *p, size_t n, buf *out)
{
    if (n < 4 || n > 3 + 16 || p[0] == 0 || p[0] > 38 || p[1] > p[0] || p[2] > 1) return false;
    uint8_t magnitude[16] = {0};
    memcpy(magnitude, p + 3, n - 3);
    decimal d = {le64(magnitude), le64(magnitude + 8), p[1], p[2] == 0};
    if (d.lo == 0 && d.hi == 0) d.negative = false;
    if (!decimal_fits(&d, p[0])) return false;
    add_decimal_text(&d, trimmed, out);
    return true;
}

static void add_money(int64_t units, buf *out)
{
    decimal d = decimal_from_i64(units, 4);
    add_decimal_text(&d, false, out);
}

/* ---- dates and times ---- */

static void add_zone(int minutes, buf *out)
{
    unsigned size = (unsigned)(minutes < 0 ? -minutes : minutes);
    if (size == 0)
        buf_char(out, 'Z');
    else
        buf_printf(out, "%c%02u:%02u", minutes < 0 ? '-' : '+', size / 60, size % 60);
}

static void add_date(int32_t days, buf *out)
{
    char text[DATETIME_TEXT_MAX];
    buf_add(out, text, date_text(days, text));
}

static void add_time(int64_t ticks, uint8_t scale, buf *out)
{
    char text[DATETIME_TEXT_MAX];
    const date_time t = {.ticks = ticks, .scale = scale};
    buf_add(out, text, without_last_zeros(text, time_text(&t, text)));
}

static bool add_sql_datetime(int64_t days, uint64_t ticks, buf *out)
{
    value v;
    if (!sqltype_datetime(days, ticks, &v)) return false;
    add_date(v.as.when.days, out);
    buf_char(out, 'T');
    if (v.as.when.ticks % 1000 == 0) {
        add_time(v.as.when.ticks / 1000, 0, out);
    } else {
        char text[DATETIME_TEXT_MAX];
        buf_add(out, text, time_text(&v.as.when, text));
    }
    return true;
}

/* Scale, time of that scale, date, and for the forms with a zone its minutes; date and time are UTC then. */
static bool add_scaled(uint8_t token, const uint8_t *p, size_t n, buf *out)
{
    static const int64_t POWER[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000};
    bool zoned = token <= XSD_DATEOFFSET;
    unsigned time_bytes = sqltype_time_bytes(p[0]);
    if (time_bytes == 0 || n != 1 + time_bytes + 3 + (zoned ? 2u : 0u)) return false;
    int64_t ticks = 0;
    for (unsigned i = time_bytes; i-- > 0;) ticks = ticks << 8 | p[1 + i];
    const uint8_t *date = p + 1 + time_bytes;
    int64_t days = date[0] | date[1] << 8 | date[2] << 16;
    int zone = zoned ? (int16_t)le16(date + 3) : 0;
    int64_t day = 86400 * POWER[p[0]];
    if (ticks >= day || days > DATE_DAYS_MAX || zone < -14 * 60 || zone > 14 * 60) return false;
    int64_t local = days * day + ticks + zone * 60 * POWER[p[0]];
    bool has_date = token != XSD_TIME2 && token != XSD_TIMEOFFSET;
    bool has_time = token != XSD_DATEOFFSET;
    if (!has_date && local < 0) local += day; /* midnight somewhere on the first day */
    days = local / day;
    if (local < 0 || days > DATE_DAYS_MAX) return false;
    if (has_date) add_date((int32_t)days, out);
    if (has_date && has_time) buf_char(out, 'T');
    if (has_time) add_time(local % day, p[0], out);
    if (zoned) add_zone(zone, out);
    return true;
}

/* ---- dates and times of version 1 (SQL Server 2005): mixed radix numbers, years from -9999 ---- */

static bool add_old_date(int64_t days, buf *out)
{
    int day = (int)(days % 31) + 1, month = (int)(days / 31 % 12) + 1;
    int64_t year = days / 31 / 12 - 9999;
    if (year > 9999) return false;
    if (year > 0 && date_days((int)year, month, day) < 0) return false;
    buf_printf(out, "%s%04d-%02d-%02d", year < 0 ? "-" : "", (int)(year < 0 ? -year : year), month, day);
    return true;
}

static void add_old_time(int64_t ms, buf *out)
{
    buf_printf(out, "%02d:%02d:%02d", (int)(ms / 3600000), (int)(ms / 60000 % 60), (int)(ms / 1000 % 60));
    if (ms % 1000) buf_printf(out, ".%03d", (int)(ms % 1000));
}

static bool add_old(uint8_t token, uint64_t stored, buf *out)
{
    enum { DAY_MS = 86400000, ZONES = 29 * 60 };
    if (stored > INT64_MAX) return false;
    int64_t x = (int64_t)(stored >> 2); /* two bits say whether the text had a zone; the value is in UTC anyway */
    if (token == XSD_DATE) {
        int zone = (int)(x % ZONES) - 14 * 60; /* minutes from local time to UTC */
        if (!add_old_date(x / ZONES, out)) return false;
        add_zone(-zone, out);
        return true;
    }
    if (token == XSD_TIME && x >= DAY_MS) return false;
    if (token == XSD_DATETIME) {
        if (!add_old_date(x / DAY_MS, out)) return false;
        buf_char(out, 'T');
    }
    add_old_time(x % DAY_MS, out);
    buf_char(out, 'Z');
    return true;
}

static void add_guid(const uint8_t *p, buf *out)
{
    value v = {.kind = V_GUID};
    memcpy(v.as.guid, p, sizeof v.as.guid);
    value_text(&v, out);
}

bool bx_atomic(uint8_t token, const uint8_t *p, size_t n, buf *out)
{
    switch (token) {
    case SQL_BIT:
    case SQL_TINYINT: add_integer(p[0], out); return true;
    case XSD_BYTE: add_integer((int8_t)p[0], out); return true;
    case SQL_SMALLINT: add_integer((int16_t)le16(p), out); return true;
    case XSD_UNSIGNEDSHORT: add_integer(le16(p), out); return true;
    case SQL_INT: add_integer((int32_t)le32(p), out); return true;
    case XSD_UNSIGNEDINT: add_integer(le32(p), out); return true;
    case SQL_BIGINT: add_integer((int64_t)le64(p), out); return true;
    case XSD_UNSIGNEDLONG: buf_printf(out, "%" PRIu64, le64(p)); return true;
    case XSD_BOOLEAN: buf_str(out, p[0] ? "true" : "false"); return true;
    case SQL_REAL: add_float(float_of(p), true, out); return true;
    case SQL_FLOAT: add_float(double_of(p), false, out); return true;
    case SQL_SMALLMONEY: add_money((int32_t)le32(p), out); return true;
    case SQL_MONEY: add_money((int64_t)le64(p), out); return true;
    case SQL_UUID: add_guid(p, out); return true;
    case SQL_DECIMAL:
    case SQL_NUMERIC:
    case XSD_DECIMAL: return add_decimal(token == XSD_DECIMAL, p, n, out);
    case SQL_DATETIME: return add_sql_datetime((int32_t)le32(p), le32(p + 4), out);
    case SQL_SMALLDATETIME: return add_sql_datetime(le16(p), (uint64_t)le16(p + 2) * 60 * 300, out);
    case XSD_TIME:
    case XSD_DATETIME:
    case XSD_DATE: return add_old(token, le64(p), out);
    case XSD_DATE2: {
        int32_t days = p[0] | p[1] << 8 | p[2] << 16;
        if (days > DATE_DAYS_MAX) return false;
        add_date(days, out);
        return true;
    }
    default: return add_scaled(token, p, n, out);
    }
}
