#include "mdf/mdf_cd.h"
#include "mdf/mdf_fixedvar.h"

enum { CD_LONG_REGION = 0x20, CD_CLUSTER = 30 };

/* The 4-bit code of a column. */
enum { CODE_NULL = 0, CODE_EMPTY = 1, CODE_SHORT_LAST = 9, CODE_LONG = 0xA, CODE_TRUE = 0xB, CODE_SYMBOL = 0xC };

enum { LONG_TWO_BYTE_ENDS = 0x01, LONG_COMPLEX = 0x8000 };
enum { CI_ANCHOR = 0x02, CI_DICTIONARY = 0x04 };

/* One byte below 0x80, else two, the higher first. */
static unsigned take_count(cur *c)
{
    unsigned high = cur_u8(c);
    return high & 0x80 ? (high & 0x7F) << 8 | cur_u8(c) : high;
}

static unsigned code_at(const uint8_t *codes, unsigned column) { return codes[column / 2] >> (column % 2 * 4) & 0xF; }

/* Bytes that a code takes in the short region; UINT_MAX for a code without meaning. */
static unsigned short_bytes(unsigned code)
{
    if (code == CODE_SYMBOL) return 1;
    if (code > CODE_EMPTY && code <= CODE_SHORT_LAST) return code - 1;
    return code > CODE_SYMBOL ? UINT32_MAX : 0;
}

/* The short region: the columns' data back to back. The cluster lengths before it only serve to jump. Returns the
 * number of columns whose data lie in the long region. */
static unsigned take_short(cur *c, const uint8_t *codes, unsigned columns, cd_cell *cell, unsigned cells)
{
    unsigned longs = 0;
    for (unsigned i = 0; i < columns && !c->bad; i++) {
        const unsigned code = code_at(codes, i);
        const unsigned n = short_bytes(code);
        const uint8_t *p = cur_take(c, n);
        if (code == CODE_LONG) longs++;
        if (i >= cells || !p) continue;
        cell[i] = (cd_cell){.p = p, .n = (uint16_t)n, .kind = CD_BYTES};
        if (code == CODE_NULL) cell[i].kind = CD_NULL;
        if (code == CODE_TRUE) cell[i].kind = CD_TRUE;
        if (code == CODE_SYMBOL) cell[i] = (cd_cell){.kind = CD_SYMBOL, .symbol = *p};
    }
    return longs;
}

/* The long region: a flag byte, end offsets, counts per cluster, data. */
static void take_long(cur *c, const uint8_t *codes, unsigned columns, unsigned longs, cd_cell *cell, unsigned cells)
{
    const unsigned flags = cur_u8(c);
    const unsigned count = cur_u16(c);
    const uint8_t *ends = cur_take(c, 2 * (size_t)count);
    cur_skip(c, (columns - 1) / CD_CLUSTER);
    if (c->bad || !(flags & LONG_TWO_BYTE_ENDS) || count != longs) {
        c->bad = true;
        return;
    }
    unsigned start = 0;
    for (unsigned i = 0; i < columns && longs; i++) {
        if (code_at(codes, i) != CODE_LONG) continue;
        const bool complex = (le16(ends) & LONG_COMPLEX) != 0;
        const unsigned end = le16(ends) & (LONG_COMPLEX - 1u);
        ends += 2;
        longs--;
        const uint8_t *p = end < start ? NULL : cur_take(c, end - start);
        if (!p) {
            c->bad = true;
            return;
        }
        if (i < cells)
            cell[i] = (cd_cell){.p = p, .n = (uint16_t)(end - start), .kind = complex ? CD_COMPLEX : CD_BYTES};
        start = end;
    }
}

bool cd_parse(const uint8_t *p, size_t room, cd_cell *cell, unsigned cells, cd_record *out)
{
    cur c = cur_from(p, room);
    const unsigned status_bits = cur_u8(&c);
    const unsigned columns = take_count(&c);
    const uint8_t *codes = cur_take(&c, (columns + 1) / 2);
    if (c.bad || columns == 0 || !(status_bits & 1)) return false;
    cur_skip(&c, (columns - 1) / CD_CLUSTER);
    const unsigned longs = take_short(&c, codes, columns, cell, cells);
    if (status_bits & CD_LONG_REGION)
        take_long(&c, codes, columns, longs, cell, cells);
    else if (longs)
        return false;
    if (c.bad || ((status_bits & CD_VERSIONED) && cur_left(&c) < CD_VERSION_TAG_BYTES)) return false;
    *out = (cd_record){columns, c.at};
    return true;
}

