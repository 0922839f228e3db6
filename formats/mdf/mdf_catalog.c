#include "mdf/mdf_catalog.h"
#include "sqltype/sqltype.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Everything a build needs at hand. `failed` is sticky: out of memory. */
typedef struct build {
    const catalog_rows *c;
    page_store *store;
    arena *mem;
    findings *found;
    mdf_model *m;
    mdf_rowset *rowset; /* m->rowset, being filled */
    size_t rowset_room;
    uint64_t pages_max; /* that the store could hold at all */
    bool failed;
} build;

static void *get(build *b, size_t count, size_t size)
{
    void *p = arena_array(b->mem, count ? count : 1, size);
    if (!p) b->failed = true;
    return p;
}

static void report(build *b, finding_code code, sv table, sv column, const char *a)
{
    finding x = FINDING_OF(code);
    x.table = table;
    x.column = column;
    x.a = sv_from(a);
    find_add(b->found, &x);
}

/* ---- look-ups in the sorted rows: the first row of a key and how many have it ---- */

static const column_row *columns_of(const catalog_rows *c, int32_t object, size_t *n)
{
    size_t lo = 0, hi = c->column.n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (c->column.p[mid].object < object)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (*n = 0; lo + *n < c->column.n && c->column.p[lo + *n].object == object;) (*n)++;
    return c->column.p + lo;
}

static const stored_column *stored_of(const catalog_rows *c, int64_t rowset, size_t *n)
{
    size_t lo = 0, hi = c->stored.n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (c->stored.p[mid].rowset < rowset)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (*n = 0; lo + *n < c->stored.n && c->stored.p[lo + *n].rowset == rowset;) (*n)++;
    return c->stored.p + lo;
}

static const index_row *indexes_of(const catalog_rows *c, int32_t object, size_t *n)
{
    size_t lo = 0, hi = c->index.n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (c->index.p[mid].object < object)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (*n = 0; lo + *n < c->index.n && c->index.p[lo + *n].object == object;) (*n)++;
    return c->index.p + lo;
}

static sv schema_name(const build *b, int32_t id)
{
    for (size_t i = 0; i < b->c->schema.n; i++)
        if (b->c->schema.p[i].id == id) return b->c->schema.p[i].name;
    return id == 1 ? SV_LIT("dbo") : arena_printf(b->mem, "schema_%" PRId32, id);
}

static const type_row *type_by_id(const catalog_rows *c, int32_t id)
{
    for (size_t i = 0; i < c->type.n; i++)
        if (c->type.p[i].id == id) return &c->type.p[i];
    return NULL;
}

/* ---- stored columns ---- */

static bool is_decimal(uint8_t x) { return x == XT_DECIMAL || x == XT_NUMERIC; }
static bool is_scaled_time(uint8_t x) { return x == XT_TIME || x == XT_DATETIME2 || x == XT_DATETIMEOFFSET; }
static bool is_codepage_text(uint8_t x) { return x == XT_CHAR || x == XT_VARCHAR || x == XT_TEXT; }
static bool is_sized(uint8_t x)
{
    return is_codepage_text(x) || x == XT_NCHAR || x == XT_NVARCHAR || x == XT_BINARY || x == XT_VARBINARY ||
           x == XT_UDT;
}

static const codepage *codepage_for(const build *b, uint32_t stored, uint32_t declared)
{
    uint32_t id = stored ? stored : declared;
    return codepage_of(collation_codepage(id ? id : b->c->base.boot.collation));
}

