/* The tables of the database, by the server's own views. */
#include "tds/tds_catalog.h"
#include "tds/tds_column.h"
#include "tds/tds_quote.h"
#include "tds/tds_rows.h"
#include <stdlib.h>

enum { PAGE_BYTES = 8192, TABLES_MAX_BYTES = 64 << 20, COLUMNS_MAX = 30000 };

/* ---- what this version of the server has ---- */

static const struct {
    const char *name;
    tds_feature feature;
} features[] = {{"is_sparse", HAS_SPARSE},
                {"is_column_set", HAS_COLUMN_SET},
                {"encryption_type", HAS_ENCRYPTION},
                {"is_masked", HAS_MASKS},
                {"graph_type", HAS_GRAPHS},
                {"is_memory_optimized", HAS_MEMORY_TABLES},
                {"is_external", HAS_EXTERNAL_TABLES},
                {"data_compression", HAS_COMPRESSION},
                {"has_filter", HAS_FILTERS},
                {"predicate_type", HAS_POLICIES}};

static bool read_features(tds_source *s, tds_link *l, tds_features *out)
{
    static const tds_asked asked[] = {{TEXT, "c.name", "name", HAS_ALWAYS}};
    tds_rows r = {s, l, false};
    *out = (tds_features){0};
    if (!tds_rows_ask(&r, NULL, asked, 1,
                      "FROM sys.all_columns AS c WHERE c.object_id IN (OBJECT_ID(N'sys.columns'), "
                      "OBJECT_ID(N'sys.tables'), OBJECT_ID(N'sys.partitions'), OBJECT_ID(N'sys.indexes'), "
                      "OBJECT_ID(N'sys.security_predicates'))"))
        return false;
    while (tds_rows_next(&r)) {
        const sv name = tds_rows_text(&r, 0);
        for (size_t i = 0; i < sizeof features / sizeof features[0]; i++)
            if (sv_eq(name, sv_from(features[i].name))) out->has[features[i].feature] = true;
    }
    return tds_rows_end(&r);
}

/* ---- tables ---- */

static const char *storage_name(int64_t type)
{
    switch (type) {
    case 0: return "heap";
    case 1: return "clustered";
    case 5: return "clustered columnstore";
    default: return "memory-optimized";
    }
}

static const char *compression_name(int64_t least, int64_t most)
{
    static const char *const names[] = {"none", "row", "page", "columnstore", "columnstore"};
    if (least != most) return "mixed";
    return most >= 0 && most < 5 ? names[most] : "none";
}

static void describe_storage(tds_source *s, table_info *t, int64_t type, int64_t partitions)
{
    const char *name = storage_name(type);
    const bool compressed = !sv_eq(t->compression, SV_LIT("none")) && !sv_eq(t->compression, SV_LIT("columnstore"));
    t->storage =
        arena_printf(s->mem, "%s%s%.*s%s", name, compressed ? ", " : "", compressed ? (int)t->compression.n : 0,
                     t->compression.p, compressed ? " compression" : "");
    if (partitions > 1)
        t->storage = arena_printf(s->mem, "%.*s, %d partitions", (int)t->storage.n, t->storage.p,
                                  partitions > 32000 ? 32000 : (int)partitions);
}

#define OF_ROWS "FROM sys.partitions AS p WHERE p.object_id = t.object_id AND p.index_id IN (0, 1))"
static const tds_asked tables_asked[] = {
    {NUMBER, "t.object_id", "id", HAS_ALWAYS},
    {TEXT, "s.name", "schema_name", HAS_ALWAYS},
    {TEXT, "t.name", "table_name", HAS_ALWAYS},
    {NUMBER, "(SELECT SUM(p.rows) " OF_ROWS, "row_count", HAS_ALWAYS},
    {NUMBER, "(SELECT COUNT(*) " OF_ROWS, "partitions", HAS_ALWAYS},
    {NUMBER,
     "(SELECT SUM(a.total_pages) FROM sys.partitions AS p JOIN sys.allocation_units AS a ON a.container_id = "
     "p.partition_id WHERE p.object_id = t.object_id AND p.index_id IN (0, 1))",
     "pages", HAS_ALWAYS},
    {NUMBER, "(SELECT MIN(i.type) FROM sys.indexes AS i WHERE i.object_id = t.object_id AND i.index_id IN (0, 1))",
     "storage", HAS_ALWAYS},
    {NUMBER, "(SELECT MIN(p.data_compression) " OF_ROWS, "least_compression", HAS_COMPRESSION},
    {NUMBER, "(SELECT MAX(p.data_compression) " OF_ROWS, "most_compression", HAS_COMPRESSION},
    {NUMBER, "t.is_memory_optimized", "memory_optimized", HAS_MEMORY_TABLES},
    {NUMBER, "t.is_external", "is_external", HAS_EXTERNAL_TABLES},
};
#undef OF_ROWS

