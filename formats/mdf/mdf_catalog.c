#include "mdf/mdf_build.h"
#include "sqltype/sqltype.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void *array_of(build *b, arena *from, size_t count, size_t size)
{
    void *p = arena_array(from, count ? count : 1, size);
    if (!p) b->failed = true;
    return p;
}

void *build_array(build *b, size_t count, size_t size) { return array_of(b, b->mem, count, size); }
void *build_scratch(build *b, size_t count, size_t size) { return array_of(b, b->scratch, count, size); }

/* ---- look-ups in the sorted rows ---- */

static int column_object_order(const void *key, const void *element)
{
    int32_t a = *(const int32_t *)key, b = ((const column_row *)element)->object;
    return (a > b) - (a < b);
}

const column_row *build_columns_of(const build *b, int32_t object, size_t *n)
{
    return sorted_range(b->c->column.p, b->c->column.n, sizeof(column_row), &object, column_object_order, n);
}

static int column_id_order(const void *key, const void *element)
{
    int32_t a = *(const int32_t *)key, b = ((const column_row *)element)->id;
    return (a > b) - (a < b);
}

const column_row *build_column(const column_row *declared, size_t n, int32_t id)
{
    return n ? bsearch(&id, declared, n, sizeof *declared, column_id_order) : NULL;
}

static int index_object_order(const void *key, const void *element)
{
    int32_t a = *(const int32_t *)key, b = ((const index_row *)element)->object;
    return (a > b) - (a < b);
}

const index_row *build_indexes_of(const build *b, int32_t object, size_t *n)
{
    return sorted_range(b->c->index.p, b->c->index.n, sizeof(index_row), &object, index_object_order, n);
}

sv build_schema_name(const build *b, int32_t id)
{
    for (size_t i = 0; i < b->c->schema.n; i++)
        if (b->c->schema.p[i].id == id) return b->c->schema.p[i].name;
    return id == 1 ? SV_LIT("dbo") : arena_printf(b->mem, "schema_%" PRId32, id);
}

/* ---- rowsets ---- */

static page_id iam_of(const build *b, int64_t rowset, uint8_t type)
{
    const alloc_unit *u = systabs_unit(&b->c->base, rowset, type);
    return u ? u->iam : (page_id){0, 0};
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
        rs->unplaced = in_row->unplaced;
        rs->root = in_row->root;
        rs->first = in_row->first;
        rs->pages_data = in_row->data;
        rs->pages_used = in_row->used;
    }
    return rs;
}

/* ---- what a table is and whether it can be read ---- */

static bool has_index_type(const build *b, int32_t object, uint8_t type)
{
    size_t n;
    const index_row *x = build_indexes_of(b, object, &n);
    for (size_t i = 0; i < n; i++)
        if (x[i].type == type) return true;
    return false;
}

static bool is_partitioned(const build *b, int32_t object)
{
    size_t n;
    const index_row *x = build_indexes_of(b, object, &n);
    for (size_t i = 0; i < n; i++)
        if (x[i].id <= 1 && x[i].partitioned) return true;
    return false;
}

enum { INDEX_CLUSTERED_COLUMNSTORE = 5, INDEX_HASH = 7, ROWSET_MEMORY_OPTIMIZED = 0x100 };

static sv why_unreadable(const build *b, const mdf_table *t, uint32_t rowset_status)
{
    if (rowset_status & ROWSET_MEMORY_OPTIMIZED || has_index_type(b, t->object_id, INDEX_HASH))
        return SV_LIT("a memory-optimized table: its rows are not in the data pages");
    if (t->parts == 0)
        return SV_LIT(
            "the catalog names no pages for it (a memory-optimized or external table, or catalog rows are lost)");
    for (size_t p = 0; p < t->parts; p++)
        if (t->part[p]->compression == MDF_COLUMNSTORE)
            return SV_LIT("a columnstore table: chartferry does not read this storage");
    if (has_index_type(b, t->object_id, INDEX_CLUSTERED_COLUMNSTORE))
        return SV_LIT("a columnstore table: chartferry does not read this storage");
    if (t->part[0]->columns == 0) return SV_LIT("the catalog does not say how its rows are laid out");
    for (size_t p = 0; p < t->parts; p++)
        if (t->part[p]->form_lost) return SV_LIT("the catalog no longer says whether its rows are compressed");
    return (sv){NULL, 0};
}

