#include "mdf/mdf_record.h"
#include "mdf/mdf_record_cell.h"
#include "mdf/mdf_record_parts.h"
#include <limits.h>
#include <stdlib.h>

/* What is done for one wanted column: decided once, so that the loop over rows only branches on it. Those before
 * OP_VARIABLE read `size` bytes at `offset` of the fixed part. */
typedef enum op_kind {
    OP_U8,
    OP_I16,
    OP_I32,
    OP_I64,
    OP_BIT,
    OP_REAL,
    OP_FLOAT,
    OP_DATE,
    OP_FIXED,
    OP_VARIABLE,
    OP_SPARSE,
    OP_ABSENT, /* this partition never stored the column */
    OP_UNSUPPORTED,
    OP_MISPLACED /* the catalog's place for the column cannot be */
} op_kind;

typedef struct column_op {
    uint8_t kind; /* op_kind */
    uint8_t bit;  /* mask */
    uint16_t offset, size;
    uint16_t null_bit;
    uint16_t ordinal; /* of variable columns */
    cell_column column;
    sv unsupported; /* why */
} column_op;

static const char not_described[] = "the catalog's rows about some of its columns are lost";

struct record_decoder {
    const mdf_rowset *rs;
    bool compressed;
    bool sparse;        /* some wanted column is */
    unsigned variables; /* variable columns of the table */
    column_op *op;
    size_t ops;
    unsigned described; /* columns of which all are described: columns_described */
    cell_context x;
    const uint8_t *page;
    unsigned limit; /* page_record_limit */
    cd_cell *cell;  /* of the current compressed record, by null bit */
    unsigned cells;
    cd_page shared;
};

/* ---- making a decoder ---- */

static op_kind fixed_kind(uint8_t xtype)
{
    switch (xtype) {
    case XT_TINYINT: return OP_U8;
    case XT_SMALLINT: return OP_I16;
    case XT_INT: return OP_I32;
    case XT_BIGINT: return OP_I64;
    case XT_BIT: return OP_BIT;
    case XT_REAL: return OP_REAL;
    case XT_FLOAT: return OP_FLOAT;
    case XT_DATE: return OP_DATE;
    default: return OP_FIXED;
    }
}

static void place_column(column_op *o, const mdf_column *c, bool compressed)
{
    o->null_bit = c->null_bit;
    o->bit = (uint8_t)(1u << (c->bit_position & 7));
    if (compressed) {
        o->kind = c->null_bit ? OP_VARIABLE : OP_MISPLACED;
    } else if (c->sparse) {
        o->kind = OP_SPARSE;
        o->null_bit = 0;
    } else if (c->leaf_offset < 0) {
        o->kind = OP_VARIABLE;
        o->ordinal = (uint16_t)(-c->leaf_offset - 1);
    } else {
        const unsigned size = sqltype_fixed_bytes(&o->column.type);
        const bool fits = c->leaf_offset >= 4 && size > 0 && size < PAGE_BYTES;
        o->kind = fits ? (uint8_t)fixed_kind(c->xtype) : OP_MISPLACED;
        o->offset = (uint16_t)c->leaf_offset;
        o->size = (uint16_t)(fits ? size : 0);
    }
}

static sv unsupported_column(const mdf_model *m, const mdf_rowset *rs, const mdf_column *c)
{
    if (c->filestream) return SV_LIT("its values are FILESTREAM data, which lie outside the database's pages");
    if (c->catalog_column < 0 || rs->table >= m->tables || !m->info) return (sv){NULL, 0};
    const table_info *t = &m->info[rs->table];
    return (size_t)c->catalog_column < t->columns ? t->column[c->catalog_column].unreadable : (sv){NULL, 0};
}

static void op_init(column_op *o, const mdf_model *m, const mdf_rowset *rs, int32_t position)
{
    *o = (column_op){.kind = OP_ABSENT};
    if (position < 0 || (size_t)position >= rs->columns) return;
    const mdf_column *c = &rs->column[position];
    cell_column_init(&o->column, m, rs, (uint16_t)position);
    place_column(o, c, rowset_compressed(rs));
    o->unsupported = unsupported_column(m, rs, c);
    if (o->unsupported.n) o->kind = OP_UNSUPPORTED;
}

