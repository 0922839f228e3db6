/* Decoder for one piece of LZ77 + Huffman data. FORMAT.md beside this file describes the bits and names the sources. */
#include "xpress/xpress.h"
#include "base/bytes.h"

enum {
    SYMBOLS = 512,
    TABLE_BYTES = SYMBOLS / 2, /* two four-bit code lengths per byte */
    CODE_BITS_MAX = 15,
    CODE_SPACE = 1 << CODE_BITS_MAX,
    FAST_BITS =
        11, /* codes up to this length are found by one look-up; 8 KB of entries stay in the first-level cache */
    FAST_SIZE = 1 << FAST_BITS,
    PIECE_MAX = 65536,
    LENGTH_MIN = 3,
    LENGTH_ESCAPE = 15,   /* length code that sends the reader to extra bytes */
    LENGTH_ESCAPE2 = 255, /* extra byte that sends it on to a 16-bit number */
    TAIL_MAX = 4          /* bytes behind the unit with the last used bit */
};

/* An entry of the fast table.
 *   any:     bits 0-5   bits of the input that the entry uses up (a match: code and offset bits together)
 *   literal: ENTRY_LITERAL, bits 16-23 the byte
 *   match:   neither flag, bits 8-11 bits of the code, 16-19 number of offset bits, 24-28 length
 *   special: ENTRY_SPECIAL, a match with an escaped length (bits 16-24 symbol), or, where bits 0-5 are 0, the beginning of
 *            a code longer than FAST_BITS */
enum { ENTRY_BITS = 63, ENTRY_LITERAL = 64, ENTRY_SPECIAL = 128 };

struct xpress_state {
    uint32_t fast[FAST_SIZE];
    uint16_t sorted[SYMBOLS];             /* symbols in the order of their codes */
    uint32_t end_of[CODE_BITS_MAX + 2];   /* first 15-bit value behind the codes of this length */
    uint32_t index_of[CODE_BITS_MAX + 2]; /* place in `sorted` of the first code of this length */
};

size_t xpress_state_bytes(void) { return sizeof(xpress_state); }

xpress_state *xpress_place(void *memory) { return memory; }

/* ---- code table ---- */

static uint32_t entry_of(unsigned symbol, unsigned bits)
{
    if (symbol < 256) return bits | ENTRY_LITERAL | symbol << 16;
    unsigned length_code = symbol & 15, offset_bits = (symbol - 256) >> 4;
    if (length_code == LENGTH_ESCAPE) return bits | ENTRY_SPECIAL | symbol << 16;
    return (bits + offset_bits) | bits << 8 | offset_bits << 16 | (length_code + LENGTH_MIN) << 24;
}

/* Sorts the symbols by (length, symbol) and fills the tables. False when the codes do not fill the code space exactly.
 * */
static bool build(xpress_state *x, const uint8_t *lengths)
{
    unsigned count[CODE_BITS_MAX + 1] = {0};
    for (unsigned i = 0; i < TABLE_BYTES; i++) {
        count[lengths[i] & 15]++;
        count[lengths[i] >> 4]++;
    }
    unsigned place[CODE_BITS_MAX + 1];
    uint32_t space = 0, index = 0;
    for (unsigned bits = 1; bits <= CODE_BITS_MAX; bits++) {
        place[bits] = x->index_of[bits] = index;
        index += count[bits];
        space += count[bits] << (CODE_BITS_MAX - bits);
        x->end_of[bits] = space;
    }
    if (space != CODE_SPACE) return false;
    for (unsigned i = 0; i < TABLE_BYTES; i++) {
        unsigned even = lengths[i] & 15, odd = lengths[i] >> 4;
        if (even) x->sorted[place[even]++] = (uint16_t)(2 * i);
        if (odd) x->sorted[place[odd]++] = (uint16_t)(2 * i + 1);
    }
    uint32_t at = 0;
    for (unsigned bits = 1, k = 0; bits <= FAST_BITS; bits++) {
        uint32_t run = 1U << (FAST_BITS - bits);
        for (; k < x->index_of[bits] + count[bits]; k++) {
            uint32_t e = entry_of(x->sorted[k], bits);
            for (uint32_t end = at + run; at < end; at++) x->fast[at] = e;
        }
    }
    for (; at < FAST_SIZE; at++) x->fast[at] = ENTRY_SPECIAL;
    return true;
}

/* ---- bit stream ---- */

