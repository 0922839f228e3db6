/* The tables of the database, by the server's own views. */
#include "tds/tds_catalog.h"
#include "tds/tds_column.h"
#include "tds/tds_quote.h"
#include "tds/tds_rows.h"
#include <stdlib.h>

enum { PAGE_BYTES = 8192, SQL_MAX = 1 << 16, TABLES_MAX_BYTES = 64 << 20, COLUMNS_MAX = 30000 };

/* ---- what this version of the server has ---- */

static const char features_sql[] = "SELECT " TEXT(
    "c.name") " AS name FROM sys.all_columns AS c WHERE c.object_id IN (OBJECT_ID(N'sys.columns'), "
              "OBJECT_ID(N'sys.tables'), OBJECT_ID(N'sys.partitions'), OBJECT_ID(N'sys.indexes')) UNION ALL "
              "SELECT " TEXT(
                  "o.name") " AS name FROM sys.all_objects AS o WHERE o.schema_id = SCHEMA_ID(N'sys') AND o.name = "
                            "N'security_predicates'";

static const struct {
    const char *name;
    size_t at;
} features[] = {
    {"is_sparse", offsetof(tds_features, sparse)},           {"is_column_set", offsetof(tds_features, column_set)},
    {"encryption_type", offsetof(tds_features, encryption)}, {"is_masked", offsetof(tds_features, masked)},
    {"graph_type", offsetof(tds_features, graph)},           {"is_memory_optimized", offsetof(tds_features, memory)},
    {"is_external", offsetof(tds_features, external)},       {"data_compression", offsetof(tds_features, compression)},
    {"has_filter", offsetof(tds_features, filter)},          {"security_predicates", offsetof(tds_features, policies)}};

static bool read_features(tds_source *s, tds_link *l, tds_features *out)
{
    tds_rows r = {s, l, false};
    *out = (tds_features){0};
    if (!tds_rows_ask(&r, features_sql, 1)) return false;
    while (tds_rows_next(&r)) {
        const sv name = tds_rows_text(&r, 0);
        for (size_t i = 0; i < sizeof features / sizeof features[0]; i++)
            if (sv_eq(name, sv_from(features[i].name))) *(bool *)((char *)out + features[i].at) = true;
    }
    return tds_rows_end(&r);
}

/* A part of a statement that only newer servers understand, or what stands for it. */
static const char *if_has(bool has, const char *text, const char *other) { return has ? text : other; }

