/* Records and pages of ROW and PAGE compression. */
#include "compact.h"
#include <stdlib.h>

enum { CLUSTER = 30, SHORT_MAX = 8, LONG = 0xA, TRUE_BIT = 0xB, SYMBOL = 0xC, PAD = 1, HAS_LONG = 0x20 };
enum { CI_ANCHOR = 2, CI_DICTIONARY = 4, CI_PAGE = 0x80, CD_MIN_LENGTH = 5, SYMBOLS_MAX = 255, TRIES = 3 };

/* ---- records ---- */

static unsigned code_of(const compact *c)
{
    switch (c->kind) {
    case COMPACT_NULL: return 0;
    case COMPACT_TRUE: return TRUE_BIT;
    case COMPACT_SYMBOL: return SYMBOL;
    case COMPACT_COMPLEX: return LONG;
    default: return c->n <= SHORT_MAX ? 1 + c->n : LONG;
    }
}

static unsigned short_bytes(unsigned code) { return code == SYMBOL ? 1 : code > 1 && code < LONG ? code - 1 : 0; }

static unsigned put_shorts(const compact *c, unsigned columns, uint8_t *out, unsigned at)
{
    uint8_t *lengths = out + at;
    unsigned cluster_start = at += (columns - 1) / CLUSTER;
    for (unsigned i = 0; i < columns; i++) {
        if (i && i % CLUSTER == 0) {
            lengths[i / CLUSTER - 1] = (uint8_t)(at - cluster_start);
            cluster_start = at;
        }
        unsigned n = short_bytes(code_of(&c[i]));
        if (n) memcpy(out + at, c[i].kind == COMPACT_SYMBOL ? &c[i].symbol : c[i].p, n);
        at += n;
    }
    return at;
}

static unsigned put_longs(const compact *c, unsigned columns, unsigned longs, uint8_t *out, unsigned at)
{
    uint8_t *flags = out + at;
    unsigned ends = at + 3, counts = ends + 2 * longs, end = 0, k = 0;
    *flags = 1;
    put16(out + at + 1, longs);
    memset(out + counts, 0, (columns - 1) / CLUSTER);
    at = counts + (columns - 1) / CLUSTER;
    for (unsigned i = 0; i < columns; i++) {
        if (code_of(&c[i]) != LONG) continue;
        if (i / CLUSTER < (columns - 1) / CLUSTER) out[counts + i / CLUSTER]++;
        bool complex = c[i].kind == COMPACT_COMPLEX;
        if (complex) *flags |= 2;
        memcpy(out + at + end, c[i].p, c[i].n);
        end += c[i].n;
        put16(out + ends + 2 * k++, end | (complex ? 0x8000U : 0));
    }
    return at + end;
}

static unsigned record_bytes(const compact *c, unsigned columns, unsigned *longs)
{
    unsigned n = (columns < 0x80 ? 2U : 3U) + (columns + 1) / 2 + (columns - 1) / CLUSTER;
    *longs = 0;
    for (unsigned i = 0; i < columns; i++) {
        unsigned code = code_of(&c[i]);
        n += short_bytes(code);
        if (code == LONG) {
            n += 2 + c[i].n;
            (*longs)++;
        }
    }
    return n + (*longs ? 3 + (columns - 1) / CLUSTER : 0);
}

unsigned cd_build(const compact *c, unsigned columns, unsigned type, uint8_t *out)
{
    unsigned longs = 0, at = 1;
    if (record_bytes(c, columns, &longs) > RECORD_MAX) return 0;
    out[0] = (uint8_t)(1 | type << 2 | (longs ? HAS_LONG : 0));
    if (columns >= 0x80) out[at++] = (uint8_t)(0x80 | columns >> 8);
    out[at++] = (uint8_t)columns;
    memset(out + at, 0, (columns + 1) / 2);
    for (unsigned i = 0; i < columns; i++) out[at + i / 2] |= (uint8_t)(code_of(&c[i]) << (i % 2 * 4));
    if (columns % 2) out[at + columns / 2] |= PAD << 4; /* as real rows have it */
    at = put_shorts(c, columns, out, at + (columns + 1) / 2);
    return longs ? put_longs(c, columns, longs, out, at) : at;
}

/* ---- rows that wait for their page to be full ---- */