static bool cells_init(record_decoder *d)
{
    for (size_t i = 0; i < d->ops; i++)
        if (d->op[i].null_bit > d->cells) d->cells = d->op[i].null_bit;
    d->cell = calloc(d->cells + 1u, sizeof *d->cell);
    d->shared.anchor = calloc(d->cells + 1u, sizeof *d->cell);
    d->shared.anchor_room = d->cells;
    return d->cell && d->shared.anchor;
}

/* How many columns a record may have that all are described: more than these would be left out of the row in silence. */
static unsigned columns_described(const mdf_rowset *rs)
{
    unsigned n = 0;
    if (!rs->columns_lost) return UINT_MAX;
    for (size_t i = 0; i < rs->columns; i++)
        if (rs->column[i].null_bit == n + 1) n++;
    return n;
}

record_decoder *record_decoder_new(const mdf_model *m, const mdf_rowset *rs, const int32_t *wanted, size_t n,
                                   lob_reader *lobs, bool no_lobs_inline, findings *found, sv table)
{
    record_decoder *d = calloc(1, sizeof *d);
    if (!d) return NULL;
    d->rs = rs;
    d->compressed = rowset_compressed(rs);
    d->described = columns_described(rs);
    d->ops = n;
    d->op = calloc(n + 1, sizeof *d->op);
    d->x = (cell_context){.lobs = lobs,
                          .found = found,
                          .table = table,
                          .rowset = rs->index,
                          .no_lobs_inline = no_lobs_inline,
                          .text = buf_new(0)};
    for (size_t i = 0; d->op && i < n; i++) {
        op_init(&d->op[i], m, rs, wanted[i]);
        d->sparse |= d->op[i].kind == OP_SPARSE;
    }
    if (d->sparse) d->variables = declared_variables(rs);
    if (d->op && (!d->compressed || cells_init(d))) return d;
    record_decoder_free(d);
    return NULL;
}

void record_decoder_free(record_decoder *d)
{
    if (!d) return;
    buf_free(&d->x.text);
    free(d->shared.anchor);
    free(d->cell);
    free(d->op);
    free(d);
}

/* ---- pages and slots ---- */

status record_decoder_page(record_decoder *d, page_id id, const uint8_t *page)
{
    d->page = page;
    d->x.page = id;
    d->limit = page_record_limit(page);
    const char *why = d->limit == 0 ? "its slot count is impossible" : NULL;
    if (!why && d->compressed) why = cd_page_read(page, &d->shared);
    if (!why) return ST_OK;
    finding f = FINDING_OF(F_COMPRESSION_INFO);
    if (d->limit == 0) f.code = F_RECORD_BROKEN;
    f.table = d->x.table;
    f.file_id = id.file;
    f.page = id.page;
    f.a = sv_from(why);
    find_add(d->x.found, &f);
    d->limit = 0;
    return ST_ROW_LOST;
}

record_state record_decoder_state(record_decoder *d, uint16_t slot)
{
    const unsigned offset = record_offset(d->page, d->limit, slot);
    if (offset == 0) return RECORD_NONE;
    return offset == UINT_MAX ? RECORD_BAD : record_state_at(d->page + offset, d->compressed);
}

static status row_lost(record_decoder *d, const char *why)
{
    finding f = FINDING_OF(F_RECORD_BROKEN);
    f.table = d->x.table;
    f.file_id = d->x.page.file;
    f.page = d->x.page.page;
    f.slot = d->x.slot;
    f.a = sv_from(why);
    f.rows = 1;
    find_add(d->x.found, &f);
    return ST_ROW_LOST;
}

/* ---- values ---- */

static void unsupported(record_decoder *d, const column_op *o, value *v)
{
    finding f = FINDING_OF(F_COLUMN_UNSUPPORTED);
    f.table = d->x.table;
    f.column = o->column.name;
    f.file_id = d->x.page.file;
    f.page = d->x.page.page;
    f.slot = d->x.slot;
    f.a = o->unsupported;
    find_add(d->x.found, &f);
    *v = (value){.kind = V_UNREADABLE, .as.why = F_COLUMN_UNSUPPORTED};
    ++*d->x.bad;
}