/* Entry count, end offsets from the dictionary's start, entries. */
static bool read_dictionary(const uint8_t *p, size_t n, cd_page *out)
{
    cur c = cur_from(p, n);
    const unsigned symbols = cur_u16(&c);
    const uint8_t *ends = cur_take(&c, 2 * (size_t)symbols);
    if (c.bad) return false;
    size_t before = c.at;
    for (unsigned i = 0; i < symbols; i++) {
        const size_t end = le16(ends + 2 * (size_t)i);
        if (end < before || end > n) return false;
        before = end;
    }
    out->dictionary = p;
    out->symbols = symbols;
    return true;
}

const char *cd_page_read(const uint8_t *page, cd_page *out)
{
    out->anchors = out->symbols = 0;
    out->dictionary = NULL;
    if (!(page[PH_TYPE_FLAGS] & PAGE_TYPE_FLAG_CI)) return NULL;
    const unsigned limit = page_record_limit(page);
    if (limit == 0) return "its slot count is impossible";
    cur c = cur_from(page + PAGE_HEADER_BYTES, limit - PAGE_HEADER_BYTES);
    const unsigned flags = cur_u8(&c);
    cur_skip(&c, 2); /* changes since the page was compressed */
    const size_t anchor_end = flags & CI_ANCHOR ? cur_u16(&c) : 0;
    const size_t dictionary_end = flags & CI_DICTIONARY ? cur_u16(&c) : 0;
    if (c.bad) return "its header does not fit";
    size_t at = c.at;
    if (flags & CI_ANCHOR) {
        cd_record anchor;
        if (anchor_end < at || anchor_end > c.n) return "its anchor record does not fit";
        if (!cd_parse(c.p + at, anchor_end - at, out->anchor, out->anchor_room, &anchor))
            return "its anchor record is damaged";
        out->anchors = anchor.columns < out->anchor_room ? anchor.columns : out->anchor_room;
        at = anchor_end;
    }
    if (flags & CI_DICTIONARY) {
        if (dictionary_end < at || dictionary_end > c.n) return "its dictionary does not fit";
        if (!read_dictionary(c.p + at, dictionary_end - at, out)) return "its dictionary is damaged";
    }
    return NULL;
}

static sv entry_of(const cd_page *page, unsigned symbol)
{
    const uint8_t *d = page->dictionary;
    const unsigned start = symbol ? le16(d + 2 * (size_t)symbol) : 2 + 2 * page->symbols;
    return (sv){(const char *)d + start, le16(d + 2 + 2 * (size_t)symbol) - start};
}

bool cd_value(const cd_page *page, unsigned column, const cd_cell *c, arena *mem, sv *out)
{
    *out = (sv){(const char *)c->p, c->n};
    if (c->kind == CD_SYMBOL) {
        if (c->symbol >= page->symbols) return false;
        *out = entry_of(page, c->symbol);
    }
    if (column >= page->anchors) return true;
    const cd_cell *anchor = &page->anchor[column];
    if (anchor->kind != CD_BYTES || anchor->n == 0) return true;
    const sv whole = {(const char *)anchor->p, anchor->n};
    if (out->n == 0) {
        *out = whole;
        return true;
    }
    cur stored = cur_from(out->p, out->n);
    const size_t prefix = take_count(&stored);
    if (stored.bad || prefix > whole.n) return false;
    const size_t suffix = cur_left(&stored);
    char *p = arena_alloc(mem, prefix + suffix + 1);
    if (!p) return false;
    memcpy(p, whole.p, prefix);
    memcpy(p + prefix, stored.p + stored.at, suffix);
    *out = (sv){p, prefix + suffix};
    return true;
}
