#include "mdf/mdf_build.h"
#include "sqltype/sqltype.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void report(build *b, finding_code code, sv table, sv column)
{
    finding x = FINDING_OF(code);
    x.table = table;
    x.column = column;
    find_add(b->found, &x);
}

static int type_id_order(const void *key, const void *element)
{
    int32_t a = *(const int32_t *)key, b = ((const type_row *)element)->id;
    return (a > b) - (a < b);
}

static const type_row *type_by_id(const catalog_rows *c, int32_t id)
{
    return c->type.n ? bsearch(&id, c->type.p, c->type.n, sizeof *c->type.p, type_id_order) : NULL;
}

static int stored_key_order(const void *key, const void *element)
{
    int64_t a = *(const int64_t *)key, b = ((const stored_column *)element)->rowset;
    return (a > b) - (a < b);
}

/* ---- stored columns ---- */

static bool is_decimal(uint8_t x) { return x == XT_DECIMAL || x == XT_NUMERIC; }
static bool is_scaled_time(uint8_t x) { return x == XT_TIME || x == XT_DATETIME2 || x == XT_DATETIMEOFFSET; }
static bool is_codepage_text(uint8_t x) { return x == XT_CHAR || x == XT_VARCHAR || x == XT_TEXT; }
static bool is_sized(uint8_t x)
{
    return is_codepage_text(x) || x == XT_NCHAR || x == XT_NVARCHAR || x == XT_BINARY || x == XT_VARBINARY ||
           x == XT_UDT;
}

static const codepage *codepage_for(const build *b, uint32_t stored, uint32_t declared)
{
    uint32_t id = stored ? stored : declared;
    return codepage_of(collation_codepage(id ? id : b->c->base.boot.collation));
}

static mdf_column column_from(const build *b, const stored_column *s, const column_row *declared)
{
    mdf_column col = {.xtype = (uint8_t)s->type,
                      .leaf_offset = s->leaf_offset,
                      .null_bit = s->null_bit,
                      .bit_position = s->bit_position,
                      .dropped = (s->id & STORED_DROPPED) != 0 || (s->status & STORED_IS_DROPPED) != 0,
                      .uniquifier = (s->status & STORED_UNIQUIFIER) != 0,
                      .sparse = (s->status & STORED_SPARSE) != 0,
                      .filestream = (s->status & STORED_FILESTREAM) != 0,
                      .internal = (s->id & STORED_INTERNAL) != 0,
                      .hobt_column = s->hobt_column,
                      .column_id = (uint32_t)s->id & STORED_ID,
                      .key_ordinal = s->key_ordinal,
                      .udt = declared ? (uint32_t)declared->utype : 0,
                      .catalog_column = -1};
    /* CLR types are stored as what they are to the storage engine: binary. Only the declaration says which type it is.
     * */
    if (declared && declared->xtype == XT_UDT && col.xtype == XT_VARBINARY) col.xtype = XT_UDT;
    unsigned second = s->type >> 8 & 0xFF, third = s->type >> 16 & 0xFF;
    if (is_decimal(col.xtype)) {
        col.precision = (uint8_t)second;
        col.scale = (uint8_t)third;
    } else if (is_scaled_time(col.xtype))
        col.scale = (uint8_t)second;
    else if (is_sized(col.xtype)) {
        col.max_bytes = (uint16_t)(s->type >> 8 & 0xFFFF);
        col.max = col.max_bytes == 0;
    } else if (col.xtype == XT_IMAGE || col.xtype == XT_TEXT || col.xtype == XT_NTEXT || col.xtype == XT_XML ||
               col.xtype == XT_JSON)
        col.max = true;
    if (is_codepage_text(col.xtype)) col.cp = codepage_for(b, s->collation, declared ? declared->collation : 0);
    return col;
}

static int null_bit_order(const void *a, const void *b)
{
    const mdf_column *x = a, *y = b;
    if (x->null_bit != y->null_bit) return (int)x->null_bit - (int)y->null_bit;
    return (x->hobt_column > y->hobt_column) - (x->hobt_column < y->hobt_column);
}

/* Bytes of a sql_variant before its value: base type, version and the type's properties. */
static size_t variant_head(sv v)
{
    if (v.n < 2) return SIZE_MAX;
    uint8_t x = (uint8_t)v.p[0];
    if (is_decimal(x)) return 4;
    if (is_scaled_time(x)) return 3;
    if (x == XT_BINARY || x == XT_VARBINARY) return 4;
    if (is_codepage_text(x) || x == XT_NCHAR || x == XT_NVARCHAR) return 8;
    return 2;
}

