/* Records: what only several fields together tell. */
#include "normalize/normalize_internal.h"
#include "normalize/texts/clean.h"

/* ---- fields by their names ---- */

/* Two letters tell most of them apart. */
static size_t chain_of(const char *name)
{
    unsigned first = (unsigned char)name[0], second = first ? (unsigned char)name[1] : 0;
    return (first * 7 + second) % NORM_NAME_CHAINS;
}

void norm_names_of(const model_entity *e, norm_names *out)
{
    size_t n = e->fields + e->inputs;
    out->entity = e;
    memset(out->first, NORM_FIELDS_MAX, sizeof out->first);
    if (n > NORM_FIELDS_MAX) n = NORM_FIELDS_MAX; /* none of the model's has so many (test_normalize) */
    for (size_t i = n; i-- > 0;) {
        uint8_t *first = &out->first[chain_of(e->field[i].name)];
        out->next[i] = *first;
        *first = (uint8_t)i;
    }
}

static size_t position(const record *x, const char *field)
{
    uint8_t i = x->names->first[chain_of(field)];
    while (i != NORM_FIELDS_MAX && strcmp(x->entity->field[i].name, field) != 0) i = x->names->next[i];
    return i == NORM_FIELDS_MAX ? SIZE_MAX : i;
}

/* ---- cells ---- */

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

sv record_original(const record *x, const char *field, buf *text)
{
    const norm_cell *cell = record_cell(x, field);
    if (!cell || !cell->original.n) return (sv){NULL, 0};
    if (!text_is_dirty(cell->original)) return text_trim(cell->original);
    text_add_cleaned(text, cell->original);
    return text_trim(buf_view(text));
}

void record_add_further(const record *x, const char *others, sv values, const char *field, finding_code no_room)
{
    const norm_cell *cell = record_cell(x, others);
    if (!cell) {
        record_remark(x, field, no_room);
        return;
    }
    buf text = buf_new(values.n + cell->text->n + 4);
    buf_sv(&text, values);
    if (cell->form == FORM_GOOD) {
        buf_str(&text, "; ");
        buf_sv(&text, buf_view(cell->text));
    }
    if (cell->form == FORM_WRONG)
        record_remark(x, field, no_room); /* what is held back keeps its place */
    else
        record_set(x, others, buf_view(&text));
    buf_free(&text);
}

void record_rescue(const record *x, const char *field, sv text, finding_code was)
{
    norm_remarks *r = x->remarks;
    const model_field *f = record_field(x, field);
    record_set(x, field, text);
    for (size_t i = 0; r && i < r->n; i++) {
        if (r->code[i] != was || r->field[i] != f) continue;
        r->n--;
        for (; i < r->n; i++) {
            r->code[i] = r->code[i + 1];
            r->field[i] = r->field[i + 1];
        }
    }
}

/* In this order: a whole name is split before its parts are judged, and a phone is read by the plan of a country that is
 * known by then. A rule does nothing for an entity that lacks its fields. */
static record_rule *const rules[] = {
    record_full_name, record_suffix,      record_test,      record_emails,  record_place,
    record_phones,    record_credentials, record_specialty, record_aap,     record_dates,
    record_money,     record_procedure,   record_teeth,     record_carrier, record_note,
};

void norm_record(const norm_options *o, const norm_names *names, norm_cell *cell, norm_remarks *r)
{
    const record x = {o, names->entity, names, cell, r};
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) rules[i](&x);
}
