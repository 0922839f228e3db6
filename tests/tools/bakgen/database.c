#include "database.h"
#include <stdlib.h>

enum { FIRST_OBJECT = 245575913, OBJECT_STEP = 16000057 };
enum { FIRST_ROWSET = 40, FIRST_UNIT = 100, USER_SPACE = 256 };

static int64_t numbered(uint64_t n) { return (int64_t)((uint64_t)USER_SPACE << 48 | n << 16); }

static const sql_type ROW_ID = {.cls = TC_BYTES, .xtype = 173, .utype = 173, .length = 8, .fixed = 8};

/* ---- numbers and layouts ---- */

static bool find_schema(database *db, const char *name, int32_t *id)
{
    if (strcmp(name, "dbo") == 0) {
        *id = SCHEMA_DBO;
        return true;
    }
    for (size_t i = 0; i < db->schemas; i++)
        if (strcmp(db->schema[i], name) == 0) {
            *id = SCHEMA_FIRST + (int32_t)i;
            return true;
        }
    const char **bigger = realloc(db->schema, (db->schemas + 1) * sizeof *bigger);
    if (!bigger) return fail(db->f, "out of memory");
    db->schema = bigger;
    db->schema[db->schemas] = name;
    *id = SCHEMA_FIRST + (int32_t)db->schemas++;
    return true;
}

static void set_column(rowset_column *c, const table_spec *t, size_t source, unsigned key)
{
    c->type = t->column[source].type;
    c->not_null = t->column[source].not_null;
    c->column_id = (uint32_t)source + 1;
    c->source = source;
    c->key = (uint16_t)key;
}

static unsigned key_ordinal(const size_t *list, size_t n, size_t column)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == column) return (unsigned)i + 1;
    return 0;
}

/* Key columns come first in the records of a user table. */
static bool plan_table(user_table *t, fault *f)
{
    const table_spec *s = t->spec;
    rowset *rs = &t->rs;
    rs->user = true;
    rs->scope = 1;
    rs->object = t->id;
    rs->index_id = s->keys ? 1 : 0;
    rs->status = s->keys ? 582 : 514;
    rs->columns = s->columns;
    rs->column = calloc(s->columns, sizeof *rs->column);
    if (!rs->column) return fail(f, "out of memory");
    size_t n = 0;
    for (size_t i = 0; i < s->keys; i++) set_column(&rs->column[n++], s, s->key[i], (unsigned)i + 1);
    for (size_t i = 0; i < s->columns; i++)
        if (!key_ordinal(s->key, s->keys, i)) set_column(&rs->column[n++], s, i, 0);
    return rowset_layout(rs, f);
}

/* Index columns, then what finds the row: its number in a heap, else the clustered key. In an index that is not unique
 * that is part of the key. */
static bool plan_index(const user_table *t, user_index *x, unsigned index_id, fault *f)
{
    const table_spec *s = t->spec;
    rowset *rs = &x->rs;
    rs->user = true;
    rs->scope = 1;
    rs->object = t->id;
    rs->index_id = index_id;
    rs->status = x->spec->unique ? 70 : 66;
    rs->column = calloc(x->spec->columns + s->keys + 1, sizeof *rs->column);
    if (!rs->column) return fail(f, "out of memory");
    size_t n = 0;
    for (size_t i = 0; i < x->spec->columns; i++, n++)
        set_column(&rs->column[n], s, x->spec->column[i], (unsigned)n + 1);
    for (size_t i = 0; i < s->keys; i++) {
        if (key_ordinal(x->spec->column, x->spec->columns, s->key[i])) continue;
        set_column(&rs->column[n], s, s->key[i], x->spec->unique ? 0 : (unsigned)n + 1);
        n++;
    }
    if (s->keys == 0) {
        rs->column[n] = (rowset_column){.type = ROW_ID, .not_null = true, .source = s->columns};
        rs->column[n].key = (uint16_t)(x->spec->unique ? 0 : n + 1);
        n++;
    }
    rs->columns = n;
    for (size_t i = 0; i < n; i++) rs->column[i].column_id = (uint32_t)i + 1;
    return rowset_layout(rs, f);
}

static bool plan(database *db)
{
    const database_spec *s = db->spec;
    db->table = calloc(s->tables + 1, sizeof *db->table);
    if (!db->table) return fail(db->f, "out of memory");
    int32_t object = FIRST_OBJECT;
    uint64_t rowsets = FIRST_ROWSET, units = FIRST_UNIT;
    for (size_t i = 0; i < s->tables; i++) {
        user_table *t = &db->table[i];
        t->spec = &s->table[i];
        t->number = i;
        t->id = object;
        t->key_object = object + 1;
        t->first_foreign = object + 2;
        object = (int32_t)((object + (int64_t)OBJECT_STEP) % 2147000000);
        t->rs.id = numbered(rowsets++);
        for (unsigned k = 0; k < 3; k++) t->auid[k] = numbered(units++);
        t->index = calloc(t->spec->indexes + 1, sizeof *t->index);
        if (!t->index) return fail(db->f, "out of memory");
        if (!find_schema(db, t->spec->schema, &t->schema) || !plan_table(t, db->f)) return false;
        for (size_t k = 0; k < t->spec->indexes; k++) {
            user_index *x = &t->index[k];
            x->spec = &t->spec->index[k];
            x->rs.id = numbered(rowsets++);
            x->auid = numbered(units++);
            if (!plan_index(t, x, (unsigned)k + 2, db->f)) return false;
        }
    }
    return true;
}

