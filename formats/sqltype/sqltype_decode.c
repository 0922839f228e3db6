#include "base/bytes.h"
#include "base/digits.h"
#include "sqltype/sqltype_internal.h"

enum { MINUTES_PER_DAY = 1440, SECONDS_PER_DAY = 86400, OFFSET_MINUTES_MAX = 14 * 60 };

static inline uint32_t le24(const uint8_t *p) { return le16(p) | (uint32_t)p[2] << 16; }

static inline bool integer(int64_t x, value *out)
{
    out->kind = V_INT;
    out->as.integer = x;
    return true;
}

static inline bool money(int64_t units, value *out)
{
    out->kind = V_DECIMAL;
    out->as.decimal = decimal_from_i64(units, 4);
    return true;
}

/* Sign (1: not negative), then the magnitude in 4, 8, 12 or 16 bytes. */
static bool exact_number(const sqltype *t, const uint8_t *p, size_t n, value *out)
{
    decimal d = {0, 0, t->scale, false};
    switch (n) {
    case 5: d.lo = le32(p + 1); break;
    case 9: d.lo = le64(p + 1); break;
    case 13:
        d.lo = le64(p + 1);
        d.hi = le32(p + 9);
        break;
    case 17:
        d.lo = le64(p + 1);
        d.hi = le64(p + 9);
        break;
    default: return false;
    }
    if (p[0] > 1 || t->scale > t->precision || t->precision > 38 || !decimal_fits(&d, t->precision)) return false;
    d.negative = p[0] == 0 && (d.lo | d.hi) != 0;
    out->kind = V_DECIMAL;
    out->as.decimal = d;
    return true;
}

static bool float_64(const uint8_t *p, value *out)
{
    uint64_t bits = le64(p);
    out->kind = V_REAL;
    memcpy(&out->as.real, &bits, sizeof bits);
    return true;
}

static bool float_32(const uint8_t *p, value *out)
{
    uint32_t bits = le32(p);
    float x;
    memcpy(&x, &bits, sizeof bits);
    out->kind = V_REAL32;
    out->as.real = (double)x;
    return true;
}

bool sqltype_datetime(int64_t days, uint64_t ticks, value *out)
{
    enum { DAYS_1753 = -53690, TICKS_PER_DAY = SECONDS_PER_DAY * 300 };
    if (days < DAYS_1753 || days > DATE_DAYS_MAX - DATE_1900 || ticks >= TICKS_PER_DAY) return false;
    out->kind = V_DATETIME;
    /* Thirds of ten milliseconds: 0, 3.33 and 6.67 print as .000, .003 and .007. */
    out->as.when = (date_time){(int64_t)(ticks * 10 + 1) / 3, (int32_t)days + DATE_1900, 0, 3};
    return true;
}

static bool smalldatetime(const uint8_t *p, value *out)
{
    unsigned minutes = le16(p);
    if (minutes >= MINUTES_PER_DAY) return false;
    out->kind = V_DATETIME;
    out->as.when = (date_time){(int64_t)minutes * 60, DATE_1900 + le16(p + 2), 0, 0};
    return true;
}

static inline bool date(const uint8_t *p, value_kind kind, date_time when, value *out)
{
    uint32_t days = le24(p);
    if (days > DATE_DAYS_MAX) return false;
    when.days = (int32_t)days;
    out->kind = kind;
    out->as.when = when;
    return true;
}

/* The time part of time, datetime2 and datetimeoffset: n bytes, checked against the scale by the caller. */
static bool ticks_of_day(const uint8_t *p, unsigned n, uint8_t scale, date_time *t)
{
    uint64_t ticks = n == 3 ? le24(p) : n == 4 ? le32(p) : le32(p) | (uint64_t)p[4] << 32;
    *t = (date_time){(int64_t)ticks, 0, 0, scale};
    return ticks < SECONDS_PER_DAY * POWER_OF_10[scale];
}

