#include "pdf/truetype.h"
#include <stdlib.h>

enum {
    HEAD_BYTES = 54,
    HHEA_BYTES = 36,
    MAXP_BYTES = 32,
    POST_BYTES = 8,
    CMAP_TABLE_AT = 12, /* its only one, of format 4 */
    CMAP_RANGES_AT = CMAP_TABLE_AT + 14,
    GLYPH_HEAD_BYTES = 10,
    GLYPHS_MAX = 0xFFFF
};

static unsigned u16(sv s, size_t at)
{
    return at + 2 <= s.n ? (unsigned)(uint8_t)s.p[at] << 8 | (uint8_t)s.p[at + 1] : 0;
}
static int i16(sv s, size_t at) { return (int)(int16_t)(uint16_t)u16(s, at); }
static uint32_t u32(sv s, size_t at) { return (uint32_t)u16(s, at) << 16 | u16(s, at + 2); }

static void put16(void *at, unsigned x)
{
    const unsigned char two[2] = {(unsigned char)(x >> 8), (unsigned char)x};
    memcpy(at, two, sizeof two);
}
static void put32(char *at, uint32_t x)
{
    put16(at, x >> 16);
    put16(at + 2, x & 0xFFFF);
}
static void add16(buf *out, unsigned x)
{
    char two[2];
    put16(two, x);
    buf_add(out, two, sizeof two);
}
static void add32(buf *out, uint32_t x)
{
    add16(out, x >> 16);
    add16(out, x & 0xFFFF);
}

/* ---- the file ---- */

static sv table(sv file, const char *tag)
{
    unsigned tables = u16(file, 4);
    for (unsigned i = 0; i < tables && 28 + 16 * (size_t)i <= file.n; i++) {
        size_t entry = 12 + 16 * (size_t)i, at = u32(file, entry + 8), n = u32(file, entry + 12);
        if (memcmp(file.p + entry, tag, 4) != 0) continue;
        if (at <= file.n && n <= file.n - at) return (sv){file.p + at, n};
    }
    return (sv){NULL, 0};
}

bool truetype_open(sv file, truetype *t)
{
    *t = (truetype){.cmap = table(file, "cmap"),
                    .glyf = table(file, "glyf"),
                    .head = table(file, "head"),
                    .hhea = table(file, "hhea"),
                    .hmtx = table(file, "hmtx"),
                    .loca = table(file, "loca"),
                    .maxp = table(file, "maxp"),
                    .post = table(file, "post")};
    t->glyphs = u16(t->maxp, 4);
    t->units = u16(t->head, 18);
    t->cmap_half = u16(t->cmap, CMAP_TABLE_AT + 6) / 2;
    return t->head.n >= HEAD_BYTES && t->hhea.n >= HHEA_BYTES && t->maxp.n >= MAXP_BYTES && t->post.n >= POST_BYTES &&
           t->units && t->glyphs && u16(t->head, 50) == 1 && u16(t->hhea, 34) == t->glyphs &&
           t->hmtx.n >= 4 * (size_t)t->glyphs && t->loca.n >= 4 * ((size_t)t->glyphs + 1) && t->cmap_half &&
           t->cmap.n >= CMAP_RANGES_AT + 8 * (size_t)t->cmap_half + 2;
}

unsigned truetype_glyph(const truetype *t, uint32_t character)
{
    size_t low = 0, high = t->cmap_half, half = t->cmap_half;
    if (character > 0xFFFF) return 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (u16(t->cmap, CMAP_RANGES_AT + 2 * middle) < character)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == half) return 0;
    size_t firsts = CMAP_RANGES_AT + 2 * half + 2, deltas = firsts + 2 * half, places = deltas + 2 * half;
    unsigned first = u16(t->cmap, firsts + 2 * low), delta = u16(t->cmap, deltas + 2 * low);
    unsigned place = u16(t->cmap, places + 2 * low), glyph = character;
    if (character < first) return 0;
    if (place) glyph = u16(t->cmap, places + 2 * low + place + 2 * (size_t)(character - first));
    if (place && !glyph) return 0;
    glyph = (glyph + delta) & 0xFFFF;
    return glyph < t->glyphs ? glyph : 0;
}

