/* Rows to records, records to pages. */
#include "compact.h"
#include <stdlib.h>

enum { TYPE_PRIMARY = 0, TYPE_FORWARDED = 1, TYPE_STUB = 2, TYPE_INDEX_RECORD = 3, TYPE_GHOST = 6 };
enum { HAS_NULLS = 0x10, HAS_VARIABLE = 0x20, COMPLEX = 0x8000, STUB_BYTES = 9, BACK_POINTER_BYTES = 10 };
enum { IN_ROW_MAX = 8000, OVERFLOW_POINTER = 24, PFS_HAS_GHOSTS = 0x08 };

bool rowset_start(rowset *rs, const filegroup *group, const int64_t auid[3], uint32_t *blob)
{
    static const lob_shape PLAIN = {0, false, false};
    unit_free(&rs->data);
    unit_free(&rs->overflow);
    unit_free(&rs->lob);
    unit_init(&rs->data, group, auid[0], rs->id, UNIT_IN_ROW);
    unit_init(&rs->overflow, group, auid[1], rs->id, UNIT_OVERFLOW);
    unit_init(&rs->lob, group, auid[2], rs->id, UNIT_LOB);
    rs->blob = blob;
    rs->rows = 0;
    rs->prev = 0;
    free(rs->page);
    free(rs->piece);
    free(rs->level);
    rs->level = NULL;
    rs->page = calloc(1, sizeof *rs->page);
    rs->piece = calloc(rs->variables + 2, sizeof *rs->piece);
    free(rs->vector);
    rs->vector = calloc(1, PAGE);
    rs->present = rs->columns - rs->sparse;
    if (!rs->shape) rs->shape = &PLAIN;
    return (rs->page && rs->piece && rs->vector) || fail(group->image->f, "out of memory");
}

/* ---- records ---- */

/* The row's variable columns; returns their number without the absent ones at the end. */
static unsigned gather_pieces(rowset *rs, const cell *cells, bool ghost)
{
    unsigned present = 0;
    for (size_t i = 0; i < rs->present; i++) {
        const rowset_column *c = &rs->column[i];
        if (c->leaf >= 0) continue;
        unsigned k = (unsigned)(-c->leaf - 1);
        const cell *x = &cells[c->source];
        piece *v = &rs->piece[k];
        v->p = x->p;
        v->n = x->null ? 0 : x->n;
        v->column = c;
        v->complex = false;
        if (x->null && c->type.legacy && rs->shape->null_roots && !ghost) {
            if (!lob_store_null(rs, v->pointer, &v->n_pointer)) return UINT32_MAX;
            v->p = v->pointer;
            v->n = v->n_pointer;
            v->complex = true;
        }
        if ((v->n || (c->type.legacy && !x->null)) && k >= present) present = k + 1;
    }
    return present;
}

static bool move_off_row(rowset *rs, piece *v)
{
    unsigned n = 0;
    if (!lob_store(rs, &v->column->type, v->p, v->n, v->pointer, &n)) return false;
    v->p = v->pointer;
    v->n = n;
    v->complex = true;
    return true;
}

static size_t pieces_bytes(const rowset *rs, unsigned present)
{
    size_t n = 0;
    for (unsigned i = 0; i < present; i++) n += rs->piece[i].n;
    return n;
}

/* The piece to move out next: the largest (max) value, else the largest other one that a pointer is shorter than. */
static piece *largest_piece(rowset *rs, unsigned present)
{
    piece *best = NULL;
    for (unsigned i = 0; i < present; i++) {
        piece *v = &rs->piece[i];
        if (v->complex || v->n <= OVERFLOW_POINTER) continue;
        bool better = !best || (v->column->type.max != best->column->type.max ? v->column->type.max : v->n > best->n);
        if (better) best = v;
    }
    return best;
}

/* Moves values off the row until it fits. A ghost leaves no values behind elsewhere: they become empty. */
static bool fit_pieces(rowset *rs, const cell *cells, unsigned present, size_t room, bool ghost)
{
    for (unsigned i = 0; i < present; i++) {
        piece *v = &rs->piece[i];
        bool must = v->column->type.max ? v->n > IN_ROW_MAX : v->column->type.legacy && !cells[v->column->source].null;
        if (!must) continue;
        if (ghost) {
            v->n = 0;
        } else if (!move_off_row(rs, v)) {
            return false;
        }
    }
    while (pieces_bytes(rs, present) > room) {
        piece *v = largest_piece(rs, present);
        if (!v) return fail(rs->data.group.image->f, "a row does not fit into a page");
        if (ghost) {
            v->n = 0;
        } else if (!move_off_row(rs, v)) {
            return false;
        }
    }
    return true;
}

