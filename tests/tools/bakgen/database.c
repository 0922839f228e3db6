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
    c->sparse = t->column[source].sparse;
    c->dropped = t->column[source].dropped;
    c->added = t->column[source].added;
    c->default_item = t->column[source].default_item;
    if (t->vardecimal && c->type.cls == TC_DECIMAL) {
        c->type.vardecimal = true;
        c->type.fixed = 0;
    }
}

static unsigned key_ordinal(const size_t *list, size_t n, size_t column)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == column) return (unsigned)i + 1;
    return 0;
}

static void add_uniquifier(rowset *rs, const table_spec *s)
{
    rowset_column *c = &rs->column[rs->columns++];
    sql_type_parse("int", &c->type);
    c->type.fixed = 0; /* it lies among the variable columns */
    c->not_null = c->uniquifier = true;
    c->source = s->columns + 1;
    c->key = (uint16_t)(s->keys + 1);
}

static void add_where(rowset *rs, const table_spec *s, bool sparse)
{
    for (size_t i = 0; i < s->columns; i++)
        if (!key_ordinal(s->key, s->keys, i) && s->column[i].sparse == sparse)
            set_column(&rs->column[rs->columns++], s, i, 0);
}

/* A uniquifier stands in front, then key columns, then the rest; sparse columns have no place of their own. */
static bool plan_part(user_table *t, unsigned part, fault *f)
{
    const table_spec *s = t->spec;
    rowset *rs = &t->part[part];
    rs->user = true;
    rs->scope = 1;
    rs->object = t->id;
    rs->index_id = s->keys ? 1 : 0;
    rs->status = s->keys ? 582 : 514;
    rs->partition = part + 1;
    rs->compression = s->compression[part];
    rs->shape = &t->shape;
    rs->column = calloc(s->columns + 1, sizeof *rs->column);
    if (!rs->column) return fail(f, "out of memory");
    if (s->duplicates) add_uniquifier(rs, s);
    for (size_t i = 0; i < s->keys; i++) set_column(&rs->column[rs->columns++], s, s->key[i], (unsigned)i + 1);
    add_where(rs, s, false);
    add_where(rs, s, true);
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

/* The first file is in PRIMARY; filegroups are numbered in the order in which files name them. */
unsigned database_group_of(const database *db, unsigned place)
{
    const char *name = place ? db->spec->file[place - 1].group : "PRIMARY";
    unsigned i = 0;
    while (i < db->groups && strcmp(db->group[i], name) != 0) i++;
    return i + 1;
}

static void name_groups(database *db)
{
    db->files = 1 + (unsigned)db->spec->files;
    db->group[0] = "PRIMARY";
    db->groups = 1;
    for (unsigned i = 1; i < db->files; i++)
        if (database_group_of(db, i) > db->groups) db->group[db->groups++] = db->spec->file[i - 1].group;
}

static bool find_group(database *db, const char *name, filegroup *out)
{
    *out = (filegroup){.image = db->image};
    for (unsigned i = 0; i < db->files; i++) {
        unsigned id = database_group_of(db, i);
        if (strcmp(db->group[id - 1], name) != 0) continue;
        out->file |= 1U << i;
        out->id = (uint16_t)id;
    }
    return out->file || fail(db->f, "there is no filegroup %s", name);
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
        t->shape = (lob_shape){t->spec->nodes, t->spec->old_roots, t->spec->null_roots};
        for (unsigned p = 0; p < t->spec->parts; p++) {
            t->part[p].id = numbered(rowsets++);
            for (unsigned k = 0; k < 3; k++) t->auid[p][k] = numbered(units++);
        }
        t->index = calloc(t->spec->indexes + 1, sizeof *t->index);
        if (!t->index) return fail(db->f, "out of memory");
        if (!find_schema(db, t->spec->schema, &t->schema)) return false;
        if (!find_group(db, t->spec->group ? t->spec->group : "PRIMARY", &t->group)) return false;
        for (unsigned p = 0; p < t->spec->parts; p++)
            if (!plan_part(t, p, db->f)) return false;
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
    if (file > 2) {
        snprintf(out, room, "%s", db->spec->file[file - 3].name);
    } else {
        snprintf(out, room, "%s%s", db->spec->name, file == 1 ? "" : "_log");
    }
}

void database_file_path(const database *db, unsigned file, char *out, size_t room)
{
    char name[300];
    database_file_name(db, file, name, sizeof name);
    snprintf(out, room, "C:\\Data\\%s%s", name, file == 1 ? ".mdf" : file == 2 ? ".ldf" : ".ndf");
}

/* ---- writing ---- */

enum { CATALOG_SPARE_EXTENTS = 8, ROW_IN_ROWSETS = 80, ROW_IN_ALLOCUNITS = 90 };

static uint32_t catalog_extents(const database *db)
{
    uint64_t rowsets = BASE_TABLES, pages = 0;
    for (size_t i = 0; i < db->spec->tables; i++) rowsets += db->spec->table[i].parts + db->spec->table[i].indexes;
    pages = (catalog_bytes(&db->catalog) + rowsets * (ROW_IN_ROWSETS + 3 * ROW_IN_ALLOCUNITS)) / 7000;
    return (uint32_t)((pages + BASE_TABLES * 3) / 8 + CATALOG_SPARE_EXTENTS);
}

static filegroup catalog_group(database *db)
{
    return (filegroup){.image = db->image, .file = 1, .id = 1, .catalog = true};
}

/* sysallocunits names its own pages: it is written twice into the same ones, the second time knowing them. */
static bool write_allocunits(database *db)
{
    base_rows *b = catalog_base(&db->catalog, BASE_ALLOCUNITS);
    const filegroup group = catalog_group(db);
    image *m = &db->image[0];
    zone before = m->catalog;
    if (!catalog_count_pages(db) || !catalog_write(b, &group, &db->blob)) return false;
    m->catalog = before;
    if (before.mixed_used < 8) m->gam[before.mixed] = 3;
    catalog_forget(b);
    uint32_t root = b->rs.data.root;
    uint64_t used = b->rs.data.used;
    if (!catalog_count_pages(db) || !catalog_write(b, &group, &db->blob)) return false;
    return (root == b->rs.data.root && used == b->rs.data.used) || fail(db->f, "sysallocunits has moved");
}

static bool write_catalog(database *db)
{
    catalog *c = &db->catalog;
    const filegroup group = catalog_group(db);
    if (!catalog_files(db) || !catalog_hobts(db)) return false;
    /* The row counts of all base tables are known by their rows; those of the last two by what they will hold. */
    uint64_t rowsets = c->bases, units = 0;
    for (size_t i = 0; i < c->bases; i++) units += 1 + c->base[i].rs.has_lob;
    for (size_t i = 0; i < db->spec->tables; i++) {
        const user_table *t = &db->table[i];
        rowsets += t->spec->parts + t->spec->indexes;
        units += t->spec->indexes;
        for (unsigned p = 0; p < t->spec->parts; p++) units += 1U + t->part[p].has_lob + t->part[p].has_overflow;
    }
    for (size_t i = 0; i < c->bases; i++) c->base[i].rs.rows = c->base[i].rows;
    catalog_base(c, BASE_ROWSETS)->rs.rows = rowsets;
    catalog_base(c, BASE_ALLOCUNITS)->rs.rows = units;
    base_rows *references = catalog_base(c, BASE_SEREFS);
    if (references) references->rs.rows = units;
    if (!catalog_count_rows(db)) return false;
    for (size_t i = 0; i < c->bases; i++) {
        base_rows *b = &c->base[i];
        if (b->table->id != BASE_ALLOCUNITS && b != references && !catalog_write(b, &group, &db->blob)) return false;
    }
    if (references && (!catalog_references(db) || !catalog_write(references, &group, &db->blob))) return false;
    return write_allocunits(db);
}

static uint32_t rounded_pages(const image *m) { return (m->extents + 15) / 16 * 16 * 8; }

static bool open_images(database *db, const database_options *o)
{
    for (unsigned i = 0; i < db->files; i++) {
        image *m = &db->image[i];
        *m = (image){.all = db->image,
                     .place_in_list = i,
                     .guard = (page_guard)db->spec->guard,
                     .whole_extents = db->spec->version->whole_extents};
        if (!image_open(m, o->file[i], i ? 0 : catalog_extents(db), i ? 0 : o->backup_base, db->f)) return false;
        if (o->changed) m->changed = o->changed[i];
        m->all_changed = o->all_changed;
    }
    return true;
}

bool database_write(database *db, const database_spec *spec, const database_options *o, fault *f)
{
    *db = (database){.spec = spec, .f = f, .blob = 1001, .before = o->before};
    name_groups(db);
    if (!catalog_open(&db->catalog, spec->version->number, f) || !plan(db) || !catalog_describe(db)) return false;
    if (!open_images(db, o)) return false;
    for (size_t i = 0; i < spec->tables; i++)
        if (!write_user_table(db, &db->table[i], o->truth_dir)) return false;
    for (unsigned i = 0; i < db->files; i++) db->pages[i] = rounded_pages(&db->image[i]);
    if (!write_catalog(db) || !write_boot_pages(db)) return false;
    for (unsigned i = 0; i < db->files; i++) {
        if (!image_finish(&db->image[i])) return false;
        if (db->image[i].extents * 8 != db->pages[i]) return fail(f, "the catalog is larger than was planned for");
    }
    return true;
}

void database_free(database *db)
{
    for (size_t i = 0; db->table && i < db->spec->tables; i++) {
        user_table *t = &db->table[i];
        for (unsigned p = 0; p < PARTS_MAX; p++) rowset_free(&t->part[p]);
        for (size_t k = 0; t->index && k < t->spec->indexes; k++) rowset_free(&t->index[k].rs);
        free(t->index);
    }
    free(db->table);
    free(db->schema);
    catalog_close(&db->catalog);
    for (unsigned i = 0; i < db->files; i++) image_close(&db->image[i]);
}
