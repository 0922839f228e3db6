#include "mdf/mdf_catalog.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_VERSION_WITH_RSCOLS = 650 }; /* SQL Server 2008; 2005 has syshobtcolumns */

#define SORT(list, compare)                                                                                            \
    if ((list).n) qsort((list).p, (list).n, sizeof *(list).p, compare)

static int compare_i64(int64_t a, int64_t b) { return (a > b) - (a < b); }

/* ---- objects ---- */

#define OBJECT_TYPE(a, b) ((uint64_t)(a) | (uint64_t)(b) << 8)

/* Tables of users and of the system, indexed views, types that are tables, queues. */
static bool may_own_rows(uint64_t type)
{
    static const uint64_t types[] = {OBJECT_TYPE('U', ' '), OBJECT_TYPE('S', ' '), OBJECT_TYPE('I', 'T'),
                                     OBJECT_TYPE('V', ' '), OBJECT_TYPE('T', 'T'), OBJECT_TYPE('S', 'Q')};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (types[i] == type) return true;
    return false;
}

static bool add_object(void *ctx, const fixedvar *rec)
{
    catalog_rows *c = ctx;
    int32_t id = (int32_t)rec_i(rec, 4, 4);
    uint64_t type = rec_u(rec, 17, 2);
    int32_t *listed = LIST_ADD(c->base.mem, &c->listed);
    if (!listed) return false;
    *listed = id;
    if (may_own_rows(type)) {
        int32_t *owner = LIST_ADD(c->base.mem, &c->owner);
        if (!owner) return false;
        *owner = id;
    }
    if (type == OBJECT_TYPE('F', ' ')) {
        foreign_key_row *fk = LIST_ADD(c->base.mem, &c->foreign_key);
        if (!fk) return false;
        *fk = (foreign_key_row){.id = id, .parent = (int32_t)rec_i(rec, 19, 4), .name = rec_name(rec, 1, c->base.mem)};
    }
    /* Ids with the top bit set belong to tables that an event trace only declares. */
    if (type != OBJECT_TYPE('U', ' ') || id < 0) return true;
    object_row *o = LIST_ADD(c->base.mem, &c->object);
    if (!o) return false;
    *o = (object_row){.id = id, .schema = (int32_t)rec_i(rec, 8, 4), .name = rec_name(rec, 1, c->base.mem)};
    return true;
}

int catalog_foreign_key_order(const void *a, const void *b)
{
    const foreign_key_row *x = a, *y = b;
    return x->parent != y->parent ? compare_i64(x->parent, y->parent) : compare_i64(x->id, y->id);
}

static bool add_reference(void *ctx, const fixedvar *rec)
{
    catalog_rows *c = ctx;
    uint8_t class = (uint8_t)rec_u(rec, 4, 1);
    if (class < REFERENCE_TABLE || class > REFERENCE_TARGET_COLUMN) return true;
    reference_row *r = LIST_ADD(c->base.mem, &c->reference);
    if (!r) return false;
    *r = (reference_row){.class = class,
                         .from = (int32_t)rec_i(rec, 5, 4),
                         .ordinal = (int32_t)rec_i(rec, 9, 4),
                         .to = (int32_t)rec_i(rec, 13, 4),
                         .column = (int32_t)rec_i(rec, 17, 4)};
    return true;
}

int catalog_reference_order(const void *a, const void *b)
{
    const reference_row *x = a, *y = b;
    if (x->from != y->from) return compare_i64(x->from, y->from);
    return x->class != y->class ? (int)x->class - (int)y->class : compare_i64(x->ordinal, y->ordinal);
}

int catalog_object_order(const void *a, const void *b)
{
    return compare_i64(((const object_row *)a)->id, ((const object_row *)b)->id);
}

int catalog_id_order(const void *a, const void *b) { return compare_i64(*(const int32_t *)a, *(const int32_t *)b); }