static int default_order(const void *key, const void *element)
{
    const default_row *x = key, *y = element;
    if (x->rowset != y->rowset) return (x->rowset > y->rowset) - (x->rowset < y->rowset);
    return (x->hobt_column > y->hobt_column) - (x->hobt_column < y->hobt_column);
}

/* The value that rows older than the column have: kept apart by a metadata-only ADD COLUMN with a default. */
static void attach_default(const build *b, int64_t rowset, uint32_t status_bits, mdf_column *col)
{
    const default_row key = {.rowset = rowset, .hobt_column = (int32_t)col->hobt_column};
    const default_row *d =
        b->c->value.n ? bsearch(&key, b->c->value.p, b->c->value.n, sizeof key, default_order) : NULL;
    if (!d) {
        col->default_lost = (status_bits & STORED_NOT_NULL) || b->c->values_lost;
        return;
    }
    size_t head = variant_head(d->value);
    col->has_default = true;
    if (head <= d->value.n && (uint8_t)d->value.p[0] == col->xtype)
        col->default_bytes = (sv){d->value.p + head, d->value.n - head};
    else
        col->default_lost = true;
}

const stored_column *build_stored_of(const build *b, int64_t rowset, size_t *n)
{
    return sorted_range(b->c->stored.p, b->c->stored.n, sizeof(stored_column), &rowset, stored_key_order, n);
}

void build_rowset_columns(build *b, mdf_rowset *rs, const column_row *declared, size_t n_declared)
{
    size_t n;
    const stored_column *s = build_stored_of(b, rs->id, &n);
    mdf_column *col = build_array(b, n, sizeof *col);
    if (!col) return;
    for (size_t i = 0; i < n; i++) {
        const column_row *d = build_column(declared, n_declared, s[i].id & STORED_ID);
        col[i] = column_from(b, &s[i], d);
        /* catalog_column holds the table's column id until the table's columns are known. */
        if (!col[i].dropped && !col[i].internal && !col[i].uniquifier && (s[i].id & STORED_ID) != 0)
            col[i].catalog_column = s[i].id & STORED_ID;
        if (is_decimal(col[i].xtype) && col[i].leaf_offset < 0 && rs->compression == MDF_UNCOMPRESSED)
            rs->vardecimal = true;
        attach_default(b, rs->id, s[i].status, &col[i]);
    }
    qsort(col, n, sizeof *col, null_bit_order);
    rs->column = col;
    rs->columns = n;
    rs->columns_lost = b->c->stored_lost;
}

/* ---- the columns of a table ---- */

typedef struct table_column {
    int32_t id;
    column_info info;
} table_column;

typedef struct table_columns {
    table_column *p; /* by id: the order in which SQL Server shows columns */
    size_t n;
} table_columns;

static sqltype type_of(const mdf_column *col)
{
    return (sqltype){.xtype = col->xtype,
                     .precision = col->precision,
                     .scale = col->scale,
                     .max_bytes = col->max_bytes,
                     .udt = col->udt,
                     .cp = col->cp};
}

bool build_has_fixed_place(const mdf_column *c)
{
    const sqltype t = type_of(c);
    return sqltype_fixed_bytes(&t) > 0 && !is_decimal(c->xtype);
}

static void describe(build *b, column_info *info, const mdf_column *col, const column_row *declared)
{
    sqltype t = type_of(col);
    *info = (column_info){.type = sqltype_column_type(&t),
                          .precision = col->precision,
                          .scale = col->scale,
                          .max_bytes = col->max ? -1 : col->max_bytes,
                          .codepage = col->cp ? codepage_number(col->cp) : 0,
                          .sparse = col->sparse,
                          .nullable = true};
    info->type_name = sqltype_name(&t, info->max_bytes, b->mem);
    if (declared) info->name = declared->name;
    if (declared && !declared->of_index) {
        info->collation = declared->collation;
        info->nullable = !(declared->status & COLUMN_NOT_NULL);
        info->identity = (declared->status & COLUMN_IDENTITY) != 0;
        info->computed = (declared->status & COLUMN_COMPUTED) != 0;
        const type_row *alias = declared->utype > 256 ? type_by_id(b->c, declared->utype) : NULL;
        if (alias && col->xtype != XT_UDT) {
            sv schema = build_schema_name(b, alias->schema);
            info->alias = arena_printf(b->mem, "%.*s.%.*s", (int)schema.n, schema.p, (int)alias->name.n, alias->name.p);
        }
    }
    if (col->filestream)
        info->unreadable = SV_LIT("FILESTREAM: its values lie outside the data pages");
    else if (declared && !declared->of_index && declared->xtype != col->xtype &&
             (col->xtype == XT_VARBINARY || col->xtype == XT_BINARY))
        info->unreadable = SV_LIT("Always Encrypted: only a client with the column's key can read it");
    else if (info->type == T_UNKNOWN)
        info->unreadable = arena_printf(b->mem, "its values (%.*s) are stored in a form that chartferry does not read",
                                        (int)info->type_name.n, info->type_name.p);
    else if (is_codepage_text(col->xtype) && !col->cp)
        info->unreadable =
            arena_printf(b->mem, "its collation (0x%08" PRIX32 ") has no code page that chartferry knows",
                         declared ? declared->collation : 0);
}

