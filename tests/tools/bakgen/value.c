#include "value.h"
#include <stdlib.h>

enum { VALUE_BYTES_MAX = 1 << 28, DAYS_MAX = 3652058, DAYS_1753 = 639905, DAYS_1900 = 693595, DAYS_2079 = 759129 };

static const int64_t POWER10[19] = {1,
                                    10,
                                    100,
                                    1000,
                                    10000,
                                    100000,
                                    1000000,
                                    10000000,
                                    100000000,
                                    1000000000,
                                    10000000000,
                                    100000000000,
                                    1000000000000,
                                    10000000000000,
                                    100000000000000,
                                    1000000000000000,
                                    10000000000000000,
                                    100000000000000000,
                                    1000000000000000000};

/* ---- chance: splitmix64 ---- */

static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9U;
    x = (x ^ x >> 27) * 0x94D049BB133111EBU;
    return x ^ x >> 31;
}

typedef struct chance {
    uint64_t state;
} chance;

static inline uint64_t draw(chance *c)
{
    c->state += 0x9E3779B97F4A7C15U;
    return mix(c->state);
}

/* 0 <= result < n; n >= 1. The tiny bias of the multiplication does not matter here. */
static inline uint64_t below(chance *c, uint64_t n)
{
    uint64_t x = draw(c);
    if (n <= UINT32_MAX) return (x >> 32) * n >> 32;
    return x % n;
}

static inline int64_t between(chance *c, int64_t lo, int64_t hi)
{
    uint64_t span = (uint64_t)hi - (uint64_t)lo;
    return (int64_t)((uint64_t)lo + (span == UINT64_MAX ? draw(c) : below(c, span + 1)));
}

void cell_value_free(cell_value *v) { buf_free(&v->bytes); }

value_maker value_maker_of(const database_spec *db, size_t table, size_t column)
{
    value_maker m = {.column = &db->table[table].column[column]};
    m.salt = mix(db->seed + 0x1000193) ^ mix((uint64_t)table << 20 ^ (uint64_t)column);
    m.rowversion = 2000 + ((uint64_t)table << 24);
    return m;
}

/* ---- text ---- */

static const char *const WORDS[] = {
    "probing",
    "depth",
    "bleeding",
    "recession",
    "plaque",
    "molar",
    "crown",
    "scaling",
    "root",
    "planing",
    "recall",
    "patient",
    "stable",
    "mobility",
    "furcation",
    "implant",
    "home",
    "care",
    "improved",
    "pocket",
    "mesial",
    "distal",
    "buccal",
    "lingual",
    "checked",
    "advised",
    "\"quoted\"",
    "left, right",
    "M\xC3\xBCller",
    "cr\xC3\xA8me",
    "na\xC3\xAFve",
    "\xE2\x82\xAC"
    "20",
    "Gr\xC3\xB6\xC3\x9F"
    "e",
    "se\xC3\xB1or",
    "line\r\nbreak",
};
static const char *const WIDE_WORDS[] = {
    "\xCE\x91\xCE\xB8\xCE\xAE\xCE\xBD\xCE\xB1",
    "\xE6\xAD\xAF\xE7\xA7\x91",
    "\xC5\x81\xC3\xB3\x64\xC5\xBA",
    "\xD0\xB7\xD1\x83\xD0\xB1",
    "\xF0\x9F\xA6\xB7",
};
enum { N_WORDS = sizeof WORDS / sizeof *WORDS, N_WIDE = sizeof WIDE_WORDS / sizeof *WIDE_WORDS };

/* Bytes of the UTF-8 sequence that starts with c, and the units (UTF-16, or characters of a code page) it counts. */
static unsigned sequence_bytes(uint8_t c) { return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4; }

/* Appends as much of the text as fits into `room` units; returns the units used. */
static size_t add_units(buf *out, const char *text, size_t room)
{
    size_t used = 0;
    while (*text) {
        unsigned n = sequence_bytes((uint8_t)*text);
        size_t units = n == 4 ? 2 : 1;
        if (used + units > room) break;
        buf_add(out, text, n);
        used += units;
        text += n;
    }
    return used;
}