static tds_built read_table(tds_rows *r)
{
    tds_source *s = r->source;
    tds_built x = {.table = {.id = tds_rows_number(r, 0, 0)}};
    table_info *t = &x.info;
    t->schema = tds_rows_text(r, 1);
    t->name = tds_rows_text(r, 2);
    t->full_name = arena_printf(s->mem, "%.*s.%.*s", (int)t->schema.n, t->schema.p ? t->schema.p : "", (int)t->name.n,
                                t->name.p ? t->name.p : "");
    t->rows_expected = tds_rows_number(r, 3, -1);
    if (t->rows_expected < -1) t->rows_expected = -1;
    const int64_t pages = tds_rows_number(r, 5, 0);
    t->bytes = pages > 0 && pages < INT64_MAX / PAGE_BYTES ? (uint64_t)pages * PAGE_BYTES : 0;
    t->compression = sv_from(compression_name(tds_rows_number(r, 7, 0), tds_rows_number(r, 8, 0)));
    x.table.memory_optimized = tds_rows_number(r, 9, 0) != 0;
    describe_storage(s, t, x.table.memory_optimized ? -1 : tds_rows_number(r, 6, -1), tds_rows_number(r, 4, 1));
    if (tds_rows_number(r, 10, 0)) t->unreadable = SV_LIT("an external table: its rows are on another server");
    t->scan_units = 1;
    const sv schema = tds_quoted(t->schema, s->mem), name = tds_quoted(t->name, s->mem);
    x.table.from =
        arena_printf(s->mem, "%.*s.%.*s", (int)schema.n, schema.p ? schema.p : "", (int)name.n, name.p ? name.p : "");
    return x;
}

static bool read_tables(tds_catalog_build *b)
{
    tds_rows r = {b->s, b->l, false};
    buf list = buf_new(TABLES_MAX_BYTES);
    if (!tds_rows_ask(
            &r, &b->has, tables_asked, sizeof tables_asked / sizeof tables_asked[0],
            "FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id WHERE t.is_ms_shipped = 0"))
        return false;
    while (tds_rows_next(&r)) {
        const tds_built x = read_table(&r);
        buf_add(&list, &x, sizeof x);
    }
    const sv kept = arena_sv(b->s->mem, buf_view(&list));
    b->table = (tds_built *)(void *)(uintptr_t)kept.p;
    b->tables = kept.p ? kept.n / sizeof(tds_built) : 0;
    bool ok = !list.failed && kept.p;
    buf_free(&list);
    if (!ok) find_code(b->s->found, F_OUT_OF_MEMORY, TDS_OUT_OF_MEMORY);
    return tds_rows_end(&r) && ok;
}

static int by_id(const void *a, const void *b)
{
    const int64_t x = ((const tds_built *)a)->table.id, y = ((const tds_built *)b)->table.id;
    return (x > y) - (x < y);
}

static int by_name(const void *a, const void *b)
{
    const table_info *x = &((const tds_built *)a)->info, *y = &((const tds_built *)b)->info;
    const int schema = sv_cmp(x->schema, y->schema);
    return schema ? schema : sv_cmp(x->name, y->name);
}

tds_built *tds_built_of(tds_catalog_build *b, int64_t id)
{
    const tds_built key = {.table = {.id = id}};
    return b->tables ? bsearch(&key, b->table, b->tables, sizeof key, by_id) : NULL;
}

/* ---- columns ---- */

