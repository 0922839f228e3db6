#include "tds/tds_cell.h"
#include "base/bytes.h"
#include "base/limits.h"

static const char wrong_type[] = "it came as another type than the column has";
static const char no_value[] = "its bytes are no value of its type";

size_t tds_cell_width(const tds_column_plan *p)
{
    switch (p->how) {
    case HOW_PLAIN:
    case HOW_BYTES: return 1;
    case HOW_LARGE:
    case HOW_WHOLE: return 2;
    case HOW_VARIANT: return 5;
    case HOW_NEVER: break;
    }
    return 0;
}

/* ---- from the library's forms to stored bytes ---- */

enum { STORED_MAX = 32 };

static void put_le(uint8_t *p, uint64_t x, unsigned n)
{
    for (unsigned i = 0; i < n; i++) p[i] = (uint8_t)(x >> 8 * i);
}

/* Two halves change places: a file has the low half, or the time, first. */
static bool swapped(sv in, uint8_t *out, size_t *n)
{
    *n = in.n;
    memcpy(out, in.p + in.n / 2, in.n / 2);
    memcpy(out + in.n / 2, in.p, in.n / 2);
    return true;
}

static bool numeric(const sqltype *t, sv in, uint8_t *out, size_t *n)
{
    const tds_numeric x = tds_numeric_of(in);
    if (!x.fits || x.precision != t->precision || x.scale != t->scale) return false;
    out[0] = x.negative ? 0 : 1;
    put_le(out + 1, x.lo, 8);
    put_le(out + 9, x.hi, 8);
    *n = 17;
    return true;
}

/* date, time, datetime2, datetimeoffset: the library counts in units of 100 ns and from 1900. */
static bool moment(const sqltype *t, sv in, uint8_t *out, size_t *n)
{
    const tds_moment x = tds_moment_of(in);
    const unsigned all = sqltype_fixed_bytes(t);
    const unsigned date = t->xtype == XT_TIME ? 0 : 3, offset = t->xtype == XT_DATETIMEOFFSET ? 2 : 0;
    const int64_t days = (int64_t)x.date + DATE_1900;
    if (all < date + offset || all > STORED_MAX || t->scale > 7) return false;
    const unsigned time = all - date - offset;
    uint64_t unit = 1;
    for (unsigned i = t->scale; i < 7; i++) unit *= 10;
    if (time && (x.time % unit || x.time / unit >= UINT64_C(1) << 8 * time)) return false;
    if (date && (days < 0 || days > DATE_DAYS_MAX)) return false;
    put_le(out, x.time / unit, time);
    put_le(out + time, (uint64_t)days, date);
    put_le(out + time + date, (uint64_t)(uint16_t)x.offset, offset);
    *n = all;
    return true;
}

static bool is_scaled(uint8_t x) { return x == XT_DATE || x == XT_TIME || x == XT_DATETIME2 || x == XT_DATETIMEOFFSET; }

static bool stored(const sqltype *t, tds_form form, sv in, uint8_t *out, size_t *n)
{
    switch (form) {
    case TDS_NUMERIC: return (t->xtype == XT_DECIMAL || t->xtype == XT_NUMERIC) && numeric(t, in, out, n);
    case TDS_MOMENT: return is_scaled(t->xtype) && moment(t, in, out, n);
    case TDS_MONEY:
        if (t->xtype == XT_MONEY && in.n == 8) return swapped(in, out, n);
        if (t->xtype != XT_SMALLMONEY || in.n != 4) return false;
        break;
    case TDS_DATETIME:
        return ((t->xtype == XT_DATETIME && in.n == 8) || (t->xtype == XT_SMALLDATETIME && in.n == 4)) &&
               swapped(in, out, n);
    case TDS_INTEGER:
        if (t->xtype != XT_TINYINT && t->xtype != XT_SMALLINT && t->xtype != XT_INT && t->xtype != XT_BIGINT)
            return false;
        break;
    case TDS_BIT:
        if (t->xtype != XT_BIT) return false;
        break;
    case TDS_FLOAT:
        if (t->xtype != XT_REAL && t->xtype != XT_FLOAT) return false;
        break;
    case TDS_GUID:
        if (t->xtype != XT_GUID) return false;
        break;
    default: return false;
    }
    if (in.n > STORED_MAX) return false;
    memcpy(out, in.p, in.n);
    *n = in.n;
    return true;
}

static const char *plain(tds_form form, sv in, const tds_column_plan *p, arena *mem, value *out, sqltype_notes *notes)
{
    uint8_t room[STORED_MAX];
    size_t n = 0;
    if (!stored(&p->type, form, in, room, &n)) return wrong_type;
    return sqltype_decode(&p->type, (sv){(const char *)room, n}, mem, out, notes) ? NULL : no_value;
}

/* ---- large values ---- */

static const char *large(tds_link *l, size_t at, const tds_column_plan *p, arena *mem, value *out, sqltype_notes *notes)
{
    sv n, bytes;
    const tds_form length = tds_column(l, at, &n), form = tds_column(l, at + 1, &bytes);
    if (length == TDS_NULL) return form == TDS_NULL ? NULL : wrong_type;
    if (length != TDS_INTEGER || n.n != 8 || (form != TDS_BYTES && form != TDS_NULL)) return wrong_type;
    const uint64_t all = le64((const uint8_t *)n.p);
    if (form == TDS_BYTES) {
        if (bytes.n != all) return "its length is another one than its bytes have";
        return sqltype_decode(&p->type, bytes, mem, out, notes) ? NULL : no_value;
    }
    if (p->how == HOW_WHOLE || all > INT64_MAX) return "it is larger than a value of its type can be read";
    out->kind = V_LOB;
    out->as.lob = (lob_ref){.bytes = all, .encoding = (uint8_t)p->encoding};
    return NULL;
}

/* ---- sql_variant ---- */

static const char *variant(tds_link *l, size_t at, arena *mem, value *out, sqltype_notes *notes)
{
    static const sqltype utf16 = {.xtype = XT_NVARCHAR};
    int64_t number[3] = {0, 0, 0};
    value base;
    sv p;
    tds_form form = tds_column(l, at, &p);
    if (form == TDS_NULL) return tds_column(l, at + 4, &p) == TDS_NULL ? NULL : wrong_type;
    if (form != TDS_BYTES || !sqltype_decode(&utf16, p, mem, &base, notes)) return wrong_type;
    for (size_t i = 0; i < 3; i++) {
        form = tds_column(l, at + 1 + i, &p);
        if (form == TDS_INTEGER && p.n == 8)
            number[i] = (int64_t)le64((const uint8_t *)p.p);
        else if (form != TDS_NULL)
            return wrong_type;
    }
    if (tds_column(l, at + 4, &p) != TDS_BYTES) return wrong_type;
    return tds_variant(base.as.text, number[0], number[1], number[2], p, mem, out, notes) ? NULL : no_value;
}

const char *tds_cell(tds_link *l, size_t at, const tds_column_plan *p, arena *mem, value *out, sqltype_notes *notes)
{
    sv in;
    out->kind = V_NULL;
    if (p->how == HOW_LARGE || p->how == HOW_WHOLE) return large(l, at, p, mem, out, notes);
    if (p->how == HOW_VARIANT) return variant(l, at, mem, out, notes);
    const tds_form form = tds_column(l, at, &in);
    if (form == TDS_NULL) return NULL;
    if (p->how == HOW_PLAIN) return plain(form, in, p, mem, out, notes);
    if (form != TDS_BYTES) return wrong_type;
    return sqltype_decode(&p->type, in, mem, out, notes) ? NULL : no_value;
}