static void put_fixed(const rowset *rs, const cell *cells, uint8_t *r)
{
    for (size_t i = 0; i < rs->present; i++) {
        const rowset_column *c = &rs->column[i];
        const cell *x = &cells[c->source];
        if (c->leaf < 0 || x->null) continue;
        if (c->type.cls == TC_BIT) {
            r[c->leaf] |= (uint8_t)((x->p[0] & 1U) << c->bit);
        } else {
            memcpy(r + c->leaf, x->p, c->type.fixed);
        }
    }
}

/* Such a NULL is told by the root, not by the row. */
static bool has_null_root(const rowset *rs, size_t i) { return rs->shape->null_roots && rs->column[i].type.legacy; }

static unsigned put_nulls(const rowset *rs, const cell *cells, uint8_t *r)
{
    unsigned bytes = ((unsigned)rs->present + 7) / 8;
    put16(r, rs->present);
    memset(r + 2, 0, bytes);
    for (size_t i = 0; i < rs->present; i++)
        if (cells[rs->column[i].source].null && !has_null_root(rs, i)) r[2 + i / 8] |= (uint8_t)(1U << i % 8);
    return 2 + bytes;
}

static unsigned put_pieces(const rowset *rs, unsigned count, uint8_t *record, unsigned at)
{
    put16(record + at, count);
    unsigned ends = at + 2;
    at = ends + 2 * count;
    for (unsigned i = 0; i < count; i++) {
        const piece *v = &rs->piece[i];
        if (v->n) memcpy(record + at, v->p, v->n);
        at += (unsigned)v->n;
        put16(record + ends + 2 * i, at | (v->complex ? COMPLEX : 0));
    }
    return at;
}

/* The end of the fixed part, and the variable columns, of a row that has only the first columns. */
static unsigned fixed_end_of(const rowset *rs)
{
    if (rs->present == rs->columns - rs->sparse) return rs->fixed_end;
    unsigned end = 4;
    for (size_t i = 0; i < rs->present; i++) {
        const rowset_column *c = &rs->column[i];
        unsigned n = c->type.cls == TC_BIT ? 1 : c->type.fixed;
        if (c->leaf >= 0 && (unsigned)c->leaf + n > end) end = (unsigned)c->leaf + n;
    }
    return end;
}

static unsigned variables_of(const rowset *rs)
{
    unsigned n = 0;
    for (size_t i = 0; i < rs->present; i++) n += rs->column[i].leaf < 0;
    return n;
}

/* The values of sparse columns that are there: kind 5, count, column ids, ends, bytes. 0: none. */
static unsigned put_vector(rowset *rs, const cell *cells)
{
    const rowset_column *first = rs->column + rs->columns - rs->sparse;
    unsigned n = 0, at, k = 0;
    for (size_t i = 0; i < rs->sparse; i++) n += !cells[first[i].source].null;
    if (n == 0) return 0;
    put16(rs->vector, 5);
    put16(rs->vector + 2, n);
    at = 4 + 4 * n;
    for (size_t i = 0; i < rs->sparse; i++) {
        const cell *x = &cells[first[i].source];
        if (x->null) continue;
        if (at + x->n > RECORD_MAX) {
            fail(rs->data.group.image->f, "sparse values do not fit into a row");
            return 0;
        }
        put16(rs->vector + 4 + 2 * k, first[i].column_id);
        if (x->n) memcpy(rs->vector + at, x->p, x->n);
        at += (unsigned)x->n;
        put16(rs->vector + 4 + 2 * (n + k++), at);
    }
    return at;
}

/* Builds the record of a row; 0: failed. back: the stub's place, for a forwarded record. */
static unsigned build_record(rowset *rs, const cell *cells, row_kind kind, row_place back, uint8_t *r)
{
    bool index = rs->index_id > 1;
    unsigned type = index                   ? TYPE_INDEX_RECORD
                    : kind == ROW_GHOST     ? TYPE_GHOST
                    : kind == ROW_FORWARDED ? TYPE_FORWARDED
                                            : TYPE_PRIMARY;
    unsigned fixed_end = fixed_end_of(rs);
    memset(r, 0, rs->fixed_end);
    r[0] = (uint8_t)(type << 1 | HAS_NULLS);
    if (!index) put16(r + 2, fixed_end);
    put_fixed(rs, cells, r);
    unsigned at = fixed_end + put_nulls(rs, cells, r + fixed_end);
    unsigned count = gather_pieces(rs, cells, kind == ROW_GHOST), vector = put_vector(rs, cells);
    if (count == UINT32_MAX) return 0;
    if (kind == ROW_FORWARDED || vector || (index && rs->variables)) count = variables_of(rs);
    const unsigned forwarded = kind == ROW_FORWARDED;
    unsigned extra = forwarded + (vector > 0);
    if (count + extra == 0) return at;
    r[0] |= HAS_VARIABLE;
    size_t taken = at + 2 + 2 * (count + extra) + vector + forwarded * BACK_POINTER_BYTES;
    if (!fit_pieces(rs, cells, count, RECORD_MAX - taken, kind == ROW_GHOST)) return 0;
    if (vector) rs->piece[count] = (piece){.p = rs->vector, .n = vector, .complex = true};
    if (forwarded) {
        piece *v = &rs->piece[count + extra - 1];
        v->p = v->pointer;
        v->n = BACK_POINTER_BYTES;
        v->complex = true;
        put16(v->pointer, 0x0400);
        put_page_id(v->pointer + 2, back.page);
        put16(v->pointer + 8, back.slot);
    }
    return put_pieces(rs, count + extra, r, at);
}

