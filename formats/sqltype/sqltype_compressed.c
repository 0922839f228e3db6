/* Values as ROW and PAGE compression store them (FORMAT.md, Compressed forms). */
#include "base/bytes.h"
#include "sqltype/sqltype_internal.h"

/* Big-endian, as few bytes as hold it, biased so that bytes sort as numbers do; nothing for 0. */
static bool biased(sv in, size_t width, int64_t *out)
{
    *out = 0;
    if (in.n == 0) return true;
    if (in.n > width) return false;
    uint64_t x = 0;
    for (size_t i = 0; i < in.n; i++) x = x << 8 | (unsigned char)in.p[i];
    *out = (int64_t)(x - ((uint64_t)1 << (8 * in.n - 1)));
    return true;
}

static bool integer(sv in, size_t width, value *out)
{
    out->kind = V_INT;
    return biased(in, width, &out->as.integer);
}

static bool money(sv in, size_t width, value *out)
{
    int64_t units;
    if (!biased(in, width, &units)) return false;
    out->kind = V_DECIMAL;
    out->as.decimal = decimal_from_i64(units, 4);
    return true;
}

/* One number of 64 bits: days in the upper half, time in the lower. */
static bool datetime(sv in, value *out)
{
    int64_t x;
    if (!biased(in, 8, &x)) return false;
    uint32_t ticks = (uint32_t)((uint64_t)x & UINT32_MAX);
    return sqltype_datetime((x - (int64_t)ticks) / ((int64_t)1 << 32), ticks, out);
}

/* Types whose value is in no way transformed, only shortened by zero bytes at its front or its end; their values are
 * copied by the decoder. */
static bool widened(const sqltype *t, sv in, bool cut_in_front, arena *mem, value *out, sqltype_notes *notes)
{
    char whole[16] = {0};
    size_t width = sqltype_fixed_bytes(t);
    if (width == 0 || width > sizeof whole || in.n > width) return false;
    if (in.n) memcpy(whole + (cut_in_front ? width - in.n : 0), in.p, in.n);
    return sqltype_decode(t, (sv){whole, width}, mem, out, notes);
}

/* `in` with bytes of `pad` in front of it or behind it, in mem. {NULL, 0} when memory ran out. */
static sv padded(sv in, size_t width, bool in_front, char pad, arena *mem)
{
    char *p = arena_alloc(mem, width);
    if (!p) return (sv){NULL, 0};
    size_t more = width - in.n;
    memset(in_front ? p : p + in.n, pad, more);
    if (in.n) memcpy(in_front ? p + more : p, in.p, in.n);
    return (sv){p, width};
}

static bool fixed_bytes(sv in, size_t width, bool cut_in_front, arena *mem, value *out)
{
    if (in.n > width) return false;
    out->kind = V_BYTES;
    out->as.text = in.n == width ? in : padded(in, width, cut_in_front, 0, mem);
    return out->as.text.p != NULL || width == 0;
}

static bool char_text(const sqltype *t, sv in, arena *mem, value *out, sqltype_notes *notes)
{
    if (in.n > t->max_bytes) return false;
    sv whole = in.n == t->max_bytes ? in : padded(in, t->max_bytes, false, ' ', mem);
    return (whole.p || whole.n == t->max_bytes) && sqltype_decode(t, whole, mem, out, notes);
}

/* Text of an odd length is SCSU, of an even one UTF-16; units_min: blanks are added up to that many UTF-16 units. */
static bool unicode_text(sv in, size_t units_min, arena *mem, value *out, sqltype_notes *notes)
{
    sv text;
    size_t units = in.n / 2;
    out->kind = V_TEXT;
    if (in.n % 2 == 0) {
        if (!sqltype_utf16(in, mem, &text, notes)) return false;
    } else if (scsu_is_plain(&in)) {
        text = in;
        units = in.n;
    } else {
        text_room room = text_room_take(mem, SCSU_ROOM(in.n));
        if (!room.p) return false;
        size_t n = scsu_decode(in, room.p, &units, &notes->bad_text);
        if (!text_room_keep(&room, n == SIZE_MAX ? 0 : n, mem, &text) || n == SIZE_MAX) return false;
    }
    out->as.text = text;
    if (units >= units_min) return true;
    out->as.text = padded(text, text.n + (units_min - units), false, ' ', mem);
    return out->as.text.p != NULL;
}

bool sqltype_decode_compressed(const sqltype *t, sv in, arena *mem, value *out, sqltype_notes *notes)
{
    switch (t->xtype) {
    case XT_SMALLINT: return integer(in, 2, out);
    case XT_INT: return integer(in, 4, out);
    case XT_BIGINT: return integer(in, 8, out);
    case XT_SMALLMONEY: return money(in, 4, out);
    case XT_MONEY: return money(in, 8, out);
    case XT_DATETIME: return datetime(in, out);
    case XT_DECIMAL:
    case XT_NUMERIC: out->kind = V_DECIMAL; return vardecimal_decode(in, t->precision, t->scale, &out->as.decimal);
    case XT_REAL:
    case XT_FLOAT:
    case XT_SMALLDATETIME: return widened(t, in, true, mem, out, notes);
    case XT_TINYINT:
    case XT_BIT:
    case XT_DATE:
    case XT_TIME:
    case XT_DATETIME2:
    case XT_DATETIMEOFFSET: return widened(t, in, false, mem, out, notes);
    case XT_GUID: return (in.n == 0 || in.n == 16) && widened(t, in, false, mem, out, notes);
    case XT_ROWVERSION: return fixed_bytes(in, 8, true, mem, out);
    case XT_BINARY: return fixed_bytes(in, t->max_bytes, false, mem, out);
    case XT_CHAR: return char_text(t, in, mem, out, notes);
    case XT_NCHAR: return in.n <= t->max_bytes + 1U && unicode_text(in, t->max_bytes / 2, mem, out, notes);
    case XT_NVARCHAR: return unicode_text(in, 0, mem, out, notes);
    default: return sqltype_decode(t, in, mem, out, notes);
    }
}
