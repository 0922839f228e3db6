/* A run about a sample: who was chosen, and how many values went by which rule. */
#include "report/report_model.h"

static void results(model_maker *m, json_t *o, const report_results *r)
{
    put_number(m, o, "same", r->same);
    put_number(m, o, "changed", r->changed);
    put_number(m, o, "empty", r->empty);
    put_number(m, o, "held_back", r->held_back);
}

static json_t *destination(model_maker *m, const report_compared *d)
{
    json_t *o = json_object(), *rules = json_array();
    put_text(m, o, "id", d->id);
    put_number(m, o, "records", d->records);
    put_number(m, o, "lines", d->lines);
    results(m, o, &d->all);
    for (size_t i = 0; i < d->rules; i++) {
        json_t *x = json_object();
        put_text(m, x, "rule", d->rule[i].rule);
        results(m, x, &d->rule[i].lines);
        push(m, rules, x);
    }
    put(m, o, "rules", rules);
    return o;
}

json_t *model_sample(model_maker *m)
{
    const report_sample *s = m->in->sample;
    json_t *o = json_object(), *strata = json_object(), *all = json_array();
    put_number(m, o, "asked", s->asked);
    put_number(m, o, "patients", s->patients);
    put_number(m, strata, "all", s->strata);
    put_number(m, strata, "in_the_sample", s->covered);
    put_number(m, strata, "none_in_this_practice", s->absent);
    put_number(m, strata, "no_room", s->left_out);
    put(m, o, "strata", strata);
    for (size_t i = 0; i < s->destinations; i++) push(m, all, destination(m, &s->destination[i]));
    put(m, o, "destinations", all);
    return o;
}