static void add_declared(build *b, bool has_parts, sv table, const column_row *d, const mdf_column *sample,
                         table_columns *out)
{
    column_info *info = &out->p[out->n].info;
    /* What is stored is in sysrscols: a column that is not there and of which no more than the name is left is computed. */
    const bool computed = d->of_index ? !b->c->stored_lost : (d->status & (COLUMN_COMPUTED | COLUMN_SET)) != 0;
    if (d->of_index) report(b, F_COLUMN_OF_INDEX, table, d->name);
    if (!sample && computed) {
        report(b, F_COLUMN_COMPUTED, table, d->name);
        return;
    }
    if (!sample && !has_parts) return;
    if (sample)
        describe(b, info, sample, d);
    else
        *info = (column_info){.name = d->name,
                              .type = T_UNKNOWN,
                              .type_name = SV_LIT("unknown"),
                              .nullable = true,
                              .unreadable = SV_LIT("the catalog does not say where it is stored")};
    out->p[out->n++].id = d->id;
}

/* A column that is stored and has no name: a page of syscolpars is lost. Its values are as good as any. */
static void add_nameless(build *b, sv table, const mdf_column *col, table_columns *out)
{
    column_info *info = &out->p[out->n].info;
    describe(b, info, col, NULL);
    info->name = arena_printf(b->mem, "column_%" PRId32, col->catalog_column);
    report(b, F_COLUMN_NAMELESS, table, info->name);
    out->p[out->n++].id = col->catalog_column;
}

static int table_column_order(const void *a, const void *b)
{
    int32_t x = ((const table_column *)a)->id, y = ((const table_column *)b)->id;
    return (x > y) - (x < y);
}

/* From column ids to positions, both ways. */
static void connect(build *b, mdf_table *t, const table_columns *cols)
{
    int32_t *column_of = build_array(b, cols->n * t->parts, sizeof *column_of);
    if (!column_of) return;
    for (size_t i = 0; i < cols->n * t->parts; i++) column_of[i] = -1;
    for (size_t p = 0; p < t->parts; p++) {
        mdf_column *stored = (mdf_column *)t->part[p]->column; /* this build made it */
        for (size_t s = 0; s < t->part[p]->columns; s++) {
            const table_column key = {.id = stored[s].catalog_column};
            const table_column *c = cols->n ? bsearch(&key, cols->p, cols->n, sizeof key, table_column_order) : NULL;
            stored[s].catalog_column = c ? (int32_t)(c - cols->p) : -1;
            if (c) column_of[p * cols->n + (size_t)(c - cols->p)] = (int32_t)s;
        }
    }
    t->column_of = column_of;
}

static void collect(build *b, const mdf_table *t, const table_info *info, const column_row *declared, size_t n,
                    table_columns *out)
{
    const mdf_column **sample = build_scratch(b, n, sizeof *sample); /* of each declared column, from some part */
    if (!sample) return;
    for (size_t p = 0; p < t->parts; p++)
        for (size_t i = 0; i < t->part[p]->columns; i++) {
            const column_row *d = build_column(declared, n, t->part[p]->column[i].catalog_column);
            if (d) sample[d - declared] = &t->part[p]->column[i];
        }
    for (size_t i = 0; i < n; i++) add_declared(b, t->parts > 0, info->full_name, &declared[i], sample[i], out);
    for (size_t i = 0; t->parts && i < t->part[0]->columns; i++) {
        const mdf_column *col = &t->part[0]->column[i];
        if (col->catalog_column > 0 && !build_column(declared, n, col->catalog_column))
            add_nameless(b, info->full_name, col, out);
    }
    if (out->n) qsort(out->p, out->n, sizeof *out->p, table_column_order);
}

void build_table_columns(build *b, mdf_table *t, table_info *info, const column_row *declared, size_t n)
{
    size_t room = n + (t->parts ? t->part[0]->columns : 0);
    table_columns cols = {.p = build_scratch(b, room, sizeof *cols.p)};
    if (!b->failed) collect(b, t, info, declared, n, &cols);
    column_info *list = build_array(b, cols.n, sizeof *list);
    if (b->failed) return;
    for (size_t i = 0; i < cols.n; i++) list[i] = cols.p[i].info;
    info->column = list;
    info->columns = cols.n;
    connect(b, t, &cols);
}
