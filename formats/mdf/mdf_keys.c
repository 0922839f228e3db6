#include "mdf/mdf_build.h"

/* ---- primary keys and unique indexes ---- */

typedef struct index_key {
    int32_t object, index;
} index_key;

static int index_column_key_order(const void *key, const void *element)
{
    const index_key *a = key;
    const index_column_row *b = element;
    if (a->object != b->object) return a->object < b->object ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

/* Position of a column id among the columns of a table; -1 when it is not shown. */
static int column_position(const build *b, const table_info *info, int32_t object, int32_t id)
{
    size_t n;
    const column_row *all = build_columns_of(b, object, &n), *d = build_column(all, n, id);
    for (size_t i = 0; d && i < info->columns; i++)
        if (info->column[i].name.p == d->name.p) return (int)i;
    return -1;
}

/* Rows of sysiscols are lost: a key whose columns are not as many as its rowset's key has would be another key. */
static bool is_whole_key(const build *b, const index_row *x, size_t columns)
{
    size_t n, keys = 0;
    if (!b->c->index_columns_lost) return true;
    const stored_column *s = build_stored_of(b, x->rowset, &n);
    for (size_t i = 0; i < n; i++) keys += s[i].key_ordinal != 0 && !(s[i].status & STORED_UNIQUIFIER);
    return keys == columns;
}

static bool add_index_key(build *b, const index_row *x, const table_info *info, key_info *out)
{
    size_t n;
    const index_key key = {x->object, x->id};
    const catalog_rows *c = b->c;
    const index_column_row *ic =
        sorted_range(c->index_column.p, c->index_column.n, sizeof *ic, &key, index_column_key_order, &n);
    uint16_t *column = build_array(b, n, sizeof *column);
    if (!column) return false;
    *out =
        (key_info){.name = x->name, .kind = x->status & INDEX_PRIMARY_KEY ? KEY_PRIMARY : KEY_UNIQUE, .column = column};
    if (!is_whole_key(b, x, n)) return false;
    for (size_t i = 0; i < n; i++) {
        int at = column_position(b, info, x->object, ic[i].column);
        if (at < 0) return false;
        column[out->columns++] = (uint16_t)at;
    }
    return out->columns > 0;
}

/* ---- foreign keys ---- */

static int foreign_key_order(const void *key, const void *element)
{
    int32_t a = *(const int32_t *)key, b = ((const foreign_key_row *)element)->parent;
    return (a > b) - (a < b);
}

static int reference_order(const void *key, const void *element)
{
    int32_t a = *(const int32_t *)key, b = ((const reference_row *)element)->from;
    return (a > b) - (a < b);
}

static int object_order(const void *key, const void *element)
{
    int32_t a = *(const int32_t *)key, b = ((const object_row *)element)->id;
    return (a > b) - (a < b);
}

/* The column that a reference of this class and ordinal names; 0: none. */
static int32_t referenced(const reference_row *r, size_t n, uint8_t class, int32_t ordinal)
{
    for (size_t i = 0; i < n; i++)
        if (r[i].class == class && r[i].ordinal == ordinal) return r[i].column;
    return 0;
}

static bool add_foreign_key(build *b, const foreign_key_row *fk, const table_info *info, key_info *out)
{
    size_t n, found, columns;
    const catalog_rows *c = b->c;
    const reference_row *r = sorted_range(c->reference.p, c->reference.n, sizeof *r, &fk->id, reference_order, &n);
    int32_t target = 0;
    for (size_t i = 0; i < n; i++)
        if (r[i].class == REFERENCE_TABLE) target = r[i].to;
    const object_row *o = sorted_range(c->object.p, c->object.n, sizeof *o, &target, object_order, &found);
    if (found == 0) return false;
    const column_row *declared = build_columns_of(b, target, &columns);
    uint16_t *column = build_array(b, n, sizeof *column);
    sv *ref = build_array(b, n, sizeof *ref);
    if (!column || !ref) return false;
    *out = (key_info){.name = fk->name,
                      .kind = KEY_FOREIGN,
                      .column = column,
                      .ref_schema = build_schema_name(b, o->schema),
                      .ref_table = o->name,
                      .ref_column = ref};
    for (int32_t ordinal = 1; (size_t)ordinal <= n; ordinal++) {
        int32_t own = referenced(r, n, REFERENCE_OWN_COLUMN, ordinal),
                other = referenced(r, n, REFERENCE_TARGET_COLUMN, ordinal);
        if (own == 0) break;
        int at = column_position(b, info, fk->parent, own);
        const column_row *d = build_column(declared, columns, other);
        if (at < 0 || !d) return false;
        column[out->columns] = (uint16_t)at;
        ref[out->columns++] = d->name;
    }
    return out->columns > 0;
}

void build_keys(build *b, int32_t object, table_info *info)
{
    size_t indexes, foreign;
    const catalog_rows *c = b->c;
    const index_row *x = build_indexes_of(b, object, &indexes);
    const foreign_key_row *fk =
        sorted_range(c->foreign_key.p, c->foreign_key.n, sizeof *fk, &object, foreign_key_order, &foreign);
    key_info *key = build_array(b, indexes + foreign, sizeof *key);
    if (!key) return;
    for (size_t i = 0; i < indexes; i++)
        if (x[i].id > 0 && x[i].status & (INDEX_PRIMARY_KEY | INDEX_UNIQUE | INDEX_UNIQUE_CONSTRAINT))
            info->keys += add_index_key(b, &x[i], info, &key[info->keys]);
    for (size_t i = 0; i < foreign; i++) info->keys += add_foreign_key(b, &fk[i], info, &key[info->keys]);
    info->key = key;
}
