/* The catalog's rows about this database. Status bits and class numbers are those of a database of SQL Server 2014. */
#include "database.h"
#include "value.h"

enum { STATUS_NOT_NULL = 1, STATUS_PADDED = 2, STATUS_IDENTITY = 4, STATUS_SPARSE = 0x1000000 };
enum {
    CLASS_FOREIGN_TABLE = 27,
    CLASS_FOREIGN_FROM = 28,
    CLASS_FOREIGN_TO = 29,
    CLASS_OWNER = 50,
    CLASS_KEY_INDEX = 93
};
enum { INDEX_NORMAL = 0x3, INDEX_UNIQUE = 0x8, INDEX_PRIMARY = 0x20, INDEX_HEAP = 0x1 };
enum { USER_TABLE = 0xE0000, SYSTEM_TABLE = 0xE0001 };

/* ---- objects ---- */

static bool add_object(catalog *c, int32_t id, const char *name, int32_t schema, uint32_t status, const char *type,
                       int32_t parent, int64_t columns)
{
    row_begin(c, BASE_SCHOBJS);
    row_int(c, id);
    row_text(c, name);
    row_int(c, schema);
    row_int(c, 0);
    row_int(c, status);
    row_text(c, type);
    row_int(c, parent);
    row_int(c, 1);
    row_int(c, columns);
    row_date(c);
    row_date(c);
    row_int(c, 0);
    return row_end(c);
}

static bool add_reference(catalog *c, int cls, int32_t from, int32_t from_sub, int32_t to, int32_t to_sub)
{
    row_begin(c, BASE_SINGLEREFS);
    row_int(c, cls);
    row_int(c, from);
    row_int(c, from_sub);
    row_int(c, to);
    row_int(c, to_sub);
    row_int(c, 0);
    return row_end(c);
}

static bool add_column(catalog *c, int32_t object, uint32_t id, const char *name, const sql_type *t, bool not_null,
                       bool identity, uint64_t last, bool sparse)
{
    bool padded = t->cls == TC_TEXT || t->cls == TC_UTEXT || t->cls == TC_BYTES;
    row_begin(c, BASE_COLPARS);
    row_int(c, object);
    row_int(c, 0);
    row_int(c, id);
    row_text(c, name);
    row_int(c, t->xtype);
    row_int(c, t->utype);
    row_int(c, t->length);
    row_int(c, t->precision);
    row_int(c, t->scale);
    row_int(c, t->collation);
    row_int(c, (not_null ? STATUS_NOT_NULL : 0) | (padded && !t->legacy ? STATUS_PADDED : 0) |
                   (identity ? STATUS_IDENTITY : 0) | (sparse ? STATUS_SPARSE : 0));
    row_int(c, t->max ? 8000 : t->legacy ? 0 : t->length);
    row_zero(c, 3);
    uint8_t state[3 * 8 + 1] = {0};
    if (identity) {
        put_n(state, last, t->fixed);
        put_n(state + t->fixed, 1, t->fixed);
        put_n(state + 2U * t->fixed, 1, t->fixed);
        row_bytes(c, state, 3U * t->fixed + 1);
    } else {
        row_null(c, 1);
    }
    return row_end(c);
}

static bool add_index(catalog *c, int32_t object, uint32_t index, const char *name, uint32_t status, int64_t rowset_id,
                      int32_t space)
{
    row_begin(c, BASE_IDXSTATS);
    row_int(c, object);
    row_int(c, index);
    if (name) {
        row_text(c, name);
    } else {
        row_null(c, 1);
    }
    row_int(c, status);
    row_zero(c, 2);
    row_int(c, index == 0 ? 0 : index == 1 ? 1 : 2);
    row_zero(c, 1);
    row_int(c, space);
    row_zero(c, 1);
    row_int(c, rowset_id);
    return row_end(c);
}

