/* Values: any text is empty, good or wrong; what is good comes out of its own concern unchanged (teeth: as FDI), and a
 * column's survey and a record of one value bear anything. The first byte chooses the field, the second the options. */
#include "normalize/normalize.h"
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const norm_options options[] = {
    {.country = "US", .today = 18000, .currency = "USD", .language = "en", .numbering = "fdi"},
    {.country = "TR",
     .today = 18000,
     .currency = "TRY",
     .language = "tr",
     .numbering = "fdi",
     .time_zone = "Europe/Istanbul"},
    {.today = INT32_MIN, .decimal_mark = ',', .order = ORDER_DAY_FIRST, .code_system = "TDB"},
    {.today = INT32_MIN},
};

static const model_field *field_number(size_t n, const model_entity **entity)
{
    for (size_t i = 0; i < model_entities(); i++) {
        *entity = model_entity_at(i);
        size_t fields = (*entity)->fields + (*entity)->inputs;
        if (n < fields) return &(*entity)->field[n];
        n -= fields;
    }
    *entity = model_entity_at(0);
    return &(*entity)->field[0];
}

enum { FIELDS_MAX = 100 };

static void one_record(const norm_options *o, const model_entity *e, const model_field *f, sv in, norm_form form,
                       sv good)
{
    norm_cell cell[FIELDS_MAX];
    buf text[FIELDS_MAX];
    norm_remarks r = {.n = 0};
    size_t n = e->fields + e->inputs;
    if (n > FIELDS_MAX) __builtin_trap();
    for (size_t i = 0; i < n; i++) {
        text[i] = buf_new((size_t)1 << 28);
        cell[i] = (norm_cell){FORM_EMPTY, &text[i], {NULL, 0}};
    }
    norm_cell *own = &cell[f - e->field];
    own->form = form;
    own->original = in;
    buf_sv(own->text, good);
    norm_record(o, e, cell, &r);
    if (r.n > NORM_REMARKS_MAX) __builtin_trap();
    for (size_t i = 0; i < n; i++) buf_free(&text[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3) return 0;
    const model_entity *e;
    const model_field *f = field_number((size_t)data[0] + (data[1] & 0x80 ? 256 : 0), &e);
    const norm_options *o = &options[data[1] % (sizeof options / sizeof options[0])];
    sv in = {(const char *)data + 2, size - 2};
    norm_survey s = {.values = 0};
    norm_column c = {o, f, NULL};
    norm_survey_add(&s, &c, in);
    if (data[1] & 0x40) c.survey = &s;

    buf out = buf_new((size_t)1 << 28), again = buf_new((size_t)1 << 28);
    norm_remarks r = {.n = 0};
    norm_form form = norm_value(&c, in, &out, &r);
    if (form != FORM_GOOD && out.n) __builtin_trap();
    if (form == FORM_WRONG && r.n == 0) __builtin_trap(); /* held back without a word */
    bool of_teeth = f->concern && (strcmp(f->concern, "tooth") == 0 || strcmp(f->concern, "teeth") == 0);
    if (form == FORM_GOOD && (o->numbering || !of_teeth)) {
        norm_form second = norm_value(&c, buf_view(&out), &again, &r);
        if (second != FORM_GOOD || !sv_eq(buf_view(&out), buf_view(&again))) {
            fprintf(stderr, "%s.%s: [%.*s] then [%.*s]\n", e->name, f->name, (int)out.n, out.n ? out.p : "",
                    (int)again.n, again.n ? again.p : "");
            __builtin_trap();
        }
    }
    one_record(o, e, f, in, form, buf_view(&out));
    buf_free(&out);
    buf_free(&again);
    return 0;
}