static size_t type_units(const sql_type *t)
{
    if (t->max || t->legacy) return SIZE_MAX;
    return (size_t)t->length / (t->cls == TC_UTEXT ? 2 : 1);
}

static void make_words(const sql_type *t, chance *c, size_t units, buf *out)
{
    size_t room = type_units(t);
    if (units > room) units = room;
    size_t used = 0;
    while (used < units) {
        if (used) used += add_units(out, " ", units - used);
        uint64_t pick = draw(c);
        bool wide = t->cls == TC_UTEXT && pick % 16 == 0;
        const char *word = wide ? WIDE_WORDS[(pick >> 8) % N_WIDE] : WORDS[(pick >> 8) % N_WORDS];
        size_t n = add_units(out, word, units - used);
        if (n == 0) n = add_units(out, ".", units - used);
        used += n;
    }
}

static void pad_text(const sql_type *t, buf *out)
{
    if (!t->fixed) return;
    size_t used = 0;
    for (size_t i = 0; i < out->n; i += sequence_bytes((uint8_t)out->p[i]))
        used += sequence_bytes((uint8_t)out->p[i]) == 4 ? 2 : 1;
    for (; used < type_units(t); used++) buf_char(out, ' ');
}

static void make_bytes(const sql_type *t, chance *c, size_t n, buf *out)
{
    if (!t->max && !t->legacy && n > (size_t)t->length) n = (size_t)t->length;
    if (t->fixed) n = t->fixed;
    char *p = buf_reserve(out, n);
    if (!p) return;
    for (size_t i = 0; i < n; i += 8) {
        uint64_t x = draw(c);
        memcpy(p + i, &x, n - i < 8 ? n - i : 8);
    }
    out->n += n;
}

/* ---- scalars ---- */

static void int_limits(const sql_type *t, int64_t *lo, int64_t *hi)
{
    switch (t->fixed) {
    case 1:
        *lo = 0;
        *hi = t->cls == TC_BIT ? 1 : 255;
        break;
    case 2:
        *lo = INT16_MIN;
        *hi = INT16_MAX;
        break;
    case 4:
        *lo = INT32_MIN;
        *hi = INT32_MAX;
        break;
    default: *lo = INT64_MIN; *hi = INT64_MAX;
    }
}

static void set_units(cell_value *v, int64_t units)
{
    v->negative = units < 0;
    v->lo = units < 0 ? 0 - (uint64_t)units : (uint64_t)units;
    v->hi = 0;
}

/* magnitude = magnitude * 10 + digit */
static void push_digit(cell_value *v, unsigned digit)
{
    uint64_t low = (v->lo & UINT32_MAX) * 10 + digit;
    uint64_t high = (v->lo >> 32) * 10 + (low >> 32);
    v->lo = (high << 32) | (low & UINT32_MAX);
    v->hi = v->hi * 10 + (high >> 32);
}

static void make_decimal(const sql_type *t, chance *c, cell_value *v)
{
    unsigned digits = 1 + (unsigned)below(c, t->precision);
    if (digits <= 18) {
        v->lo = below(c, (uint64_t)POWER10[digits]);
    } else {
        for (unsigned i = 0; i < digits; i++) push_digit(v, (unsigned)below(c, 10));
    }
    v->negative = (v->lo || v->hi) && draw(c) % 2;
}

static int64_t day_ticks(const sql_type *t)
{
    if (t->cls == TC_DATETIME) return 86400 * 300;
    if (t->cls == TC_SMALLDATETIME) return 1440;
    return 86400 * POWER10[t->scale];
}