static mdf_column column_from(const build *b, const stored_column *s, const column_row *declared)
{
    mdf_column col = {.xtype = (uint8_t)s->type,
                      .leaf_offset = s->leaf_offset,
                      .null_bit = s->null_bit,
                      .bit_position = s->bit_position,
                      .dropped = (s->id & STORED_DROPPED) != 0 || (s->status & STORED_IS_DROPPED) != 0,
                      .uniquifier = (s->status & STORED_UNIQUIFIER) != 0,
                      .sparse = (s->status & STORED_SPARSE) != 0,
                      .filestream = (s->status & STORED_FILESTREAM) != 0,
                      .internal = (s->id & STORED_INTERNAL) != 0,
                      .hobt_column = s->hobt_column,
                      .column_id = (uint32_t)s->id & STORED_ID,
                      .key_ordinal = s->key_ordinal,
                      .udt = declared ? (uint32_t)declared->utype : 0,
                      .catalog_column = -1};
    unsigned second = s->type >> 8 & 0xFF, third = s->type >> 16 & 0xFF;
    if (is_decimal(col.xtype)) {
        col.precision = (uint8_t)second;
        col.scale = (uint8_t)third;
    } else if (is_scaled_time(col.xtype))
        col.scale = (uint8_t)second;
    else if (is_sized(col.xtype)) {
        col.max_bytes = (uint16_t)(s->type >> 8 & 0xFFFF);
        col.max = col.max_bytes == 0;
    } else if (col.xtype == XT_IMAGE || col.xtype == XT_TEXT || col.xtype == XT_NTEXT || col.xtype == XT_XML ||
               col.xtype == XT_JSON)
        col.max = true;
    if (is_codepage_text(col.xtype)) col.cp = codepage_for(b, s->collation, declared ? declared->collation : 0);
    return col;
}

static int null_bit_order(const void *a, const void *b)
{
    const mdf_column *x = a, *y = b;
    if (x->null_bit != y->null_bit) return (int)x->null_bit - (int)y->null_bit;
    return (x->hobt_column > y->hobt_column) - (x->hobt_column < y->hobt_column);
}

/* Bytes of a sql_variant before its value: base type, version and the type's properties. */
static size_t variant_head(sv v)
{
    if (v.n < 2) return SIZE_MAX;
    uint8_t x = (uint8_t)v.p[0];
    if (is_decimal(x)) return 4;
    if (is_scaled_time(x)) return 3;
    if (x == XT_BINARY || x == XT_VARBINARY) return 4;
    if (is_codepage_text(x) || x == XT_NCHAR || x == XT_NVARCHAR) return 8;
    return 2;
}

/* The value that rows older than the column have: kept apart by a metadata-only ADD COLUMN with a default. */
static void attach_default(const build *b, int64_t rowset, mdf_column *col)
{
    for (size_t i = 0; i < b->c->value.n; i++) {
        const default_row *d = &b->c->value.p[i];
        if (d->rowset != rowset || (uint32_t)d->hobt_column != col->hobt_column) continue;
        size_t head = variant_head(d->value);
        col->has_default = true;
        if (head <= d->value.n && (uint8_t)d->value.p[0] == col->xtype)
            col->default_bytes = (sv){d->value.p + head, d->value.n - head};
    }
}

/* ---- rowsets ---- */

static page_id iam_of(const build *b, int64_t rowset, uint8_t type)
{
    const alloc_unit *u = systabs_unit(&b->c->base, rowset, type);
    return u ? u->iam : (page_id){0, 0};
}

static int declared_order(const void *key, const void *element)
{
    int32_t a = *(const int32_t *)key, b = ((const column_row *)element)->id;
    return (a > b) - (a < b);
}

static const column_row *declared_column(const column_row *declared, size_t n, int32_t id)
{
    return n ? bsearch(&id, declared, n, sizeof *declared, declared_order) : NULL;
}

static void fill_columns(build *b, mdf_rowset *rs, const column_row *declared, size_t n_declared)
{
    size_t n;
    const stored_column *s = stored_of(b->c, rs->id, &n);
    mdf_column *col = get(b, n, sizeof *col);
    if (!col) return;
    for (size_t i = 0; i < n; i++) {
        const column_row *d = declared_column(declared, n_declared, s[i].id & STORED_ID);
        col[i] = column_from(b, &s[i], d);
        /* catalog_column holds the table's column id until the table's columns are known. */
        if (!col[i].dropped && !col[i].internal && !col[i].uniquifier && (s[i].id & STORED_ID) != 0)
            col[i].catalog_column = s[i].id & STORED_ID;
        if (is_decimal(col[i].xtype) && col[i].leaf_offset < 0 && rs->compression == MDF_UNCOMPRESSED)
            rs->vardecimal = true;
        attach_default(b, rs->id, &col[i]);
    }
    qsort(col, n, sizeof *col, null_bit_order);
    rs->column = col;
    rs->columns = n;
}

