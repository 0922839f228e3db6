/* A mapping as people read it. */
#include "template/template.h"

enum { LINE_BYTES_MAX = 1 << 20 };

static void source_text(buf *b, const object_template *o, const target_field *f)
{
    if (f->is_const) buf_printf(b, "\"%.*s\"", (int)f->constant.n, f->constant.p);
    for (size_t i = 0; i < f->froms; i++) {
        const row_column *c = &o->column[f->from[i]];
        buf_printf(b, "%s%.*s", i ? " + " : "", (int)c->name.n, c->name.p);
        if (c->kind == COLUMN_CHART && c->tooth < TEETH)
            buf_printf(b, " of tooth %u", (unsigned)tooth_at(c->tooth).fdi);
        if (c->kind == COLUMN_CHART && c->site < SITES) buf_printf(b, " at %s", site_name[c->site]);
    }
}

static void rule(buf *b, const char *text)
{
    if (b->n) buf_str(b, "; ");
    buf_str(b, text);
}

static void rules_text(buf *b, const object_template *o, const target_field *f)
{
    static const char *const outcome[] = {"row rejected", "value held back", "kept", "text cut",
                                          "the rest in records of its own"};
    if (f->required) rule(b, "required");
    if (f->parents) {
        rule(b, "link to ");
        buf_printf(b, "%.*s, else %s", (int)f->lookup.n, f->lookup.p, outcome[f->otherwise]);
    }
    for (size_t i = 0; i < f->values; i++) {
        rule(b, "");
        buf_printf(b, "%.*s = %.*s", (int)f->value[i].from.n, f->value[i].from.p, (int)f->value[i].to.n,
                   f->value[i].to.p);
    }
    if (f->translated) {
        rule(b, "another value: ");
        buf_str(b, outcome[f->otherwise]);
    }
    if (f->format.n) {
        rule(b, "as ");
        buf_sv(b, f->format);
    }
    if (f->max_length) {
        rule(b, "at most ");
        buf_printf(b, "%llu characters, else %s", (unsigned long long)f->max_length, outcome[f->overflow]);
    }
    if (f->has_default) {
        rule(b, "if empty ");
        buf_printf(b, "\"%.*s\"", (int)f->otherwise_written.n, f->otherwise_written.p);
    }
    for (size_t i = 0; i < f->whens; i++) {
        sv name = o->column[f->when[i].column].name;
        rule(b, f->when[i].negated ? "unless " : "only when ");
        buf_printf(b, "%.*s is", (int)name.n, name.p);
        for (size_t k = 0; k < f->when[i].words; k++)
            buf_printf(b, "%s%s%.*s%s", k ? " or " : " ", f->when[i].word[k].n ? "" : "empty",
                       (int)f->when[i].word[k].n, f->when[i].word[k].p, "");
    }
}

/* Text that lives in mem; false when out of memory. */
static bool keep(arena *mem, buf *b, sv *out)
{
    *out = arena_sv(mem, (sv){b->p ? b->p : "", b->n});
    bool ok = out->p && !b->failed;
    buf_clear(b);
    return ok;
}

/* Not under the pattern of its names: that could be any field's. */
static mapping_line custom_line(arena *mem, const object_template *o, const mapping_line *common)
{
    mapping_line l = *common;
    l.target = l.source = l.family = SV_LIT("custom_value");
    l.label = o->custom->label;
    l.brief = o->custom->brief;
    l.rules = arena_printf(mem, "a field %.*s for each custom value that the practice has, of its type",
                           (int)o->custom->name.n, o->custom->name.p);
    return l;
}

const mapping_line *destination_mapping(const destination *d, arena *mem, size_t *n)
{
    size_t room = 0;
    for (size_t i = 0; i < d->objects; i++) room += d->object[i]->fields + 2;
    mapping_line *all = arena_array(mem, room + 1, sizeof *all);
    buf text = buf_new(LINE_BYTES_MAX);
    bool ok = all != NULL;
    *n = 0;
    for (size_t i = 0; ok && i < d->objects; i++) {
        const object_template *o = d->object[i];
        mapping_line common = {
            .file = o->csv, .object = o->object, .entity = sv_from(o->entity->name), .object_brief = o->brief};
        all[*n] = common;
        all[*n].target = o->key;
        all[*n].label = o->key_label;
        all[*n].type = SV_LIT("text");
        all[*n].brief = o->brief;
        all[*n].source = SV_LIT("source_key");
        all[(*n)++].rules = SV_LIT("the key: a second import updates");
        for (size_t k = 0; ok && k < o->fields; k++) {
            mapping_line *l = &all[(*n)++];
            *l = common;
            l->target = o->field[k].name;
            l->label = o->field[k].label;
            l->brief = o->field[k].brief;
            l->type = d->model ? (sv){NULL, 0} : sv_from(target_type_name(o->field[k].type));
            source_text(&text, o, &o->field[k]);
            ok = keep(mem, &text, &l->source);
            rules_text(&text, o, &o->field[k]);
            ok = ok && keep(mem, &text, &l->rules);
        }
        if (o->custom) all[(*n)++] = custom_line(mem, o, &common);
    }
    buf_free(&text);
    return ok ? all : NULL;
}