static void report_unlisted(const catalog_rows *c, const rowset_row *rs)
{
    char name[24], rows[24];
    snprintf(name, sizeof name, "object_%" PRId32, rs->object);
    snprintf(rows, sizeof rows, "%" PRId64, rs->rows);
    finding x = FINDING_OF(F_TABLE_UNLISTED);
    x.table = sv_from(name);
    x.a = sv_from(rows);
    find_add(c->base.found, &x);
}

/* Rows that the catalog counts for an object which it does not list as a table. Where rows of the list are `lost` it is
 * taken for a table without a name; whether it was one of a user nothing else says. Base tables have the first numbers;
 * their loss is told of otherwise. False when out of memory. */
static bool add_unlisted(catalog_rows *c, bool lost)
{
    enum { FIRST_USER_OBJECT = 256, SCHEMA_DBO = 1 };
    for (size_t i = 0; i < c->base.rowsets; i++) {
        const rowset_row *rs = &c->base.rowset[i];
        if (rs->object < FIRST_USER_OBJECT || rs->index < 0 || rs->index > 1 || rs->rows <= 0) continue;
        if (c->owner.n && bsearch(&rs->object, c->owner.p, c->owner.n, sizeof rs->object, catalog_id_order)) continue;
        if (!lost) {
            report_unlisted(c, rs);
            continue;
        }
        if (c->object.n && c->object.p[c->object.n - 1].id == rs->object) continue; /* another part of it */
        object_row *o = LIST_ADD(c->base.mem, &c->object);
        if (!o) return false;
        *o = (object_row){.id = rs->object, .schema = SCHEMA_DBO};
    }
    SORT(c->object, catalog_object_order);
    return true;
}

bool catalog_is_user_table(const catalog_rows *c, int32_t id)
{
    object_row key = {.id = id};
    return c->object.n && bsearch(&key, c->object.p, c->object.n, sizeof key, catalog_object_order);
}

/* ---- columns as declared ---- */

static bool add_column(void *ctx, const fixedvar *rec)
{
    catalog_rows *c = ctx;
    int32_t object = (int32_t)rec_i(rec, 4, 4);
    if (rec_i(rec, 8, 2) != 0 || !catalog_is_user_table(c, object)) return true; /* parameters have a number */
    column_row *col = LIST_ADD(c->base.mem, &c->column);
    if (!col) return false;
    *col = (column_row){.object = object,
                        .id = (int32_t)rec_i(rec, 10, 4),
                        .name = rec_name(rec, 1, c->base.mem),
                        .xtype = (uint8_t)rec_u(rec, 14, 1),
                        .utype = (int32_t)rec_i(rec, 15, 4),
                        .length = (int16_t)rec_i(rec, 19, 2),
                        .precision = (uint8_t)rec_u(rec, 21, 1),
                        .scale = (uint8_t)rec_u(rec, 22, 1),
                        .collation = (uint32_t)rec_u(rec, 23, 4),
                        .status = (uint32_t)rec_u(rec, 27, 4)};
    return true;
}

int catalog_column_order(const void *a, const void *b)
{
    const column_row *x = a, *y = b;
    return x->object != y->object ? compare_i64(x->object, y->object) : compare_i64(x->id, y->id);
}

/* ---- columns as stored ---- */

static int rowset_id_order(const void *a, const void *b)
{
    return compare_i64(*(const int64_t *)a, *(const int64_t *)b);
}

/* Ids of the rowsets of user tables, so that the stored columns of others need not be kept. */
typedef struct stored_ctx {
    catalog_rows *c;
    int64_t *rowset;
    size_t rowsets;
} stored_ctx;

static bool user_rowsets(stored_ctx *s)
{
    const catalog_rows *c = s->c;
    s->rowset = arena_array(c->base.mem, c->base.rowsets + 1, sizeof *s->rowset);
    if (!s->rowset) return false;
    for (size_t i = 0; i < c->base.rowsets; i++)
        if (catalog_is_user_table(c, c->base.rowset[i].object)) s->rowset[s->rowsets++] = c->base.rowset[i].id;
    if (s->rowsets) qsort(s->rowset, s->rowsets, sizeof *s->rowset, rowset_id_order);
    return true;
}

