/* Records: what only several fields together tell. */
#include "normalize/normalize_internal.h"

static size_t position(const record *x, const char *field)
{
    size_t n = x->entity->fields + x->entity->inputs;
    for (size_t i = 0; i < n; i++)
        if (strcmp(x->entity->field[i].name, field) == 0) return i;
    return SIZE_MAX;
}

norm_cell *record_cell(const record *x, const char *field)
{
    size_t i = position(x, field);
    return i == SIZE_MAX ? NULL : &x->cell[i];
}

const model_field *record_field(const record *x, const char *field)
{
    size_t i = position(x, field);
    return i == SIZE_MAX ? NULL : &x->entity->field[i];
}

sv record_text(const record *x, const char *field)
{
    const norm_cell *cell = record_cell(x, field);
    return cell && cell->form == FORM_GOOD ? buf_view(cell->text) : (sv){NULL, 0};
}

void record_set(const record *x, const char *field, sv text)
{
    norm_cell *cell = record_cell(x, field);
    if (!cell) return;
    buf_clear(cell->text);
    buf_sv(cell->text, text);
    cell->form = text.n ? FORM_GOOD : FORM_EMPTY;
}

void record_wrong(const record *x, const char *field, finding_code why)
{
    norm_cell *cell = record_cell(x, field);
    if (!cell) return;
    cell->form = FORM_WRONG;
    norm_remark(x->remarks, why, record_field(x, field));
}

void record_remark(const record *x, const char *field, finding_code code)
{
    norm_remark(x->remarks, code, record_field(x, field));
}

typedef void record_rule(const record *x);

/* In this order: a whole name is split before its parts are judged. A rule does nothing for an entity that lacks its
 * fields. */
static record_rule *const rules[] = {
    NULL,
};

void norm_record(const norm_options *o, const model_entity *e, norm_cell *cell, norm_remarks *r)
{
    const record x = {o, e, cell, r};
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (rules[i]) rules[i](&x);
}