static bool ask(tds_rows *r, buf *sql, size_t columns)
{
    buf_char(sql, '\0');
    bool ok = !sql->failed;
    if (!ok) find_code(r->source->found, F_OUT_OF_MEMORY, TDS_OUT_OF_MEMORY);
    ok = ok && tds_rows_ask(r, sql->p, columns);
    buf_free(sql);
    return ok;
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

static bool ask_tables(tds_rows *r, const tds_features *has)
{
#define OF_ROWS "WHERE p.object_id = t.object_id AND p.index_id IN (0, 1)"
    buf b = buf_new(SQL_MAX);
    buf_str(
        &b,
        "SELECT " NUMBER("t.object_id") " AS id, " TEXT("s.name") " AS schema_name, " TEXT(
            "t.name") " AS table_name, " NUMBER("(SELECT SUM(p.rows) FROM sys.partitions AS p " OF_ROWS
                                                ")") " AS row_count, " NUMBER("(SELECT COUNT(*) FROM sys.partitions AS "
                                                                              "p " OF_ROWS
                                                                              ")") " AS partitions, " NUMBER("(SELECT "
                                                                                                             "SUM(a."
                                                                                                             "total_"
                                                                                                             "pages) "
                                                                                                             "FROM "
                                                                                                             "sys."
                                                                                                             "partition"
                                                                                                             "s AS p "
                                                                                                             "JOIN "
                                                                                                             "sys."
                                                                                                             "allocatio"
                                                                                                             "n_units "
                                                                                                             "AS a ON "
                                                                                                             "a."
                                                                                                             "container"
                                                                                                             "_id = "
                                                                                                             "p."
                                                                                                             "partition"
                                                                                                             "_id"
                                                                                                             " " OF_ROWS
                                                                                                             ")") " AS "
                                                                                                                  "page"
                                                                                                                  "s,"
                                                                                                                  " " NUMBER("(SELECT MIN(i.type) FROM sys.indexes AS i WHERE i.object_id = t.object_id AND i.index_id IN "
                                                                                                                             "(0, 1))") " AS storage, ");
    buf_str(&b,
            if_has(has->compression,
                   NUMBER("(SELECT MIN(p.data_compression) FROM sys.partitions AS p " OF_ROWS
                          ")") " AS least_compression, " NUMBER("(SELECT MAX(p.data_compression) FROM sys.partitions "
                                                                "AS p " OF_ROWS ")") " AS most_compression, ",
                   NUMBER("0") " AS least_compression, " NUMBER("0") " AS most_compression, "));
    buf_str(&b, if_has(has->memory, NUMBER("t.is_memory_optimized"), NUMBER("0")));
    buf_str(&b, " AS memory_optimized, ");
    buf_str(&b, if_has(has->external, NUMBER("t.is_external"), NUMBER("0")));
    buf_str(&b, " AS is_external FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id WHERE "
                "t.is_ms_shipped = 0");
    return ask(r, &b, 11);
#undef OF_ROWS
}

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
    if (!ask_tables(&r, &b->has)) return false;
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

static bool ask_columns(tds_rows *r, const tds_features *has)
{
    buf b = buf_new(SQL_MAX);
    buf_str(
        &b,
        "SELECT " NUMBER("c.object_id") " AS id, " NUMBER(
            "c.column_id") " AS column_id, " TEXT("c.name") " AS name, " NUMBER("c.system_type_id") " AS "
                                                                                                    "system_type,"
                                                                                                    " " NUMBER("c.user_"
                                                                                                               "type_"
                                                                                                               "id") " "
                                                                                                                     "A"
                                                                                                                     "S"
                                                                                                                     " "
                                                                                                                     "u"
                                                                                                                     "s"
                                                                                                                     "e"
                                                                                                                     "r"
                                                                                                                     "_"
                                                                                                                     "t"
                                                                                                                     "y"
                                                                                                                     "p"
                                                                                                                     "e"
                                                                                                                     ","
                                                                                                                     " " NUMBER("c.max_length") " AS max_length, " NUMBER("c.precision") " AS precision, " NUMBER("c.scale") " AS scale, " NUMBER("c.is_nullable") " AS nullable, " NUMBER("c.is_identity") " AS is_identity, " NUMBER("c.is_computed") " AS computed, " NUMBER("k.is_persisted") " AS persisted, " TEXT("c.collation_name") " AS collation, " NUMBER("COLLATIONPROPERTY(c.collation_name, 'CodePage')") " AS codepage, " TEXT("CASE WHEN y.is_user_defined = 1 THEN SCHEMA_NAME(y.schema_id) END") " AS type_schema, " TEXT("y.name") " AS type_name, " NUMBER("HAS_PERMS_BY_NAME(QUOTENAME(s.name) + N'.' + QUOTENAME(t.name), N'OBJECT', N'SELECT', c.name, "
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                "N'COLUMN')") " AS may_select, ");
    buf_str(&b, if_has(has->sparse, NUMBER("c.is_sparse"), NUMBER("0")));
    buf_str(&b, " AS sparse, ");
    buf_str(&b, if_has(has->column_set, NUMBER("c.is_column_set"), NUMBER("0")));
    buf_str(&b, " AS column_set, ");
    buf_str(&b, if_has(has->encryption, NUMBER("c.encryption_type"), NUMBER("NULL")));
    buf_str(&b, " AS encryption, ");
    buf_str(&b, if_has(has->masked,
                       NUMBER("CASE WHEN c.is_masked = 1 AND ISNULL(HAS_PERMS_BY_NAME(QUOTENAME(DB_NAME()), "
                              "'DATABASE', 'UNMASK'), 0) = 0 THEN 1 ELSE 0 END"),
                       NUMBER("0")));
    buf_str(&b, " AS masked, ");
    buf_str(&b, if_has(has->graph, NUMBER("c.graph_type"), NUMBER("NULL")));
    buf_str(&b,
            " AS graph FROM sys.columns AS c JOIN sys.tables AS t ON t.object_id = c.object_id JOIN sys.schemas AS s "
            "ON s.schema_id = t.schema_id JOIN sys.types AS y ON y.user_type_id = c.user_type_id LEFT JOIN "
            "sys.computed_columns AS k ON k.object_id = c.object_id AND k.column_id = c.column_id WHERE "
            "t.is_ms_shipped = 0 ORDER BY c.object_id, c.column_id");
    return ask(r, &b, 22);
}

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
    if (!ask_columns(&r, &b->has)) return false;
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
    tds_rows r = {b->s, b->l, false};
    if (!b->has.policies) return true;
    if (!tds_rows_ask(&r,
                      "SELECT " NUMBER("p.target_object_id") " AS id FROM sys.security_predicates AS p JOIN "
                                                             "sys.security_policies AS y ON y.object_id = p.object_id "
                                                             "WHERE y.is_enabled = 1 AND "
                                                             "p.predicate_type = 0",
                      1))
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