static int thousandths(const truetype *t, int measure)
{
    int units = (int)t->units, twice = measure * 2000;
    return (twice + (twice < 0 ? -units : units)) / (2 * units);
}

int truetype_width(const truetype *t, unsigned glyph)
{
    return glyph < t->glyphs ? thousandths(t, (int)u16(t->hmtx, 4 * (size_t)glyph)) : 0;
}

/* An empty glyph is no bytes. */
static sv glyph_bytes(const truetype *t, unsigned glyph)
{
    if (glyph >= t->glyphs) return (sv){"", 0};
    size_t from = u32(t->loca, 4 * (size_t)glyph), to = u32(t->loca, 4 * (size_t)glyph + 4);
    if (from >= to || to > t->glyf.n || to - from < GLYPH_HEAD_BYTES) return (sv){"", 0};
    return (sv){t->glyf.p + from, to - from};
}

truetype_measures truetype_measure(const truetype *t)
{
    truetype_measures m = {.ascent = thousandths(t, i16(t->hhea, 4)), .descent = thousandths(t, i16(t->hhea, 6))};
    for (size_t i = 0; i < 4; i++) m.box[i] = thousandths(t, i16(t->head, 36 + 2 * i));
    m.cap_height = thousandths(t, i16(glyph_bytes(t, truetype_glyph(t, 'H')), 8));
    m.slant = i16(t->post, 4);
    return m;
}

/* ---- a smaller file ---- */

enum part_flag {
    PART_WORDS = 1,
    PART_ONE_SCALE = 8,
    PART_MORE = 0x20,
    PART_TWO_SCALES = 0x40,
    PART_FOUR_SCALES = 0x80
};

static size_t part_bytes(unsigned flags)
{
    size_t scale = flags & PART_ONE_SCALE ? 2 : flags & PART_TWO_SCALES ? 4 : flags & PART_FOUR_SCALES ? 8 : 0;
    return 4 + (flags & PART_WORDS ? 4u : 2u) + scale;
}

typedef struct chosen {
    uint16_t *glyph;
    size_t n, room;
} chosen;

/* Where a part of others stands in the new file; it is added when it is not there. 0: no memory, or too many. */
static unsigned place_of(chosen *c, size_t asked, unsigned glyph)
{
    for (size_t i = asked; i < c->n; i++)
        if (c->glyph[i] == glyph) return (unsigned)i;
    if (c->n == c->room) {
        size_t room = 2 * c->room;
        uint16_t *more = room <= 4 * (size_t)GLYPHS_MAX ? realloc(c->glyph, room * sizeof *more) : NULL;
        if (!more) return 0;
        c->glyph = more;
        c->room = room;
    }
    if (c->n >= GLYPHS_MAX) return 0;
    c->glyph[c->n] = (uint16_t)glyph;
    return (unsigned)c->n++;
}

/* The parts of a composed glyph, copied to the end of glyf, get their new numbers. */
static bool number_parts(const truetype *t, chosen *c, size_t asked, char *glyph, size_t n)
{
    sv g = {glyph, n};
    size_t at = GLYPH_HEAD_BYTES;
    unsigned flags = PART_MORE;
    if (i16(g, 0) >= 0) return true;
    while (flags & PART_MORE) {
        flags = u16(g, at);
        if (part_bytes(flags) > n - at) return false;
        unsigned part = u16(g, at + 2), place = part < t->glyphs ? place_of(c, asked, part) : 0;
        if (!place) return false;
        put16(glyph + at + 2, place);
        at += part_bytes(flags);
        if (at > n) return false;
    }
    return true;
}

static uint32_t sum_of(sv s)
{
    uint32_t sum = 0;
    for (size_t i = 0; i + 4 <= s.n; i += 4) sum += u32(s, i);
    return sum;
}