static const tds_asked columns_asked[] = {
    {NUMBER, "c.object_id", "id", HAS_ALWAYS},
    {NUMBER, "c.column_id", "column_id", HAS_ALWAYS},
    {TEXT, "c.name", "name", HAS_ALWAYS},
    {NUMBER, "c.system_type_id", "system_type", HAS_ALWAYS},
    {NUMBER, "c.user_type_id", "user_type", HAS_ALWAYS},
    {NUMBER, "c.max_length", "max_length", HAS_ALWAYS},
    {NUMBER, "c.precision", "precision", HAS_ALWAYS},
    {NUMBER, "c.scale", "scale", HAS_ALWAYS},
    {NUMBER, "c.is_nullable", "nullable", HAS_ALWAYS},
    {NUMBER, "c.is_identity", "is_identity", HAS_ALWAYS},
    {NUMBER, "c.is_computed", "computed", HAS_ALWAYS},
    {NUMBER, "k.is_persisted", "persisted", HAS_ALWAYS},
    {TEXT, "c.collation_name", "collation", HAS_ALWAYS},
    {NUMBER, "COLLATIONPROPERTY(c.collation_name, 'CodePage')", "codepage", HAS_ALWAYS},
    {TEXT, "CASE WHEN y.is_user_defined = 1 THEN SCHEMA_NAME(y.schema_id) END", "type_schema", HAS_ALWAYS},
    {TEXT, "y.name", "type_name", HAS_ALWAYS},
    {NUMBER, "HAS_PERMS_BY_NAME(QUOTENAME(s.name) + N'.' + QUOTENAME(t.name), N'OBJECT', N'SELECT', c.name, N'COLUMN')",
     "may_select", HAS_ALWAYS},
    {NUMBER, "c.is_sparse", "sparse", HAS_SPARSE},
    {NUMBER, "c.is_column_set", "column_set", HAS_COLUMN_SET},
    {NUMBER, "c.encryption_type", "encryption", HAS_ENCRYPTION},
    {NUMBER,
     "CASE WHEN c.is_masked = 1 AND ISNULL(HAS_PERMS_BY_NAME(QUOTENAME(DB_NAME()), 'DATABASE', 'UNMASK'), 0) = 0 THEN "
     "1 "
     "ELSE 0 END",
     "masked", HAS_MASKS},
    {NUMBER, "c.graph_type", "graph", HAS_GRAPHS},
};

static tds_declared read_declared(tds_rows *r)
{
    return (tds_declared){.id = tds_rows_number(r, 1, 0),
                          .name = tds_rows_text(r, 2),
                          .system_type = tds_rows_number(r, 3, 0),
                          .user_type = tds_rows_number(r, 4, 0),
                          .max_length = tds_rows_number(r, 5, 0),
                          .precision = tds_rows_number(r, 6, 0),
                          .scale = tds_rows_number(r, 7, 0),
                          .nullable = tds_rows_number(r, 8, 1) != 0,
                          .identity = tds_rows_number(r, 9, 0) != 0,
                          .computed = tds_rows_number(r, 10, 0) != 0,
                          .persisted = tds_rows_number(r, 11, 0) != 0,
                          .collation = tds_rows_text(r, 12),
                          .codepage = tds_rows_number(r, 13, 0),
                          .type_schema = tds_rows_text(r, 14),
                          .type_name = tds_rows_text(r, 15),
                          .may_select = tds_rows_number(r, 16, 0) == 1,
                          .sparse = tds_rows_number(r, 17, 0) != 0,
                          .column_set = tds_rows_number(r, 18, 0) != 0,
                          .encrypted = tds_rows_number(r, 19, 0) != 0,
                          .hidden_values = tds_rows_number(r, 20, 0) != 0,
                          .graph = tds_rows_number(r, 21, -1) > 0};
}

/* The columns of one table, while their rows come one behind the other. */
typedef struct column_list {
    tds_built *of;
    buf info, plan, id;
    bool failed;
} column_list;

static void *kept(arena *mem, buf *b)
{
    const sv x = b->failed ? (sv){NULL, 0} : arena_sv(mem, buf_view(b));
    buf_clear(b);
    return (void *)(uintptr_t)x.p;
}

static void finish_columns(tds_catalog_build *b, column_list *c)
{
    if (!c->of) return;
    c->of->info.columns = c->info.n / sizeof(column_info);
    c->of->info.column = kept(b->s->mem, &c->info);
    c->of->table.column = kept(b->s->mem, &c->plan);
    c->of->id = kept(b->s->mem, &c->id);
    c->failed |= !c->of->info.column || !c->of->table.column || !c->of->id;
}

/* Computed and not stored, or all the sparse columns once more: left out, as a file does not hold them either. */
static bool is_stored(tds_catalog_build *b, const tds_built *of, const tds_declared *d)
{
    if (!(d->computed && !d->persisted) && !d->column_set) return true;
    finding x = FINDING_OF(F_COLUMN_COMPUTED);
    x.table = of->info.full_name;
    x.column = d->name;
    find_add(b->s->found, &x);
    return false;
}

static void add_column(tds_catalog_build *b, column_list *c, const tds_declared *d)
{
    column_info info;
    tds_column_plan plan;
    if (!is_stored(b, c->of, d)) return;
    if (c->info.n / sizeof info >= COLUMNS_MAX || !tds_column_describe(d, b->s->mem, &info, &plan)) {
        c->failed = true;
        return;
    }
    buf_add(&c->info, &info, sizeof info);
    buf_add(&c->plan, &plan, sizeof plan);
    buf_add(&c->id, &d->id, sizeof d->id);
}