/* 16-bit units, most significant bit first. `bits` holds `have` of them at its top; what stands below is 0 or a prefix
 * of what comes next. `at` is the first byte behind the units in `bits`; it can pass the end only in the careful part,
 * which reads zeros there and looks at the place at the end. */
typedef struct bit_reader {
    uint64_t bits;
    const uint8_t *in;
    size_t at, n;
    unsigned have;
} bit_reader;

static inline uint64_t units_first_on_top(uint64_t x)
{
    x = x << 32 | x >> 32;
    return (x & 0x0000FFFF0000FFFF) << 16 | (x >> 16 & 0x0000FFFF0000FFFF);
}

/* At least 48 bits. Needs 8 bytes at `at`. */
static inline void refill(bit_reader *r)
{
    r->bits |= units_first_on_top(le64(r->in + r->at)) >> r->have;
    r->at += (63 - r->have) >> 4 << 1;
    r->have |= 48;
}

static inline void refill_careful(bit_reader *r)
{
    while (r->have < 48) {
        uint64_t unit = r->at < r->n && r->n - r->at >= 2 ? le16(r->in + r->at) : 0;
        r->bits |= unit << (48 - r->have);
        r->at += 2;
        r->have += 16;
    }
}

static inline void use(bit_reader *r, unsigned n)
{
    r->bits <<= n;
    r->have -= n;
}

/* The place at which the format's own reader stands: it holds 16 to 31 bits, and takes a unit when it falls below.
 * Needs have >= 16. */
static inline size_t place_of(const bit_reader *r) { return r->at - 2 * (size_t)((r->have >> 4) - 1); }

/* The rest of a match length whose code was the escape: bytes from the format's place, in front of which the units it
 * already holds stay. False when they are not there. */
static bool escaped_length(bit_reader *r, size_t *length)
{
    size_t at = place_of(r);
    if (at > r->n) return false;
    cur c = {r->in, r->n, at, false};
    uint32_t n = cur_u8(&c);
    if (n == LENGTH_ESCAPE2) {
        n = cur_u16(&c);
        if (n == 0) n = cur_u32(&c);
        if (n < LENGTH_ESCAPE) return false;
    } else {
        n += LENGTH_ESCAPE;
    }
    if (c.bad || n > PIECE_MAX) return false;
    *length = n + LENGTH_MIN;
    r->have = 16 + (r->have & 15);
    r->bits &= ~(uint64_t)0 << (64 - r->have);
    r->at = c.at;
    return true;
}

/* The entry for a code longer than FAST_BITS, in the form that entry_of gives. */
static uint32_t long_code(const xpress_state *x, uint64_t bits)
{
    uint32_t code = (uint32_t)(bits >> (64 - CODE_BITS_MAX));
    unsigned n = FAST_BITS + 1;
    while (code >= x->end_of[n]) n++; /* ends: end_of[CODE_BITS_MAX] is the whole code space */
    uint32_t nth = (code - x->end_of[n - 1]) >> (CODE_BITS_MAX - n);
    return entry_of(x->sorted[x->index_of[n] + nth], n);
}

static inline uint32_t entry_at(const xpress_state *x, const bit_reader *r)
{
    return x->fast[r->bits >> (64 - FAST_BITS)];
}

static inline size_t offset_at(const bit_reader *r, unsigned skip, unsigned n)
{
    return ((size_t)1 << n) + (size_t)(r->bits << skip >> 1 >> (63 - n));
}

/* ---- output ---- */

static inline void copy8(uint8_t *to, const uint8_t *from)
{
    uint64_t v;
    memcpy(&v, from, 8);
    memcpy(to, &v, 8);
}

/* Copies a match; may write up to 16 bytes too many. */
static inline void copy_wild(uint8_t *to, size_t offset, size_t length)
{
    uint8_t *end = to + length;
    const uint8_t *from = to - offset;
    if (offset >= 16) {
        do {
            memcpy(to, from, 16);
            to += 16;
            from += 16;
        } while (to < end);
    } else if (offset >= 8) {
        do {
            copy8(to, from);
            to += 8;
            from += 8;
        } while (to < end);
    } else {
        /* A period of 1 to 7 bytes: as many whole periods as 8 bytes hold at each step. */
        uint8_t period[8];
        for (unsigned i = 0, k = 0; i < 8; i++) {
            period[i] = from[k];
            if (++k == offset) k = 0;
        }
        size_t step = 8 - 8 % offset;
        do {
            copy8(to, period);
            to += step;
        } while (to < end);
    }
}