static void day_limits(const sql_type *t, int64_t *lo, int64_t *hi)
{
    *lo = t->cls == TC_DATETIME ? DAYS_1753 : t->cls == TC_SMALLDATETIME ? DAYS_1900 : 0;
    *hi = t->cls == TC_SMALLDATETIME ? DAYS_2079 : DAYS_MAX;
    if (t->cls == TC_DATETIMEOFFSET) {
        (*lo)++;
        (*hi)--;
    }
}

/* A moment `seconds` since 0001-01-01, with a fraction of a second by chance. */
static void set_moment(const sql_type *t, int64_t seconds, chance *c, cell_value *v)
{
    v->days = (int32_t)(seconds / 86400);
    int64_t in_day = seconds % 86400;
    if (t->cls == TC_SMALLDATETIME) {
        v->ticks = in_day / 60;
    } else {
        int64_t unit = day_ticks(t) / 86400;
        v->ticks = in_day * unit + (c ? (int64_t)below(c, (uint64_t)unit) : 0);
    }
    if (t->cls == TC_DATETIMEOFFSET && c) v->offset = (int16_t)(((int64_t)below(c, 113) - 56) * 15);
}

/* Numbers of any size. The upper sizes at which there are fractions are made whole: there a number often lies exactly
 * between two shortest texts that both read back equal, and which one is printed would be a matter of taste. */
static float make_float(uint64_t x)
{
    uint32_t bits = (uint32_t)(x >> 8);
    float f;
    memcpy(&f, &bits, 4);
    bool finite = (bits >> 23 & 0xFF) != 0xFF && bits << 1;
    if ((x & 3) == 0 || !finite) return (float)(bits % 100000) / 100;
    float size = f < 0 ? -f : f;
    return size >= 0x1p10F && size < 0x1p24F ? (float)(int32_t)f : f;
}

static double make_double(uint64_t x)
{
    double d;
    memcpy(&d, &x, 8);
    bool finite = (x >> 52 & 0x7FF) != 0x7FF && x << 1;
    if ((x & 3) == 0 || !finite) return (double)(int64_t)((x >> 8) % 10000000) / 1000;
    double size = d < 0 ? -d : d;
    return size >= 0x1p40 && size < 0x1p53 ? (double)(int64_t)d : d;
}

static void make_real(const sql_type *t, chance *c, cell_value *v)
{
    uint64_t x = draw(c);
    v->real = t->fixed == 4 ? (double)make_float(x) : make_double(x);
}

static bool make_scalar_random(const value_maker *m, chance *c, cell_value *v)
{
    const sql_type *t = &m->column->type;
    const rule *r = &m->column->rule;
    int64_t lo = r->lo, hi = r->hi;
    switch (t->cls) {
    case TC_INT:
    case TC_BIT:
        if (!r->ranged) int_limits(t, &lo, &hi);
        v->i = between(c, lo, hi);
        return true;
    case TC_DECIMAL:
        if (r->ranged) {
            set_units(v, between(c, lo, hi));
        } else {
            make_decimal(t, c, v);
        }
        return true;
    case TC_MONEY:
        if (!r->ranged) {
            lo = t->fixed == 4 ? INT32_MIN : INT64_MIN;
            hi = t->fixed == 4 ? INT32_MAX : INT64_MAX;
        }
        set_units(v, between(c, lo, hi));
        return true;
    case TC_REAL:
        if (r->ranged) {
            v->real = (double)between(c, lo, hi) / 10000;
            if (t->fixed == 4) v->real = (double)(float)v->real;
        } else {
            make_real(t, c, v);
        }
        return true;
    case TC_DATE:
        if (!r->ranged) day_limits(t, &lo, &hi);
        v->days = (int32_t)between(c, lo, hi);
        return true;
    case TC_TIME: set_moment(t, r->ranged ? between(c, lo, hi) : between(c, 0, 86399), c, v); return true;
    default:
        if (!r->ranged) {
            day_limits(t, &lo, &hi);
            lo *= 86400;
            hi = hi * 86400 + 86399;
        }
        set_moment(t, between(c, lo, hi), c, v);
        return true;
    }
}