static mdf_rowset *new_rowset(build *b, const rowset_row *src, size_t table)
{
    if (b->m->rowsets == b->rowset_room) { /* cannot happen: room for every row of sysrowsets */
        b->failed = true;
        return NULL;
    }
    const alloc_unit *in_row = systabs_unit(&b->c->base, src->id, 1);
    mdf_rowset *rs = &b->rowset[b->m->rowsets];
    *rs = (mdf_rowset){.id = src->id,
                       .index = (uint32_t)b->m->rowsets++,
                       .table = (uint32_t)table,
                       .index_id = (uint32_t)src->index,
                       .partition = (uint32_t)src->partition,
                       .compression =
                           src->compression > MDF_COLUMNSTORE ? MDF_COLUMNSTORE : (mdf_compression)src->compression,
                       .rows = src->rows,
                       .iam_in_row = iam_of(b, src->id, 1),
                       .iam_lob = iam_of(b, src->id, 2),
                       .iam_overflow = iam_of(b, src->id, 3),
                       .max_null_bit = src->max_null_bit,
                       .min_leaf = src->min_leaf};
    rs->scan_units = 1;
    if (in_row) {
        /* An estimate: a scan's last unit goes to the end of the page list whatever the number. */
        if (in_row->reserved > 1)
            rs->scan_units = (uint64_t)in_row->reserved < b->pages_max ? (uint64_t)in_row->reserved : b->pages_max;
        rs->unit_in_row = in_row->id;
        rs->root = in_row->root;
        rs->first = in_row->first;
        rs->pages_data = in_row->data;
        rs->pages_used = in_row->used;
    }
    return rs;
}

/* ---- the columns of a table ---- */

typedef struct table_columns {
    column_info *info;
    int32_t *id; /* column id of each */
    size_t n;
} table_columns;

static sqltype type_of(const mdf_column *col)
{
    return (sqltype){.xtype = col->xtype,
                     .precision = col->precision,
                     .scale = col->scale,
                     .max_bytes = col->max_bytes,
                     .udt = col->udt,
                     .cp = col->cp};
}

static void describe(build *b, column_info *info, const mdf_column *col, const column_row *declared)
{
    sqltype t = type_of(col);
    *info = (column_info){.type = sqltype_column_type(&t),
                          .precision = col->precision,
                          .scale = col->scale,
                          .max_bytes = col->max ? -1 : col->max_bytes,
                          .codepage = col->cp ? codepage_number(col->cp) : 0,
                          .sparse = col->sparse,
                          .nullable = true};
    info->type_name = sqltype_name(&t, info->max_bytes, b->mem);
    if (declared) {
        info->name = declared->name;
        info->collation = declared->collation;
        info->nullable = !(declared->status & COLUMN_NOT_NULL);
        info->identity = (declared->status & COLUMN_IDENTITY) != 0;
        info->computed = (declared->status & COLUMN_COMPUTED) != 0;
        const type_row *alias = declared->utype > 256 ? type_by_id(b->c, declared->utype) : NULL;
        if (alias && col->xtype != XT_UDT) {
            sv schema = schema_name(b, alias->schema);
            info->alias = arena_printf(b->mem, "%.*s.%.*s", (int)schema.n, schema.p, (int)alias->name.n, alias->name.p);
        }
    }
    if (col->filestream)
        info->unreadable = SV_LIT("FILESTREAM: its values lie outside the data pages");
    else if (declared && declared->xtype != col->xtype && (col->xtype == XT_VARBINARY || col->xtype == XT_BINARY))
        info->unreadable = SV_LIT("Always Encrypted: only a client with the column's key can read it");
    else if (is_codepage_text(col->xtype) && !col->cp)
        info->unreadable =
            arena_printf(b->mem, "its collation (0x%08" PRIX32 ") has no code page that chartferry knows",
                         declared ? declared->collation : 0);
}