static bool add_index_column(catalog *c, int32_t object, uint32_t index, unsigned ordinal, uint32_t column)
{
    row_begin(c, BASE_ISCOLS);
    row_int(c, object);
    row_int(c, index);
    row_int(c, ordinal);
    row_int(c, 3);
    row_int(c, column);
    row_int(c, ordinal);
    row_zero(c, 3);
    return row_end(c);
}

/* ---- columns of rowsets ---- */

/* Of a column in the table; dropped ones keep theirs with a mark. */
static int64_t column_number(const rowset_column *k)
{
    return k->uniquifier ? 0 : (int64_t)(k->column_id | (k->dropped ? 0x04000000U : 0));
}

static uint64_t two_halves(int leaf, int inner) { return (uint16_t)leaf | (uint64_t)(uint16_t)inner << 16; }

/* 2005: the columns of a rowset, and below them those of the heap or tree. */
static bool add_columns_2005(catalog *c, const rowset *rs)
{
    for (size_t i = 0; i < rs->columns; i++) {
        const rowset_column *k = &rs->column[i];
        if (!k->uniquifier) {
            row_begin(c, BASE_ROWSETCOLUMNS);
            row_int(c, rs->id);
            row_int(c, column_number(k));
            row_int(c, k->column_id);
            row_zero(c, 2);
            row_int(c, k->type.max ? 8000 : 0);
            if (!row_end(c)) return false;
        }
        row_begin(c, BASE_HOBTCOLUMNS);
        row_int(c, rs->id);
        row_int(c, k->uniquifier ? 0 : k->column_id);
        row_int(c, (k->not_null && !k->uniquifier ? 0x20 : 0) | (k->uniquifier ? 0x02 : 0));
        row_int(c, k->key);
        row_int(c, k->type.xtype);
        row_int(c, k->type.legacy ? 0 : k->type.length);
        row_int(c, k->type.precision);
        row_int(c, k->type.scale);
        row_int(c, k->type.collation);
        row_int(c, k->leaf);
        row_int(c, k->inner);
        row_int(c, k->bit);
        row_zero(c, 1);
        row_int(c, k->uniquifier ? 0 : (int64_t)i + 1);
        row_int(c, rs->user ? k->inner_null_bit : 0);
        if (!row_end(c)) return false;
    }
    return true;
}

/* What rows older than a column have of it. */
static bool add_default(catalog *c, const rowset *rs, size_t i, fault *f)
{
    const rowset_column *k = &rs->column[i];
    uint8_t value[8016];
    size_t n = k->default_item ? default_variant(&k->type, k->default_item, value, sizeof value, f) : 0;
    if (f->set) return false;
    if (n == 0) return true;
    row_begin(c, BASE_SEOBJVALUES);
    row_int(c, 1);
    row_int(c, rs->id);
    row_int(c, (int64_t)i + 1);
    row_int(c, 0);
    row_bytes(c, value, n);
    row_null(c, 1);
    return row_end(c);
}

static bool add_rowset_columns(catalog *c, const rowset *rs)
{
    if (c->version == VERSION_2005) return add_columns_2005(c, rs);
    for (size_t i = 0; i < rs->columns; i++) {
        const rowset_column *k = &rs->column[i];
        row_begin(c, BASE_RSCOLS);
        row_int(c, rs->id);
        row_int(c, column_number(k));
        row_int(c, (int64_t)i + 1);
        row_int(c, 0);
        row_int(c, sql_type_packed(&k->type));
        row_int(c, k->type.collation);
        row_int(c, k->key);
        row_int(c, k->type.max ? 8000 : 0);
        row_int(c, (k->not_null ? 0x80 : 0) | (k->uniquifier ? 0x10 : 0) | (k->dropped ? 0x02 : 0) |
                       (k->sparse ? 0x100 : 0));
        row_int(c, (int64_t)two_halves(k->leaf, k->inner));
        row_int(c, k->sparse ? 0 : (int64_t)two_halves((int)i + 1, rs->user ? k->inner_null_bit : 0));
        row_int(c, k->bit);
        row_null(c, 1);
        row_int(c, 1);
        if (!row_end(c) || !add_default(c, rs, i, c->f)) return false;
    }
    return true;
}