static inline void copy_exact(uint8_t *to, size_t offset, size_t length)
{
    const uint8_t *from = to - offset;
    for (size_t i = 0; i < length; i++) to[i] = from[i];
}

typedef struct writer {
    uint8_t *start, *at, *end;
} writer;

enum { COPY_SPARE = 16 };

/* False when the match begins before the first byte or ends behind the last. */
static inline bool copy_match(writer *w, size_t offset, size_t length)
{
    size_t left = (size_t)(w->end - w->at);
    if (offset > (size_t)(w->at - w->start) || length > left) return false;
    /* At the end of the output the last bytes go one by one, so that nothing is written behind it. */
    size_t exact = left - length >= COPY_SPARE ? 0 : length < COPY_SPARE ? length : COPY_SPARE;
    if (length > exact) copy_wild(w->at, offset, length - exact);
    copy_exact(w->at + length - exact, offset, exact);
    w->at += length;
    return true;
}

/* ---- decoding ---- */

static inline void put_literal(bit_reader *r, writer *w, uint32_t e)
{
    *w->at++ = (uint8_t)(e >> 16);
    use(r, e & ENTRY_BITS);
}

/* One symbol, with every check; needs 30 bits or, at the end of the input, as many as there are. */
static bool one_symbol(const xpress_state *x, bit_reader *r, writer *w, uint32_t e)
{
    if ((e & (ENTRY_SPECIAL | ENTRY_BITS)) == ENTRY_SPECIAL) e = long_code(x, r->bits);
    if (e & ENTRY_LITERAL) {
        put_literal(r, w, e);
        return true;
    }
    if (!(e & ENTRY_SPECIAL)) {
        size_t offset = offset_at(r, e >> 8 & 15, e >> 16 & 15);
        use(r, e & ENTRY_BITS);
        return copy_match(w, offset, e >> 24);
    }
    size_t length;
    unsigned offset_bits = ((e >> 16) - 256) >> 4;
    use(r, e & ENTRY_BITS);
    if (!escaped_length(r, &length)) return false;
    refill_careful(r);
    size_t offset = offset_at(r, 0, offset_bits);
    use(r, offset_bits);
    return copy_match(w, offset, length);
}

enum {
    FAST_IN = 16, /* two refills: 6 bytes of progress, then a read of 8 */
    FAST_OUT = 40 /* two literals, then a match of at most 17 bytes with its spare */
};

/* Far from both ends: no check but that of the match. */
static bool decode_fast(const xpress_state *x, bit_reader *reader, writer *writer_)
{
    bit_reader r = *reader;
    writer w = *writer_;
    bool good = true;
    while (good && r.at + FAST_IN <= r.n && w.end - w.at >= FAST_OUT) {
        refill(&r);
        uint32_t e = entry_at(x, &r);
        if (e & ENTRY_LITERAL) {
            put_literal(&r, &w, e);
            e = entry_at(x, &r);
            if (e & ENTRY_LITERAL) {
                put_literal(&r, &w, e);
                e = entry_at(x, &r);
                if (e & ENTRY_LITERAL) {
                    put_literal(&r, &w, e);
                    continue;
                }
            }
            refill(&r);
        }
        if (e & ENTRY_SPECIAL) {
            good = one_symbol(x, &r, &w, e);
            continue;
        }
        size_t offset = offset_at(&r, e >> 8 & 15, e >> 16 & 15);
        size_t length = e >> 24;
        use(&r, e & ENTRY_BITS);
        good = offset <= (size_t)(w.at - w.start);
        if (good) copy_wild(w.at, offset, length);
        w.at += length;
    }
    *reader = r;
    *writer_ = w;
    return good;
}

bool xpress_decode(xpress_state *x, const void *in, size_t in_n, void *out, size_t out_n)
{
    if (out_n == 0 || out_n > PIECE_MAX || in_n < TABLE_BYTES + 4) return false;
    if (!build(x, in)) return false;
    bit_reader r = {0, in, TABLE_BYTES, in_n, 0};
    writer w = {out, out, (uint8_t *)out + out_n};
    if (!decode_fast(x, &r, &w)) return false;
    while (w.at < w.end) {
        refill_careful(&r);
        if (!one_symbol(x, &r, &w, entry_at(x, &r))) return false;
    }
    /* Every unit with a used bit was there, and no more is left than the end mark and one unit read ahead can take. */
    size_t used = r.at - 2 * (size_t)(r.have >> 4);
    return used <= in_n && in_n - used <= TAIL_MAX;
}