static void add_declared(build *b, bool has_parts, sv table, const column_row *d, const mdf_column *sample,
                         table_columns *out)
{
    column_info *info = &out->info[out->n];
    if (sample)
        describe(b, info, sample, d);
    else if (d->status & (COLUMN_COMPUTED | COLUMN_SET)) {
        report(b, F_COLUMN_COMPUTED, table, d->name, NULL);
        return;
    } else if (has_parts) {
        *info = (column_info){.name = d->name, .type = T_UNKNOWN, .type_name = SV_LIT("unknown"), .nullable = true};
        info->unreadable = SV_LIT("the catalog does not say where it is stored");
    } else
        return;
    out->id[out->n++] = d->id;
}

/* A column that is stored and has no name: a page of syscolpars is lost. Its values are as good as any. */
static void add_nameless(build *b, const mdf_column *col, table_columns *out)
{
    describe(b, &out->info[out->n], col, NULL);
    out->info[out->n].name = arena_printf(b->mem, "column_%" PRId32, col->catalog_column);
    out->id[out->n++] = col->catalog_column;
}

typedef struct column_place {
    int32_t id;
    int32_t at; /* position among the table's columns */
} column_place;

static int place_order(const void *a, const void *b)
{
    int32_t x = ((const column_place *)a)->id, y = ((const column_place *)b)->id;
    return (x > y) - (x < y);
}

/* From column ids to positions, both ways. */
static void connect(build *b, mdf_table *t, const table_columns *cols)
{
    int32_t *column_of = get(b, cols->n * t->parts, sizeof *column_of);
    column_place *place = get(b, cols->n, sizeof *place);
    if (b->failed) return;
    for (size_t i = 0; i < cols->n; i++) place[i] = (column_place){cols->id[i], (int32_t)i};
    qsort(place, cols->n, sizeof *place, place_order);
    for (size_t i = 0; i < cols->n * t->parts; i++) column_of[i] = -1;
    for (size_t p = 0; p < t->parts; p++) {
        mdf_column *stored = (mdf_column *)t->part[p]->column; /* this build made it */
        for (size_t s = 0; s < t->part[p]->columns; s++) {
            column_place key = {.id = stored[s].catalog_column};
            const column_place *at = cols->n ? bsearch(&key, place, cols->n, sizeof key, place_order) : NULL;
            stored[s].catalog_column = at ? at->at : -1;
            if (at) column_of[p * cols->n + (size_t)at->at] = (int32_t)s;
        }
    }
    t->column_of = column_of;
}

static void fill_table_columns(build *b, mdf_table *t, table_info *info, const column_row *declared, size_t n)
{
    size_t first = t->parts ? t->part[0]->columns : 0;
    table_columns cols = {.info = get(b, n + first, sizeof(column_info)), .id = get(b, n + first, sizeof(int32_t))};
    const mdf_column **sample = get(b, n, sizeof *sample);
    if (b->failed) return;
    for (size_t p = 0; p < t->parts; p++)
        for (size_t i = 0; i < t->part[p]->columns; i++) {
            const mdf_column *col = &t->part[p]->column[i];
            const column_row *d = declared_column(declared, n, col->catalog_column);
            if (d) sample[d - declared] = col;
        }
    for (size_t i = 0; i < n; i++) add_declared(b, t->parts > 0, info->full_name, &declared[i], sample[i], &cols);
    for (size_t i = 0; i < first; i++) {
        const mdf_column *col = &t->part[0]->column[i];
        if (col->catalog_column > 0 && !declared_column(declared, n, col->catalog_column)) add_nameless(b, col, &cols);
    }
    connect(b, t, &cols);
    info->column = cols.info;
    info->columns = cols.n;
}

/* ---- keys ---- */

