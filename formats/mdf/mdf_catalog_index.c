/* Rows of the catalog that were lost with their pages, from the nonclustered indexes of the base tables (FORMAT.md,
 * Nonclustered indexes of the catalog). An entry holds less than the row: what it does not hold stays unknown. */
#include "base/sorted.h"
#include "mdf/mdf_catalog.h"
#include <stdlib.h>

#define SORT(list, compare)                                                                                            \
    if ((list).n) qsort((list).p, (list).n, sizeof *(list).p, compare)

enum { FIRST_USER_OBJECT = 256, SCHEMA_SYS = 4 };

/* An index being read; `known` is the length of the list's sorted part. */
typedef struct index_fill {
    catalog_rows *c;
    systab_index_row add;
    size_t known;
    uint64_t entries, found; /* all; those that were not known and are kept */
} index_fill;

static bool has(const void *list, size_t n, size_t size, const void *key, int (*order)(const void *, const void *))
{
    return n && bsearch(key, list, n, size, order);
}

static bool add_counted(void *ctx, const systab_entry *e)
{
    index_fill *f = ctx;
    f->entries++;
    return f->add(f, e);
}

/* Only rows of user tables are kept. An index with as many entries as the table has rows gave all of those that are lost,
 * whatever they are about. */
static uint64_t all_or(const systab_count *count, uint64_t entries, uint64_t found)
{
    const bool whole = count->expected >= 0 && entries == (uint64_t)count->expected && entries >= count->rows;
    return whole ? entries - count->rows : found;
}

static status fill(catalog_rows *c, int32_t object, int32_t index, systab_index_row add, size_t known,
                   const systab_count *count, uint64_t *found)
{
    index_fill f = {.c = c, .add = add, .known = known};
    status st = systab_index_each(&c->base, object, index, add_counted, &f);
    *found = all_or(count, f.entries, *found + f.found);
    return st;
}

/* ---- objects: two indexes have their names ---- */

/* Tables of the system lie in the schema sys; whatever else has a heap or a clustered index is a table, or a view that
 * has one. An object without rows may be a foreign key. */
static bool add_object(index_fill *f, int32_t id, int32_t schema, const systab_entry *e)
{
    catalog_rows *c = f->c;
    size_t n;
    if (has(c->listed.p, f->known, sizeof id, &id, catalog_id_order)) return true;
    int32_t *listed = LIST_ADD(c->base.mem, &c->listed);
    if (!listed) return false;
    *listed = id;
    f->found++;
    const sv name = entry_name(e, c->base.mem);
    const rowset_row *rs = systabs_rowsets(&c->base, id, &n);
    if (n == 0 || rs->index > 1) {
        foreign_key_row *x = LIST_ADD(c->base.mem, &c->unsorted);
        if (x) *x = (foreign_key_row){.id = id, .name = name};
        return x != NULL;
    }
    int32_t *owner = LIST_ADD(c->base.mem, &c->owner);
    if (!owner) return false;
    *owner = id;
    if (id < FIRST_USER_OBJECT || schema == SCHEMA_SYS) return true;
    object_row *o = LIST_ADD(c->base.mem, &c->object);
    if (o) *o = (object_row){.id = id, .schema = schema, .name = name, .of_index = true};
    return o != NULL;
}

static bool add_object_nc1(void *ctx, const systab_entry *e)
{
    return add_object(ctx, entry_i32(e, 6), entry_i32(e, 2), e);
}
static bool add_object_nc2(void *ctx, const systab_entry *e)
{
    return add_object(ctx, entry_i32(e, 6), entry_i32(e, 1), e);
}

status catalog_index_objects(catalog_rows *c, const systab_count *count, uint64_t *found)
{
    *found = 0;
    status st = fill(c, SYS_SCHOBJS, 2, add_object_nc1, c->listed.n, count, found);
    SORT(c->listed, catalog_id_order);
    if (st == ST_OK) st = fill(c, SYS_SCHOBJS, 3, add_object_nc2, c->listed.n, count, found);
    SORT(c->listed, catalog_id_order);
    SORT(c->owner, catalog_id_order);
    SORT(c->object, catalog_object_order);
    return st;
}

static int from_order(const void *key, const void *element)
{
    const int32_t a = *(const int32_t *)key, b = ((const reference_row *)element)->from;
    return (a > b) - (a < b);
}

bool catalog_index_foreign_keys(catalog_rows *c)
{
    for (size_t i = 0; i < c->unsorted.n; i++) {
        size_t n;
        int32_t parent = 0;
        bool leads = false;
        const int32_t id = c->unsorted.p[i].id;
        const reference_row *r = sorted_range(c->reference.p, c->reference.n, sizeof *r, &id, from_order, &n);
        for (size_t k = 0; k < n; k++) {
            leads |= r[k].class == REFERENCE_TABLE;
            if (r[k].class == REFERENCE_OWN_COLUMN) parent = r[k].to;
        }
        if (!leads || parent == 0) continue;
        foreign_key_row *fk = LIST_ADD(c->base.mem, &c->foreign_key);
        if (!fk) return false;
        *fk = c->unsorted.p[i];
        fk->parent = parent;
    }
    SORT(c->foreign_key, catalog_foreign_key_order);
    return true;
}

/* ---- columns, types, schemas and filegroups ---- */