static bool is_user_rowset(const stored_ctx *s, int64_t id)
{
    return s->rowsets && bsearch(&id, s->rowset, s->rowsets, sizeof id, rowset_id_order);
}

static bool add_stored(void *ctx, const fixedvar *rec)
{
    stored_ctx *s = ctx;
    int64_t rowset = rec_i(rec, 4, 8);
    if (!is_user_rowset(s, rowset)) return true;
    stored_column *col = LIST_ADD(s->c->base.mem, &s->c->stored);
    if (!col) return false;
    *col = (stored_column){.rowset = rowset,
                           .id = (int32_t)rec_i(rec, 12, 4),
                           .hobt_column = (uint32_t)rec_u(rec, 16, 4),
                           .type = (uint32_t)rec_u(rec, 28, 4),
                           .collation = (uint32_t)rec_u(rec, 32, 4),
                           .key_ordinal = (uint16_t)rec_u(rec, 36, 2),
                           .status = (uint32_t)rec_u(rec, 40, 4),
                           .leaf_offset = (int16_t)rec_i(rec, 44, 2),
                           .null_bit = (uint16_t)rec_u(rec, 48, 2),
                           .bit_position = (uint8_t)rec_u(rec, 52, 1)};
    return true;
}

int catalog_stored_order(const void *a, const void *b)
{
    const stored_column *x = a, *y = b;
    if (x->rowset != y->rowset) return compare_i64(x->rowset, y->rowset);
    return x->id != y->id ? compare_i64(x->id, y->id) : compare_i64(x->hobt_column, y->hobt_column);
}

/* ---- SQL Server 2005: a rowset's columns, and the columns of the heap or B-tree below it ---- */

/* `type` in the form of sysrscols, from the separate fields of syshobtcolumns. */
static uint32_t type_2005(const fixedvar *rec)
{
    uint32_t xtype = (uint32_t)rec_u(rec, 22, 1), precision = (uint32_t)rec_u(rec, 25, 1),
             scale = (uint32_t)rec_u(rec, 26, 1);
    int32_t length = (int32_t)rec_i(rec, 23, 2);
    if (xtype == 106 || xtype == 108) return xtype | precision << 8 | scale << 16;
    return xtype | (length > 0 ? (uint32_t)length << 8 : 0);
}

static bool add_stored_2005(void *ctx, const fixedvar *rec)
{
    stored_ctx *s = ctx;
    int64_t rowset = rec_i(rec, 4, 8);
    if (!is_user_rowset(s, rowset)) return true;
    stored_column *col = LIST_ADD(s->c->base.mem, &s->c->stored);
    if (!col) return false;
    uint32_t flags = (uint32_t)rec_u(rec, 16, 4);
    *col = (stored_column){.rowset = rowset,
                           .id = STORED_DROPPED, /* until sysrowsetcolumns says which column of the table it is */
                           .hobt_column = (uint32_t)rec_u(rec, 12, 4),
                           .type = type_2005(rec),
                           .collation = (uint32_t)rec_u(rec, 27, 4),
                           .key_ordinal = (uint16_t)rec_u(rec, 20, 2),
                           .status = (flags & 0x20 ? STORED_NOT_NULL : 0) | (flags & 0x02 ? STORED_UNIQUIFIER : 0),
                           .leaf_offset = (int16_t)rec_i(rec, 31, 2),
                           .bit_position = (uint8_t)rec_u(rec, 35, 1),
                           .null_bit = (uint16_t)rec_u(rec, 37, 2)};
    return true;
}

static int hobt_order(const void *a, const void *b)
{
    const stored_column *x = a, *y = b;
    if (x->rowset != y->rowset) return compare_i64(x->rowset, y->rowset);
    return compare_i64(x->hobt_column, y->hobt_column);
}

