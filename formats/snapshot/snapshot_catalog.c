/* Tables, columns and keys of a snapshot. */
#include "snapshot/snapshot_internal.h"

enum { TABLES_MAX = 100000, COLUMNS_MAX = 4096, KEYS_MAX = 1024, KEY_COLUMNS_MAX = 64 };

static void *list_of(snapshot_reader *r, const json_t *all, size_t most, size_t size, const char *key)
{
    size_t n = json_array_size(all);
    void *p = n <= most ? arena_array(r->mem, n + 1, size) : NULL;
    if (!p) snapshot_wrong(r, "is longer than any database makes it", key);
    return p;
}

/* ---- columns ---- */

static void read_column(snapshot_reader *r, const json_t *o, column_info *c, column_facts *f)
{
    const json_t *bytes = json_object_get(o, "bytes");
    if (!json_is_object(o)) {
        snapshot_wrong(r, "holds something else than objects", "columns");
        return;
    }
    c->name = snapshot_text(r, o, "name", true);
    c->type_name = snapshot_text(r, o, "type", false);
    c->alias = snapshot_text(r, o, "alias", false);
    c->type = column_kind_named(snapshot_text(r, o, "kind", true));
    c->precision = (uint8_t)snapshot_number(r, o, "precision", 255);
    c->scale = (uint8_t)snapshot_number(r, o, "scale", 255);
    bool fits = json_is_integer(bytes) && json_integer_value(bytes) >= -1 && json_integer_value(bytes) <= INT32_MAX;
    if (bytes && !fits) snapshot_wrong(r, "is no length", "bytes");
    c->max_bytes = fits ? (int32_t)json_integer_value(bytes) : 0;
    c->codepage = (unsigned)snapshot_number(r, o, "codepage", 65535);
    c->nullable = snapshot_truth(r, o, "nullable");
    c->identity = snapshot_truth(r, o, "identity");
    c->computed = snapshot_truth(r, o, "computed");
    c->unreadable = snapshot_text(r, o, "not_readable", false);
    snapshot_read_facts(r, o, f);
}

static void read_columns(snapshot_reader *r, const json_t *o, table_info *t, table_facts *f)
{
    const json_t *all = snapshot_array(r, o, "columns");
    column_info *column = list_of(r, all, COLUMNS_MAX, sizeof *column, "columns");
    column_facts *facts = list_of(r, all, COLUMNS_MAX, sizeof *facts, "columns");
    if (!column || !facts) return;
    for (size_t i = 0; i < json_array_size(all) && !r->wrong->n; i++) {
        r->column_at = i;
        read_column(r, json_array_get(all, i), &column[i], &facts[i]);
    }
    r->column_at = SIZE_MAX;
    t->column = column;
    t->columns = json_array_size(all);
    f->column = facts;
}

/* ---- keys ---- */

static size_t column_at(const table_info *t, sv name)
{
    for (size_t i = 0; i < t->columns; i++)
        if (sv_eq(t->column[i].name, name)) return i;
    return SIZE_MAX;
}

static void read_key_columns(snapshot_reader *r, const json_t *all, const table_info *t, key_info *k)
{
    uint16_t *at = list_of(r, all, KEY_COLUMNS_MAX, sizeof *at, "columns");
    for (size_t i = 0; at && i < json_array_size(all); i++) {
        const json_t *x = json_array_get(all, i);
        size_t found = column_at(t, (sv){json_string_value(x), json_string_length(x)});
        if (!json_is_string(x) || found == SIZE_MAX) {
            snapshot_wrong(r, "of a key names no column of the table", "columns");
            return;
        }
        at[i] = (uint16_t)found;
    }
    k->column = at;
    k->columns = at ? json_array_size(all) : 0;
    if (k->columns == 0) snapshot_wrong(r, "of a key is empty", "columns");
}

