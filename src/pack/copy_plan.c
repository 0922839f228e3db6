#include "pack/copy_plan.h"
#include "base/text_file.h"
#include "csv/csv_writer.h"
#include "deliver/bundle_read.h"
#include <stdlib.h>

enum { LOADS_BYTES_MAX = 64 << 20 };

typedef struct planning {
    const finished_run *run;
    arena *mem;
    copy_file *file;
    size_t files;
} planning;

static bool no_memory(const planning *p)
{
    find_code(p->run->found, F_OUT_OF_MEMORY, "planning a copy");
    return false;
}

bool copy_is_referred(const model_entity *e)
{
    for (size_t i = 0; i < model_entities(); i++) {
        const model_entity *x = model_entity_at(i);
        for (size_t k = 0; k < x->fields; k++)
            if (x->field[k].type == FIELD_REFERENCE && x->field[k].safe == SAFE_TOKEN &&
                strcmp(x->field[k].target, e->name) == 0)
                return true;
    }
    return false;
}

static bool is_copied(const model_entity *e)
{
    for (size_t k = 0; k < e->fields; k++)
        if (e->field[k].safe != SAFE_LEFT_OUT) return true;
    return false;
}

const char *copy_rule_text(const safe_column *c)
{
    if (c->is_key || c->is_link) return "a random token in place of the key";
    if (c->constant.n) return "kept: the same in every row";
    switch (c->rule) {
    case SAFE_KEPT: return "kept where it is a number, a truth, a code or a word of a closed list";
    case SAFE_YEAR: return "the year";
    case SAFE_BIRTH_YEAR: return "the year, 90+ from ninety years on";
    case SAFE_ZIP3: return "three digits, 000 where few people live";
    case SAFE_TOKEN: return "the record's random token in its place";
    case SAFE_LEFT_OUT: break;
    }
    return "left out";
}

/* ---- the canonical model: columns are the entity's fields ---- */

typedef struct heading {
    planning *p;
    const model_entity *entity;
    safe_column *column;
    size_t n;
} heading;

static safe_column canonical_column(const model_entity *e, sv name)
{
    const model_field *f = model_field_named(e, name);
    safe_column c = {.heading = name, .field = f, .is_key = sv_eq(name, SV_LIT("source_key"))};
    if (f) c.rule = f->safe;
    c.is_link = f && f->type == FIELD_REFERENCE && f->safe == SAFE_TOKEN;
    if (c.is_link) c.target = model_entity_named(sv_from(f->target));
    return c;
}

static bool take_heading(void *ctx, const sv *cell, size_t n)
{
    heading *h = ctx;
    h->column = arena_array(h->p->mem, n + 1, sizeof *h->column);
    for (size_t i = 0; h->column && i < n; i++) {
        sv name = arena_sv(h->p->mem, cell[i]);
        if (!name.p) h->column = NULL;
        if (h->column) h->column[h->n++] = canonical_column(h->entity, name);
    }
    return false; /* the rest is read when it is copied */
}

static bool plan_canonical(planning *p, const json_t *entry, const model_entity *e)
{
    const char *why = "";
    bool ended = false;
    heading h = {.p = p, .entity = e};
    const bundle_reader r = {.delimiter = ',', .take = take_heading, .ctx = &h};
    const sv path = json_member_text(entry, "path"), full = finished_run_file(p->run, entry);
    if (!full.p) return false;
    if (!bundle_read(&r, full.p, &ended, &why)) return finished_run_wrong(p->run, path, why);
    if (!h.column) return no_memory(p);
    p->file[p->files++] = (copy_file){path, entry, ',', e, h.column, h.n};
    return true;
}

/* ---- destinations: loads.json says what a column holds ---- */

/* "patient.birth_date" in two. */
static bool cut_field(sv path, sv *entity, sv *name)
{
    const char *dot = sv_find(path, '.');
    if (!dot) return false;
    *entity = (sv){path.p, (size_t)(dot - path.p)};
    *name = (sv){dot + 1, path.n - entity->n - 1};
    return true;
}

static void column_of_field(safe_column *c, const model_entity *own, sv path, bool links)
{
    sv entity, name;
    if (!cut_field(path, &entity, &name)) return;
    const model_entity *e = model_entity_named(entity);
    const bool key = sv_eq(name, SV_LIT("src_key")) || sv_eq(name, SV_LIT("source_key"));
    const model_field *f = e ? model_field_named(e, name) : NULL;
    if (e == own && key) {
        c->is_link = links;
        c->rule = links ? SAFE_LEFT_OUT : SAFE_TOKEN;
    } else if (f && f->type == FIELD_REFERENCE) {
        c->is_link = links && f->safe == SAFE_TOKEN;
    } else if (f && (f->safe != SAFE_TOKEN || e == own)) {
        c->field = f;
        c->rule = f->safe;
        c->translated = true;
    }
}