static const index_column_row *index_columns_of(const catalog_rows *c, int32_t object, int32_t index, size_t *n)
{
    size_t lo = 0, hi = c->index_column.n;
    const index_column_row *p = c->index_column.p;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (p[mid].object < object || (p[mid].object == object && p[mid].index < index))
            lo = mid + 1;
        else
            hi = mid;
    }
    for (*n = 0; lo + *n < c->index_column.n && p[lo + *n].object == object && p[lo + *n].index == index;) (*n)++;
    return p + lo;
}

/* Position of a column id among the table's columns; -1 when it is not shown. */
static int column_position(const build *b, const table_info *info, int32_t object, int32_t id)
{
    size_t n;
    const column_row *all = columns_of(b->c, object, &n), *d = declared_column(all, n, id);
    for (size_t i = 0; d && i < info->columns; i++)
        if (info->column[i].name.p == d->name.p) return (int)i;
    return -1;
}

static bool add_key(build *b, const index_row *x, const table_info *info, key_info *out)
{
    size_t n;
    const index_column_row *ic = index_columns_of(b->c, x->object, x->id, &n);
    uint16_t *column = get(b, n, sizeof *column);
    if (!column) return false;
    *out =
        (key_info){.name = x->name, .kind = x->status & INDEX_PRIMARY_KEY ? KEY_PRIMARY : KEY_UNIQUE, .column = column};
    for (size_t i = 0; i < n; i++) {
        int at = column_position(b, info, x->object, ic[i].column);
        if (at < 0) return false;
        column[out->columns++] = (uint16_t)at;
    }
    return out->columns > 0;
}

static void fill_keys(build *b, int32_t object, table_info *info)
{
    size_t n;
    const index_row *x = indexes_of(b->c, object, &n);
    key_info *key = get(b, n, sizeof *key);
    if (!key) return;
    for (size_t i = 0; i < n; i++)
        if (x[i].id > 0 && x[i].status & (INDEX_PRIMARY_KEY | INDEX_UNIQUE | INDEX_UNIQUE_CONSTRAINT))
            info->keys += add_key(b, &x[i], info, &key[info->keys]);
    info->key = key;
}

/* ---- what a table is and whether it can be read ---- */

static bool has_index_type(const catalog_rows *c, int32_t object, uint8_t type)
{
    size_t n;
    const index_row *x = indexes_of(c, object, &n);
    for (size_t i = 0; i < n; i++)
        if (x[i].type == type) return true;
    return false;
}

enum { INDEX_CLUSTERED_COLUMNSTORE = 5, INDEX_HASH = 7, ROWSET_MEMORY_OPTIMIZED = 0x100 };

static sv why_unreadable(const build *b, const mdf_table *t, uint32_t rowset_status)
{
    if (rowset_status & ROWSET_MEMORY_OPTIMIZED || has_index_type(b->c, t->object_id, INDEX_HASH))
        return SV_LIT("a memory-optimized table: its rows are not in the data pages");
    if (t->parts == 0)
        return SV_LIT(
            "the catalog names no pages for it (a memory-optimized or external table, or catalog rows are lost)");
    for (size_t p = 0; p < t->parts; p++)
        if (t->part[p]->compression == MDF_COLUMNSTORE)
            return SV_LIT("a columnstore table: chartferry does not read this storage");
    if (has_index_type(b->c, t->object_id, INDEX_CLUSTERED_COLUMNSTORE))
        return SV_LIT("a columnstore table: chartferry does not read this storage");
    if (t->part[0]->columns == 0) return SV_LIT("the catalog does not say how its rows are laid out");
    return (sv){NULL, 0};
}

static sv compression_word(const mdf_table *t)
{
    static const char *const words[] = {"none", "row", "page", "columnstore"};
    for (size_t p = 1; p < t->parts; p++)
        if (t->part[p]->compression != t->part[0]->compression) return SV_LIT("mixed");
    return sv_from(words[t->parts ? t->part[0]->compression : MDF_UNCOMPRESSED]);
}

