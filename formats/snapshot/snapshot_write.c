/* Facts to JSON. */
#include "base/limits.h"
#include "snapshot/snapshot_internal.h"

static void put_text(json_t *o, const char *key, sv s)
{
    if (s.n) json_object_set_new(o, key, json_stringn(s.p, s.n));
}
static void put_number(json_t *o, const char *key, uint64_t n)
{
    json_object_set_new(o, key, json_integer(n > INT64_MAX ? INT64_MAX : (json_int_t)n));
}
static void put_some(json_t *o, const char *key, uint64_t n)
{
    if (n) put_number(o, key, n);
}
static void put_true(json_t *o, const char *key, bool yes)
{
    if (yes) json_object_set_new(o, key, json_true());
}

static void put_counts(json_t *o, const char *key, const snapshot_count *list, size_t n)
{
    if (n == 0) return;
    json_t *all = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(all, json_pack("[s%, I]", list[i].text.p, list[i].text.n, (json_int_t)list[i].rows));
    json_object_set_new(o, key, all);
}

static json_t *facts_json(const column_facts *f)
{
    json_t *o = json_object(), *looks = json_object();
    put_number(o, "filled", f->filled);
    put_some(o, "empty", f->empty);
    put_some(o, "null", f->null);
    put_some(o, "unreadable", f->unreadable);
    put_number(o, "distinct", f->distinct);
    put_true(o, "distinct_estimated", f->distinct_estimated);
    if (f->longest) json_object_set_new(o, "length", json_pack("[i, i]", (int)f->shortest, (int)f->longest));
    for (int i = 0; i < LOOKS; i++) put_some(looks, text_look_name((text_look)i), f->look[i]);
    if (json_object_size(looks))
        json_object_set_new(o, "looks", looks);
    else
        json_decref(looks);
    put_counts(o, "shapes", f->shape, f->shapes);
    put_some(o, "other_shapes", f->other_shapes);
    put_counts(o, "codes", f->code, f->codes);
    put_some(o, "other_codes", f->other_codes);
    put_text(o, "withheld", f->withheld);
    if (f->digits_max)
        json_object_set_new(o, "digits", json_pack("[i, i, i]", f->digits_min, f->digits_max, f->decimals));
    put_true(o, "negative", f->negative);
    if (f->first_year) json_object_set_new(o, "years", json_pack("[i, i]", f->first_year, f->last_year));
    put_some(o, "placeholder_dates", f->placeholder_dates);
    put_some(o, "timed", f->timed);
    return o;
}

/* What may be a row's value is no name. */
static json_t *name_json(const table_info *t, size_t at, bool withheld)
{
    if (withheld) return json_sprintf("column_%d", (int)at + 1);
    return json_stringn(t->column[at].name.p, t->column[at].name.n);
}

static json_t *column_json(const table_info *t, size_t at, const table_facts *of)
{
    const column_info *c = &t->column[at];
    const column_facts *f = of && of->column ? &of->column[at] : NULL;
    json_t *o = json_object();
    json_object_set_new(o, "name", name_json(t, at, of && of->names_withheld));
    put_text(o, "type", c->type_name);
    put_text(o, "alias", c->alias);
    json_object_set_new(o, "kind", json_string(column_kind_name(c->type)));
    put_some(o, "precision", c->precision);
    put_some(o, "scale", c->scale);
    if (c->max_bytes) json_object_set_new(o, "bytes", json_integer(c->max_bytes));
    put_some(o, "codepage", c->codepage);
    put_true(o, "nullable", c->nullable);
    put_true(o, "identity", c->identity);
    put_true(o, "computed", c->computed);
    put_text(o, "not_readable", c->unreadable);
    if (f) json_object_set_new(o, "facts", facts_json(f));
    return o;
}

static json_t *key_json(const table_info *t, const key_info *k, bool withheld)
{
    static const char *const kinds[] = {"primary", "unique", "foreign"};
    json_t *o = json_object(), *columns = json_array();
    put_text(o, "name", k->name);
    json_object_set_new(o, "kind", json_string(kinds[k->kind]));
    for (size_t i = 0; i < k->columns; i++) json_array_append_new(columns, name_json(t, k->column[i], withheld));
    json_object_set_new(o, "columns", columns);
    if (k->kind != KEY_FOREIGN) return o;
    json_t *ref = json_object(), *names = json_array();
    put_text(ref, "schema", k->ref_schema);
    put_text(ref, "table", k->ref_table);
    for (size_t i = 0; i < k->columns; i++)
        json_array_append_new(names, json_stringn(k->ref_column[i].p, k->ref_column[i].n));
    json_object_set_new(ref, "columns", names);
    json_object_set_new(o, "references", ref);
    return o;
}

static json_t *table_json(const table_info *t, const table_facts *f)
{
    json_t *o = json_object(), *columns = json_array(), *keys = json_array();
    put_text(o, "schema", t->schema);
    put_text(o, "name", t->name);
    put_text(o, "full_name", t->full_name);
    put_text(o, "storage", t->storage);
    put_text(o, "not_readable", t->unreadable);
    put_true(o, "nameless", t->nameless);
    if (t->rows_expected >= 0) put_number(o, "rows", (uint64_t)t->rows_expected);
    put_some(o, "bytes", t->bytes);
    if (f) {
        put_number(o, "rows_read", f->rows);
        put_some(o, "rows_unreadable", f->unreadable);
        put_true(o, "names_withheld", f->names_withheld);
    }
    for (size_t i = 0; i < t->columns; i++) json_array_append_new(columns, column_json(t, i, f));
    json_object_set_new(o, "columns", columns);
    for (size_t i = 0; i < t->keys; i++) json_array_append_new(keys, key_json(t, &t->key[i], f && f->names_withheld));
    if (json_array_size(keys))
        json_object_set_new(o, "keys", keys);
    else
        json_decref(keys);
    return o;
}

/* Neither paths nor the names of servers and files: who made the backup is nobody's business. */
static json_t *source_json(const source_info *s)
{
    json_t *o = json_object();
    put_text(o, "kind", s->kind);
    put_text(o, "product", s->product);
    put_text(o, "database", s->database);
    put_some(o, "database_version", s->database_version);
    put_some(o, "codepage", s->codepage);
    put_text(o, "collation", s->collation);
    put_some(o, "data_bytes", s->data_bytes);
    return o;
}

static int take(const char *p, size_t n, void *ctx)
{
    buf_add(ctx, p, n);
    return ((buf *)ctx)->failed ? -1 : 0;
}

bool snapshot_write(const source_info *info, const catalog *list, const source_facts *facts, buf *out)
{
    json_t *root = json_object(), *tables = json_array();
    json_object_set_new(root, SNAPSHOT_MARK, json_integer(SNAPSHOT_VERSION));
    json_object_set_new(root, "made_by", json_string("chartferry " CHARTFERRY_VERSION));
    json_object_set_new(root, "about",
                        json_string("Tables, columns, keys and counts of a database; no value of any record"));
    if (info) json_object_set_new(root, "source", source_json(info));
    for (size_t i = 0; i < list->tables; i++)
        json_array_append_new(tables, table_json(&list->table[i], i < facts->tables ? &facts->table[i] : NULL));
    json_object_set_new(root, "tables", tables);
    buf text = buf_new(SNAPSHOT_BYTES_MAX);
    bool ok = json_dump_callback(root, take, &text, JSON_INDENT(1) | JSON_PRESERVE_ORDER) == 0 && !text.failed;
    json_decref(root);
    if (ok) {
        buf_sv(out, buf_view(&text));
        buf_char(out, '\n');
    }
    buf_free(&text);
    return ok && !out->failed;
}
