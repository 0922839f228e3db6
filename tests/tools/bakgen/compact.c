#include "compact.h"

/* ---- numbers ---- */

/* As few bytes as hold it, the highest first, shifted so that they sort as numbers do; none for 0. */
static unsigned put_biased(int64_t x, uint8_t *out)
{
    unsigned n = 1;
    if (x == 0) return 0;
    while (n < 8 && (x < -((int64_t)1 << (8 * n - 1)) || x >= (int64_t)1 << (8 * n - 1))) n++;
    uint64_t biased = (uint64_t)x + ((uint64_t)1 << (8 * n - 1));
    for (unsigned i = 0; i < n; i++) out[i] = (uint8_t)(biased >> (8 * (n - 1 - i)));
    return n;
}

static int64_t signed_of(const uint8_t *p, unsigned n)
{
    unsigned unused = 64 - 8 * n;
    return (int64_t)(get_n(p, n) << unused) >> unused;
}

static unsigned copy(const uint8_t *p, size_t n, uint8_t *out)
{
    if (n) memcpy(out, p, n);
    return (unsigned)n;
}

unsigned compact_decimal(const sql_type *t, const uint8_t *stored, uint8_t *out)
{
    uint8_t digit[48];
    uint32_t word[4] = {0};
    unsigned digits = 0, magnitude = (t->vardecimal ? 17U : t->fixed) - 1U;
    for (unsigned i = 0; i < magnitude; i++) word[i / 4] |= (uint32_t)stored[1 + i] << (i % 4 * 8);
    while (word[0] || word[1] || word[2] || word[3]) {
        uint64_t rest = 0;
        for (int i = 3; i >= 0; i--) {
            rest = rest << 32 | word[i];
            word[i] = (uint32_t)(rest / 10);
            rest %= 10;
        }
        digit[digits++] = (uint8_t)rest;
    }
    if (digits == 0) return 0;
    int exponent = (int)digits - 1 - t->scale;
    out[0] = (uint8_t)((stored[0] ? 0x80 : 0) | (exponent + 64));
    unsigned bits = 0, n = 1;
    uint32_t waiting = 0;
    for (unsigned i = 0; i < digits; i += 3) {
        unsigned group = 0;
        for (unsigned k = 0; k < 3; k++) group = group * 10 + (i + k < digits ? digit[digits - 1 - i - k] : 0U);
        waiting = waiting << 10 | group;
        for (bits += 10; bits >= 8; bits -= 8) out[n++] = (uint8_t)(waiting >> (bits - 8));
    }
    if (bits) out[n++] = (uint8_t)(waiting << (8 - bits));
    while (n > 1 && out[n - 1] == 0) n--;
    return n;
}

/* ---- text ---- */

typedef struct scsu {
    uint8_t *out;
    unsigned n;
    uint32_t window[8]; /* first character of each */
    unsigned active, next_defined;
    bool unicode;
} scsu;

static void put(scsu *s, unsigned byte)
{
    if (s->n < COMPACT_MAX) s->out[s->n] = (uint8_t)byte;
    s->n++;
}

static bool passes(uint32_t x) { return (x >= 0x20 && x < 0x80) || x == 0 || x == 9 || x == 10 || x == 13; }

static int window_with(const scsu *s, uint32_t x)
{
    if (x >= s->window[s->active] && x < s->window[s->active] + 0x80) return (int)s->active;
    for (unsigned i = 0; i < 8; i++)
        if (x >= s->window[i] && x < s->window[i] + 0x80) return (int)i;
    return -1;
}

/* Characters that no window of the scheme can reach but as single quoted units. */
static bool windowless(uint32_t x) { return x >= 0x3400 && x < 0xE000; }

static void define_window(scsu *s, uint32_t x)
{
    unsigned k = s->next_defined;
    s->next_defined = (s->next_defined + 1) % 8;
    s->active = k;
    if (x >= 0x10000) {
        uint32_t offset = (x - 0x10000) / 0x80;
        put(s, 0x0B);
        put(s, k << 5 | offset >> 8);
        put(s, offset & 0xFF);
        s->window[k] = 0x10000 + offset * 0x80;
        return;
    }
    put(s, 0x18 + k);
    put(s, x < 0x3400 ? x / 0x80 : (x - 0xAC00) / 0x80);
    s->window[k] = x / 0x80 * 0x80;
}