struct pending {
    compact *cell; /* rows x columns; p is an offset until the page is built */
    uint8_t *ghost;
    unsigned rows, room, pages;
    buf bytes;
    unsigned record_bytes; /* of all rows, by ROW compression */
    uint8_t *stored;       /* scratch: COMPACT_MAX per column */
    compact *row;
};

static void free_pending(struct pending *w)
{
    if (!w) return;
    free(w->cell);
    free(w->ghost);
    free(w->row);
    free(w->stored);
    buf_free(&w->bytes);
    free(w);
}

static struct pending *pending_of(rowset *rs)
{
    if (rs->pending) return rs->pending;
    struct pending *w = calloc(1, sizeof *w);
    if (!w) return NULL;
    w->bytes = buf_new(1 << 24);
    w->row = calloc(rs->columns, sizeof *w->row);
    w->stored = malloc(rs->columns * COMPACT_MAX);
    if (!w->row || !w->stored) {
        free_pending(w);
        return NULL;
    }
    return rs->pending = w;
}

/* ---- one row ---- */

static bool move_off(rowset *rs, unsigned i, const cell *x, compact *c, uint8_t *pointer)
{
    unsigned n = 0;
    if (!lob_store(rs, &rs->column[i].type, x->p, x->n, pointer, &n)) return false;
    *c = (compact){.p = pointer, .n = n, .kind = COMPACT_COMPLEX};
    return true;
}

static bool compact_row(rowset *rs, const cell *cells, bool ghost, struct pending *w, unsigned columns)
{
    for (unsigned i = 0; i < columns; i++) {
        const rowset_column *k = &rs->column[i];
        const cell *x = &cells[k->source];
        uint8_t *room = w->stored + (size_t)i * COMPACT_MAX;
        bool away = (k->type.legacy || (k->type.max && x->n > 8000)) && !x->null;
        w->row[i] = (compact){.kind = COMPACT_NULL};
        if (x->null) continue;
        if (away && !ghost) {
            if (!move_off(rs, i, x, &w->row[i], room)) return false;
        } else if (k->type.cls == TC_BIT && x->p[0]) {
            w->row[i].kind = COMPACT_TRUE;
        } else {
            w->row[i] = (compact){.p = room, .kind = COMPACT_BYTES};
            if (!away && k->type.cls != TC_BIT) w->row[i].n = compact_value(&k->type, x->p, x->n, room);
        }
    }
    unsigned longs = 0;
    while (record_bytes(w->row, columns, &longs) > RECORD_MAX) {
        unsigned largest = columns;
        for (unsigned i = 0; i < columns; i++)
            if (w->row[i].kind == COMPACT_BYTES && !rs->column[i].type.fixed && w->row[i].n > 24 &&
                (largest == columns || w->row[i].n > w->row[largest].n))
                largest = i;
        if (largest == columns) return fail(rs->data.group.image->f, "a row does not fit into a page");
        if (ghost) {
            w->row[largest].n = 0;
        } else if (!move_off(rs, largest, &cells[rs->column[largest].source], &w->row[largest],
                             w->stored + (size_t)largest * COMPACT_MAX)) {
            return false;
        }
    }
    return true;
}

static bool keep_row(rowset *rs, struct pending *w, bool ghost)
{
    if (w->rows == w->room) {
        unsigned room = w->room ? w->room * 2 : 64;
        compact *more = realloc(w->cell, (size_t)room * rs->columns * sizeof *more);
        if (more) w->cell = more;
        uint8_t *flags = realloc(w->ghost, room);
        if (flags) w->ghost = flags;
        if (!more || !flags) return fail(rs->data.group.image->f, "out of memory");
        w->room = room;
    }
    compact *to = w->cell + (size_t)w->rows * rs->columns;
    for (size_t i = 0; i < rs->columns; i++) {
        to[i] = w->row[i];
        to[i].p = (const uint8_t *)(uintptr_t)w->bytes.n;
        if (w->row[i].n) buf_add(&w->bytes, w->row[i].p, w->row[i].n);
    }
    w->ghost[w->rows++] = ghost;
    return !w->bytes.failed || fail(rs->data.group.image->f, "out of memory");
}

/* ---- what the rows of a page share ---- */

typedef struct shared {
    compact *anchor;
    compact *out; /* rows x columns, as they will be stored */
    uint8_t *room;
    size_t used;
    compact symbol[SYMBOLS_MAX];
    unsigned symbols, symbol_bytes;
} shared;