static uint64_t longest_record(const rowset *rs)
{
    uint64_t n = rs->fixed_end + 2 + (rs->columns + 7) / 8;
    if (rs->variables) n += 2 + 2 * rs->variables;
    for (size_t i = 0; i < rs->columns; i++) {
        const sql_type *t = &rs->column[i].type;
        if (t->fixed == 0) n += t->max ? 8000 : (uint64_t)t->length;
    }
    return n;
}

static uint32_t rowset_status(const catalog *c, const rowset *rs)
{
    if (c->version != VERSION_2005) return rs->status;
    return rs->user ? (rs->index_id ? 6 : 2) : rs->status;
}

static bool add_rowset(catalog *c, const rowset *rs)
{
    row_begin(c, BASE_ROWSETS);
    row_int(c, rs->id);
    row_int(c, 1);
    row_int(c, rs->object);
    row_int(c, rs->index_id);
    row_int(c, rs->partition ? rs->partition : 1);
    row_int(c, rowset_status(c, rs));
    row_int(c, 0);
    row_int(c, (int64_t)rs->rows);
    row_int(c, rs->compression);
    row_int(c, 0);
    row_int(c, (int64_t)rs->columns);
    row_int(c, (int64_t)longest_record(rs));
    row_int(c, rs->inner_end);
    row_int(c, rs->fixed_end);
    row_int(c, rs->inner_end);
    row_null(c, 2);
    row_int(c, 1);
    if (rs->user) {
        row_int(c, rs->scope);
    } else {
        row_null(c, 1);
    }
    return row_end(c);
}

static bool add_unit(catalog *c, const unit *u)
{
    uint8_t place[6];
    const uint32_t pages[3] = {u->first, u->root, u->first_iam};
    row_begin(c, BASE_ALLOCUNITS);
    row_int(c, u->id);
    row_int(c, u->type);
    row_int(c, u->owner);
    row_int(c, 0);
    row_int(c, u->group.id);
    for (unsigned i = 0; i < 3; i++) {
        put_page_id(place, pages[i]);
        row_bytes(c, place, sizeof place);
    }
    row_int(c, (int64_t)u->used);
    row_int(c, (int64_t)u->data);
    row_int(c, (int64_t)u->reserved);
    row_int(c, 1);
    return row_end(c);
}

static bool add_units(catalog *c, const rowset *rs)
{
    if (!add_unit(c, &rs->data)) return false;
    if (rs->has_overflow && !add_unit(c, &rs->overflow)) return false;
    return !rs->has_lob || add_unit(c, &rs->lob);
}

bool catalog_count_rows(database *db)
{
    catalog *c = &db->catalog;
    for (size_t i = 0; i < c->bases; i++)
        if (!add_rowset(c, &c->base[i].rs)) return false;
    for (size_t i = 0; i < db->spec->tables; i++) {
        const user_table *t = &db->table[i];
        for (unsigned p = 0; p < t->spec->parts; p++)
            if (!add_rowset(c, &t->part[p])) return false;
        for (size_t k = 0; k < t->spec->indexes; k++)
            if (!add_rowset(c, &t->index[k].rs)) return false;
    }
    return true;
}

bool catalog_count_pages(database *db)
{
    catalog *c = &db->catalog;
    base_rows *own = catalog_base(c, BASE_ALLOCUNITS);
    if (own->rs.data.id == 0)
        unit_init(&own->rs.data, &(filegroup){.image = db->image, .file = 1, .id = 1, .catalog = true}, own->rs.id,
                  own->rs.id, UNIT_IN_ROW);
    for (size_t i = 0; i < c->bases; i++)
        if (!add_units(c, &c->base[i].rs)) return false;
    for (size_t i = 0; i < db->spec->tables; i++) {
        const user_table *t = &db->table[i];
        for (unsigned p = 0; p < t->spec->parts; p++)
            if (!add_units(c, &t->part[p])) return false;
        for (size_t k = 0; k < t->spec->indexes; k++)
            if (!add_units(c, &t->index[k].rs)) return false;
    }
    return true;
}