/* ---- items of lists ---- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

static bool add_hex(const char *text, buf *out)
{
    if (strncmp(text, "0x", 2) == 0) text += 2;
    for (; *text; text += 2) {
        int a = hex_digit(text[0]), b = text[1] ? hex_digit(text[1]) : -1;
        if (a < 0 || b < 0) return false;
        buf_char(out, (char)(a * 16 + b));
    }
    return true;
}

static bool wide_decimal(const sql_type *t, const char *text, cell_value *v)
{
    const char *at = text + (*text == '-');
    unsigned digits = 0, fraction = 0;
    bool point = false;
    for (; *at; at++) {
        if (*at == '.' && !point) {
            point = true;
        } else if (*at >= '0' && *at <= '9') {
            push_digit(v, (unsigned)(*at - '0'));
            digits += v->lo || v->hi;
            fraction += point;
        } else {
            return false;
        }
    }
    if (fraction > t->scale) return false;
    for (; fraction < t->scale; fraction++, digits++) push_digit(v, 0);
    v->negative = *text == '-' && (v->lo || v->hi);
    return digits <= t->precision + 1U;
}

static bool set_item(const sql_type *t, const char *text, cell_value *v)
{
    int64_t x = 0;
    switch (t->cls) {
    case TC_TEXT:
    case TC_UTEXT:
        if (add_units(&v->bytes, text, type_units(t)) == 0 && *text) return false;
        pad_text(t, &v->bytes);
        return true;
    case TC_BYTES:
        if (!add_hex(text, &v->bytes)) return false;
        while (t->fixed && v->bytes.n < t->fixed) buf_char(&v->bytes, 0);
        return t->max || t->legacy || v->bytes.n <= (size_t)t->length;
    case TC_GUID: return add_hex(text, &v->bytes) && v->bytes.n == 16;
    case TC_DECIMAL:
    case TC_MONEY: return wide_decimal(t, text, v);
    case TC_REAL: v->real = t->fixed == 4 ? (double)strtof(text, NULL) : strtod(text, NULL); return true;
    case TC_ROWVERSION: return false;
    default: break;
    }
    if (!spec_scalar(t, text, &x)) return false;
    if (t->cls == TC_INT || t->cls == TC_BIT) {
        v->i = x;
    } else if (t->cls == TC_DATE) {
        v->days = (int32_t)x;
    } else {
        set_moment(t, x, NULL, v);
    }
    return true;
}

/* ---- edges ---- */

static bool edge_text(const sql_type *t, uint64_t n, cell_value *v)
{
    static const char *const EDGES[] = {
        "",         " ",    "a,b", "\"", "two \"words\"", "line\r\nbreak",    " front", "behind ", "NULL", "\tTab",
        "'single'", "0x00", "\n",  ",",  "\"\"",          "\xC3\xA9\xC3\xBC", "-1.5e3", "=1+1"};
    enum { N = sizeof EDGES / sizeof *EDGES };
    n %= N + 1;
    if (n < N) {
        add_units(&v->bytes, EDGES[n], type_units(t));
    } else {
        size_t units = type_units(t) > 4000 ? 4000 : type_units(t);
        for (size_t i = 0; i < units; i++) buf_char(&v->bytes, (char)('A' + i % 26));
    }
    pad_text(t, &v->bytes);
    return true;
}

static bool edge_bytes(const sql_type *t, uint64_t n, chance *c, cell_value *v)
{
    if (t->fixed) {
        for (unsigned i = 0; i < t->fixed; i++) buf_char(&v->bytes, (char)(n % 3 == 0 ? 0 : n % 3 == 1 ? 0xFF : i));
        return true;
    }
    size_t most = t->max || t->legacy ? 8001 : (size_t)t->length;
    const size_t lengths[] = {0, 1, most, most / 2};
    make_bytes(t, c, lengths[n % 4], &v->bytes);
    return true;
}