/* The value that rows older than the column have: NULL, or the default that was given with ADD COLUMN. */
static void older_than_column(record_decoder *d, const column_op *o, arena *mem, value *v)
{
    const mdf_column *c = o->column.column;
    v->kind = V_NULL;
    if (c->default_lost)
        cell_unreadable(&d->x, &o->column, F_CELL_BROKEN, "the row is older than the column and its default is lost",
                        v);
    else if (c->has_default)
        cell_in_row(&d->x, &o->column, c->default_bytes, mem, v);
}

static void bytes_cell(record_decoder *d, const column_op *o, sv in, bool complex, arena *mem, value *v)
{
    if (complex)
        cell_off_row(&d->x, &o->column, in, mem, v);
    else
        cell_in_row(&d->x, &o->column, in, mem, v);
}

/* Fixed-length value at p, which has o->size bytes. */
static void fixed_cell(record_decoder *d, const column_op *o, const uint8_t *p, arena *mem, value *v)
{
    uint32_t bits32;
    uint64_t bits64;
    float real;
    switch ((op_kind)o->kind) {
    case OP_U8: *v = (value){.kind = V_INT, .as.integer = p[0]}; return;
    case OP_I16: *v = (value){.kind = V_INT, .as.integer = (int16_t)le16(p)}; return;
    case OP_I32: *v = (value){.kind = V_INT, .as.integer = (int32_t)le32(p)}; return;
    case OP_I64: *v = (value){.kind = V_INT, .as.integer = (int64_t)le64(p)}; return;
    case OP_BIT: *v = (value){.kind = V_BOOL, .as.integer = (p[0] & o->bit) != 0}; return;
    case OP_REAL:
        bits32 = le32(p);
        memcpy(&real, &bits32, sizeof real);
        *v = (value){.kind = V_REAL32, .as.real = (double)real};
        return;
    case OP_FLOAT:
        bits64 = le64(p);
        v->kind = V_REAL;
        memcpy(&v->as.real, &bits64, sizeof v->as.real);
        return;
    case OP_DATE:
        v->kind = V_DATE;
        v->as.when = (date_time){.days = (int32_t)(le16(p) | (uint32_t)p[2] << 16)};
        if (v->as.when.days > DATE_DAYS_MAX) cell_unreadable(&d->x, &o->column, F_CELL_BROKEN, "it is no date", v);
        return;
    default: cell_in_row(&d->x, &o->column, (sv){(const char *)p, o->size}, mem, v); return;
    }
}

/* ---- uncompressed ---- */

static void sparse_cell(record_decoder *d, const column_op *o, const sparse_vector *vector, sparse_state state,
                        arena *mem, value *v)
{
    sv in;
    bool complex;
    v->kind = V_NULL;
    if (state == SPARSE_BROKEN)
        cell_unreadable(&d->x, &o->column, F_CELL_BROKEN, "the row's list of sparse values is damaged", v);
    else if (sparse_vector_find(vector, o->column.column->column_id, &in, &complex))
        bytes_cell(d, o, in, complex, mem, v);
}

static void variable_cell(record_decoder *d, const column_op *o, const fixedvar *r, arena *mem, value *v)
{
    sv in;
    bool complex;
    if (fixedvar_variable(r, o->ordinal, &in, &complex))
        bytes_cell(d, o, in, complex, mem, v);
    else
        cell_unreadable(&d->x, &o->column, F_CELL_BROKEN, "it does not lie within its row", v);
}

static void fixed_part_cell(record_decoder *d, const column_op *o, const fixedvar *r, arena *mem, value *v)
{
    if ((unsigned)o->offset + o->size <= r->fixed_end)
        fixed_cell(d, o, r->p + o->offset, mem, v);
    else if (o->offset >= r->fixed_end)
        older_than_column(d, o, mem, v);
    else
        cell_unreadable(&d->x, &o->column, F_CELL_BROKEN, "it does not lie within its row", v);
}