static unsigned common(const compact *a, const compact *b)
{
    unsigned n = 0;
    while (n < a->n && n < b->n && a->p[n] == b->p[n]) n++;
    return n;
}

/* The value of a column that saves most when the others name the part they begin with as it does. */
static void choose_anchor(const rowset *rs, const struct pending *w, size_t column, compact *anchor)
{
    long best = 0;
    *anchor = (compact){.kind = COMPACT_NULL};
    for (unsigned k = 0; k < TRIES; k++) {
        const compact *candidate = &w->cell[(size_t)(w->rows * k / TRIES) * rs->columns + column];
        if (candidate->kind != COMPACT_BYTES || candidate->n < 2) continue;
        long saved = -(long)candidate->n - 4;
        for (unsigned r = 0; r < w->rows; r++) {
            const compact *c = &w->cell[(size_t)r * rs->columns + column];
            if (c->kind != COMPACT_BYTES) continue;
            unsigned n = common(candidate, c);
            saved += (long)n - (n == c->n && n == candidate->n ? 0 : n < 0x80 ? 1 : 2);
        }
        if (saved <= best) continue;
        best = saved;
        *anchor = *candidate;
    }
}

static void put_prefix(shared *s, const compact *anchor, compact *c)
{
    unsigned n = common(anchor, c);
    if (n == anchor->n && n == c->n) {
        c->n = 0;
        return;
    }
    uint8_t *to = s->room + s->used;
    unsigned at = 0;
    if (n >= 0x80) to[at++] = (uint8_t)(0x80 | n >> 8);
    to[at++] = (uint8_t)n;
    if (c->n > n) memcpy(to + at, c->p + n, c->n - n);
    *c = (compact){.p = to, .n = at + c->n - n, .kind = COMPACT_BYTES};
    s->used += c->n;
}

static bool same(const compact *a, const compact *b) { return a->n == b->n && memcmp(a->p, b->p, a->n) == 0; }

/* Values that occur more than once become symbols. */
static void gather_symbols(shared *s, size_t cells)
{
    for (size_t i = 0; i < cells; i++) {
        compact *c = &s->out[i];
        if (c->kind != COMPACT_BYTES || c->n < 2) continue;
        unsigned k = 0;
        while (k < s->symbols && !same(&s->symbol[k], c)) k++;
        if (k == s->symbols) {
            size_t again = i + 1;
            while (again < cells && !(s->out[again].kind == COMPACT_BYTES && same(&s->out[again], c))) again++;
            if (again == cells || s->symbols == SYMBOLS_MAX) continue;
            s->symbol[s->symbols++] = *c;
            s->symbol_bytes += c->n + 2;
        }
        c->kind = COMPACT_SYMBOL;
        c->symbol = (uint8_t)k;
    }
}

static unsigned put_dictionary(const shared *s, uint8_t *out)
{
    unsigned at = 2 + 2 * s->symbols;
    put16(out, s->symbols);
    for (unsigned i = 0; i < s->symbols; i++) {
        memcpy(out + at, s->symbol[i].p, s->symbol[i].n);
        at += s->symbol[i].n;
        put16(out + 2 + 2 * i, at);
    }
    return at;
}

/* The page's compression information; 0: there is none to speak of, or no room for it. */
static unsigned build_information(const rowset *rs, const struct pending *w, shared *s, uint8_t out[PAGE * 2])
{
    bool anchored = false;
    for (size_t i = 0; i < rs->columns; i++) {
        choose_anchor(rs, w, i, &s->anchor[i]);
        anchored = anchored || s->anchor[i].kind == COMPACT_BYTES;
    }
    size_t cells = (size_t)w->rows * rs->columns;
    for (size_t i = 0; i < cells; i++) {
        s->out[i] = w->cell[i];
        const compact *anchor = &s->anchor[i % rs->columns];
        if (anchor->kind == COMPACT_BYTES && s->out[i].kind == COMPACT_BYTES) put_prefix(s, anchor, &s->out[i]);
    }
    gather_symbols(s, cells);
    if ((!anchored && !s->symbols) || s->symbol_bytes > PAGE / 2) return 0;
    unsigned parts = anchored && s->symbols ? 2 : 1, at = 3 + 2 * parts, ends = 3;
    out[0] = (uint8_t)((anchored ? CI_ANCHOR : 0) | (s->symbols ? CI_DICTIONARY : 0));
    put16(out + 1, 0);
    if (anchored) {
        unsigned n = cd_build(s->anchor, (unsigned)rs->columns, CD_PRIMARY, out + at);
        if (!n) return 0;
        put16(out + ends, at += n);
        ends += 2;
    }
    if (s->symbols) put16(out + ends, at += put_dictionary(s, out + at));
    return at;
}