static bool name_stored_2005(void *ctx, const fixedvar *rec)
{
    stored_ctx *s = ctx;
    stored_column key = {.rowset = rec_i(rec, 4, 8), .hobt_column = (uint32_t)rec_u(rec, 16, 4)};
    if (!is_user_rowset(s, key.rowset) || s->c->stored.n == 0) return true;
    stored_column *col = bsearch(&key, s->c->stored.p, s->c->stored.n, sizeof key, hobt_order);
    if (col) col->id = (int32_t)rec_i(rec, 12, 4);
    return true;
}

static status read_stored_of(stored_ctx *s, int32_t object, systab_row add)
{
    systab_count count;
    status st = systab_each(&s->c->base, object, add, s, &count);
    if (st == ST_OK) s->c->stored_lost |= systab_account(&s->c->base, object, &count, 0);
    return st;
}

static status read_stored(catalog_rows *c)
{
    stored_ctx s = {.c = c};
    status st;
    if (!user_rowsets(&s)) {
        find_code(c->base.found, F_OUT_OF_MEMORY, "reading the catalog");
        return ST_FATAL;
    }
    size_t n;
    bool has_rscols = c->base.boot.lost ? systabs_rowsets(&c->base, SYS_RSCOLS, &n) && n > 0
                                        : c->base.boot.version >= FIRST_VERSION_WITH_RSCOLS;
    if (has_rscols) {
        LIST_FOR(&c->base, &c->stored, SYS_RSCOLS);
        st = read_stored_of(&s, SYS_RSCOLS, add_stored);
    } else {
        st = read_stored_of(&s, SYS_HOBTCOLUMNS_2005, add_stored_2005);
        SORT(c->stored, hobt_order);
        if (st == ST_OK) st = read_stored_of(&s, SYS_ROWSETCOLUMNS_2005, name_stored_2005);
    }
    SORT(c->stored, catalog_stored_order);
    return st;
}

/* ---- types, schemas, filegroups ---- */

static bool add_type(void *ctx, const fixedvar *rec)
{
    catalog_rows *c = ctx;
    type_row *t = LIST_ADD(c->base.mem, &c->type);
    if (!t) return false;
    *t = (type_row){.id = (int32_t)rec_i(rec, 4, 4),
                    .schema = (int32_t)rec_i(rec, 8, 4),
                    .name = rec_name(rec, 1, c->base.mem),
                    .xtype = (uint8_t)rec_u(rec, 12, 1)};
    return true;
}

int catalog_type_order(const void *a, const void *b)
{
    return compare_i64(((const type_row *)a)->id, ((const type_row *)b)->id);
}

static bool add_class_object(void *ctx, const fixedvar *rec)
{
    catalog_rows *c = ctx;
    uint64_t class = rec_u(rec, 4, 1);
    schema_row *s;
    if (class == CLASS_SCHEMA)
        s = LIST_ADD(c->base.mem, &c->schema);
    else if (class == CLASS_GROUP)
        s = LIST_ADD(c->base.mem, &c->group);
    else
        return true;
    if (!s) return false;
    *s = (schema_row){.id = (int32_t)rec_i(rec, 5, 4), .name = rec_name(rec, 1, c->base.mem)};
    return true;
}

/* ---- indexes ---- */

static bool add_index(void *ctx, const fixedvar *rec)
{
    catalog_rows *c = ctx;
    int32_t object = (int32_t)rec_i(rec, 4, 4);
    if (!catalog_is_user_table(c, object)) return true;
    index_row *x = LIST_ADD(c->base.mem, &c->index);
    if (!x) return false;
    *x = (index_row){.object = object,
                     .id = (int32_t)rec_i(rec, 8, 4),
                     .name = rec_name(rec, 1, c->base.mem),
                     .status = (uint32_t)rec_u(rec, 12, 4),
                     .type = (uint8_t)rec_u(rec, 21, 1),
                     .partitioned = rec_i(rec, 23, 4) >= FIRST_PARTITION_SCHEME,
                     .rowset = rec_i(rec, 31, 8)};
    return true;
}