static void pad(buf *b)
{
    while (b->n % 4) buf_char(b, '\0');
}

typedef struct new_table {
    const char *tag;
    buf bytes;
} new_table;

enum { T_GLYF, T_HEAD, T_HHEA, T_HMTX, T_LOCA, T_MAXP, TABLES };

/* c grows by parts while it is gone through. */
static bool fill(const truetype *t, chosen *c, new_table *table)
{
    size_t asked = c->n;
    buf *glyf = &table[T_GLYF].bytes, *loca = &table[T_LOCA].bytes, *hmtx = &table[T_HMTX].bytes;
    for (size_t i = 0; i < c->n; i++) {
        sv g = glyph_bytes(t, c->glyph[i]);
        size_t at = glyf->n;
        add32(loca, (uint32_t)at);
        buf_sv(glyf, g);
        if (glyf->failed || (g.n && !number_parts(t, c, asked, glyf->p + at, g.n))) return false;
        pad(glyf);
        buf_add(hmtx, t->hmtx.p + 4 * (size_t)c->glyph[i], 4);
    }
    add32(loca, (uint32_t)glyf->n);
    buf_add(&table[T_HEAD].bytes, t->head.p, HEAD_BYTES);
    buf_add(&table[T_HHEA].bytes, t->hhea.p, HHEA_BYTES);
    buf_add(&table[T_MAXP].bytes, t->maxp.p, MAXP_BYTES);
    bool ok = true;
    for (size_t i = 0; i < TABLES; i++) ok = ok && !table[i].bytes.failed;
    if (!ok) return false;
    put32(table[T_HEAD].bytes.p + 8, 0); /* the sum of the whole, which is put in last */
    put16(table[T_HHEA].bytes.p + 34, (unsigned)c->n);
    put16(table[T_MAXP].bytes.p + 4, (unsigned)c->n);
    for (size_t i = 0; i < TABLES; i++) pad(&table[i].bytes);
    return true;
}

static void write_tables(const new_table *table, buf *out)
{
    size_t start = out->n, at = 12 + 16 * TABLES, head = 0;
    add32(out, 0x00010000);
    add16(out, TABLES);
    add16(out, 64); /* for a search by halves: 16 times the largest power of two, */
    add16(out, 2);  /* its exponent, and the rest */
    add16(out, 16 * TABLES - 64);
    for (size_t i = 0; i < TABLES; i++) {
        sv bytes = buf_view(&table[i].bytes);
        buf_str(out, table[i].tag);
        add32(out, sum_of(bytes));
        add32(out, (uint32_t)at);
        add32(out, (uint32_t)(i == T_HEAD ? HEAD_BYTES : bytes.n));
        if (i == T_HEAD) head = at;
        at += bytes.n;
    }
    for (size_t i = 0; i < TABLES; i++) buf_sv(out, buf_view(&table[i].bytes));
    if (!out->failed) put32(out->p + start + head + 8, 0xB1B0AFBA - sum_of((sv){out->p + start, out->n - start}));
}

bool truetype_subset(const truetype *t, const uint16_t *glyph, size_t n, buf *out)
{
    new_table table[TABLES] = {{.tag = "glyf"}, {.tag = "head"}, {.tag = "hhea"},
                               {.tag = "hmtx"}, {.tag = "loca"}, {.tag = "maxp"}};
    chosen c = {malloc((n + 64) * sizeof *c.glyph), n, n + 64};
    bool ok = c.glyph && n && n <= GLYPHS_MAX;
    for (size_t i = 0; i < TABLES; i++) table[i].bytes = buf_new((size_t)64 << 20);
    for (size_t i = 0; ok && i < n; i++) ok = glyph[i] < t->glyphs;
    if (ok) memcpy(c.glyph, glyph, n * sizeof *glyph);
    ok = ok && fill(t, &c, table);
    if (ok) write_tables(table, out);
    for (size_t i = 0; i < TABLES; i++) buf_free(&table[i].bytes);
    free(c.glyph);
    return ok && !out->failed;
}