static void edge_decimal(const sql_type *t, uint64_t n, cell_value *v)
{
    n %= 5;
    if (n == 1 || n == 2)
        for (unsigned i = 0; i < t->precision; i++) push_digit(v, 9);
    if (n == 3 || n == 4) v->lo = 1;
    v->negative = n == 2 || n == 4;
}

static void edge_money(const sql_type *t, uint64_t n, cell_value *v)
{
    const int64_t small[] = {0, INT32_MAX, INT32_MIN, 1, -1, 10000};
    const int64_t large[] = {0, INT64_MAX, INT64_MIN, 1, -1, 10000};
    set_units(v, t->fixed == 4 ? small[n % 6] : large[n % 6]);
}

static void edge_real(const sql_type *t, uint64_t n, cell_value *v)
{
    static const double WIDE[] = {0,      1,       -1,   0.1, 1e-5,  1e15, 1e16,         1.7976931348623157e308,
                                  5e-324, 1.0 / 3, -2.5, 100, 1e300, 1e-4, 123456789.125};
    static const float NARROW[] = {0,      1,        -1,          0.1F, 1e-5F, 1e15F, 1e16F, 3.4028235e38F,
                                   1e-45F, 1.0F / 3, 16777216.0F, -2.5F};
    v->real =
        t->fixed == 4 ? (double)NARROW[n % (sizeof NARROW / sizeof *NARROW)] : WIDE[n % (sizeof WIDE / sizeof *WIDE)];
}

static void edge_moment(const sql_type *t, uint64_t n, cell_value *v)
{
    int64_t first = 0, last = 0;
    day_limits(t, &first, &last);
    int64_t days[] = {first, last, DAYS_1900, DAYS_1900 + 36583, 738000};
    int64_t top = t->cls == TC_DATE ? 0 : day_ticks(t) - 1;
    int64_t ticks[] = {0, top, 0, 1, top / 2};
    v->days = t->cls == TC_TIME ? 0 : (int32_t)days[n % 5];
    v->ticks = t->cls == TC_DATE ? 0 : ticks[n % 5] <= top ? ticks[n % 5] : 0;
    static const int16_t OFFSETS[] = {0, 840, -840, 60, -210, 345};
    if (t->cls == TC_DATETIMEOFFSET) v->offset = OFFSETS[n % 6];
}

static bool make_edge(const sql_type *t, uint64_t n, chance *c, cell_value *v)
{
    int64_t lo = 0, hi = 0;
    switch (t->cls) {
    case TC_INT:
    case TC_BIT: {
        int_limits(t, &lo, &hi);
        int64_t edge[] = {lo, hi, 0, 1, hi - 1};
        v->i = edge[n % 5];
        return true;
    }
    case TC_DECIMAL: edge_decimal(t, n, v); return true;
    case TC_MONEY: edge_money(t, n, v); return true;
    case TC_REAL: edge_real(t, n, v); return true;
    case TC_TEXT:
    case TC_UTEXT: return edge_text(t, n, v);
    case TC_BYTES: return edge_bytes(t, n, c, v);
    case TC_GUID:
        for (unsigned i = 0; i < 16; i++) buf_char(&v->bytes, (char)(n % 3 == 0 ? 0 : n % 3 == 1 ? 0xFF : i));
        return true;
    default: edge_moment(t, n, v); return true;
    }
}

static void reset(cell_value *v)
{
    if (v->bytes.ceiling == 0) v->bytes = buf_new(VALUE_BYTES_MAX);
    buf_clear(&v->bytes);
    v->coded = NULL;
    v->negative = false;
    v->lo = v->hi = 0;
    v->i = v->ticks = 0;
    v->days = 0;
    v->offset = 0;
}

/* ---- sequences ---- */