static void read_reference(snapshot_reader *r, const json_t *o, key_info *k)
{
    const json_t *ref = json_object_get(o, "references"), *all = snapshot_array(r, ref, "columns");
    if (json_array_size(all) != k->columns) {
        snapshot_wrong(r, "of a foreign key has not as many columns as the key", "references");
        return;
    }
    sv *name = list_of(r, all, KEY_COLUMNS_MAX, sizeof *name, "columns");
    for (size_t i = 0; name && i < k->columns; i++) {
        const json_t *x = json_array_get(all, i);
        if (!json_is_string(x)) snapshot_wrong(r, "of a foreign key holds something else than names", "columns");
        name[i] = arena_sv(r->mem, (sv){json_string_value(x), json_string_length(x)});
    }
    k->ref_schema = snapshot_text(r, ref, "schema", false);
    k->ref_table = snapshot_text(r, ref, "table", true);
    k->ref_column = name;
}

static void read_keys(snapshot_reader *r, const json_t *o, table_info *t)
{
    const json_t *all = snapshot_array(r, o, "keys");
    key_info *key = list_of(r, all, KEYS_MAX, sizeof *key, "keys");
    for (size_t i = 0; key && i < json_array_size(all) && !r->wrong->n; i++) {
        const json_t *x = json_array_get(all, i);
        sv kind = snapshot_text(r, x, "kind", true);
        key[i].name = snapshot_text(r, x, "name", false);
        key[i].kind = sv_eq(kind, SV_LIT("primary"))  ? KEY_PRIMARY
                      : sv_eq(kind, SV_LIT("unique")) ? KEY_UNIQUE
                                                      : KEY_FOREIGN;
        if (key[i].kind == KEY_FOREIGN && !sv_eq(kind, SV_LIT("foreign")))
            snapshot_wrong(r, "is neither primary nor unique nor foreign", "kind");
        read_key_columns(r, snapshot_array(r, x, "columns"), t, &key[i]);
        if (key[i].kind == KEY_FOREIGN) read_reference(r, x, &key[i]);
        t->keys = i + 1;
    }
    t->key = key;
}

/* ---- tables ---- */

static void read_table(snapshot_reader *r, const json_t *o, table_info *t, table_facts *f)
{
    if (!json_is_object(o)) {
        snapshot_wrong(r, "holds something else than objects", "tables");
        return;
    }
    t->schema = snapshot_text(r, o, "schema", false);
    t->name = snapshot_text(r, o, "name", true);
    t->full_name = snapshot_text(r, o, "full_name", true);
    t->storage = snapshot_text(r, o, "storage", false);
    t->compression = SV_LIT("none");
    t->unreadable = snapshot_text(r, o, "not_readable", false);
    t->nameless = snapshot_truth(r, o, "nameless");
    t->bytes = snapshot_number(r, o, "bytes", INT64_MAX);
    t->rows_expected = json_object_get(o, "rows") ? (int64_t)snapshot_number(r, o, "rows", INT64_MAX) : -1;
    t->scan_units = 1;
    f->rows = snapshot_number(r, o, "rows_read", INT64_MAX);
    f->unreadable = snapshot_number(r, o, "rows_unreadable", INT64_MAX);
    f->names_withheld = snapshot_truth(r, o, "names_withheld");
    read_columns(r, o, t, f);
    if (!r->wrong->n) read_keys(r, o, t);
}

bool snapshot_read_tables(snapshot_reader *r, const json_t *root, catalog *list, source_facts *facts)
{
    const json_t *all = snapshot_array(r, root, "tables");
    if (!all) snapshot_wrong(r, "is no list", "tables");
    table_info *table = list_of(r, all, TABLES_MAX, sizeof *table, "tables");
    table_facts *fact = list_of(r, all, TABLES_MAX, sizeof *fact, "tables");
    if (!table || !fact) return false;
    r->table = "tables";
    for (size_t i = 0; i < json_array_size(all) && !r->wrong->n; i++) {
        r->table_at = i;
        r->column_at = SIZE_MAX;
        read_table(r, json_array_get(all, i), &table[i], &fact[i]);
    }
    *list = (catalog){table, json_array_size(all)};
    *facts = (source_facts){fact, json_array_size(all)};
    if (arena_failed(r->mem)) snapshot_wrong(r, "do not fit into memory", "tables");
    return r->wrong->n == 0;
}
