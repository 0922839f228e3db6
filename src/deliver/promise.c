#include "deliver/promise.h"
#include "deliver/row_file.h"
#include "deliver/target_cell.h"

static promised_column column_of(const destination *d, const object_template *o, size_t i)
{
    const target_field *f = &o->field[i];
    bool slice = o->slice_characters && i == o->slice_field;
    promised_column c = {.heading = row_file_heading(o, i + 1), .required = f->required && !f->whens};
    c.characters = target_characters_most(d, o, slice ? o->slice_characters : f->max_length);
    c.number = f->precision && target_is_number(f->type) && !f->parents;
    c.digits = c.number ? f->precision : 0;
    c.behind = c.number ? f->scale : 0;
    /* What a rule of translation gives is a word, whatever the field was. */
    if (!f->translated) c.form = f->format;
    if (c.form.n && d->utc && f->type == TARGET_DATETIME && !o->xlsx) c.form_local = d->moments_local;
    return c;
}

bool promises_of(const destination *d, object_template *const *object, arena *mem, const promised_file **out, size_t *n)
{
    *n = 0;
    promised_file *all = arena_array(mem, d->objects + 1, sizeof *all);
    *out = all;
    if (!all) return false;
    for (size_t i = 0; i < d->objects && !d->model; i++) {
        const object_template *o = object[i];
        promised_column *column = arena_array(mem, o->fields + 1, sizeof *column);
        if (!column) return false;
        column[0] = (promised_column){.heading = row_file_heading(o, 0), .required = true};
        for (size_t k = 0; k < o->fields; k++) column[k + 1] = column_of(d, o, k);
        all[(*n)++] = (promised_file){{o->csv.p, o->csv.n - 4}, d->delimiter, column, o->fields + 1};
    }
    return true;
}