static sv compression_word(const mdf_table *t)
{
    static const char *const words[] = {"none", "row", "page", "columnstore"};
    for (size_t p = 1; p < t->parts; p++)
        if (t->part[p]->compression != t->part[0]->compression) return SV_LIT("mixed");
    return sv_from(words[t->parts ? t->part[0]->compression : MDF_UNCOMPRESSED]);
}

/* Types whose compressed form a real file has shown: int, date, datetime2, money, nvarchar. */
static bool compressed_form_seen(const mdf_column *c)
{
    return c->xtype == XT_INT || c->xtype == XT_DATE || c->xtype == XT_DATETIME2 || c->xtype == XT_MONEY ||
           (c->xtype == XT_NVARCHAR && !c->max);
}

/* Columns that a compressed record needs no cluster lengths for; more were in no real file. */
enum { COLUMNS_OF_A_CLUSTER = 30 };

static void note_compression(const mdf_table *t, buf *note)
{
    bool page = false, other = false;
    for (size_t p = 0; p < t->parts; p++) {
        const mdf_rowset *rs = t->part[p];
        page |= rs->compression == MDF_PAGE_COMPRESSED;
        if (rs->compression != MDF_ROW_COMPRESSED) continue;
        other |= rs->columns > COLUMNS_OF_A_CLUSTER;
        for (size_t i = 0; i < rs->columns; i++) other |= !compressed_form_seen(&rs->column[i]);
    }
    if (page) buf_str(note, "page compression, ");
    if (other) buf_str(note, "row compression of some of its types, ");
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
    if (compressed && info->unreadable.n == 0) note_compression(t, &note);
    bool vardecimal = false, sparse = false;
    for (size_t p = 0; p < t->parts; p++) {
        vardecimal |= t->part[p]->vardecimal;
        for (size_t i = 0; i < t->part[p]->columns; i++) sparse |= t->part[p]->column[i].sparse;
    }
    if (vardecimal) buf_str(&note, "vardecimal storage, ");
    if (sparse) buf_str(&note, "sparse columns, ");
    bool hierarchy = false, spatial = false;
    for (size_t i = 0; i < info->columns; i++) {
        hierarchy |= info->column[i].type == T_HIERARCHYID;
        spatial |= info->column[i].type == T_SPATIAL;
    }
    if (hierarchy) buf_str(&note, "hierarchyid columns, ");
    if (spatial) buf_str(&note, "geometry or geography other than points, ");
    info->unproven = note.n > 2;
    if (info->unproven) info->unproven_note = arena_sv(b->mem, (sv){note.p, note.n - 2});
    buf_free(&note);
}

/* ---- one table ---- */

static void report(build *b, finding_code code, sv table)
{
    finding x = FINDING_OF(code);
    x.table = table;
    find_add(b->found, &x);
}

/* Databases that came from SQL Server 2000 can have negative counts (the manual of DBCC UPDATEUSAGE says so). One beyond what the pages
 * of a data file have slots for (2^32 pages, 2^12 slots) would be told as so many rows lost. */
static void settle_count(build *b, mdf_rowset *rs, sv table)
{
    static const int64_t rows_max = INT64_C(1) << 44;
    if (rs->rows >= 0 && rs->rows <= rows_max) return;
    char rows[24];
    snprintf(rows, sizeof rows, "%" PRId64, rs->rows);
    finding x = FINDING_OF(F_ROW_COUNT_WRONG);
    x.table = table;
    x.a = sv_from(rows);
    find_add(b->found, &x);
    rs->rows = -1;
}