/* Parameters of procedures are rows of syscolpars, too: they have a number. */
static bool add_column(void *ctx, const systab_entry *e)
{
    index_fill *f = ctx;
    catalog_rows *c = f->c;
    const column_row key = {.object = entry_i32(e, 1), .id = entry_i32(e, 7), .of_index = true};
    if ((int16_t)(entry_i32(e, 5) & 0xFFFF) != 0 || !catalog_is_user_table(c, key.object)) return true;
    if (has(c->column.p, f->known, sizeof key, &key, catalog_column_order)) return true;
    column_row *col = LIST_ADD(c->base.mem, &c->column);
    if (!col) return false;
    *col = key;
    col->name = entry_name(e, c->base.mem);
    f->found++;
    return true;
}

status catalog_index_columns(catalog_rows *c, const systab_count *count, uint64_t *found)
{
    *found = 0;
    status st = fill(c, SYS_COLPARS, 2, add_column, c->column.n, count, found);
    SORT(c->column, catalog_column_order);
    return st;
}

static bool add_type(void *ctx, const systab_entry *e)
{
    index_fill *f = ctx;
    catalog_rows *c = f->c;
    const type_row key = {.id = entry_i32(e, 5), .schema = entry_i32(e, 1)};
    if (has(c->type.p, f->known, sizeof key, &key, catalog_type_order)) return true;
    type_row *t = LIST_ADD(c->base.mem, &c->type);
    if (!t) return false;
    *t = key;
    t->name = entry_name(e, c->base.mem);
    f->found++;
    return true;
}

status catalog_index_types(catalog_rows *c, const systab_count *count, uint64_t *found)
{
    *found = 0;
    status st = fill(c, SYS_SCALARTYPES, 2, add_type, c->type.n, count, found);
    SORT(c->type, catalog_type_order);
    return st;
}

static int schema_order(const void *a, const void *b)
{
    const schema_row *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

/* How many of the schemas and of the filegroups were read; both sorted. */
typedef struct class_lists {
    catalog_rows *c;
    size_t schemas, groups;
    uint64_t entries, found;
} class_lists;

static bool add_class_object(void *ctx, const systab_entry *e)
{
    class_lists *l = ctx;
    catalog_rows *c = l->c;
    const uint8_t class = entry_u8(e, 1);
    const schema_row key = {.id = entry_i32(e, 2)};
    schema_row *s;
    l->entries++;
    if (class == CLASS_SCHEMA && !has(c->schema.p, l->schemas, sizeof key, &key, schema_order))
        s = LIST_ADD(c->base.mem, &c->schema);
    else if (class == CLASS_GROUP && !has(c->group.p, l->groups, sizeof key, &key, schema_order))
        s = LIST_ADD(c->base.mem, &c->group);
    else
        return true;
    if (!s) return false;
    *s = key;
    s->name = entry_name(e, c->base.mem);
    l->found++;
    return true;
}

status catalog_index_classes(catalog_rows *c, const systab_count *count, uint64_t *found)
{
    class_lists l = {.c = c, .schemas = c->schema.n, .groups = c->group.n};
    SORT(c->schema, schema_order);
    SORT(c->group, schema_order);
    status st = systab_index_each(&c->base, SYS_CLSOBJS, 2, add_class_object, &l);
    *found = all_or(count, l.entries, l.found);
    return st;
}

/* ---- columns of indexes, references ---- */

static bool add_index_column(void *ctx, const systab_entry *e)
{
    index_fill *f = ctx;
    catalog_rows *c = f->c;
    const index_column_row key = {.object = entry_i32(e, 1),
                                  .index = entry_i32(e, 13),
                                  .ordinal = entry_i32(e, 9),
                                  .column = entry_i32(e, 5),
                                  .of_index = true};
    if (!catalog_is_user_table(c, key.object)) return true;
    if (has(c->index_column.p, f->known, sizeof key, &key, catalog_index_column_order)) return true;
    index_column_row *x = LIST_ADD(c->base.mem, &c->index_column);
    if (!x) return false;
    *x = key;
    f->found++;
    return true;
}

status catalog_index_index_columns(catalog_rows *c, const systab_count *count, uint64_t *found)
{
    *found = 0;
    status st = fill(c, SYS_ISCOLS, 2, add_index_column, c->index_column.n, count, found);
    SORT(c->index_column, catalog_index_column_order);
    return st;
}

static bool add_reference(void *ctx, const systab_entry *e)
{
    index_fill *f = ctx;
    catalog_rows *c = f->c;
    const reference_row key = {.class = entry_u8(e, 5),
                               .from = entry_i32(e, 10),
                               .ordinal = entry_i32(e, 14),
                               .to = entry_i32(e, 1),
                               .column = entry_i32(e, 6)};
    if (key.class < REFERENCE_TABLE || key.class > REFERENCE_TARGET_COLUMN) return true;
    if (has(c->reference.p, f->known, sizeof key, &key, catalog_reference_order)) return true;
    reference_row *r = LIST_ADD(c->base.mem, &c->reference);
    if (!r) return false;
    *r = key;
    f->found++;
    return true;
}

status catalog_index_references(catalog_rows *c, const systab_count *count, uint64_t *found)
{
    *found = 0;
    status st = fill(c, SYS_SINGLEOBJREFS, 2, add_reference, c->reference.n, count, found);
    SORT(c->reference, catalog_reference_order);
    return st;
}
