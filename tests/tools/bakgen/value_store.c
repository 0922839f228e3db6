#include "value.h"

enum { DAYS_1900 = 693595 };

/* Windows-1252 bytes 0x80 to 0x9F; 0: none. */
static const uint16_t CP1252[32] = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                    0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

static char to_1252(uint32_t x)
{
    if (x < 0x80 || (x >= 0xA0 && x <= 0xFF)) return (char)x;
    for (unsigned i = 0; i < 32; i++)
        if (CP1252[i] == x) return (char)(0x80 + i);
    return '?';
}

static void store_text(const sql_type *t, const buf *text, buf *out)
{
    if (text->n == 0) return; /* text->p may be NULL, to which nothing is added */
    char *p = buf_reserve(out, text->n * 2 + 4);
    if (!p) return;
    char *from = p;
    for (const char *at = text->p; at < text->p + text->n;) {
        uint32_t x = next_character(&at);
        if (t->cls == TC_TEXT)
            *p++ = to_1252(x);
        else
            p += put_character((uint8_t *)p, x);
    }
    out->n += (size_t)(p - from);
}

static void store_decimal(const sql_type *t, const cell_value *v, uint8_t *out)
{
    out[0] = !v->negative;
    put_n(out + 1, v->lo, t->fixed > 9 ? 8 : t->fixed - 1U);
    if (t->fixed > 9) put_n(out + 9, v->hi, t->fixed - 9U);
}

static void store_real(const sql_type *t, double x, uint8_t *out)
{
    if (t->fixed == 4) {
        float narrow = (float)x;
        uint32_t bits;
        memcpy(&bits, &narrow, 4);
        put32(out, bits);
        return;
    }
    uint64_t bits;
    memcpy(&bits, &x, 8);
    put64(out, bits);
}

void value_store_fixed(const sql_type *t, const cell_value *v, uint8_t *out)
{
    switch (t->cls) {
    case TC_INT:
    case TC_BIT: put_n(out, (uint64_t)v->i, t->fixed); break;
    case TC_DECIMAL: store_decimal(t, v, out); break;
    case TC_MONEY: put_n(out, v->negative ? 0 - v->lo : v->lo, t->fixed); break;
    case TC_REAL: store_real(t, v->real, out); break;
    case TC_DATE: put_n(out, (uint64_t)v->days, 3); break;
    case TC_TIME: put_n(out, (uint64_t)v->ticks, t->fixed); break;
    case TC_DATETIME2:
        put_n(out, (uint64_t)v->ticks, t->fixed - 3U);
        put_n(out + t->fixed - 3, (uint64_t)v->days, 3);
        break;
    case TC_DATETIMEOFFSET:
        put_n(out, (uint64_t)v->ticks, t->fixed - 5U);
        put_n(out + t->fixed - 5, (uint64_t)v->days, 3);
        put16(out + t->fixed - 2, (uint64_t)v->offset);
        break;
    case TC_DATETIME:
        put32(out, (uint64_t)v->ticks);
        put32(out + 4, (uint64_t)(v->days - DAYS_1900));
        break;
    case TC_SMALLDATETIME:
        put16(out, (uint64_t)v->ticks);
        put16(out + 2, (uint64_t)(v->days - DAYS_1900));
        break;
    default: /* guid, rowversion, binary(n) */ memcpy(out, v->bytes.p, t->fixed);
    }
}

static unsigned hex_value(char c) { return (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10); }

static void store_coded(const char *hex, buf *out)
{
    for (; *hex != '='; hex += 2) buf_char(out, (char)(hex_value(hex[0]) << 4 | hex_value(hex[1])));
}

bool value_store(const sql_type *t, const cell_value *v, buf *out)
{
    buf_clear(out);
    if (v->coded) {
        store_coded(v->coded, out);
    } else if (t->cls == TC_TEXT || t->cls == TC_UTEXT) {
        store_text(t, &v->bytes, out);
    } else if (t->fixed == 0) {
        buf_add(out, v->bytes.p, v->bytes.n);
    } else {
        char *p = buf_reserve(out, t->fixed);
        if (!p) return false;
        value_store_fixed(t, v, (uint8_t *)p);
        out->n += t->fixed;
    }
    return !out->failed;
}

/* ---- a value as sql_variant: base type, version, what the type needs, bytes ---- */

size_t default_variant(const sql_type *t, const char *item, uint8_t *out, size_t room, fault *f)
{
    cell_value v = {0};
    buf stored = buf_new(1 << 20);
    size_t n = 2;
    out[0] = t->xtype;
    out[1] = 1;
    switch (t->cls) {
    case TC_DECIMAL:
        out[n++] = t->precision;
        out[n++] = t->scale;
        break;
    case TC_TIME:
    case TC_DATETIME2:
    case TC_DATETIMEOFFSET: out[n++] = t->scale; break;
    case TC_TEXT:
    case TC_UTEXT:
        put16(out + 2, (uint16_t)t->length);
        put32(out + 4, t->collation);
        n = 8;
        break;
    case TC_BYTES:
        put16(out + 2, (uint16_t)t->length);
        n = 4;
        break;
    default: break;
    }
    bool ok = value_from_item(t, item, &v, f) && (value_store(t, &v, &stored) || fail(f, "out of memory"));
    if (ok && n + stored.n > room) ok = fail(f, "a default is too long");
    if (ok && stored.n) memcpy(out + n, stored.p, stored.n);
    n = ok ? n + stored.n : 0;
    buf_free(&stored);
    cell_value_free(&v);
    return n;
}