/* ---- what every database has ---- */

/* The name of the i-th column that this version has. */
static const char *base_column_name(const catalog *c, const base_table *t, size_t i)
{
    for (size_t k = 0; k < t->columns; k++) {
        const base_column *x = &t->column[k];
        if (c->version < x->since || (x->until && c->version > x->until)) continue;
        if (i-- == 0) return x->name;
    }
    return "";
}

static bool describe_base_table(catalog *c, const base_rows *b)
{
    int32_t id = b->table->id;
    bool ok = add_object(c, id, b->table->name, SCHEMA_SYS, SYSTEM_TABLE, "S ", 0, (int64_t)b->rs.columns);
    ok = ok && add_rowset_columns(c, &b->rs);
    for (size_t i = 0; ok && i < b->rs.columns; i++) {
        const rowset_column *k = &b->rs.column[i];
        ok = add_column(c, id, k->column_id, base_column_name(c, b->table, i), &k->type, k->not_null, false, 0, false);
    }
    bool heap = b->rs.index_id == 0;
    ok = ok && add_index(c, id, heap ? 0 : 1, heap ? NULL : "clst",
                         heap ? 0x80000 | INDEX_HEAP : 0x80000 | INDEX_NORMAL | INDEX_UNIQUE, b->rs.id, 1);
    for (unsigned k = 1; ok && k <= b->rs.keys; k++)
        for (size_t i = 0; ok && i < b->rs.columns; i++)
            if (b->rs.column[i].key == k) ok = add_index_column(c, id, 1, k, b->rs.column[i].column_id);
    return ok;
}

static bool describe_types(catalog *c)
{
    for (size_t i = 0; scalar_type_at(i); i++) {
        const scalar_type *t = scalar_type_at(i);
        bool young = (t->id >= 40 && t->id <= 43) || (t->id >= 128 && t->id <= 130);
        if (young && c->version < VERSION_2008) continue;
        row_begin(c, BASE_SCALARTYPES);
        row_int(c, t->id);
        row_int(c, SCHEMA_SYS);
        row_text(c, t->name);
        row_int(c, t->xtype);
        row_int(c, t->length);
        row_int(c, t->precision);
        row_int(c, t->scale);
        row_int(c, t->text ? COLLATION_DATABASE : 0);
        row_int(c, t->special);
        row_date(c);
        row_date(c);
        row_zero(c, 2);
        if (!row_end(c)) return false;
    }
    return true;
}

static bool add_class_object(catalog *c, int cls, int32_t id, const char *name, int64_t status, const char *type)
{
    row_begin(c, BASE_CLSOBJS);
    row_int(c, cls);
    row_int(c, id);
    row_text(c, name);
    row_int(c, status);
    row_bytes(c, type, 2);
    row_int(c, 0);
    row_date(c);
    row_date(c);
    return row_end(c);
}

static bool describe_schemas(database *db)
{
    static const struct {
        int32_t id;
        const char *name;
    } FIXED[] = {{1, "dbo"},
                 {2, "guest"},
                 {3, "INFORMATION_SCHEMA"},
                 {4, "sys"},
                 {16384, "db_owner"},
                 {16385, "db_accessadmin"},
                 {16386, "db_securityadmin"},
                 {16387, "db_ddladmin"},
                 {16389, "db_backupoperator"},
                 {16390, "db_datareader"},
                 {16391, "db_datawriter"},
                 {16392, "db_denydatareader"},
                 {16393, "db_denydatawriter"}};
    catalog *c = &db->catalog;
    bool ok = add_class_object(c, 5, 1, "PRIMARY", 1, "\0\0");
    for (unsigned i = 0; ok && i < db->groups; i++)
        ok = add_class_object(c, 31, (int32_t)i + 1, db->group[i], i == 0, "FG");
    bool partitioned = false;
    for (size_t i = 0; i < db->spec->tables; i++) partitioned = partitioned || db->spec->table[i].parts > 1;
    if (ok && partitioned) ok = add_class_object(c, 31, PARTITION_SCHEME, "Parts", 0, "PS");
    for (size_t i = 0; ok && i < sizeof FIXED / sizeof *FIXED; i++)
        ok = add_class_object(c, 50, FIXED[i].id, FIXED[i].name, 0, "\0\0");
    for (size_t i = 0; ok && i < db->schemas; i++) {
        int32_t id = SCHEMA_FIRST + (int32_t)i;
        ok = add_class_object(c, 50, id, db->schema[i], 0, "\0\0") && add_reference(c, CLASS_OWNER, id, 0, 1, 0);
    }
    return ok;
}