static status fixedvar_row(record_decoder *d, unsigned offset, arena *mem, value *cell)
{
    fixedvar r;
    sparse_vector vector = {NULL, 0};
    if (!fixedvar_parse(d->page, offset, &r)) return row_lost(d, "its parts do not fit into it");
    if (r.columns > d->described) return row_lost(d, not_described);
    const sparse_state state = d->sparse ? sparse_vector_take(&r, d->variables, &vector) : SPARSE_ABSENT;
    for (size_t i = 0; i < d->ops; i++) {
        const column_op *o = &d->op[i];
        value *v = &cell[i];
        if (fixedvar_is_null(&r, o->null_bit)) {
            v->kind = V_NULL;
        } else if (fixedvar_lacks(&r, o->null_bit)) {
            older_than_column(d, o, mem, v);
        } else if (o->kind < OP_VARIABLE) {
            fixed_part_cell(d, o, &r, mem, v);
        } else {
            switch ((op_kind)o->kind) {
            case OP_VARIABLE: variable_cell(d, o, &r, mem, v); break;
            case OP_SPARSE: sparse_cell(d, o, &vector, state, mem, v); break;
            case OP_UNSUPPORTED: unsupported(d, o, v); break;
            case OP_MISPLACED:
                cell_unreadable(&d->x, &o->column, F_CELL_BROKEN, "the catalog gives no possible place for it", v);
                break;
            default: v->kind = V_NULL; break;
            }
        }
    }
    return ST_OK;
}

/* ---- compressed ---- */

static void compressed_bit(record_decoder *d, const column_op *o, const cd_cell *k, value *v)
{
    *v = (value){.kind = V_BOOL, .as.integer = k->kind == CD_TRUE};
    if (k->kind != CD_TRUE && (k->kind != CD_BYTES || k->n != 0))
        cell_unreadable(&d->x, &o->column, F_CELL_BROKEN, "it is no bit", v);
}

static void compressed_cell(record_decoder *d, const column_op *o, const cd_cell *k, arena *mem, value *v)
{
    sv in;
    if (o->column.column->xtype == XT_BIT)
        compressed_bit(d, o, k, v);
    else if (k->kind == CD_COMPLEX)
        cell_off_row(&d->x, &o->column, (sv){(const char *)k->p, k->n}, mem, v);
    else if (k->kind == CD_TRUE || !cd_value(&d->shared, o->null_bit - 1u, k, mem, &in))
        cell_unreadable(&d->x, &o->column, F_CELL_BROKEN, "its compressed form contradicts its page", v);
    else
        cell_compressed(&d->x, &o->column, in, mem, v);
}

static status compressed_row(record_decoder *d, unsigned offset, arena *mem, value *cell)
{
    cd_record r;
    if (!cd_parse(d->page + offset, d->limit - offset, d->cell, d->cells, &r))
        return row_lost(d, "the parts of its compressed form do not fit into it");
    if (r.columns > d->described) return row_lost(d, not_described);
    for (size_t i = 0; i < d->ops; i++) {
        const column_op *o = &d->op[i];
        value *v = &cell[i];
        if (o->kind == OP_ABSENT)
            v->kind = V_NULL;
        else if (o->kind == OP_MISPLACED || o->null_bit == 0)
            cell_unreadable(&d->x, &o->column, F_CELL_BROKEN, "the catalog gives no possible place for it", v);
        else if (o->null_bit > r.columns)
            older_than_column(d, o, mem, v);
        else if (d->cell[o->null_bit - 1].kind == CD_NULL)
            v->kind = V_NULL;
        else if (o->kind == OP_UNSUPPORTED)
            unsupported(d, o, v);
        else
            compressed_cell(d, o, &d->cell[o->null_bit - 1], mem, v);
    }
    return ST_OK;
}

status record_decoder_row(record_decoder *d, uint16_t slot, arena *mem, value *cell, uint64_t *cells_bad)
{
    d->x.slot = slot;
    d->x.bad = cells_bad;
    const unsigned offset = record_offset(d->page, d->limit, slot);
    if (offset == 0 || offset == UINT_MAX) return row_lost(d, "its slot points outside the page's rows");
    if (record_state_at(d->page + offset, d->compressed) != RECORD_LIVE)
        return row_lost(d, "its first byte is not that of a row");
    return d->compressed ? compressed_row(d, offset, mem, cell) : fixedvar_row(d, offset, mem, cell);
}
