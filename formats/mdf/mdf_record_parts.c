#include "mdf/mdf_record_parts.h"
#include <limits.h>

enum { SPARSE_VECTOR_ID = 5, SPARSE_HEADER_BYTES = 4, SPARSE_COMPLEX = 0x8000 };

unsigned record_offset(const uint8_t *page, unsigned limit, uint16_t slot)
{
    if (slot >= page_slots(page)) return UINT_MAX;
    const unsigned offset = page_slot_offset(page, slot);
    if (offset == 0) return 0;
    return offset < PAGE_HEADER_BYTES || limit < 4 || offset > limit - 4 ? UINT_MAX : offset;
}

static record_state cd_state(const uint8_t *record)
{
    if (!cd_is(record)) return RECORD_BAD;
    switch (cd_type_of(record)) {
    case CD_PRIMARY:
    case CD_FORWARDED: return RECORD_LIVE;
    case CD_INDEX: return RECORD_BAD;
    default: return RECORD_NONE;
    }
}

record_state record_state_at(const uint8_t *record, bool compressed)
{
    if (compressed) return cd_state(record);
    if (record[0] & 1) return RECORD_BAD;
    switch (record[0] >> 1 & 7) {
    case RECORD_PRIMARY: return RECORD_LIVE;
    case RECORD_FORWARDED: return record[1] & 1 ? RECORD_NONE : RECORD_LIVE;
    case RECORD_INDEX:
    case RECORD_LOB: return RECORD_BAD;
    default: return RECORD_NONE;
    }
}

static unsigned sparse_end(const sparse_vector *v, unsigned i)
{
    return le16(v->p + SPARSE_HEADER_BYTES + 2 * ((size_t)v->columns + i)) & (SPARSE_COMPLEX - 1u);
}

/* id, count, column ids, end offsets from the vector's start, data: all of it must fit and fill the n bytes. */
static bool sparse_vector_read(sv in, sparse_vector *out)
{
    const uint8_t *p = (const uint8_t *)in.p;
    if (in.n < SPARSE_HEADER_BYTES || le16(p) != SPARSE_VECTOR_ID) return false;
    const sparse_vector v = {p, le16(p + 2)};
    size_t before = SPARSE_HEADER_BYTES + 4 * (size_t)v.columns;
    if (before > in.n) return false;
    for (unsigned i = 0; i < v.columns; i++) {
        if (sparse_end(&v, i) < before) return false;
        before = sparse_end(&v, i);
    }
    if (before != in.n) return false;
    *out = v;
    return true;
}

/* It is the row's last variable column but for a forwarded record's back pointer, which the parser has taken off. */
sparse_state sparse_vector_take(fixedvar *r, unsigned declared, sparse_vector *out)
{
    sv last;
    bool complex;
    *out = (sparse_vector){NULL, 0};
    if (r->variable == 0 || !fixedvar_variable(r, r->variable - 1u, &last, &complex) || !complex) return SPARSE_ABSENT;
    /* The place behind the table's own columns is the vector's. Elsewhere a LOB root may stand: it never begins like one. */
    const bool here = r->variable > declared || (last.n >= 2 && le16((const uint8_t *)last.p) == SPARSE_VECTOR_ID);
    if (!here) return SPARSE_ABSENT;
    r->variable--;
    return sparse_vector_read(last, out) ? SPARSE_WHOLE : SPARSE_BROKEN;
}

unsigned declared_variables(const mdf_rowset *rs)
{
    unsigned n = 0;
    for (size_t i = 0; i < rs->columns; i++)
        if (!rs->column[i].sparse && rs->column[i].leaf_offset < 0 && (unsigned)-rs->column[i].leaf_offset > n)
            n = (unsigned)-rs->column[i].leaf_offset;
    return n;
}

bool sparse_vector_find(const sparse_vector *v, uint32_t column_id, sv *out, bool *complex)
{
    if (!v->p) return false;
    const uint8_t *ids = v->p + SPARSE_HEADER_BYTES;
    for (unsigned i = 0; i < v->columns; i++) {
        if (le16(ids + 2 * (size_t)i) != column_id) continue;
        const unsigned start = i ? sparse_end(v, i - 1) : SPARSE_HEADER_BYTES + 4 * v->columns;
        *complex = (le16(ids + 2 * ((size_t)v->columns + i)) & SPARSE_COMPLEX) != 0;
        *out = (sv){(const char *)v->p + start, sparse_end(v, i) - start};
        return true;
    }
    return false;
}

static bool stored_in_fixedvar(const mdf_rowset *rs, const mdf_column *c, const uint8_t *page, unsigned offset, sv *out,
                               bool *complex)
{
    fixedvar r;
    if (!fixedvar_parse(page, offset, &r)) return false;
    if (c->sparse) {
        sparse_vector v;
        return sparse_vector_take(&r, declared_variables(rs), &v) == SPARSE_WHOLE &&
               sparse_vector_find(&v, c->column_id, out, complex);
    }
    return c->leaf_offset < 0 && fixedvar_variable(&r, (unsigned)(-c->leaf_offset - 1), out, complex);
}

static bool stored_in_cd(const mdf_column *c, const uint8_t *page, unsigned offset, unsigned limit, arena *mem, sv *out,
                         bool *complex)
{
    const unsigned cells = c->null_bit;
    cd_cell *cell = arena_array(mem, cells, sizeof *cell);
    cd_page shared = {.anchor = arena_array(mem, cells, sizeof *cell), .anchor_room = cells};
    cd_record r;
    if (cells == 0 || !cell || !shared.anchor || cd_page_read(page, &shared)) return false;
    if (!cd_parse(page + offset, limit - offset, cell, cells, &r) || r.columns < cells) return false;
    const cd_cell *k = &cell[cells - 1];
    *complex = k->kind == CD_COMPLEX;
    if (*complex) {
        *out = (sv){(const char *)k->p, k->n};
        return true;
    }
    return (k->kind == CD_BYTES || k->kind == CD_SYMBOL) && cd_value(&shared, cells - 1, k, mem, out);
}

bool record_stored(const mdf_rowset *rs, uint16_t position, const uint8_t *page, uint16_t slot, arena *mem, sv *out,
                   bool *complex)
{
    if (position >= rs->columns) return false;
    const unsigned limit = page_record_limit(page);
    const unsigned offset = record_offset(page, limit, slot);
    if (offset == 0 || offset == UINT_MAX) return false;
    if (record_state_at(page + offset, rowset_compressed(rs)) != RECORD_LIVE) return false;
    const mdf_column *c = &rs->column[position];
    if (rowset_compressed(rs)) return stored_in_cd(c, page, offset, limit, mem, out, complex);
    return stored_in_fixedvar(rs, c, page, offset, out, complex);
}