static bool describe_owners(catalog *c)
{
    static const char *const NAMES[] = {"public", "dbo", "guest", "INFORMATION_SCHEMA", "sys"};
    for (int i = 0; i < 5; i++) {
        row_begin(c, BASE_OWNERS);
        row_int(c, i);
        row_text(c, NAMES[i]);
        row_text(c, i == 0 ? "R" : "S");
        row_null(c, 3);
        row_int(c, 0);
        row_date(c);
        row_date(c);
        row_null(c, 1);
        if (!row_end(c)) return false;
    }
    return true;
}

/* ---- user tables ---- */

static int32_t data_space(const user_table *t) { return t->spec->parts > 1 ? PARTITION_SCHEME : t->group.id; }

static bool describe_key(catalog *c, const user_table *t)
{
    const table_spec *s = t->spec;
    char name[300];
    uint32_t status = s->primary ? INDEX_NORMAL | INDEX_UNIQUE | INDEX_PRIMARY : INDEX_NORMAL | INDEX_UNIQUE;
    if (s->duplicates) status = INDEX_NORMAL;
    if (s->keys == 0) return add_index(c, t->id, 0, NULL, INDEX_HEAP, t->part[0].id, data_space(t));
    snprintf(name, sizeof name, "%s_%s", s->primary ? "PK" : "CX", s->name);
    bool ok = add_index(c, t->id, 1, name, status, t->part[0].id, data_space(t));
    for (size_t i = 0; ok && i < s->keys; i++)
        ok = add_index_column(c, t->id, 1, (unsigned)i + 1, (uint32_t)s->key[i] + 1);
    if (!ok || !s->primary) return ok;
    return add_object(c, t->key_object, name, t->schema, 4, "PK", t->id, 0) &&
           add_reference(c, CLASS_KEY_INDEX, t->key_object, 0, 1, 0);
}

static const user_table *find_table(const database *db, const char *schema, const char *name)
{
    for (size_t i = 0; i < db->spec->tables; i++)
        if (strcmp(db->spec->table[i].schema, schema) == 0 && strcmp(db->spec->table[i].name, name) == 0)
            return &db->table[i];
    return NULL;
}

static bool describe_foreign(database *db, const user_table *t, size_t i)
{
    catalog *c = &db->catalog;
    const foreign_spec *k = &t->spec->foreign[i];
    const user_table *to = find_table(db, k->schema, k->table);
    if (!to || to->spec->keys == 0)
        return fail(db->f, "foreign key of %s: no table %s.%s with a key", t->spec->name, k->schema, k->table);
    char name[600];
    snprintf(name, sizeof name, "FK_%s_%s", t->spec->name, t->spec->column[k->column].name);
    int32_t id = t->first_foreign + (int32_t)i, column = (int32_t)k->column + 1, target = (int32_t)to->spec->key[0] + 1;
    return add_object(c, id, name, t->schema, 4, "F ", t->id, column) &&
           add_reference(c, CLASS_FOREIGN_TABLE, id, 0, to->id, 1) &&
           add_reference(c, CLASS_FOREIGN_FROM, id, 1, t->id, column) &&
           add_reference(c, CLASS_FOREIGN_TO, id, 1, to->id, target);
}