/* ---- pages ---- */

static bool close_heap_page(rowset *rs, page_buffer *p)
{
    uint8_t *pfs = image_pfs(rs->data.group.image, p->id);
    *pfs = (uint8_t)((*pfs & 0xF8) | fullness_of(p) | (p->ghosts ? PFS_HAS_GHOSTS : 0));
    return page_finish(p, rs->data.group.image, 0, 0);
}

static bool close_leaf(rowset *rs, uint32_t next)
{
    page_buffer *p = rs->page;
    if (p->ghosts) *image_pfs(rs->data.group.image, p->id) |= PFS_HAS_GHOSTS;
    uint32_t prev = rs->prev;
    rs->prev = p->id;
    return page_finish(p, rs->data.group.image, prev, next);
}

static bool next_page(rowset *rs, page_buffer *p, const cell *cells)
{
    uint32_t id = unit_page(&rs->data, rs->index_id ? 0 : 4);
    if (!id) return false;
    rs->data.data++;
    if (p->id && !(rs->index_id ? close_leaf(rs, id) : close_heap_page(rs, p))) return false;
    page_start(p, id, rs->index_id > 1 ? TYPE_INDEX : TYPE_DATA, 0, rs->data.name, rs->fixed_end);
    if (!rs->index_id) return true;
    uint8_t key[TREE_KEY_MAX];
    return tree_child(rs, 1, key, tree_key(rs, cells, key), id);
}

static bool room_for(rowset *rs, page_buffer *p, unsigned bytes, const cell *cells)
{
    return (p->id && page_room(p) >= bytes + 2) || next_page(rs, p, cells);
}

static bool add_forwarded(rowset *rs, const cell *cells, row_place *at)
{
    if (!rs->forward) rs->forward = calloc(1, sizeof *rs->forward);
    if (!rs->forward) return fail(rs->data.group.image->f, "out of memory");
    if (!room_for(rs, rs->page, STUB_BYTES, cells)) return false;
    *at = (row_place){rs->page->id, (uint16_t)rs->page->slots};
    uint8_t r[PAGE];
    unsigned n = build_record(rs, cells, ROW_FORWARDED, *at, r);
    if (!n || !room_for(rs, rs->forward, n, cells)) return false;
    unsigned slot = page_add(rs->forward, r, n);
    uint8_t stub[STUB_BYTES] = {TYPE_STUB << 1};
    put_page_id(stub + 1, rs->forward->id);
    put16(stub + 7, slot);
    page_add(rs->page, stub, STUB_BYTES);
    return true;
}

bool rowset_add(rowset *rs, const cell *cells, row_kind kind, row_place *at)
{
    if (kind != ROW_GHOST) rs->rows++;
    if (rs->compression) return compressed_add(rs, cells, kind == ROW_GHOST, at);
    if (kind == ROW_FORWARDED) return add_forwarded(rs, cells, at);
    uint8_t r[PAGE];
    unsigned n = build_record(rs, cells, kind, (row_place){0, 0}, r);
    if (!n || !room_for(rs, rs->page, n, cells)) return false;
    *at = (row_place){rs->page->id, (uint16_t)page_add(rs->page, r, n)};
    rs->page->ghosts += kind == ROW_GHOST;
    return true;
}

static bool close_lob_page(unit *u, page_buffer *p)
{
    if (!p || !p->id) return true;
    uint8_t *pfs = image_pfs(u->group.image, p->id);
    *pfs = (uint8_t)((*pfs & 0xF8) | fullness_of(p));
    return page_finish(p, u->group.image, 0, 0);
}

bool rowset_next_page(rowset *rs, const cell *cells) { return next_page(rs, rs->page, cells); }

bool rowset_finish(rowset *rs, bool stale)
{
    if (!compressed_finish(rs)) return false;
    if (rs->page->id && !(rs->index_id ? close_leaf(rs, 0) : close_heap_page(rs, rs->page))) return false;
    if (rs->forward && rs->forward->id && !close_heap_page(rs, rs->forward)) return false;
    if (!close_lob_page(&rs->lob, rs->lob_page) || !close_lob_page(&rs->overflow, rs->overflow_page)) return false;
    if (rs->index_id && !tree_finish(rs)) return false;
    if (!rs->index_id) rs->data.root = 0;
    return unit_close(&rs->data, stale ? rs->page : NULL) && unit_close(&rs->lob, NULL) &&
           unit_close(&rs->overflow, NULL);
}