static bool make_seq(const value_maker *m, uint64_t row, cell_value *v)
{
    const sql_type *t = &m->column->type;
    const rule *r = &m->column->rule;
    uint64_t n = row / r->div;
    if (r->mod) n %= r->mod;
    int64_t x = (int64_t)((uint64_t)r->start + (uint64_t)r->step * n);
    switch (t->cls) {
    case TC_INT: v->i = x; return true;
    case TC_BIT: v->i = x & 1; return true;
    case TC_DECIMAL:
    case TC_MONEY: set_units(v, x); return true;
    case TC_REAL: v->real = (double)x; return true;
    case TC_DATE: v->days = (int32_t)x; return true;
    case TC_TIME: set_moment(t, x % 86400, NULL, v); return true;
    case TC_TEXT:
    case TC_UTEXT: {
        char digits[24];
        snprintf(digits, sizeof digits, "%08lld", (long long)x);
        add_units(&v->bytes, digits, type_units(t));
        pad_text(t, &v->bytes);
        return true;
    }
    case TC_DATETIME2:
    case TC_DATETIMEOFFSET:
    case TC_DATETIME:
    case TC_SMALLDATETIME: set_moment(t, x, NULL, v); return true;
    default: return false;
    }
}

static bool make_random(const value_maker *m, chance *c, cell_value *v)
{
    const sql_type *t = &m->column->type;
    const rule *r = &m->column->rule;
    if (t->cls == TC_GUID) {
        static const sql_type GUID = {.cls = TC_BYTES, .fixed = 16, .length = 16};
        make_bytes(&GUID, c, 16, &v->bytes);
        return true;
    }
    if (t->cls != TC_TEXT && t->cls != TC_UTEXT && t->cls != TC_BYTES) return make_scalar_random(m, c, v);
    size_t most = type_units(t) > 40 ? 40 : type_units(t);
    if (t->cls == TC_BYTES && !t->max && !t->legacy) most = (size_t)t->length;
    size_t n = r->ranged ? (size_t)between(c, r->lo, r->hi) : (size_t)below(c, most + 1);
    if (t->cls == TC_BYTES) {
        make_bytes(t, c, n, &v->bytes);
    } else {
        make_words(t, c, n, &v->bytes);
        pad_text(t, &v->bytes);
    }
    return true;
}

static bool set_coded(const char *item, cell_value *v)
{
    v->coded = item;
    buf_str(&v->bytes, strchr(item, '=') + 1);
    return true;
}

bool value_from_item(const sql_type *t, const char *item, cell_value *v, fault *f)
{
    reset(v);
    v->null = item == NULL;
    if (!item) return true;
    return set_item(t, item, v) || fail(f, "a default does not fit its type");
}

static bool make_by_rule(const value_maker *m, uint64_t row, chance *c, cell_value *v)
{
    const rule *r = &m->column->rule;
    switch (r->kind) {
    case RULE_SEQ: return make_seq(m, row, v);
    case RULE_LIST: return set_item(&m->column->type, r->item[below(c, r->items)], v);
    case RULE_CYCLE: return set_item(&m->column->type, r->item[row % r->items], v);
    case RULE_EDGES: return make_edge(&m->column->type, row, c, v);
    case RULE_CODED: return set_coded(r->item[row % r->items], v);
    default: return make_random(m, c, v);
    }
}

bool value_make(const value_maker *m, uint64_t row, cell_value *v, fault *f)
{
    /* One step per row; draw() steps by another odd constant and mixes. */
    chance c = {m->salt + (row + 1) * 0xD1B54A32D192ED03U};
    v->null = m->column->null_percent && below(&c, 100) < m->column->null_percent;
    reset(v);
    if (v->null) return true;
    if (m->column->type.cls == TC_ROWVERSION) {
        uint64_t x = m->rowversion + row;
        for (int shift = 56; shift >= 0; shift -= 8) buf_char(&v->bytes, (char)(x >> shift & 0xFF));
        return true;
    }
    if (!make_by_rule(m, row, &c, v)) return fail(f, "column %s: the rule does not fit its type", m->column->name);
    return !v->bytes.failed || fail(f, "column %s: value too large or out of memory", m->column->name);
}