static bool describe_table(database *db, const user_table *t)
{
    catalog *c = &db->catalog;
    const table_spec *s = t->spec;
    bool ok = add_object(c, t->id, s->name, t->schema, USER_TABLE, "U ", 0, (int64_t)s->columns) && describe_key(c, t);
    for (unsigned p = 0; ok && p < s->parts; p++) ok = add_rowset_columns(c, &t->part[p]);
    for (size_t i = 0; ok && i < s->columns; i++) {
        const column_spec *k = &s->column[i];
        if (k->dropped) continue;
        ok = add_column(c, t->id, (uint32_t)i + 1, k->name, &k->type, k->not_null, k->identity, s->rows, k->sparse);
    }
    for (size_t i = 0; ok && i < s->indexes; i++) {
        const user_index *x = &t->index[i];
        uint32_t status = INDEX_NORMAL | (x->spec->unique ? INDEX_UNIQUE : 0);
        ok = add_rowset_columns(c, &x->rs) &&
             add_index(c, t->id, x->rs.index_id, x->spec->name, status, x->rs.id, t->group.id);
        for (size_t k = 0; ok && k < x->spec->columns; k++)
            ok = add_index_column(c, t->id, x->rs.index_id, (unsigned)k + 1, (uint32_t)x->spec->column[k] + 1);
    }
    for (size_t i = 0; ok && i < s->foreigns; i++) ok = describe_foreign(db, t, i);
    return ok;
}

bool catalog_describe(database *db)
{
    catalog *c = &db->catalog;
    for (size_t i = 0; i < c->bases; i++)
        if (!describe_base_table(c, &c->base[i])) return false;
    if (!describe_types(c) || !describe_schemas(db) || !describe_owners(c)) return false;
    for (size_t i = 0; i < db->spec->tables; i++)
        if (!describe_table(db, &db->table[i])) return false;
    return true;
}

/* ---- files ---- */

enum { LOG_PAGES = 128 };

static unsigned file_place(unsigned file) { return file == 1 ? 0 : file - 2; }

static bool add_file_2005(database *db, unsigned file, const char *name, const char *path, const uint8_t guid[16])
{
    catalog *c = &db->catalog;
    bool log = file == 2;
    row_begin(c, BASE_DBFILES_2005);
    row_int(c, 1);
    row_int(c, file);
    row_int(c, log ? 0 : database_group_of(db, file_place(file)));
    row_int(c, 2);
    row_int(c, log ? LOG_PAGES : db->pages[file_place(file)]);
    row_int(c, -1);
    row_int(c, 128);
    row_text(c, name);
    row_text(c, path);
    row_null(c, 2);
    row_int(c, log);
    row_int(c, 0);
    row_bytes(c, guid, 16);
    row_int(c, 4);
    row_null(c, 7);
    row_bytes(c, guid, 16);
    row_zero(c, 1);
    row_null(c, 3);
    row_bytes(c, guid, 16);
    row_null(c, 1);
    row_int(c, 0);
    row_bytes(c, guid, 16);
    return row_end(c);
}

static bool add_file_2008(database *db, unsigned file, const char *name, const char *path, const uint8_t guid[16])
{
    catalog *c = &db->catalog;
    bool log = file == 2;
    row_begin(c, BASE_PRUFILES);
    row_int(c, 1);
    row_int(c, file);
    row_int(c, log ? 0 : database_group_of(db, file_place(file)));
    row_int(c, 2);
    row_int(c, log);
    row_int(c, 0);
    row_int(c, log ? LOG_PAGES : db->pages[file_place(file)]);
    row_int(c, -1);
    row_int(c, 128);
    row_text(c, name);
    row_text(c, path);
    row_null(c, 2);
    row_bytes(c, guid, 16);
    row_int(c, 4);
    row_null(c, 8);
    row_zero(c, 1);
    row_null(c, 5);
    row_int(c, 0);
    row_null(c, 1);
    return row_end(c);
}