static void fill_sizes(const build *b, const mdf_table *t, table_info *info)
{
    info->rows_expected = t->parts ? 0 : -1;
    for (size_t p = 0; p < t->parts; p++) {
        size_t n;
        const alloc_unit *u = systabs_units(&b->c->base, t->part[p]->id, &n);
        for (size_t i = 0; i < n; i++)
            if (u[i].used > 0) info->bytes += (uint64_t)u[i].used * PAGE_BYTES;
        info->scan_units += t->part[p]->scan_units;
        info->rows_expected = mdf_counts_added(info->rows_expected, t->part[p]->rows);
    }
}

/* The index of a key has an entry for every row; another one may be filtered. */
static bool is_of_constraint(const build *b, int32_t object, int32_t index)
{
    size_t n;
    const index_row *x = build_indexes_of(b, object, &n);
    for (size_t i = 0; i < n; i++)
        if (x[i].id == index) return (x[i].status & (INDEX_PRIMARY_KEY | INDEX_UNIQUE_CONSTRAINT)) != 0;
    return false;
}

/* Of the nonclustered indexes with an entry for every row, the one with the fewest pages: an independent count of the
 * rows. */
static void fill_counting_index(build *b, mdf_table *t, const table_info *info, const rowset_row *rows, size_t n,
                                size_t table)
{
    const bool unknown = info->rows_expected < 0;
    int32_t best = 0;
    int64_t best_pages = INT64_MAX;
    for (size_t i = 0; i < n;) {
        int32_t index = rows[i].index;
        int64_t entries = 0, pages = 0;
        for (; i < n && rows[i].index == index; i++) {
            const alloc_unit *u = systabs_unit(&b->c->base, rows[i].id, 1);
            entries = mdf_counts_added(entries, rows[i].rows);
            pages = mdf_counts_added(pages, u ? u->used : 0);
        }
        const bool whole =
            unknown ? is_of_constraint(b, t->object_id, index) : entries == info->rows_expected && entries > 0;
        if (index > 1 && whole && pages >= 0 && pages < best_pages) {
            best = index;
            best_pages = pages;
        }
    }
    if (best == 0) return;
    const mdf_rowset **list = build_array(b, n, sizeof *list);
    if (!list) return;
    for (size_t i = 0; i < n; i++)
        if (rows[i].index == best) list[t->indexes++] = new_rowset(b, &rows[i], table);
    t->index = list;
}

typedef struct named_object {
    const object_row *o;
    sv schema, name;
    bool made_up; /* one of the two is not in the catalog */
} named_object;

/* A rowset whose row is lost: a type of fixed length tells by its place whether records are compressed, since those have
 * all columns among the variable ones. How many rows it has is not known. */
static void settle_form(build *b, mdf_rowset *rs, sv table)
{
    bool fixed = false, moved = false;
    for (size_t i = 0; i < rs->columns; i++) {
        const mdf_column *c = &rs->column[i];
        if (c->sparse || c->uniquifier || !build_has_fixed_place(c)) continue;
        fixed |= c->leaf_offset > 0;
        moved |= c->leaf_offset < 0;
    }
    rs->form_lost = fixed == moved;
    if (moved && !fixed) rs->compression = MDF_PAGE_COMPRESSED; /* pages that are not say so themselves */
    report(b, F_ROWSET_LOST, table);
}

