/* Values of records that point to the one at hand: "all_of.plan_line.plan.code" of a treatment plan. */
#include "template/reader.h"

static const sv take_word[CHILD_TAKES] = {
    {"first_of", 8}, {"second_of", 9}, {"latest_of", 9},    {"all_of", 6},      {"rest_of", 7},
    {"list_of", 7},  {"count_of", 8},  {"latest_exam", 11}, {"first_with", 10}, {"is_first_with", 13}};

static sv word_until(sv *rest, char end)
{
    const char *at = sv_find(*rest, end);
    sv word = {rest->p, at ? (size_t)(at - rest->p) : rest->n};
    size_t used = word.n + (at ? 1 : 0);
    *rest = (sv){rest->p + used, rest->n - used};
    return word;
}

bool template_child_word(sv name, child_take *take)
{
    sv rest = name, word = word_until(&rest, '.');
    for (size_t i = 0; i < CHILD_TAKES; i++) {
        if (!sv_eq(word, take_word[i])) continue;
        *take = (child_take)i;
        return true;
    }
    return false;
}

static size_t column_of(const model_entity *e, sv name)
{
    for (size_t i = 0; i < e->fields + STAGED_FIELDS; i++)
        if (sv_eq(staged_name(e, i), name)) return i;
    return SIZE_MAX;
}

/* Charts' own records are never staged. */
static bool is_chart_record(const model_entity *e)
{
    return strcmp(e->name, "tooth_record") == 0 || strcmp(e->name, "site_measure") == 0;
}

/* "organization.name" from the entity on; NULL, or what is wrong. */
static const char *read_part(template_reader *r, const model_entity *e, sv path, child_part *p, const model_field **end)
{
    for (;;) {
        sv word = word_until(&path, '.');
        size_t at = column_of(e, word);
        if (at == SIZE_MAX) return arena_printf(r->mem, "%s has no field \"%.*s\"", e->name, (int)word.n, word.p).p;
        *end = staged_field(e, at);
        p->at = at;
        p->of = e;
        if (!path.n) return NULL;
        if (!*end || (*end)->type != FIELD_REFERENCE || p->steps == CHILD_STEPS_MAX)
            return arena_printf(r->mem, "%.*s of %s cannot be followed", (int)word.n, word.p, e->name).p;
        p->step[p->steps++] = (child_step){e, at};
        e = model_entity_named(sv_from((*end)->target));
        if (is_chart_record(e)) return arena_printf(r->mem, "%s has no staged records to follow", e->name).p;
    }
}

static const char *read_parts(template_reader *r, sv paths, child_path *c, const model_field **field)
{
    while (paths.n) {
        if (c->parts == CHILD_PARTS_MAX)
            return arena_printf(r->mem, "at most %d values can stand side by side", CHILD_PARTS_MAX).p;
        const char *wrong = read_part(r, c->entity, word_until(&paths, '+'), &c->part[c->parts++], field);
        if (wrong) return wrong;
    }
    bool list = c->take == CHILD_LIST;
    if (!c->parts && c->take != CHILD_COUNT) return "it names no value";
    if (c->parts > 1 && !list) return "several values with + need \"list_of\"";
    if (c->take == CHILD_REST && !c->part[0].steps) return "\"rest_of\" is for values of a record that is linked to";
    return NULL;
}

/* "plan_line[status=completed]". */
static const char *read_entity(template_reader *r, sv word, child_path *c)
{
    sv rest = word, name = word_until(&rest, '[');
    c->entity = model_entity_named(name);
    c->only = SIZE_MAX;
    if (!c->entity) return arena_printf(r->mem, "there is no canonical entity \"%.*s\"", (int)name.n, name.p).p;
    if (is_chart_record(c->entity)) return arena_printf(r->mem, "%s has no staged records", c->entity->name).p;
    if (name.n == word.n) return NULL;
    sv field = word_until(&rest, '=');
    c->word = word_until(&rest, ']');
    c->only = column_of(c->entity, field);
    if (c->only == SIZE_MAX || !c->word.n || rest.n)
        return arena_printf(r->mem, "\"%.*s\" is no entity[field=word]", (int)word.n, word.p).p;
    return NULL;
}

static const char *read_of(template_reader *r, const object_template *o, sv rest, child_path *c,
                           const model_field **field)
{
    const char *wrong = read_entity(r, word_until(&rest, '.'), c);
    if (wrong) return wrong;
    sv link = word_until(&rest, '.');
    c->by = column_of(c->entity, link);
    const model_field *f = c->by == SIZE_MAX ? NULL : staged_field(c->entity, c->by);
    if (!f || f->type != FIELD_REFERENCE || strcmp(f->target, o->entity->name) != 0)
        return arena_printf(r->mem, "%.*s of %s is no link to %s", (int)link.n, link.p, c->entity->name,
                            o->entity->name)
            .p;
    return read_parts(r, rest, c, field);
}

/* The patient's latest exam with a chart, on the plan that is nearest in time. */
static const char *read_exam(template_reader *r, object_template *o, sv rest, child_path *c, row_column *column)
{
    if (strcmp(o->entity->name, "treatment_plan") != 0) return "only a treatment_plan has a \"latest_exam\"";
    c->entity = model_entity_named(SV_LIT("clinical_exam"));
    c->only = SIZE_MAX;
    o->latest_exam = true;
    column->field = template_chart_text(rest);
    if (!column->field) return read_parts(r, rest, c, &column->field);
    column->chart = sv_eq(rest, SV_LIT("chart_json")) ? CHART_VALUE_JSON : CHART_VALUE_TEXT;
    return NULL;
}

const char *template_read_child(template_reader *r, object_template *o, sv name, child_take take, row_column *column)
{
    child_path *c = template_block(r, 1, sizeof *c);
    sv rest = name;
    *column = (row_column){.kind = COLUMN_CHILD, .name = name, .child = c, .tooth = TEETH, .site = SITES};
    if (!c) return NULL;
    if (is_chart_record(o->entity) || strcmp(o->entity->name, "custom_finding") == 0)
        return "records of charts have none that point to them";
    (void)word_until(&rest, '.');
    c->take = take;
    if (take == CHILD_LATEST_EXAM) return read_exam(r, o, rest, c, column);
    if (take != CHILD_FIRST_WITH && take != CHILD_IS_FIRST_WITH) {
        const char *wrong = read_of(r, o, rest, c, &column->field);
        bool single = take == CHILD_FIRST || take == CHILD_SECOND || take == CHILD_LATEST;
        if (!single) column->field = NULL;
        return wrong;
    }
    c->entity = o->entity;
    c->by = column_of(o->entity, rest);
    if (c->by != SIZE_MAX) return NULL;
    return arena_printf(r->mem, "%s has no field \"%.*s\"", o->entity->name, (int)rest.n, rest.p).p;
}