static void describe_storage(build *b, const mdf_table *t, table_info *info)
{
    info->compression = compression_word(t);
    bool compressed = !sv_eq(info->compression, SV_LIT("none"));
    char parts[48] = "";
    if (t->parts > 1) snprintf(parts, sizeof parts, ", %zu partitions", t->parts);
    info->storage = arena_printf(b->mem, "%s%s%s%s%s",
                                 t->parts == 0          ? "unknown"
                                 : t->part[0]->index_id ? "clustered"
                                                        : "heap",
                                 compressed ? ", " : "", compressed ? info->compression.p : "",
                                 compressed ? " compression" : "", parts);
    buf note = buf_new(1000);
    if (compressed && info->unreadable.n == 0) buf_str(&note, "row or page compression, ");
    bool vardecimal = false, sparse = false;
    for (size_t p = 0; p < t->parts; p++) {
        vardecimal |= t->part[p]->vardecimal;
        for (size_t i = 0; i < t->part[p]->columns; i++) sparse |= t->part[p]->column[i].sparse;
    }
    if (vardecimal) buf_str(&note, "vardecimal storage, ");
    if (sparse) buf_str(&note, "sparse columns, ");
    for (size_t i = 0; i < info->columns; i++) {
        column_type type = info->column[i].type;
        if (type == T_XML || type == T_HIERARCHYID || type == T_SPATIAL) {
            buf_str(&note, "xml, hierarchyid or spatial columns, ");
            break;
        }
    }
    info->unproven = note.n > 2;
    if (info->unproven) info->unproven_note = arena_sv(b->mem, (sv){note.p, note.n - 2});
    buf_free(&note);
}

/* ---- one table ---- */

static void fill_sizes(const build *b, const mdf_table *t, table_info *info)
{
    info->rows_expected = t->parts ? 0 : -1;
    for (size_t p = 0; p < t->parts; p++) {
        size_t n;
        const alloc_unit *u = systabs_units(&b->c->base, t->part[p]->id, &n);
        for (size_t i = 0; i < n; i++)
            if (u[i].used > 0) info->bytes += (uint64_t)u[i].used * PAGE_BYTES;
        info->scan_units += t->part[p]->scan_units;
        if (t->part[p]->rows < 0)
            info->rows_expected = -1;
        else if (info->rows_expected >= 0)
            info->rows_expected += t->part[p]->rows;
    }
}

/* Of the nonclustered indexes with an entry for every row, the one with the fewest pages: an independent count of the rows. */
static void fill_counting_index(build *b, mdf_table *t, const table_info *info, const rowset_row *rows, size_t n,
                                size_t table)
{
    int32_t best = 0;
    int64_t best_pages = INT64_MAX;
    for (size_t i = 0; i < n;) {
        int32_t index = rows[i].index;
        int64_t entries = 0, pages = 0;
        for (; i < n && rows[i].index == index; i++) {
            const alloc_unit *u = systabs_unit(&b->c->base, rows[i].id, 1);
            entries += rows[i].rows;
            pages += u ? u->used : 0;
        }
        if (index > 1 && entries == info->rows_expected && entries > 0 && pages < best_pages) {
            best = index;
            best_pages = pages;
        }
    }
    if (best == 0) return;
    const mdf_rowset **list = get(b, n, sizeof *list);
    if (!list) return;
    for (size_t i = 0; i < n; i++)
        if (rows[i].index == best) list[t->indexes++] = new_rowset(b, &rows[i], table);
    t->index = list;
}

