/* The quality of the data, as facts of the model. */
#include "report/report_model.h"

/* Columns left behind and custom fields that are named; a practice system has some hundred of either. */
enum { LISTED_MAX = 1000 };

static sv name_of(const model_entity *e) { return sv_from(e->name); }

static json_t *records(model_maker *m, const quality_facts *q)
{
    json_t *all = json_array();
    for (size_t i = 0; i < q->entities; i++) {
        json_t *o = json_object();
        put_text(m, o, "entity", name_of(q->entity[i].entity));
        put_text(m, o, "title", sv_from(q->entity[i].entity->title));
        put_number(m, o, "records", q->entity[i].records);
        push(m, all, o);
    }
    return all;
}

static json_t *lacks(model_maker *m, const quality_facts *q)
{
    json_t *all = json_array();
    for (size_t i = 0; i < q->lacks; i++) {
        json_t *o = json_object();
        put_text(m, o, "entity", name_of(q->lack[i].entity));
        put_text(m, o, "what", sv_from(q->lack[i].what));
        put_number(m, o, "records", q->lack[i].records);
        put_number(m, o, "lacking", q->lack[i].lacking);
        push(m, all, o);
    }
    return all;
}

static json_t *customs(model_maker *m, const quality_facts *q)
{
    json_t *all = json_array();
    for (size_t i = 0; i < q->customs && i < LISTED_MAX; i++) {
        const quality_custom *c = &q->custom[i];
        json_t *o = json_object();
        put_text(m, o, "entity", c->entity);
        put_text(m, o, "name", c->name);
        put_text(m, o, "type", c->type);
        put_number(m, o, "records", c->records);
        put_number(m, o, "distinct", c->distinct);
        put(m, o, "more", json_boolean(c->more));
        push(m, all, o);
    }
    return all;
}

static json_t *fields(model_maker *m, const quality_facts *q)
{
    json_t *all = json_array();
    for (size_t i = 0; i < q->fields; i++) {
        const quality_field *f = &q->field[i];
        json_t *o = json_object();
        put_text(m, o, "entity", name_of(f->entity));
        put_text(m, o, "field", sv_from(f->field->name));
        put_number(m, o, "filled", f->filled);
        put_number(m, o, "kept", f->kept);
        put_number(m, o, "changed", f->changed);
        put_number(m, o, "held_back", f->held_back);
        push(m, all, o);
    }
    return all;
}

static void put_known(model_maker *m, json_t *o, const char *key, int64_t n)
{
    put(m, o, key, n < 0 ? json_null() : json_integer(n));
}

static json_t *columns_left(model_maker *m, const quality_facts *q, uint64_t *number)
{
    json_t *all = json_array();
    *number = 0;
    for (size_t i = 0; i < q->lefts; i++) {
        const quality_left *l = &q->left[i];
        if (!l->column.n || (*number)++ >= LISTED_MAX) continue;
        json_t *o = json_object();
        put_text(m, o, "table", l->table);
        put_text(m, o, "column", l->column);
        put_known(m, o, "rows", l->rows);
        put_known(m, o, "filled", l->filled);
        put(m, o, "carried", json_boolean(l->carried));
        put_text(m, o, "why", l->why);
        push(m, all, o);
    }
    return all;
}

json_t *model_quality(model_maker *m)
{
    const quality_facts *q = m->in->quality;
    uint64_t columns = 0;
    if (!q) return json_null();
    json_t *o = json_object(), *charts = json_object();
    put(m, o, "records", records(m, q));
    put(m, o, "lacks", lacks(m, q));
    put_number(m, o, "duplicate_groups", q->duplicate_groups);
    put_number(m, o, "duplicate_records", q->duplicate_records);
    put_number(m, o, "malformed_dates", q->malformed_dates);
    put_number(m, o, "before_birth", q->before_birth);
    put_number(m, o, "shared_emails", q->shared_emails);
    put_number(m, o, "accounts_differ", q->accounts_differ);
    put_number(m, charts, "exams", q->exams);
    put_number(m, charts, "numbering_assumed", q->exams_assumed);
    put_number(m, charts, "exams_left_out", q->exams_left_out);
    put_number(m, charts, "ambiguous_teeth", q->ambiguous_teeth);
    put(m, o, "charts", charts);
    put_number(m, o, "custom_fields_number", q->customs);
    put(m, o, "custom_fields", customs(m, q));
    put(m, o, "fields", fields(m, q));
    put(m, o, "columns_left_behind", columns_left(m, q, &columns));
    put_number(m, o, "columns_left_behind_number", columns);
    return o;
}