static bool write_rows(rowset *rs, const struct pending *w, const compact *row)
{
    uint8_t r[PAGE * 2];
    for (unsigned i = 0; i < w->rows; i++) {
        unsigned n =
            cd_build(row + (size_t)i * rs->columns, (unsigned)rs->columns, w->ghost[i] ? CD_GHOST : CD_PRIMARY, r);
        if (!n || page_room(rs->page) < n + 2) return false;
        page_add(rs->page, r, n);
        rs->page->ghosts += w->ghost[i];
    }
    return true;
}

/* The rows as they stand, or what they share in front of them; every third page is only row-compressed, as pages are that
 * were filled later. */
static bool write_shared(rowset *rs, struct pending *w)
{
    uint8_t information[PAGE * 2];
    shared s = {.anchor = calloc(rs->columns, sizeof *s.anchor)};
    s.out = calloc((size_t)w->rows * rs->columns, sizeof *s.out);
    s.room = malloc(w->bytes.n * 2 + (size_t)w->rows * rs->columns * 2 + 1);
    bool ok = (s.anchor && s.out && s.room) || fail(rs->data.group.image->f, "out of memory");
    unsigned n = ok && w->pages % 3 != 2 ? build_information(rs, w, &s, information) : 0;
    page_buffer plain = *rs->page;
    bool done = false;
    if (n && n < PAGE / 2) {
        memcpy(rs->page->bytes + rs->page->free_at, information, n);
        rs->page->free_at += n;
        rs->page->bytes[2] |= CI_PAGE;
        done = write_rows(rs, w, s.out);
    }
    if (ok && !done) {
        *rs->page = plain;
        ok = write_rows(rs, w, w->cell) || fail(rs->data.group.image->f, "rows do not fit into their page");
    }
    free(s.anchor);
    free(s.out);
    free(s.room);
    return ok;
}

static bool flush(rowset *rs)
{
    struct pending *w = rs->pending;
    if (!w || !w->rows) return true;
    for (size_t i = 0; i < (size_t)w->rows * rs->columns; i++)
        w->cell[i].p = (const uint8_t *)w->bytes.p + (uintptr_t)w->cell[i].p;
    bool ok = write_shared(rs, w);
    buf_clear(&w->bytes);
    w->rows = w->record_bytes = 0;
    w->pages++;
    return ok;
}

bool compressed_add(rowset *rs, const cell *cells, bool ghost, row_place *at)
{
    enum { PAGE_COMPRESSION = 2 };
    struct pending *w = pending_of(rs);
    uint8_t r[PAGE * 2];
    /* On a page whose rows share values, rows of fewer columns would be no different: they are kept apart for clarity. */
    unsigned columns = (unsigned)rs->present;
    if (!w) return fail(rs->data.group.image->f, "out of memory");
    if (!compact_row(rs, cells, ghost, w, columns)) return false;
    unsigned n = cd_build(w->row, columns, ghost ? CD_GHOST : CD_PRIMARY, r);
    if (!n) return fail(rs->data.group.image->f, "a row does not fit into a page");
    bool alone = rs->compression != PAGE_COMPRESSION || columns != rs->columns;
    bool other_kind = alone ? w->rows > 0 : w->rows == 0 && rs->page->slots > 0;
    if (!rs->page->id || other_kind || page_room(rs->page) < w->record_bytes + n + 2) {
        if (!flush(rs) || !rowset_next_page(rs, cells)) return false;
        put16(rs->page->bytes + 14, CD_MIN_LENGTH);
    }
    at->page = rs->page->id;
    if (alone) {
        at->slot = (uint16_t)page_add(rs->page, r, n);
        rs->page->ghosts += ghost;
        return true;
    }
    at->slot = (uint16_t)(rs->page->slots + w->rows);
    w->record_bytes += n + 2;
    return keep_row(rs, w, ghost);
}

bool compressed_finish(rowset *rs)
{
    bool ok = flush(rs);
    compressed_drop(rs);
    return ok;
}

void compressed_drop(rowset *rs)
{
    free_pending(rs->pending);
    rs->pending = NULL;
}