static void build_table(build *b, const object_row *o, sv schema, mdf_table *t, table_info *info, size_t at)
{
    size_t n, declared;
    const rowset_row *rows = systabs_rowsets(&b->c->base, o->id, &n);
    const column_row *column = columns_of(b->c, o->id, &declared);
    uint32_t rowset_status = 0;
    *t = (mdf_table){.object_id = o->id};
    *info = (table_info){.schema = schema, .name = o->name};
    info->full_name = arena_printf(b->mem, "%.*s.%.*s", (int)info->schema.n, info->schema.p, (int)o->name.n, o->name.p);
    const mdf_rowset **part = get(b, n, sizeof *part);
    if (!part) return;
    for (size_t i = 0; i < n && !b->failed; i++) {
        if (rows[i].index > 1) continue;
        mdf_rowset *rs = new_rowset(b, &rows[i], at);
        if (!rs) return;
        rowset_status |= rows[i].status;
        fill_columns(b, rs, column, declared);
        part[t->parts++] = rs;
    }
    t->part = part;
    fill_table_columns(b, t, info, column, declared);
    if (b->failed) return;
    fill_keys(b, o->id, info);
    fill_sizes(b, t, info);
    info->unreadable = why_unreadable(b, t, rowset_status);
    if (info->unreadable.n == 0) fill_counting_index(b, t, info, rows, n, at);
    describe_storage(b, t, info);
}

/* ---- the whole ---- */

typedef struct named_object {
    const object_row *o;
    sv schema;
} named_object;

static int by_name(const void *a, const void *b)
{
    const named_object *x = a, *y = b;
    int c = sv_cmp(x->schema, y->schema);
    if (c == 0) c = sv_cmp(x->o->name, y->o->name);
    return c ? c : (x->o->id > y->o->id) - (x->o->id < y->o->id);
}

static void fill_files(build *b)
{
    const catalog_rows *c = b->c;
    database_file_info *file = get(b, c->file.n, sizeof *file);
    if (!file) return;
    for (size_t i = 0; i < c->file.n; i++) {
        const file_row *f = &c->file.p[i];
        file[i] = (database_file_info){.id = (unsigned)f->id, .name = f->name, .path = f->path, .log = f->kind == 1};
        file[i].bytes = f->pages > 0 ? (uint64_t)f->pages * PAGE_BYTES : 0;
        for (size_t g = 0; g < c->group.n; g++)
            if (c->group.p[g].id == f->filegroup) file[i].filegroup = c->group.p[g].name;
        if (!file[i].log) b->m->data_bytes += file[i].bytes;
    }
    b->m->file = file;
    b->m->files = c->file.n;
}

static void fill_tables(build *b)
{
    const catalog_rows *c = b->c;
    size_t n = c->object.n;
    named_object *order = get(b, n, sizeof *order);
    table_info *info = get(b, n, sizeof *info);
    mdf_table *table = get(b, n, sizeof *table);
    b->rowset_room = c->base.rowsets;
    b->rowset = get(b, b->rowset_room, sizeof *b->rowset);
    if (b->failed) return;
    for (size_t i = 0; i < n; i++) order[i] = (named_object){&c->object.p[i], schema_name(b, c->object.p[i].schema)};
    qsort(order, n, sizeof *order, by_name);
    for (size_t i = 0; i < n && !b->failed; i++) build_table(b, order[i].o, order[i].schema, &table[i], &info[i], i);
    b->m->info = info;
    b->m->table = table;
    b->m->tables = n;
    b->m->rowset = b->rowset;
}

status catalog_build(const catalog_rows *c, page_store *store, arena *mem, findings *found, mdf_model *out)
{
    build b = {.c = c, .store = store, .mem = mem, .found = found, .m = out};
    for (size_t i = 0; i < store->ops->files(store); i++)
        b.pages_max += (uint64_t)store->ops->extents(store, store->ops->file_id(store, i)) * EXTENT_PAGES;
    *out = (mdf_model){.version = c->base.boot.version,
                       .created_version = c->base.boot.created_version,
                       .compatibility_level = c->base.boot.compatibility_level,
                       .name = c->base.boot.name,
                       .collation = c->base.boot.collation,
                       .cp = codepage_of(collation_codepage(c->base.boot.collation))};
    fill_tables(&b);
    if (!b.failed) fill_files(&b);
    if (!b.failed) return ST_OK;
    find_code(found, F_OUT_OF_MEMORY, "reading the catalog");
    return ST_FATAL;
}
