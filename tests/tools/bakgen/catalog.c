#include "catalog.h"
#include <stdlib.h>

enum { CATALOG_BYTES_MAX = 1 << 28, CELL_HEAD = 5 };

static bool within(unsigned version, unsigned since, unsigned until)
{
    return version >= since && (until == 0 || version <= until);
}

static bool set_rowset(base_rows *b, unsigned version, fault *f)
{
    const base_table *t = b->table;
    int32_t id = t->id;
    bool heap = id == BASE_FILES1;
    bool old = id == BASE_RSCOLS || id == BASE_ROWSETS || id == BASE_ALLOCUNITS || heap || id == BASE_ROWSETCOLUMNS ||
               id == BASE_HOBTCOLUMNS || id == BASE_HOBTS;
    b->rs.object = id;
    b->rs.index_id = heap ? 0 : 1;
    b->rs.id = (int64_t)id << 16 | (int64_t)(old ? 0 : 1) << 48;
    b->rs.status = version == VERSION_2005 ? (heap ? 0 : 4) : heap ? 512 : 516;
    b->rs.column = calloc(t->columns, sizeof *b->rs.column);
    if (!b->rs.column) return fail(f, "out of memory");
    b->rs.columns = 0;
    for (size_t i = 0; i < t->columns; i++) {
        if (!within(version, t->column[i].since, t->column[i].until)) continue;
        rowset_column *c = &b->rs.column[b->rs.columns];
        if (!sql_type_parse(t->column[i].type, &c->type)) return fail(f, "base table %s is wrong", t->name);
        bool catalog_text = c->type.cls == TC_TEXT;
        if (catalog_text) c->type.collation = COLLATION_CATALOG;
        c->not_null = t->column[i].not_null;
        c->key = t->column[i].key;
        c->column_id = (uint32_t)++b->rs.columns;
        c->source = b->rs.columns - 1;
    }
    return rowset_layout(&b->rs, f);
}

bool catalog_open(catalog *c, unsigned version, fault *f)
{
    memset(c, 0, sizeof *c);
    c->f = f;
    c->version = version;
    for (size_t i = 0; i < BASE_TABLES; i++) {
        if (!within(version, BASE_TABLE[i].since, BASE_TABLE[i].until)) continue;
        base_rows *b = &c->base[c->bases++];
        b->table = &BASE_TABLE[i];
        b->bytes = buf_new(CATALOG_BYTES_MAX);
        if (!set_rowset(b, version, f)) return false;
    }
    return true;
}

void catalog_close(catalog *c)
{
    for (size_t i = 0; i < c->bases; i++) {
        rowset_free(&c->base[i].rs);
        buf_free(&c->base[i].bytes);
        free(c->base[i].start);
    }
}

base_rows *catalog_base(catalog *c, int32_t id)
{
    for (size_t i = 0; i < c->bases; i++)
        if (c->base[i].table->id == id) return &c->base[i];
    return NULL;
}

void catalog_forget(base_rows *b)
{
    buf_clear(&b->bytes);
    b->rows = 0;
}

/* ---- rows ---- */

void row_begin(catalog *c, int32_t base)
{
    base_rows *b = catalog_base(c, base);
    c->open = b;
    if (!b) return;
    b->cells = b->kept = 0;
    if (b->rows == b->room) {
        size_t room = b->room ? b->room * 2 : 64;
        size_t *start = realloc(b->start, room * sizeof *start);
        if (!start) {
            fail(c->f, "out of memory");
            return;
        }
        b->start = start;
        b->room = room;
    }
    b->start[b->rows] = b->bytes.n;
}

static void put_cell(catalog *c, bool null, const void *p, size_t n)
{
    uint8_t head[CELL_HEAD] = {null};
    base_rows *b = c->open;
    if (!b || b->cells == b->table->columns) return;
    const base_column *k = &b->table->column[b->cells++];
    if (!within(c->version, k->since, k->until)) return;
    b->kept++;
    put32(head + 1, n);
    buf_add(&c->open->bytes, head, sizeof head);
    if (n) buf_add(&c->open->bytes, p, n);
}

static const sql_type *cell_type(const catalog *c)
{
    static const sql_type NONE = {.fixed = 8};
    const base_rows *b = c->open;
    return b ? &b->rs.column[b->kept < b->rs.columns ? b->kept : 0].type : &NONE;
}

void row_int(catalog *c, int64_t v)
{
    uint8_t bytes[8];
    put64(bytes, (uint64_t)v);
    const sql_type *t = cell_type(c);
    put_cell(c, false, bytes, t->fixed > 8 ? 8 : t->fixed);
}