static void build_table(build *b, const named_object *named, mdf_table *t, table_info *info, size_t at)
{
    size_t n, declared;
    const object_row *o = named->o;
    const sv schema = named->schema, name = named->name;
    const rowset_row *rows = systabs_rowsets(&b->c->base, o->id, &n);
    const column_row *column = build_columns_of(b, o->id, &declared);
    uint32_t rowset_status = 0;
    *t = (mdf_table){.object_id = o->id};
    *info = (table_info){.schema = schema, .name = name};
    info->full_name = arena_printf(b->mem, "%.*s.%.*s", (int)schema.n, schema.p, (int)name.n, name.p);
    if (named->made_up) report(b, F_TABLE_NAMELESS, info->full_name);
    if (o->of_index) report(b, F_TABLE_OF_INDEX, info->full_name);
    const mdf_rowset **part = build_array(b, n, sizeof *part);
    if (!part) return;
    for (size_t i = 0; i < n && !b->failed; i++) {
        if (rows[i].index > 1) continue;
        mdf_rowset *rs = new_rowset(b, &rows[i], at);
        if (!rs) return;
        rowset_status |= rows[i].status;
        build_rowset_columns(b, rs, column, declared);
        if (rows[i].rebuilt)
            settle_form(b, rs, info->full_name);
        else
            settle_count(b, rs, info->full_name);
        part[t->parts++] = rs;
    }
    t->part = part;
    arena_reset(b->scratch);
    build_table_columns(b, t, info, column, declared);
    if (b->failed) return;
    build_keys(b, o->id, info);
    fill_sizes(b, t, info);
    if (b->c->base.damaged && is_partitioned(b, o->id)) {
        info->rows_expected = -1; /* a part may be among the rows of sysrowsets that are lost */
        report(b, F_ROWSET_LOST, info->full_name);
    }
    info->unreadable = why_unreadable(b, t, rowset_status);
    if (info->unreadable.n == 0) fill_counting_index(b, t, info, rows, n, at);
    describe_storage(b, t, info);
}

/* ---- the whole ---- */

static bool has_schema(const build *b, int32_t id)
{
    for (size_t i = 0; i < b->c->schema.n; i++)
        if (b->c->schema.p[i].id == id) return true;
    return id == 1; /* dbo */
}

static named_object name_of(const build *b, const object_row *o)
{
    named_object x = {o, build_schema_name(b, o->schema), o->name, o->name.n == 0 || !has_schema(b, o->schema)};
    if (x.name.n == 0) x.name = arena_printf(b->mem, "object_%" PRId32, o->id);
    return x;
}

static int by_name(const void *a, const void *b)
{
    const named_object *x = a, *y = b;
    int c = sv_cmp(x->schema, y->schema);
    if (c == 0) c = sv_cmp(x->name, y->name);
    return c ? c : (x->o->id > y->o->id) - (x->o->id < y->o->id);
}

static void fill_files(build *b)
{
    const catalog_rows *c = b->c;
    database_file_info *file = build_array(b, c->file.n, sizeof *file);
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
    named_object *order = build_array(b, n, sizeof *order);
    table_info *info = build_array(b, n, sizeof *info);
    mdf_table *table = build_array(b, n, sizeof *table);
    b->rowset_room = c->base.rowsets;
    b->rowset = build_array(b, b->rowset_room, sizeof *b->rowset);
    if (b->failed) return;
    for (size_t i = 0; i < n; i++) order[i] = name_of(b, &c->object.p[i]);
    qsort(order, n, sizeof *order, by_name);
    for (size_t i = 0; i < n && !b->failed; i++) build_table(b, &order[i], &table[i], &info[i], i);
    b->m->info = info;
    b->m->table = table;
    b->m->tables = n;
    b->m->rowset = b->rowset;
}

status catalog_build(const catalog_rows *c, page_store *store, arena *mem, findings *found, mdf_model *out)
{
    build b = {.c = c, .store = store, .mem = mem, .scratch = arena_new(0), .found = found, .m = out};
    b.failed = b.scratch == NULL;
    for (size_t i = 0; i < store->ops->files(store); i++)
        b.pages_max += (uint64_t)store->ops->extents(store, store->ops->file_id(store, i)) * EXTENT_PAGES;
    *out = (mdf_model){.version = c->base.boot.version,
                       .created_version = c->base.boot.created_version,
                       .compatibility_level = c->base.boot.compatibility_level,
                       .name = c->base.boot.name,
                       .collation = c->base.boot.collation,
                       .cp = codepage_of(collation_codepage(c->base.boot.collation))};
    if (!b.failed) fill_tables(&b);
    arena_free(b.scratch);
    if (!b.failed) fill_files(&b);
    if (!b.failed && !arena_failed(mem)) return ST_OK; /* a name can be what found no room */
    find_code(found, F_OUT_OF_MEMORY, "reading the catalog");
    return ST_FATAL;
}
