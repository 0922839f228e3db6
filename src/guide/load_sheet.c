/* What a bundle is and what its template says of the time after the load, kept in the bundle: reconcile, compare and rollback
 * hold it against what came back, with whatever templates the program then has. */
#include "guide/load_sheet.h"
#include <jansson.h>

enum { SHEET_BYTES_MAX = 64 << 20 };

static void put(json_t *o, const char *key, sv s)
{
    if (s.n) (void)json_object_set_new(o, key, json_stringn(s.p, s.n));
}

static void put_words(json_t *o, const char *key, word_list w)
{
    if (!w.n) return;
    json_t *all = json_array();
    for (size_t i = 0; i < w.n; i++) (void)json_array_append_new(all, json_stringn(w.word[i].p, w.word[i].n));
    (void)json_object_set_new(o, key, all);
}

static json_t *forms_json(const result_rules *r)
{
    json_t *all = json_array();
    for (size_t i = 0; i < r->forms; i++) {
        const result_form *f = &r->form[i];
        json_t *o = json_object();
        put(o, "form", f->form);
        put_words(o, "id", f->id);
        put_words(o, "error", f->error);
        put_words(o, "state", f->state);
        put_words(o, "created", f->created);
        put_words(o, "updated", f->updated);
        put_words(o, "row", f->row);
        put(o, "named", f->named);
        put(o, "reason", f->reason);
        (void)json_array_append_new(all, o);
    }
    return all;
}

static json_t *undo_json(const undo_rules *u)
{
    json_t *o = json_object();
    put(o, "by", u->by_id ? SV_LIT("id") : SV_LIT("key"));
    put(o, "column", u->column);
    if (u->rows) (void)json_object_set_new(o, "rows", json_integer((json_int_t)u->rows));
    put(o, "empty", u->empty);
    put_words(o, "before", u->before);
    put(o, "delete", u->remove);
    put(o, "delete_keyless", u->remove_keyless);
    put(o, "restore", u->restore);
    put_words(o, "after", u->after);
    put_words(o, "keep", u->keep);
    return o;
}

static json_t *field_json(const fact_field *f)
{
    json_t *o = json_object();
    put(o, "heading", f->heading);
    put(o, "name", f->name);
    put(o, "label", f->label);
    put(o, "type", sv_from(target_type_name(f->type)));
    put(o, "form", f->form);
    put(o, "links_to", f->target);
    put(o, "entity", f->source_entity);
    put(o, "source", f->source);
    put(o, "field", f->field);
    if (f->is_key) (void)json_object_set_new(o, "key", json_true());
    return o;
}

static json_t *load_json(const deliver_facts *facts, const fact_load *l)
{
    json_t *o = json_object(), *fields = json_array(), *parts = json_array();
    const fact_table *t = &facts->table[l->table];
    put(o, "id", l->id);
    put(o, "line", l->line);
    put(o, "object", l->object);
    put(o, "table", t->name);
    put(o, "label", t->label);
    put(o, "plural", t->plural);
    put(o, "file", l->file);
    if (l->update) (void)json_object_set_new(o, "update", json_true());
    if (!l->keyed) (void)json_object_set_new(o, "keyless", json_true());
    for (size_t i = 0; i < l->fields; i++) (void)json_array_append_new(fields, field_json(&l->field[i]));
    (void)json_object_set_new(o, "fields", fields);
    for (size_t i = 0; i < l->parts; i++) {
        json_t *p = json_object();
        put(p, "path", l->part[i].path);
        (void)json_object_set_new(p, "rows", json_integer((json_int_t)l->part[i].rows));
        (void)json_array_append_new(parts, p);
    }
    (void)json_object_set_new(o, "parts", parts);
    return o;
}

static json_t *whole(const deliver_facts *facts)
{
    const destination *d = facts->destination;
    json_t *o = json_object(), *loads = json_array();
    (void)json_object_set_new(o, "loads", json_integer(1));
    put(o, "id", facts->id);
    put(o, "title", facts->title);
    (void)json_object_set_new(o, "delimiter", json_stringn(&d->delimiter, 1));
    put(o, "yes", d->yes.n ? d->yes : SV_LIT("1"));
    put(o, "no", d->no.n ? d->no : SV_LIT("0"));
    if (d->utc && !facts->local_moments) (void)json_object_set_new(o, "utc", json_true());
    if (d->results) (void)json_object_set_new(o, "forms", forms_json(d->results));
    if (d->results) put(o, "extra_column", d->results->extra_column);
    if (d->undo) (void)json_object_set_new(o, "undo", undo_json(d->undo));
    for (size_t i = 0; i < facts->loads; i++)
        if (!facts->load[i].not_loaded) (void)json_array_append_new(loads, load_json(facts, &facts->load[i]));
    (void)json_object_set_new(o, "files", loads);
    return o;
}

static int append(const char *p, size_t n, void *ctx)
{
    buf_add(ctx, p, n);
    return 0;
}

static status emit(const deliver_facts *facts, package_out *out)
{
    /* Records as they are staged are no load. */
    if (facts->destination->model) return ST_OK;
    json_t *o = whole(facts);
    buf text = buf_new(SHEET_BYTES_MAX);
    bool ok = json_dump_callback(o, append, &text, JSON_INDENT(1)) == 0 && !text.failed;
    buf_char(&text, '\n');
    json_decref(o);
    status s = ok ? package_file(out, SV_LIT("loads.json"), buf_view(&text)) : package_no_memory(out);
    buf_free(&text);
    return s;
}

const emitter load_sheet = {"load_sheet", "What the files of the load are", emit};
