/* Unicode compression: SCSU, Unicode Technical Standard #6. */
#include "base/bytes.h"
#include "base/utf.h"
#include "sqltype/sqltype_internal.h"

/* Tags of the single-byte mode; those with a window are the first of eight. */
enum { SQ0 = 0x01, SDX = 0x0B, RESERVED_1 = 0x0C, SQU = 0x0E, SCU = 0x0F, SC0 = 0x10, SD0 = 0x18, FIRST_TEXT = 0x20 };
/* Tags of the Unicode mode. */
enum { UC0 = 0xE0, UD0 = 0xE8, UQU = 0xF0, UDX = 0xF1, RESERVED_2 = 0xF2 };

typedef struct scsu {
    cur in;
    char *out;
    size_t n, units, bad;
    uint32_t window[8];
    unsigned active;
    bool unicode;  /* mode */
    bool wrong;    /* the bytes are not SCSU */
    uint16_t high; /* high surrogate that waits for its partner; 0: none */
} scsu;

static void put(scsu *s, uint32_t code_point) { s->n += utf8_put(code_point, s->out + s->n); }

static void flush_high(scsu *s)
{
    if (s->high == 0) return;
    put(s, 0xFFFD);
    s->bad++;
    s->high = 0;
}

static void put_code_point(scsu *s, uint32_t code_point)
{
    flush_high(s);
    s->units += code_point > 0xFFFF ? 2 : 1;
    put(s, code_point);
}

/* A UTF-16 unit: pairs may come in any mixture of quoting and Unicode mode. */
static void put_unit(scsu *s, uint16_t unit)
{
    bool low = (unit & 0xFC00) == 0xDC00;
    if (low && s->high) {
        put(s, 0x10000 + ((uint32_t)(s->high & 0x3FF) << 10) + (unit & 0x3FF));
        s->high = 0;
        s->units++;
        return;
    }
    flush_high(s);
    s->units++;
    if ((unit & 0xFC00) == 0xD800) {
        s->high = unit;
    } else if (low) {
        put(s, 0xFFFD);
        s->bad++;
    } else {
        put(s, unit);
    }
}

static uint16_t take_be16(scsu *s)
{
    unsigned high = cur_u8(&s->in);
    return (uint16_t)(high << 8 | cur_u8(&s->in));
}

static void define_window(scsu *s, unsigned window, unsigned offset)
{
    static const uint16_t special[7] = {0x00C0, 0x0250, 0x0370, 0x0530, 0x3040, 0x30A0, 0xFF60};
    if (offset == 0 || (offset >= 0xA8 && offset < 0xF9)) {
        s->wrong = s->wrong || !s->in.bad; /* reserved, unless it only stands for a missing byte */
        return;
    }
    s->window[window] = offset >= 0xF9 ? special[offset - 0xF9] : offset * 0x80U + (offset >= 0x68 ? 0xAC00U : 0U);
    s->active = window;
    s->unicode = false;
}

static void define_extended_window(scsu *s)
{
    unsigned x = take_be16(s);
    s->active = x >> 13;
    s->window[s->active] = 0x10000U + 0x80U * (x & 0x1FFF);
    s->unicode = false;
}

static void quote_window(scsu *s, unsigned window)
{
    static const uint16_t fixed[8] = {0x0000, 0x0080, 0x0100, 0x0300, 0x2000, 0x2080, 0x2100, 0x3000};
    unsigned byte = cur_u8(&s->in);
    if (s->in.bad) return;
    put_code_point(s, byte < 0x80 ? fixed[window] + byte : s->window[window] + byte - 0x80);
}

static void quote_unit(scsu *s)
{
    uint16_t unit = take_be16(s);
    if (!s->in.bad) put_unit(s, unit);
}

static void single_byte(scsu *s, unsigned b)
{
    if (b >= 0x80)
        put_code_point(s, s->window[s->active] + b - 0x80);
    else if (b >= FIRST_TEXT || b == 0x00 || b == '\t' || b == '\n' || b == '\r')
        put_code_point(s, b);
    else if (b >= SD0)
        define_window(s, b - SD0, cur_u8(&s->in));
    else if (b >= SC0)
        s->active = b - SC0;
    else if (b == SCU)
        s->unicode = true;
    else if (b == SQU)
        quote_unit(s);
    else if (b == SDX)
        define_extended_window(s);
    else if (b == RESERVED_1)
        s->wrong = true;
    else
        quote_window(s, b - SQ0);
}

static void unicode_mode(scsu *s, unsigned b)
{
    if (b < UC0 || b > RESERVED_2) {
        unsigned low = cur_u8(&s->in);
        if (!s->in.bad) put_unit(s, (uint16_t)(b << 8 | low));
    } else if (b == RESERVED_2) {
        s->wrong = true;
    } else if (b == UDX) {
        define_extended_window(s);
    } else if (b == UQU) {
        quote_unit(s);
    } else if (b >= UD0) {
        define_window(s, b - UD0, cur_u8(&s->in));
    } else {
        s->active = b - UC0;
        s->unicode = false;
    }
}

size_t scsu_decode(sv in, char *out, size_t *units, size_t *bad)
{
    scsu s = {.in = cur_from(in.p, in.n),
              .out = out,
              .window = {0x0080, 0x00C0, 0x0400, 0x0600, 0x0900, 0x3040, 0x30A0, 0xFF00}};
    size_t last = 0; /* where the last item began */
    while (!s.wrong && cur_left(&s.in)) {
        last = s.in.at;
        unsigned b = cur_u8(&s.in);
        if (s.unicode)
            unicode_mode(&s, b);
        else
            single_byte(&s, b);
    }
    if (s.wrong) return SIZE_MAX;
    flush_high(&s);
    /* SQL Server makes the length odd with a byte that says nothing: one byte that begins an item and has no end is
     * that byte, more are a cut value. */
    if (s.in.bad && in.n - last > 1) {
        put(&s, 0xFFFD);
        s.units++;
        s.bad++;
    }
    *units = s.units;
    *bad += s.bad;
    return s.n;
}

bool scsu_is_plain(sv *in)
{
    sv s = *in;
    if (s.n && s.p[s.n - 1] >= SC0 && s.p[s.n - 1] < SD0)
        s.n--; /* a window chosen for nothing: it makes the length odd */
    bool plain = true;
    for (size_t i = 0; i < s.n; i++) plain &= (unsigned char)s.p[i] >= FIRST_TEXT && (unsigned char)s.p[i] < 0x80;
    if (plain) *in = s;
    return plain;
}