static int index_order(const void *a, const void *b)
{
    const index_row *x = a, *y = b;
    return x->object != y->object ? compare_i64(x->object, y->object) : compare_i64(x->id, y->id);
}

static bool add_index_column(void *ctx, const fixedvar *rec)
{
    catalog_rows *c = ctx;
    int32_t object = (int32_t)rec_i(rec, 4, 4);
    if (!catalog_is_user_table(c, object)) return true;
    index_column_row *x = LIST_ADD(c->base.mem, &c->index_column);
    if (!x) return false;
    *x = (index_column_row){.object = object,
                            .index = (int32_t)rec_i(rec, 8, 4),
                            .ordinal = (int32_t)rec_i(rec, 12, 4),
                            .column = (int32_t)rec_i(rec, 20, 4),
                            .key = (uint8_t)rec_u(rec, 24, 1)};
    return true;
}

int catalog_index_column_order(const void *a, const void *b)
{
    const index_column_row *x = a, *y = b;
    if (x->object != y->object) return compare_i64(x->object, y->object);
    return x->index != y->index ? compare_i64(x->index, y->index) : compare_i64(x->ordinal, y->ordinal);
}

/* ---- values of columns that were added without touching the rows ---- */

static bool add_value(void *ctx, const fixedvar *rec)
{
    catalog_rows *c = ctx;
    sv raw;
    bool complex;
    if (rec_u(rec, 4, 1) != 1 || !fixedvar_variable(rec, 1 - 1, &raw, &complex)) return true;
    if (complex || raw.n == 0) raw = (sv){NULL, 0}; /* kept as known to exist and not known */
    default_row *d = LIST_ADD(c->base.mem, &c->value);
    if (!d) return false;
    *d = (default_row){.rowset = rec_i(rec, 5, 8), .hobt_column = (int32_t)rec_i(rec, 13, 8)};
    if (raw.n) {
        d->value = arena_sv(c->base.mem, raw);
        if (!d->value.p) return false;
    }
    return true;
}

static int value_order(const void *a, const void *b)
{
    const default_row *x = a, *y = b;
    return x->rowset != y->rowset ? compare_i64(x->rowset, y->rowset) : compare_i64(x->hobt_column, y->hobt_column);
}

/* ---- files ---- */

static bool add_file(void *ctx, const fixedvar *rec)
{
    catalog_rows *c = ctx;
    file_row *f = LIST_ADD(c->base.mem, &c->file);
    if (!f) return false;
    *f = (file_row){.id = (int32_t)rec_i(rec, 8, 4),
                    .filegroup = (int32_t)rec_i(rec, 12, 4),
                    .kind = (uint8_t)rec_u(rec, 20, 1),
                    .pages = (int32_t)rec_i(rec, 22, 4),
                    .name = rec_name(rec, 1, c->base.mem),
                    .path = rec_name(rec, 2, c->base.mem)};
    return true;
}

static bool add_file_2005(void *ctx, const fixedvar *rec)
{
    catalog_rows *c = ctx;
    file_row *f = LIST_ADD(c->base.mem, &c->file);
    if (!f) return false;
    *f = (file_row){.id = (int32_t)rec_i(rec, 8, 4),
                    .filegroup = (int32_t)rec_i(rec, 12, 4),
                    .kind = (uint8_t)rec_u(rec, 52, 1),
                    .pages = (int32_t)rec_i(rec, 20, 4),
                    .name = rec_name(rec, 1, c->base.mem),
                    .path = rec_name(rec, 2, c->base.mem)};
    return true;
}

static int file_order(const void *a, const void *b)
{
    return compare_i64(((const file_row *)a)->id, ((const file_row *)b)->id);
}

/* ---- all ---- */

