/* Primary keys, unique indexes, foreign keys. */
#include "tds/tds_catalog.h"
#include "tds/tds_column.h"
#include "tds/tds_rows.h"

enum { KEY_COLUMNS_MAX = 32, KEYS_OF_TABLE_MAX = 2000 };

/* A key while its columns come, one row each. */
typedef struct key_build {
    tds_built *of;
    int64_t id; /* index or constraint */
    key_info info;
    uint16_t column[KEY_COLUMNS_MAX];
    sv ref[KEY_COLUMNS_MAX];
    bool clustered, unique, filtered, whole; /* whole: each of its columns is one of the table's */
} key_build;

/* Keys are added to a table one by one; their rows come sorted by table, so that the list is copied when it is done. */
typedef struct key_list {
    tds_catalog_build *b;
    tds_built *of;
    buf list;
    bool failed;
} key_list;

static void finish_table(key_list *l)
{
    if (!l->of || !l->list.n) return;
    const sv x = l->list.failed ? (sv){NULL, 0} : arena_sv(l->b->s->mem, buf_view(&l->list));
    l->failed |= !x.p;
    l->of->info.key = (const key_info *)(const void *)x.p;
    l->of->info.keys = x.p ? x.n / sizeof(key_info) : 0;
    buf_clear(&l->list);
}

/* Foreign keys come behind the others of the table. */
static void begin_table(key_list *l, tds_built *of)
{
    if (l->of == of) return;
    finish_table(l);
    l->of = of;
    if (of) buf_add(&l->list, of->info.key, of->info.keys * sizeof(key_info));
}

static bool keep_columns(arena *mem, key_build *k)
{
    const sv at = arena_sv(mem, (sv){(const char *)k->column, k->info.columns * sizeof k->column[0]}),
             ref = arena_sv(mem, (sv){(const char *)k->ref, k->info.columns * sizeof k->ref[0]});
    k->info.column = (const uint16_t *)(const void *)at.p;
    k->info.ref_column = k->info.kind == KEY_FOREIGN ? (const sv *)(const void *)ref.p : NULL;
    return at.p && ref.p;
}

/* The first key that rows can be found again by; the primary one, or the first unique one. */
static void choose_key(key_list *l, const key_build *k)
{
    tds_table *t = &k->of->table;
    if (k->filtered || !k->unique || !k->whole || (t->keys && k->info.kind != KEY_PRIMARY)) return;
    for (size_t i = 0; i < k->info.columns; i++) {
        const size_t at = k->column[i];
        if (!tds_column_is_key(&t->column[at], &k->of->info.column[at], l->b->s->info.codepage)) return;
        if (k->of->info.column[at].nullable) return; /* = finds no NULL */
    }
    t->key = (uint16_t *)(uintptr_t)k->info.column;
    t->keys = k->info.columns;
}

static void choose_order(key_list *l, const key_build *k)
{
    buf b = buf_new(1 << 16);
    if (!k->clustered || !k->whole) return;
    for (size_t i = 0; i < k->info.columns; i++) {
        const tds_column_plan *c = &k->of->table.column[k->column[i]];
        buf_str(&b, i ? ", " : " ORDER BY ");
        buf_sv(&b, c->quoted);
    }
    k->of->table.order = b.failed ? (sv){NULL, 0} : arena_sv(l->b->s->mem, buf_view(&b));
    l->failed |= !k->of->table.order.p;
    buf_free(&b);
}

static void finish_key(key_list *l, key_build *k)
{
    if (!k->of || !k->info.columns) return;
    if (!keep_columns(l->b->s->mem, k)) {
        l->failed = true;
        return;
    }
    if (k->info.kind != KEY_FOREIGN) {
        choose_key(l, k);
        choose_order(l, k);
    }
    if (k->whole && (k->unique || k->info.kind == KEY_FOREIGN) && l->list.n / sizeof k->info < KEYS_OF_TABLE_MAX)
        buf_add(&l->list, &k->info, sizeof k->info);
}

static void add_column(key_build *k, int64_t column, sv ref)
{
    const table_info *t = &k->of->info;
    size_t i = 0;
    while (i < t->columns && k->of->id[i] != column) i++;
    if (i == t->columns || i > UINT16_MAX || k->info.columns == KEY_COLUMNS_MAX) {
        k->whole = false;
        return;
    }
    k->ref[k->info.columns] = ref;
    k->column[k->info.columns++] = (uint16_t)i;
}

/* ---- reading ---- */

/* Rows of keys, one for each column, those of a key together: object id, id of the key, its name, then what kind of key it is. */
enum { ROW_TABLE, ROW_KEY, ROW_NAME, ROW_OWN };

/* begin: the key of the row, whose place and name are there already; column: what the row says of its column. */
typedef struct key_query {
    const tds_asked *asked;
    size_t n;
    const char *from;
    void (*begin)(tds_rows *r, key_build *k);
    void (*column)(tds_rows *r, key_build *k);
} key_query;