/* Stored as UTC; handed out as the local time that people wrote. */
static bool to_local(date_time *t, int offset)
{
    if (offset < -OFFSET_MINUTES_MAX || offset > OFFSET_MINUTES_MAX) return false;
    int64_t second = (int64_t)POWER_OF_10[t->scale];
    t->offset = (int16_t)offset;
    t->ticks += 60 * second * offset;
    if (t->ticks < 0) {
        t->ticks += SECONDS_PER_DAY * second;
        t->days--;
    } else if (t->ticks >= SECONDS_PER_DAY * second) {
        t->ticks -= SECONDS_PER_DAY * second;
        t->days++;
    }
    return t->days >= 0 && t->days <= DATE_DAYS_MAX;
}

static bool time_family(const sqltype *t, const uint8_t *p, size_t n, value *out)
{
    unsigned time = sqltype_time_bytes(t->scale);
    date_time when;
    if (time == 0 || n != sqltype_fixed_bytes(t) || !ticks_of_day(p, time, t->scale, &when)) return false;
    switch (t->xtype) {
    case XT_TIME:
        out->kind = V_TIME;
        out->as.when = when;
        return true;
    case XT_DATETIME2: return date(p + time, V_DATETIME, when, out);
    default: return date(p + time, V_DATETIMEOFFSET, when, out) && to_local(&out->as.when, (int16_t)le16(p + time + 3));
    }
}

static inline bool bytes(sv in, value *out)
{
    out->kind = V_BYTES;
    out->as.text = in;
    return true;
}

bool sqltype_decode(const sqltype *t, sv in, arena *mem, value *out, sqltype_notes *notes)
{
    const uint8_t *p = (const uint8_t *)in.p;
    switch (t->xtype) {
    case XT_TINYINT: return in.n == 1 && integer(p[0], out);
    case XT_SMALLINT: return in.n == 2 && integer((int16_t)le16(p), out);
    case XT_INT: return in.n == 4 && integer((int32_t)le32(p), out);
    case XT_BIGINT: return in.n == 8 && integer((int64_t)le64(p), out);
    case XT_BIT:
        if (in.n != 1 || p[0] > 1) return false;
        out->kind = V_BOOL;
        out->as.integer = p[0];
        return true;
    case XT_DECIMAL:
    case XT_NUMERIC: return exact_number(t, p, in.n, out);
    case XT_SMALLMONEY: return in.n == 4 && money((int32_t)le32(p), out);
    case XT_MONEY: return in.n == 8 && money((int64_t)le64(p), out);
    case XT_REAL: return in.n == 4 && float_32(p, out);
    case XT_FLOAT: return in.n == 8 && float_64(p, out);
    case XT_DATE: return in.n == 3 && date(p, V_DATE, (date_time){0, 0, 0, 0}, out);
    case XT_DATETIME: return in.n == 8 && sqltype_datetime((int32_t)le32(p + 4), le32(p), out);
    case XT_SMALLDATETIME: return in.n == 4 && smalldatetime(p, out);
    case XT_TIME:
    case XT_DATETIME2:
    case XT_DATETIMEOFFSET: return time_family(t, p, in.n, out);
    case XT_GUID:
        if (in.n != sizeof out->as.guid) return false;
        out->kind = V_GUID;
        memcpy(out->as.guid, p, sizeof out->as.guid);
        return true;
    case XT_CHAR:
    case XT_VARCHAR:
    case XT_TEXT: out->kind = V_TEXT; return sqltype_text(t->cp, in, mem, &out->as.text, notes);
    case XT_NCHAR:
    case XT_NVARCHAR:
    case XT_NTEXT: out->kind = V_TEXT; return sqltype_utf16(in, mem, &out->as.text, notes);
    case XT_BINARY:
    case XT_VARBINARY:
    case XT_IMAGE: return bytes(in, out);
    case XT_ROWVERSION: return in.n == 8 && bytes(in, out);
    case XT_VARIANT: return sqltype_variant(in, mem, out, notes);
    case XT_XML:
    case XT_UDT: return sqltype_object(t, in, mem, out);
    default: return false;
    }
}