static bool read_columns(tds_catalog_build *b)
{
    const size_t room = COLUMNS_MAX * sizeof(column_info);
    tds_rows r = {b->s, b->l, false};
    column_list c = {.info = buf_new(room), .plan = buf_new(room), .id = buf_new(room)};
    if (!tds_rows_ask(
            &r, &b->has, columns_asked, sizeof columns_asked / sizeof columns_asked[0],
            "FROM sys.columns AS c JOIN sys.tables AS t ON t.object_id = c.object_id JOIN sys.schemas AS s ON "
            "s.schema_id = t.schema_id JOIN sys.types AS y ON y.user_type_id = c.user_type_id LEFT JOIN "
            "sys.computed_columns AS k ON k.object_id = c.object_id AND k.column_id = c.column_id WHERE "
            "t.is_ms_shipped = 0 ORDER BY c.object_id, c.column_id"))
        return false;
    while (!c.failed && tds_rows_next(&r)) {
        tds_built *of = tds_built_of(b, tds_rows_number(&r, 0, 0));
        const tds_declared d = read_declared(&r);
        if (!of) continue; /* made since the tables were listed */
        if (of != c.of) {
            finish_columns(b, &c);
            r.bad |=
                of->info.columns != 0; /* its columns come in two places: what there was is not to be written over */
            c.of = of;
        }
        add_column(b, &c, &d);
    }
    finish_columns(b, &c);
    buf_free(&c.info);
    buf_free(&c.plan);
    buf_free(&c.id);
    if (c.failed) find_code(b->s->found, F_OUT_OF_MEMORY, TDS_OUT_OF_MEMORY);
    return !c.failed && tds_rows_end(&r);
}

/* ---- what the login may not have ---- */

static bool read_policies(tds_catalog_build *b)
{
    static const tds_asked asked[] = {{NUMBER, "p.target_object_id", "id", HAS_ALWAYS}};
    tds_rows r = {b->s, b->l, false};
    if (!b->has.has[HAS_POLICIES]) return true;
    if (!tds_rows_ask(
            &r, &b->has, asked, 1,
            "FROM sys.security_predicates AS p JOIN sys.security_policies AS y ON y.object_id = p.object_id WHERE "
            "y.is_enabled = 1 AND p.predicate_type = 0"))
        return false;
    while (tds_rows_next(&r)) {
        const tds_built *of = tds_built_of(b, tds_rows_number(&r, 0, 0));
        finding x = FINDING_OF(F_TDS_ROWS_HIDDEN);
        if (!of) continue;
        x.table = of->info.full_name;
        find_add(b->s->found, &x);
    }
    return tds_rows_end(&r);
}

/* A table of which no column may be read. */
static void judge_rights(tds_catalog_build *b)
{
    for (size_t i = 0; i < b->tables; i++) {
        table_info *t = &b->table[i].info;
        size_t denied = 0;
        for (size_t k = 0; k < t->columns; k++)
            denied += sv_eq(t->column[k].unreadable, SV_LIT("the login has no right to read it"));
        if (!t->columns || denied < t->columns || t->unreadable.n) continue;
        t->unreadable = SV_LIT("the login has no right to read it");
        finding x = FINDING_OF(F_TDS_TABLE_DENIED);
        x.table = t->full_name;
        x.rows = t->rows_expected > 0 ? (uint64_t)t->rows_expected : 0;
        find_add(b->s->found, &x);
    }
}

/* ---- all of it ---- */

static bool publish(tds_catalog_build *b)
{
    table_info *info = arena_array(b->s->mem, b->tables + 1, sizeof *info);
    tds_table *table = arena_array(b->s->mem, b->tables + 1, sizeof *table);
    if (!info || !table || arena_failed(b->s->mem)) {
        find_code(b->s->found, F_OUT_OF_MEMORY, TDS_OUT_OF_MEMORY);
        return false;
    }
    qsort(b->table, b->tables, sizeof *b->table, by_name);
    for (size_t i = 0; i < b->tables; i++) {
        info[i] = b->table[i].info;
        table[i] = b->table[i].table;
    }
    b->s->catalog = (catalog){info, b->tables};
    b->s->table = table;
    return true;
}

bool tds_read_catalog(tds_source *s, tds_link *l)
{
    tds_catalog_build b = {.s = s, .l = l};
    if (!read_features(s, l, &b.has) || !read_tables(&b)) return false;
    if (b.tables) qsort(b.table, b.tables, sizeof *b.table, by_id);
    if (!read_columns(&b) || !tds_read_keys(&b) || !read_policies(&b)) return false;
    judge_rights(&b);
    return publish(&b);
}