void row_text(catalog *c, const char *utf8)
{
    const sql_type *t = cell_type(c);
    buf wide = buf_new(CATALOG_BYTES_MAX);
    bool two = t->cls == TC_UTEXT;
    for (const char *p = utf8; *p;) {
        uint8_t bytes[4];
        unsigned n = put_character(bytes, next_character(&p));
        buf_add(&wide, bytes, two ? n : 1);
    }
    while (wide.n < t->fixed && !wide.failed) {
        buf_char(&wide, ' ');
        if (two) buf_char(&wide, 0);
    }
    put_cell(c, false, wide.p, wide.n);
    if (wide.failed) fail(c->f, "out of memory");
    buf_free(&wide);
}

void row_bytes(catalog *c, const void *p, size_t n) { put_cell(c, false, p, n); }

void row_zero(catalog *c, unsigned columns)
{
    static const uint8_t ZERO[64] = {0};
    for (; columns; columns--) put_cell(c, false, ZERO, cell_type(c)->fixed);
}

void row_null(catalog *c, unsigned columns)
{
    for (; columns; columns--) put_cell(c, true, NULL, 0);
}

void row_date(catalog *c)
{
    uint8_t moment[8];
    put32(moment, 300 * 3600 * 9);
    put32(moment + 4, 43500); /* 2019-02-06 */
    put_cell(c, false, moment, sizeof moment);
}

bool row_end(catalog *c)
{
    base_rows *b = c->open;
    if (!b) return !c->f->set;
    if (b->cells != b->table->columns) return fail(c->f, "a row of %s has %zu cells", b->table->name, b->cells);
    b->rows++;
    return !c->f->set && (!b->bytes.failed || fail(c->f, "out of memory for the catalog"));
}

uint64_t catalog_bytes(const catalog *c)
{
    uint64_t n = 0;
    for (size_t i = 0; i < c->bases; i++) n += c->base[i].bytes.n + c->base[i].rows * 16;
    return n;
}

/* ---- writing ---- */

static void read_cells(const base_rows *b, size_t row, cell *out)
{
    const uint8_t *p = (const uint8_t *)b->bytes.p + b->start[row];
    for (size_t i = 0; i < b->rs.columns; i++) {
        size_t n = (size_t)get_n(p + 1, 4);
        out[i] = (cell){p + CELL_HEAD, n, p[0] != 0};
        p += CELL_HEAD + n;
    }
}

static int compare_integers(const cell *a, const cell *b)
{
    if (a->n == 1) return (a->p[0] > b->p[0]) - (a->p[0] < b->p[0]);
    unsigned shift = 64 - 8 * (unsigned)a->n;
    int64_t x = (int64_t)(get_n(a->p, (unsigned)a->n) << shift), y = (int64_t)(get_n(b->p, (unsigned)b->n) << shift);
    return (x > y) - (x < y);
}

static int compare_rows(const base_rows *b, size_t x, size_t y)
{
    cell left[64], right[64];
    read_cells(b, x, left);
    read_cells(b, y, right);
    for (unsigned k = 1; k <= b->rs.keys; k++)
        for (size_t i = 0; i < b->rs.columns; i++) {
            if (b->rs.column[i].key != k) continue;
            int order = compare_integers(&left[i], &right[i]);
            if (order) return order;
        }
    return 0;
}

/* Bottom-up merge sort of row numbers: needs the table, which qsort cannot hand on. */
static bool sort_rows(const base_rows *b, size_t *order, size_t *spare)
{
    size_t n = b->rows;
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t lo = 0; lo < n; lo += 2 * width) {
            size_t mid = lo + width < n ? lo + width : n, hi = lo + 2 * width < n ? lo + 2 * width : n;
            for (size_t i = lo, j = mid, k = lo; k < hi; k++) {
                bool left = i < mid && (j >= hi || compare_rows(b, order[i], order[j]) <= 0);
                spare[k] = left ? order[i++] : order[j++];
            }
        }
        memcpy(order, spare, n * sizeof *order);
    }
    return true;
}

static bool write_rows(base_rows *b, const size_t *order)
{
    for (size_t i = 0; i < b->rows; i++) {
        cell cells[64];
        row_place at;
        read_cells(b, order[i], cells);
        if (!rowset_add(&b->rs, cells, ROW_PLAIN, &at)) return false;
    }
    return rowset_finish(&b->rs, false);
}

bool catalog_write(base_rows *b, const filegroup *group, uint32_t *blob)
{
    int64_t lob = b->rs.has_lob ? (int64_t)255 << 48 | (int64_t)b->table->id << 16 : 0;
    int64_t auid[3] = {b->rs.id, 0, lob};
    size_t *order = calloc(b->rows + 1, 2 * sizeof *order);
    if (!order) return fail(group->image->f, "out of memory");
    for (size_t i = 0; i < b->rows; i++) order[i] = i;
    bool ok = sort_rows(b, order, order + b->rows + 1);
    ok = ok && rowset_start(&b->rs, group, auid, blob) && write_rows(b, order);
    free(order);
    return ok;
}