/* A base table, the list that its rows are kept in and that is sorted (NULL: none), what repeats its rows (NULL:
 * nothing), and where it is kept that some are lost (NULL: nowhere). */
typedef struct base_reading {
    int32_t object;
    systab_row add;
    int (*order)(const void *, const void *);
    void **p;
    const size_t *n;
    size_t size;
    status (*fill)(catalog_rows *c, const systab_count *count, uint64_t *found);
    bool *lost;
} base_reading;

static status read_base(catalog_rows *c, const base_reading *b)
{
    systab_count count;
    uint64_t found = 0;
    status st = systab_each(&c->base, b->object, b->add, c, &count);
    if (b->p && *b->n) qsort(*b->p, *b->n, b->size, b->order);
    if (st == ST_OK && b->fill && systab_incomplete(&count)) st = b->fill(c, &count, &found);
    if (st != ST_OK) return st;
    const bool lost = systab_account(&c->base, b->object, &count, found);
    if (b->lost) *b->lost = lost;
    return ST_OK;
}

#define SORTED(list, order) order, (void **)&(list).p, &(list).n, sizeof *(list).p

static status read_objects(catalog_rows *c)
{
    bool lost = false;
    const base_reading objects = {SYS_SCHOBJS, add_object, SORTED(c->listed, catalog_id_order), catalog_index_objects,
                                  &lost};
    status st = read_base(c, &objects);
    SORT(c->object, catalog_object_order);
    SORT(c->foreign_key, catalog_foreign_key_order);
    SORT(c->owner, catalog_id_order);
    lost |= c->base.damaged;
    if (st == ST_OK && !add_unlisted(c, lost)) return systab_no_memory(&c->base);
    if (st == ST_OK && c->object.n == 0 && lost) {
        /* No table at all, and the catalog is damaged: there is nothing that could be called a result. */
        find_code(c->base.found, F_CATALOG_UNREADABLE, "%s", "sys.sysschobjs");
        return ST_FATAL;
    }
    return st;
}

static status read_rest(catalog_rows *c)
{
    const base_reading rest[] = {
        {SYS_COLPARS, add_column, SORTED(c->column, catalog_column_order), catalog_index_columns, &c->columns_lost},
        {SYS_SCALARTYPES, add_type, SORTED(c->type, catalog_type_order), catalog_index_types, NULL},
        {SYS_CLSOBJS, add_class_object, NULL, NULL, NULL, 0, catalog_index_classes, NULL},
        {SYS_IDXSTATS, add_index, SORTED(c->index, index_order), NULL, NULL},
        {SYS_ISCOLS, add_index_column, SORTED(c->index_column, catalog_index_column_order), catalog_index_index_columns,
         &c->index_columns_lost},
        {SYS_SEOBJVALUES, add_value, SORTED(c->value, value_order), NULL, &c->values_lost},
        {SYS_PRUFILES, add_file, SORTED(c->file, file_order), NULL, NULL},
        {SYS_DBFILES_2005, add_file_2005, SORTED(c->file, file_order), NULL, NULL},
        {SYS_SINGLEOBJREFS, add_reference, SORTED(c->reference, catalog_reference_order), catalog_index_references,
         NULL}};
    status st = ST_OK;
    LIST_FOR(&c->base, &c->column, SYS_COLPARS);
    for (size_t i = 0; i < sizeof rest / sizeof rest[0] && st == ST_OK; i++) st = read_base(c, &rest[i]);
    if (st == ST_OK && !catalog_index_foreign_keys(c)) return systab_no_memory(&c->base);
    return st;
}

status catalog_rows_read(catalog_rows *c, page_reader *r, salvage_index *salvage, arena *mem, findings *found)
{
    memset(c, 0, sizeof *c);
    status st = systabs_open(&c->base, r, salvage, mem, found);
    if (st == ST_OK) st = read_objects(c);
    if (st == ST_OK) st = read_stored(c);
    if (st == ST_OK) st = read_rest(c);
    return st;
}