static safe_column load_column(const json_t *x, const model_entity *own)
{
    const sv source = json_member_text(x, "source");
    safe_column c = {.heading = json_member_text(x, "heading"), .form = json_member_text(x, "form")};
    if (json_is_true(json_object_get(x, "key")))
        c.is_key = true;
    else if (source.n > 2 && source.p[0] == '"' && source.p[source.n - 1] == '"')
        c.constant = (sv){source.p + 1, source.n - 2};
    else
        column_of_field(&c, own, json_member_text(x, "field"), json_member_text(x, "links_to").n > 0);
    return c;
}

static const json_t *entry_of(const planning *p, sv path)
{
    const json_t *files = json_object_get(p->run->manifest, "files");
    for (size_t i = 0; i < json_array_size(files); i++)
        if (sv_eq(json_member_text(json_array_get(files, i), "path"), path)) return json_array_get(files, i);
    return NULL;
}

/* load: strings of it live as long as the arena: the whole of it is copied there. */
static bool plan_load(planning *p, const json_t *load, char delimiter)
{
    const json_t *fields = json_object_get(load, "fields"), *parts = json_object_get(load, "parts");
    const size_t n = json_array_size(fields);
    const model_entity *own = n ? model_entity_named(json_member_text(json_array_get(fields, 0), "entity")) : NULL;
    if (!own || !is_copied(own)) return true;
    safe_column *column = arena_array(p->mem, n + 1, sizeof *column);
    for (size_t i = 0; column && i < n; i++) {
        column[i] = load_column(json_array_get(fields, i), own);
        column[i].heading = arena_sv(p->mem, column[i].heading);
        column[i].form = arena_sv(p->mem, column[i].form);
        column[i].constant = arena_sv(p->mem, column[i].constant);
        if (!column[i].heading.p || !column[i].form.p || !column[i].constant.p) return no_memory(p);
    }
    if (!column) return no_memory(p);
    for (size_t i = 0; i < json_array_size(parts); i++) {
        const json_t *entry = entry_of(p, json_member_text(json_array_get(parts, i), "path"));
        const sv path = json_member_text(entry, "path");
        if (entry && sv_ends(path, SV_LIT(".csv")))
            p->file[p->files++] = (copy_file){path, entry, delimiter, own, column, n};
    }
    return true;
}

static bool plan_destination(planning *p, const json_t *entry)
{
    const char *why = "it makes no sense";
    json_error_t error;
    sv text;
    const sv path = json_member_text(entry, "path"), full = finished_run_file(p->run, entry);
    if (!full.p) return false;
    if (!text_file_read(full.p, LOADS_BYTES_MAX, p->mem, &text, &why)) return finished_run_wrong(p->run, path, why);
    json_t *o = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &error);
    if (!o) return finished_run_wrong(p->run, path, why);
    const json_t *loads = json_object_get(o, "files");
    const sv delimiter = json_member_text(o, "delimiter");
    bool ok = true;
    for (size_t i = 0; ok && i < json_array_size(loads); i++)
        ok = plan_load(p, json_array_get(loads, i), delimiter.n ? *delimiter.p : ',');
    json_decref(o);
    return ok;
}

/* ---- all ---- */

static bool plan_entry(planning *p, const json_t *entry)
{
    const sv head = SV_LIT("canonical/"), path = json_member_text(entry, "path");
    sv object = json_member_text(entry, "object");
    if (sv_starts(object, head) && sv_ends(path, SV_LIT(".csv"))) {
        object = (sv){object.p + head.n, object.n - head.n};
        const model_entity *e = model_entity_named(object);
        return !e || !is_copied(e) || plan_canonical(p, entry, e);
    }
    return !sv_ends(path, SV_LIT("/loads.json")) || plan_destination(p, entry);
}

bool copy_plan_read(const finished_run *run, arena *mem, const copy_file **out, size_t *n)
{
    const json_t *files = json_object_get(run->manifest, "files");
    planning p = {.run = run, .mem = mem, .file = arena_array(mem, json_array_size(files) + 1, sizeof *p.file)};
    if (!p.file) return no_memory(&p);
    bool ok = true;
    for (size_t i = 0; ok && i < json_array_size(files); i++) ok = plan_entry(&p, json_array_get(files, i));
    *out = p.file;
    *n = p.files;
    return ok;
}