static bool add_file(database *db, unsigned file)
{
    catalog *c = &db->catalog;
    char name[300], path[400];
    uint8_t guid[16];
    database_file_name(db, file, name, sizeof name);
    database_file_path(db, file, path, sizeof path);
    database_guid(db, file, guid);
    row_begin(c, BASE_FILES1);
    row_int(c, file == 2 ? 0x100042 : 2);
    row_int(c, file);
    row_text(c, name);
    row_text(c, path);
    if (!row_end(c)) return false;
    if (c->version == VERSION_2005) return add_file_2005(db, file, name, path, guid);
    if (c->version >= VERSION_2012) {
        row_begin(c, BASE_DBFILES);
        row_int(c, 1);
        row_int(c, file);
        row_bytes(c, guid, 16);
        row_text(c, path);
        if (!row_end(c)) return false;
    }
    return add_file_2008(db, file, name, path, guid);
}

static bool add_group(database *db, unsigned id)
{
    catalog *c = &db->catalog;
    uint8_t guid[16];
    database_guid(db, 40 + id, guid);
    row_begin(c, BASE_PHFG);
    row_int(c, 1);
    row_int(c, id);
    row_int(c, id);
    row_text(c, "FG");
    row_bytes(c, guid, 16);
    row_bytes(c, guid, 16);
    row_null(c, 1);
    row_int(c, 8);
    row_text(c, db->group[id - 1]);
    return row_end(c);
}

bool catalog_files(database *db)
{
    for (unsigned i = 0; db->catalog.version != VERSION_2005 && i < db->groups; i++)
        if (!add_group(db, i + 1)) return false;
    for (unsigned id = 1; id <= db->files + 1; id++)
        if (!add_file(db, id)) return false;
    return true;
}

/* ---- SQL Server 2005 ---- */

static bool add_hobt(catalog *c, const rowset *rs)
{
    row_begin(c, BASE_HOBTS);
    row_int(c, rs->id);
    row_int(c, rs->user ? 0x58 : 0x10);
    row_int(c, 0);
    row_int(c, (int64_t)rs->columns);
    row_int(c, (int64_t)longest_record(rs));
    row_int(c, rs->inner_end);
    row_int(c, rs->fixed_end);
    row_int(c, rs->inner_end);
    row_int(c, (int64_t)rs->object << 16);
    return row_end(c);
}

bool catalog_hobts(database *db)
{
    catalog *c = &db->catalog;
    if (c->version != VERSION_2005) return true;
    for (size_t i = 0; i < c->bases; i++)
        if (!add_hobt(c, &c->base[i].rs)) return false;
    for (size_t i = 0; i < db->spec->tables; i++) {
        const user_table *t = &db->table[i];
        for (unsigned p = 0; p < t->spec->parts; p++)
            if (!add_hobt(c, &t->part[p])) return false;
        for (size_t k = 0; k < t->spec->indexes; k++)
            if (!add_hobt(c, &t->index[k].rs)) return false;
    }
    return true;
}

static bool refer(catalog *c, const unit *u)
{
    row_begin(c, BASE_SEREFS);
    row_int(c, 1);
    row_int(c, u->owner);
    row_int(c, u->id);
    return row_end(c);
}

static bool refer_all(catalog *c, const rowset *rs)
{
    if (!refer(c, &rs->data)) return false;
    if (rs->has_overflow && !refer(c, &rs->overflow)) return false;
    return !rs->has_lob || refer(c, &rs->lob);
}

bool catalog_references(database *db)
{
    catalog *c = &db->catalog;
    for (size_t i = 0; i < c->bases; i++) {
        const base_rows *b = &c->base[i];
        unit own = {.id = b->rs.id, .owner = b->rs.id};
        bool written = b->rs.data.id != 0;
        if (!(written ? refer_all(c, &b->rs) : refer(c, &own))) return false;
    }
    for (size_t i = 0; i < db->spec->tables; i++) {
        const user_table *t = &db->table[i];
        for (unsigned p = 0; p < t->spec->parts; p++)
            if (!refer_all(c, &t->part[p])) return false;
        for (size_t k = 0; k < t->spec->indexes; k++)
            if (!refer_all(c, &t->index[k].rs)) return false;
    }
    return true;
}