static void put_single(scsu *s, uint32_t x)
{
    if (passes(x)) {
        put(s, x);
        return;
    }
    if (x < 0x20) {
        put(s, 0x01);
        put(s, x);
        return;
    }
    int k = window_with(s, x);
    if (k < 0 && windowless(x)) {
        put(s, 0x0E);
        put(s, x >> 8);
        put(s, x & 0xFF);
        return;
    }
    if (k < 0) {
        define_window(s, x);
    } else if ((unsigned)k != s->active) {
        s->active = (unsigned)k;
        put(s, 0x10 + s->active);
    }
    put(s, 0x80 + (x - s->window[s->active]));
}

static void put_unit(scsu *s, uint32_t x)
{
    unsigned high = x >> 8;
    if (high >= 0xE0 && high <= 0xF2) put(s, 0xF0);
    put(s, high);
    put(s, x & 0xFF);
}

static uint32_t unit_at(const uint8_t *p, size_t n, size_t i) { return i + 1 < n ? get16(p + i) : 0; }

static bool pair_at(const uint8_t *p, size_t n, size_t i)
{
    return unit_at(p, n, i) >> 10 == 0x36 && unit_at(p, n, i + 2) >> 10 == 0x37;
}

unsigned scsu_pack(const uint8_t *utf16, size_t n, uint8_t out[COMPACT_MAX])
{
    scsu s = {.out = out, .window = {0x80, 0xC0, 0x400, 0x600, 0x900, 0x3040, 0x30A0, 0xFF00}, .next_defined = 3};
    for (size_t i = 0; i < n; i += 2) {
        uint32_t x = get16(utf16 + i);
        bool pair = pair_at(utf16, n, i);
        bool wide = windowless(x) && !pair;
        bool run = wide && windowless(unit_at(utf16, n, i + 2)) && windowless(unit_at(utf16, n, i + 4));
        if (!s.unicode && run) {
            put(&s, 0x0F);
            s.unicode = true;
        } else if (s.unicode && !wide) {
            put(&s, 0xE0 + s.active);
            s.unicode = false;
        }
        if (s.unicode) {
            put_unit(&s, x);
        } else if (pair) {
            put_single(&s, 0x10000 + ((x & 0x3FF) << 10) + (unit_at(utf16, n, i + 2) & 0x3FF));
            i += 2;
        } else {
            put_single(&s, x);
        }
    }
    /* A tag that changes nothing makes the length odd, which tells this form from UTF-16. */
    if (s.n % 2 == 0) put(&s, s.unicode ? 0xE0 + s.active : 0x10 + s.active);
    return s.n < n ? s.n : 0;
}

static unsigned compact_wide(const sql_type *t, const uint8_t *p, size_t n, uint8_t *out)
{
    while (t->fixed && n && get16(p + n - 2) == ' ') n -= 2;
    unsigned packed = t->max ? 0 : scsu_pack(p, n, out);
    return packed ? packed : copy(p, n, out);
}

/* ---- all types ---- */

unsigned compact_value(const sql_type *t, const uint8_t *p, size_t n, uint8_t out[COMPACT_MAX])
{
    switch (t->cls) {
    case TC_INT:
        if (n == 1) return p[0] ? copy(p, 1, out) : 0;
        return put_biased(signed_of(p, (unsigned)n), out);
    case TC_MONEY: return put_biased(signed_of(p, (unsigned)n), out);
    case TC_DATETIME: return put_biased((int64_t)(get_n(p + 4, 4) << 32 | get_n(p, 4)), out);
    case TC_DECIMAL: return compact_decimal(t, p, out);
    case TC_REAL:
        for (; n && *p == 0; n--) p++;
        return copy(p, n, out);
    case TC_ROWVERSION:
        for (; n && *p == 0; n--) p++;
        return copy(p, n, out);
    case TC_TEXT:
        while (t->fixed && n && p[n - 1] == ' ') n--;
        return copy(p, n, out);
    case TC_UTEXT: return compact_wide(t, p, n, out);
    case TC_BYTES:
        while (t->fixed && n && p[n - 1] == 0) n--;
        return copy(p, n, out);
    default: return copy(p, n, out);
    }
}