/* ---- names ---- */

void database_guid(const database *db, unsigned which, uint8_t out[16])
{
    uint64_t x = db->spec->seed * 0x9E3779B97F4A7C15U + which;
    for (unsigned i = 0; i < 16; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        out[i] = (uint8_t)(x >> 24);
    }
}

void database_file_name(const database *db, unsigned file, char *out, size_t room)
{
    snprintf(out, room, "%s%s", db->spec->name, file == 1 ? "" : "_log");
}

void database_file_path(const database *db, unsigned file, char *out, size_t room)
{
    snprintf(out, room, "C:\\Data\\%s%s", db->spec->name, file == 1 ? ".mdf" : "_log.ldf");
}

/* ---- writing ---- */

enum { CATALOG_SPARE_EXTENTS = 8, ROW_IN_ROWSETS = 80, ROW_IN_ALLOCUNITS = 90 };

static uint32_t catalog_extents(const database *db)
{
    uint64_t rowsets = BASE_TABLES, pages = 0;
    for (size_t i = 0; i < db->spec->tables; i++) rowsets += 1 + db->spec->table[i].indexes;
    pages = (catalog_bytes(&db->catalog) + rowsets * (ROW_IN_ROWSETS + 3 * ROW_IN_ALLOCUNITS)) / 7000;
    return (uint32_t)((pages + BASE_TABLES * 3) / 8 + CATALOG_SPARE_EXTENTS);
}

/* sysallocunits names its own pages: it is written twice into the same ones, the second time knowing them. */
static bool write_allocunits(database *db)
{
    base_rows *b = catalog_base(&db->catalog, BASE_ALLOCUNITS);
    zone before = db->image.catalog;
    if (!catalog_count_pages(db) || !catalog_write(b, &db->image, &db->blob)) return false;
    db->image.catalog = before;
    if (before.mixed_used < 8) db->image.gam[before.mixed] = 3;
    catalog_forget(b);
    unit known = b->rs.data;
    if (!catalog_count_pages(db) || !catalog_write(b, &db->image, &db->blob)) return false;
    return (known.root == b->rs.data.root && known.used == b->rs.data.used) || fail(db->f, "sysallocunits has moved");
}

static bool write_catalog(database *db)
{
    if (!catalog_files(db)) return false;
    /* The row counts of all base tables are known by their rows; those of the last two by what they will hold. */
    uint64_t rowsets = BASE_TABLES, units = 0;
    for (size_t i = 0; i < BASE_TABLES; i++) units += 1 + db->catalog.base[i].rs.has_lob;
    for (size_t i = 0; i < db->spec->tables; i++) {
        const user_table *t = &db->table[i];
        rowsets += 1 + t->spec->indexes;
        units += 1U + t->rs.has_lob + t->rs.has_overflow + t->spec->indexes;
    }
    for (size_t i = 0; i < BASE_TABLES; i++) db->catalog.base[i].rs.rows = db->catalog.base[i].rows;
    catalog_base(&db->catalog, BASE_ROWSETS)->rs.rows = rowsets;
    catalog_base(&db->catalog, BASE_ALLOCUNITS)->rs.rows = units;
    if (!catalog_count_rows(db)) return false;
    for (size_t i = 0; i < BASE_TABLES; i++) {
        base_rows *b = &db->catalog.base[i];
        if (b->table->id != BASE_ALLOCUNITS && !catalog_write(b, &db->image, &db->blob)) return false;
    }
    return write_allocunits(db);
}

static uint32_t rounded_pages(const image *m) { return (m->extents + 15) / 16 * 16 * 8; }

bool database_write(database *db, const database_spec *spec, FILE *file, uint64_t backup_base, const char *truth_dir,
                    fault *f)
{
    *db = (database){.spec = spec, .f = f, .blob = 1001};
    if (!catalog_open(&db->catalog, f) || !plan(db) || !catalog_describe(db)) return false;
    if (!image_open(&db->image, file, catalog_extents(db), backup_base, f)) return false;
    for (size_t i = 0; i < spec->tables; i++)
        if (!write_user_table(db, &db->table[i], truth_dir)) return false;
    db->pages = rounded_pages(&db->image);
    if (!write_catalog(db) || !write_boot_pages(db) || !image_finish(&db->image)) return false;
    return db->image.extents * 8 == db->pages || fail(f, "the catalog is larger than was planned for");
}

void database_free(database *db)
{
    for (size_t i = 0; db->table && i < db->spec->tables; i++) {
        user_table *t = &db->table[i];
        rowset_free(&t->rs);
        for (size_t k = 0; t->index && k < t->spec->indexes; k++) rowset_free(&t->index[k].rs);
        free(t->index);
    }
    free(db->table);
    free(db->schema);
    catalog_close(&db->catalog);
    image_close(&db->image);
}