static bool read_keys(tds_catalog_build *b, const key_query *q)
{
    tds_rows r = {b->s, b->l, false};
    key_list l = {.b = b, .list = buf_new(KEYS_OF_TABLE_MAX * 2 * sizeof(key_info))};
    key_build k = {0};
    if (!tds_rows_ask(&r, &b->has, q->asked, q->n, q->from)) return false;
    while (!l.failed && tds_rows_next(&r)) {
        tds_built *of = tds_built_of(b, tds_rows_number(&r, ROW_TABLE, 0));
        const int64_t id = tds_rows_number(&r, ROW_KEY, 0);
        if (!of) continue;
        if (k.of != of || k.id != id) {
            finish_key(&l, &k);
            begin_table(&l, of);
            k = (key_build){.of = of, .id = id, .whole = true};
            k.info.name = tds_rows_text(&r, ROW_NAME);
            q->begin(&r, &k);
        }
        q->column(&r, &k);
    }
    finish_key(&l, &k);
    finish_table(&l);
    buf_free(&l.list);
    if (l.failed) find_code(b->s->found, F_OUT_OF_MEMORY, TDS_OUT_OF_MEMORY);
    return !l.failed && tds_rows_end(&r);
}

/* ---- indexes ---- */

enum { INDEX_PRIMARY = ROW_OWN, INDEX_UNIQUE, INDEX_COLUMN, INDEX_FILTERED, INDEX_TYPE };

static const tds_asked indexes_asked[] = {
    {NUMBER, "i.object_id", "id", HAS_ALWAYS},
    {NUMBER, "i.index_id", "index_id", HAS_ALWAYS},
    {TEXT, "i.name", "name", HAS_ALWAYS},
    {NUMBER, "i.is_primary_key", "is_primary", HAS_ALWAYS},
    {NUMBER, "i.is_unique", "is_unique", HAS_ALWAYS},
    {NUMBER, "k.column_id", "column_id", HAS_ALWAYS},
    {NUMBER, "i.has_filter", "filtered", HAS_FILTERS},
    {NUMBER, "i.type", "type", HAS_ALWAYS},
};

static void begin_index(tds_rows *r, key_build *k)
{
    enum { TYPE_CLUSTERED = 1 };
    k->info.kind = tds_rows_number(r, INDEX_PRIMARY, 0) ? KEY_PRIMARY : KEY_UNIQUE;
    k->unique = tds_rows_number(r, INDEX_UNIQUE, 0) != 0;
    k->filtered = tds_rows_number(r, INDEX_FILTERED, 0) != 0;
    k->clustered = tds_rows_number(r, INDEX_TYPE, 0) == TYPE_CLUSTERED;
}

static void index_column(tds_rows *r, key_build *k)
{
    add_column(k, tds_rows_number(r, INDEX_COLUMN, 0), (sv){NULL, 0});
}

static const key_query indexes = {
    indexes_asked, sizeof indexes_asked / sizeof indexes_asked[0],
    "FROM sys.indexes AS i JOIN sys.tables AS t ON t.object_id = i.object_id JOIN sys.index_columns AS k ON "
    "k.object_id = i.object_id AND k.index_id = i.index_id WHERE t.is_ms_shipped = 0 AND (i.is_unique = 1 "
    "OR i.index_id = 1) AND i.is_disabled = 0 AND i.is_hypothetical = 0 AND k.key_ordinal > 0 ORDER BY "
    "i.object_id, i.index_id, k.key_ordinal",
    begin_index, index_column};

/* ---- foreign keys ---- */

enum { FOREIGN_COLUMN = ROW_OWN, FOREIGN_SCHEMA, FOREIGN_TABLE, FOREIGN_REFERENCED };

static const tds_asked foreign_asked[] = {
    {NUMBER, "f.parent_object_id", "id", HAS_ALWAYS},
    {NUMBER, "f.object_id", "key_id", HAS_ALWAYS},
    {TEXT, "f.name", "name", HAS_ALWAYS},
    {NUMBER, "k.parent_column_id", "column_id", HAS_ALWAYS},
    {TEXT, "s.name", "schema_name", HAS_ALWAYS},
    {TEXT, "r.name", "table_name", HAS_ALWAYS},
    {TEXT, "c.name", "column_name", HAS_ALWAYS},
};

static void begin_foreign(tds_rows *r, key_build *k)
{
    k->info.kind = KEY_FOREIGN;
    k->info.ref_schema = tds_rows_text(r, FOREIGN_SCHEMA);
    k->info.ref_table = tds_rows_text(r, FOREIGN_TABLE);
}

static void foreign_column(tds_rows *r, key_build *k)
{
    add_column(k, tds_rows_number(r, FOREIGN_COLUMN, 0), tds_rows_text(r, FOREIGN_REFERENCED));
}

static const key_query foreign = {
    foreign_asked, sizeof foreign_asked / sizeof foreign_asked[0],
    "FROM sys.foreign_keys AS f JOIN sys.foreign_key_columns AS k ON k.constraint_object_id = f.object_id "
    "JOIN sys.tables AS r ON r.object_id = f.referenced_object_id JOIN sys.schemas AS s ON s.schema_id = "
    "r.schema_id JOIN sys.columns AS c ON c.object_id = k.referenced_object_id AND c.column_id = "
    "k.referenced_column_id ORDER BY f.parent_object_id, f.object_id, k.constraint_column_id",
    begin_foreign, foreign_column};

bool tds_read_keys(tds_catalog_build *b) { return read_keys(b, &indexes) && read_keys(b, &foreign); }
