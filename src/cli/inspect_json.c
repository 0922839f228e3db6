/* inspect --json: one object with everything that is known. */
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/say.h"

static void set_text(json_t *o, const char *key, sv s)
{
    json_object_set_new(o, key, s.n ? json_text(s) : json_null());
}
static void set_bool(json_t *o, const char *key, bool x) { json_object_set_new(o, key, json_boolean(x)); }
static void set_known(json_t *o, const char *key, uint64_t x)
{
    json_object_set_new(o, key, x ? json_integer((json_int_t)x) : json_null());
}

static json_t *set_json(const backup_set_info *b)
{
    json_t *o = json_object();
    json_count(o, "number", b->number);
    set_text(o, "type", sv_from(b->type));
    set_bool(o, "chosen", b->chosen);
    set_bool(o, "copy_only", b->copy_only);
    set_bool(o, "checksums", b->checksums);
    set_text(o, "name", b->name);
    set_text(o, "database", b->database);
    set_text(o, "server", b->server);
    set_text(o, "started", b->started);
    set_text(o, "finished", b->finished);
    set_text(o, "product", b->product);
    set_known(o, "database_version", b->database_version);
    json_count(o, "bytes", b->bytes);
    return o;
}

static json_t *file_json(const database_file_info *f)
{
    json_t *o = json_object();
    json_count(o, "id", f->id);
    set_text(o, "name", f->name);
    set_text(o, "path", f->path);
    set_text(o, "filegroup", f->filegroup);
    json_count(o, "bytes", f->bytes);
    set_bool(o, "log", f->log);
    return o;
}

static json_t *column_json(const column_info *c)
{
    json_t *o = json_object();
    set_text(o, "name", c->name);
    set_text(o, "type", c->type_name);
    if (c->alias.n) set_text(o, "alias", c->alias);
    set_bool(o, "nullable", c->nullable);
    if (c->identity) set_bool(o, "identity", true);
    if (c->computed) set_bool(o, "computed", true);
    if (c->codepage) json_count(o, "codepage", c->codepage);
    if (c->unreadable.n) set_text(o, "unreadable", c->unreadable);
    return o;
}

static json_t *table_json(const table_info *x, bool columns)
{
    json_t *o = json_object();
    set_text(o, "schema", x->schema);
    set_text(o, "table", x->name);
    json_object_set_new(o, "rows", x->rows_expected < 0 ? json_null() : json_integer(x->rows_expected));
    json_count(o, "bytes", x->bytes);
    set_text(o, "storage", x->storage);
    set_text(o, "compression", x->compression);
    set_bool(o, "readable", !x->unreadable.n);
    set_text(o, "reason", x->unreadable);
    if (x->nameless) set_bool(o, "nameless", true);
    set_bool(o, "unproven", x->unproven);
    if (x->unproven) set_text(o, "unproven_note", x->unproven_note);
    json_t *all = json_array();
    for (size_t i = 0; i < x->columns; i++)
        if (columns || x->column[i].unreadable.n) json_array_append_new(all, column_json(&x->column[i]));
    json_object_set_new(o, columns ? "columns" : "unreadable_columns", all);
    return o;
}

static json_t *array_of_sets(const source_info *s)
{
    json_t *all = json_array();
    for (size_t i = 0; i < s->sets; i++) json_array_append_new(all, set_json(&s->set[i]));
    return all;
}

static json_t *array_of_files(const source_info *s)
{
    json_t *all = json_array();
    for (size_t i = 0; i < s->files; i++) json_array_append_new(all, file_json(&s->file[i]));
    return all;
}

