#include "source/value_text.h"
#include "base/digits.h"

size_t text_of_i64(int64_t x, char out[24])
{
    if (x >= 0) return digits_u64((uint64_t)x, out);
    out[0] = '-';
    return 1 + digits_u64(0 - (uint64_t)x, out + 1);
}

static char *hex(const uint8_t *p, size_t n, const char *digit, char *out)
{
    for (size_t i = 0; i < n; i++) {
        *out++ = digit[p[i] >> 4];
        *out++ = digit[p[i] & 15];
    }
    return out;
}

void value_hex(const void *p, size_t n, buf *out)
{
    if (n > SIZE_MAX / 2) {
        out->failed = true;
        return;
    }
    char *to = buf_reserve(out, 2 * n);
    if (!to) return;
    hex(p, n, "0123456789abcdef", to);
    out->n += 2 * n;
}

/* Data1, Data2 and Data3 are stored little-endian and print as numbers; the rest prints as it is stored. */
static size_t guid_text(const uint8_t g[16], char *out)
{
    const uint8_t order[16] = {g[3], g[2], g[1],  g[0],  g[5],  g[4],  g[7],  g[6],
                               g[8], g[9], g[10], g[11], g[12], g[13], g[14], g[15]};
    static const uint8_t group[5] = {4, 2, 2, 2, 6};
    char *to = out;
    const uint8_t *p = order;
    for (size_t i = 0; i < 5; i++) {
        if (i) *to++ = '-';
        to = hex(p, group[i], "0123456789ABCDEF", to);
        p += group[i];
    }
    return (size_t)(to - out);
}

size_t value_text_fixed(const value *v, char out[VALUE_TEXT_MAX])
{
    switch (v->kind) {
    case V_BOOL:
    case V_INT: return text_of_i64(v->as.integer, out);
    case V_DECIMAL: return decimal_text(&v->as.decimal, out);
    case V_REAL: return text_of_double(v->as.real, out);
    case V_REAL32: return text_of_float((float)v->as.real, out);
    case V_DATE: return date_text(v->as.when.days, out);
    case V_TIME: return time_text(&v->as.when, out);
    case V_DATETIME: return datetime_text(&v->as.when, out);
    case V_DATETIMEOFFSET: return datetimeoffset_text(&v->as.when, out);
    case V_GUID: return guid_text(v->as.guid, out);
    case V_NULL:
    case V_TEXT:
    case V_BYTES:
    case V_LOB:
    case V_UNREADABLE: break;
    }
    return 0;
}

void value_text(const value *v, buf *out)
{
    switch (v->kind) {
    case V_TEXT: buf_sv(out, v->as.text); return;
    case V_BYTES:
        buf_add(out, "0x", 2);
        value_hex(v->as.text.p, v->as.text.n, out);
        return;
    case V_NULL:
    case V_LOB:
    case V_UNREADABLE: return;
    default: break;
    }
    char *to = buf_reserve(out, VALUE_TEXT_MAX);
    if (to) out->n += value_text_fixed(v, to);
}
