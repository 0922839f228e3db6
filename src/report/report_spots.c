/* Spot checks: which records, and what they hold. Without show_values, what is of a patient is masked: it is only said that there
 * is a value. Keys, and what is nobody's secret, stand there as they are. */
#include "report/report_model.h"

#define MASK "\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2"

static json_t *value(const model_maker *m, const model_field *f, sv text)
{
    if (!text.n) return json_string("");
    bool masked = f->phi && f->type != FIELD_REFERENCE && !m->in->show_values;
    return masked ? json_string(MASK) : json_clean(text);
}

static json_t *check(model_maker *m, const spot_group *g, const spot_check *c)
{
    json_t *o = json_object(), *values = json_array(), *records = json_array();
    put_text(m, o, "source_key", c->source_key);
    put_text(m, o, "src_table", c->src_table);
    put_text(m, o, "src_key", c->src_key);
    for (size_t i = 0; i < g->fields; i++) push(m, values, value(m, g->field[i], c->value[i]));
    for (size_t i = 0; i < g->children; i++) push(m, records, json_integer((json_int_t)c->records[i]));
    put(m, o, "values", values);
    put(m, o, "records", records);
    return o;
}

static json_t *group(model_maker *m, const spot_group *g)
{
    json_t *o = json_object(), *fields = json_array(), *children = json_array(), *checks = json_array();
    put(m, o, "entity", json_string(g->entity->name));
    put(m, o, "title", json_string(g->entity->title));
    for (size_t i = 0; i < g->fields; i++) push(m, fields, json_string(g->field[i]->name));
    for (size_t i = 0; i < g->children; i++) push(m, children, json_string(g->child[i]->title));
    for (size_t i = 0; i < g->checks; i++) push(m, checks, check(m, g, &g->check[i]));
    put(m, o, "fields", fields);
    put(m, o, "children", children);
    put(m, o, "checks", checks);
    return o;
}

json_t *model_spots(model_maker *m)
{
    const quality_facts *q = m->in->quality;
    json_t *o = json_object(), *groups = json_array();
    uint64_t n = 0;
    for (size_t i = 0; q && i < q->spots; i++) {
        push(m, groups, group(m, &q->spot[i]));
        n += q->spot[i].checks;
    }
    put(m, o, "values_shown", json_boolean(m->in->show_values));
    put_number(m, o, "number", n);
    put(m, o, "groups", groups);
    return o;
}