static json_t *array_of_texts(const source_info *s)
{
    json_t *all = json_array();
    for (size_t i = 0; i < s->texts; i++) {
        const text_file_info *x = &s->text[i];
        json_t *o = json_object();
        set_text(o, "path", x->path);
        set_text(o, "table", x->table);
        set_text(o, "writer", x->writer);
        set_text(o, "encoding", x->encoding);
        set_text(o, "delimiter", x->delimiter);
        set_text(o, "quoting", x->quoting);
        set_text(o, "line_ends", x->line_ends);
        set_text(o, "null_rule", x->null_rule);
        set_bool(o, "header", x->header);
        set_bool(o, "guessed", x->guessed);
        json_count(o, "bytes", x->bytes);
        json_array_append_new(all, o);
    }
    return all;
}

static json_t *array_of_accounts(const source_info *s)
{
    json_t *all = json_array();
    for (size_t i = 0; i < s->accounts; i++) {
        const byte_account *x = &s->account[i];
        json_t *o = json_object(), *parts = json_object();
        set_text(o, "path", x->path);
        set_bool(o, "inside", x->inside);
        json_count(o, "bytes", x->bytes);
        for (size_t k = 0; k < x->parts; k++) json_count(parts, x->part[k].what.p, x->part[k].bytes);
        json_object_set_new(o, "parts", parts);
        json_array_append_new(all, o);
    }
    return all;
}

static void add_source(json_t *o, const source_info *s)
{
    static const char *const consistent[] = {"unknown", "consistent", "changed during backup"};
    set_text(o, "kind", s->kind);
    set_text(o, "product", s->product);
    set_text(o, "database", s->database);
    set_known(o, "database_version", s->database_version);
    set_known(o, "created_version", s->created_version);
    set_known(o, "compatibility_level", s->compatibility_level);
    set_text(o, "collation", s->collation);
    set_known(o, "codepage", s->codepage);
    set_bool(o, "compressed", s->compressed);
    set_bool(o, "encrypted", s->encrypted);
    set_text(o, "cipher", s->cipher);
    if (s->accounts) json_object_set_new(o, "accounts", array_of_accounts(s));
    set_bool(o, "striped", s->striped);
    set_bool(o, "checksums", s->checksums);
    set_known(o, "families", s->families);
    set_known(o, "families_given", s->families_given);
    json_count(o, "file_bytes", s->file_bytes);
    set_known(o, "data_bytes", s->data_bytes);
    json_object_set_new(o, "fits_express",
                        s->data_bytes ? json_boolean(s->data_bytes <= source_express_limit(s)) : json_null());
    if (s->live) json_count(o, "express_limit", source_express_limit(s));
    json_object_set_new(o, "consistency", json_string(consistent[s->consistent]));
    set_text(o, "consistency_note", s->consistency_note);
    json_object_set_new(o, "sets", array_of_sets(s));
    json_object_set_new(o, "files", array_of_files(s));
    if (s->texts) json_object_set_new(o, "texts", array_of_texts(s));
}

static json_t *object_of_checks(const page_counts *n)
{
    json_t *o = json_object();
    json_count(o, "pages", n->pages);
    json_count(o, "checksum", n->checksum);
    json_count(o, "torn_bits", n->torn_bits);
    json_count(o, "unprotected", n->unprotected);
    json_count(o, "damaged", n->damaged);
    json_count(o, "unknown", n->unknown);
    return o;
}

void inspect_json(const options *o, const opened *x)
{
    json_t *all = json_object(), *paths = json_array(), *tables = json_array();
    json_object_set_new(all, "type", json_string("inspect"));
    for (size_t i = 0; i < o->operands; i++) json_array_append_new(paths, json_text(sv_from(o->operand[i])));
    json_object_set_new(all, "source", paths);
    set_bool(all, "readable", x->status == ST_OK);
    if (opened_info(x)) add_source(all, opened_info(x));
    for (size_t i = 0; x->tables && i < x->tables->tables; i++)
        json_array_append_new(tables, table_json(&x->tables->table[i], o->verbose));
    json_object_set_new(all, "tables", tables);
    if (x->checked) json_object_set_new(all, "checks", object_of_checks(&x->pages));
    json_object_set_new(all, "findings", findings_json(x->found));
    json_print(all, 2);
}
