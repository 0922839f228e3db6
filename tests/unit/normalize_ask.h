/* What tests of normalize ask: one value, a value of a column, a record. */
#ifndef NORMALIZE_ASK_H
#define NORMALIZE_ASK_H

#include "normalize/normalize.h"
#include "testing.h"
#include <stdlib.h>

static const norm_options ask_us = {.country = "US", .today = 18000, .currency = "USD", .language = "en"};
static const norm_options ask_tr = {.country = "TR", .today = 18000, .currency = "TRY", .language = "tr"};
static const norm_options ask_nowhere = {.today = INT32_MIN};

static inline const model_field *ask_field(const char *entity, const char *name)
{
    const model_entity *e = model_entity_named(sv_from(entity));
    assert_non_null(e);
    const model_field *f = model_input_named(e, sv_from(name));
    assert_non_null(f);
    return f;
}

/* Holds the answer until the next question. */
typedef struct answer {
    norm_form form;
    char text[2000];
    norm_remarks r;
} answer;

static inline answer ask_column(const norm_options *o, const char *entity, const char *name, const norm_survey *s,
                                const char *in)
{
    answer a = {.r = {.n = 0}};
    const norm_column c = {o, ask_field(entity, name), s};
    buf out = buf_new(sizeof a.text - 1);
    a.form = norm_value(&c, sv_from(in), &out, &a.r);
    assert_false(out.failed);
    if (out.n) memcpy(a.text, out.p, out.n);
    if (a.form == FORM_GOOD) { /* idempotent, and without a remark on what it made itself */
        buf again = buf_new(sizeof a.text - 1);
        norm_remarks r = {.n = 0};
        assert_int_equal(norm_value(&c, buf_view(&out), &again, &r), FORM_GOOD);
        assert_int_equal(again.n, out.n);
        assert_memory_equal(again.p, out.p, out.n);
        assert_int_equal(r.n, 0);
        buf_free(&again);
    } else {
        assert_int_equal(out.n, 0);
    }
    buf_free(&out);
    return a;
}

static inline void good(const norm_options *o, const char *entity, const char *name, const char *in,
                        const char *expected)
{
    answer a = ask_column(o, entity, name, NULL, in);
    if (a.form != FORM_GOOD || strcmp(a.text, expected) != 0) print_error("%s.%s of \"%s\"\n", entity, name, in);
    assert_int_equal(a.form, FORM_GOOD);
    assert_string_equal(a.text, expected);
}

static inline void empty(const norm_options *o, const char *entity, const char *name, const char *in)
{
    answer a = ask_column(o, entity, name, NULL, in);
    if (a.form != FORM_EMPTY) print_error("%s.%s of \"%s\": \"%s\"\n", entity, name, in, a.text);
    assert_int_equal(a.form, FORM_EMPTY);
}

static inline void wrong(const norm_options *o, const char *entity, const char *name, const char *in, finding_code why)
{
    answer a = ask_column(o, entity, name, NULL, in);
    if (a.form != FORM_WRONG) print_error("%s.%s of \"%s\": \"%s\"\n", entity, name, in, a.text);
    assert_int_equal(a.form, FORM_WRONG);
    assert_int_equal(a.r.n, 1);
    assert_int_equal(a.r.code[0], why);
}

/* ---- columns ---- */

static inline norm_survey ask_survey(const norm_options *o, const char *entity, const char *name, const char *const *in)
{
    norm_survey s = {.values = 0};
    const norm_column c = {o, ask_field(entity, name), NULL};
    for (; *in; in++) norm_survey_add(&s, &c, sv_from(*in));
    return s;
}

/* in: values, ended by NULL; expected beside them. */
static inline void column(const norm_options *o, const char *entity, const char *name, const char *const *in,
                          const char *const *expected)
{
    norm_survey s = ask_survey(o, entity, name, in);
    for (; *in; in++, expected++) {
        answer a = ask_column(o, entity, name, &s, *in);
        if (a.form == FORM_WRONG) print_error("%s.%s of \"%s\" is wrong\n", entity, name, *in);
        assert_string_equal(a.text, *expected);
    }
}

/* ---- records ---- */

enum { ASK_FIELDS_MAX = 64 };

typedef struct asked_record {
    const norm_options *options;
    const model_entity *entity;
    norm_cell cell[ASK_FIELDS_MAX];
    buf text[ASK_FIELDS_MAX];
    norm_remarks r;
} asked_record;

/* pairs: field, value, field, value, NULL. Freed by done(). */
static inline asked_record *ask_record(const norm_options *o, const char *entity, const char *const *pairs)
{
    asked_record *x = calloc(1, sizeof *x);
    assert_non_null(x);
    x->options = o;
    x->entity = model_entity_named(sv_from(entity));
    assert_non_null(x->entity);
    size_t n = x->entity->fields + x->entity->inputs;
    assert_true(n <= ASK_FIELDS_MAX);
    for (size_t i = 0; i < n; i++) {
        x->text[i] = buf_new(4000);
        x->cell[i] = (norm_cell){FORM_EMPTY, &x->text[i], {NULL, 0}};
    }
    for (; *pairs; pairs += 2) {
        size_t i = (size_t)(ask_field(entity, pairs[0]) - x->entity->field);
        const norm_column c = {o, &x->entity->field[i], NULL};
        x->cell[i].original = sv_from(pairs[1]);
        x->cell[i].form = norm_value(&c, x->cell[i].original, &x->text[i], &x->r);
    }
    norm_names names;
    norm_names_of(x->entity, &names);
    norm_record(o, &names, x->cell, &x->r);
    return x;
}

static inline void has(const asked_record *x, const char *field, const char *expected)
{
    const norm_cell *c = &x->cell[ask_field(x->entity->name, field) - x->entity->field];
    if (!expected) {
        if (c->form == FORM_GOOD) print_error("%s is \"%.*s\"\n", field, (int)c->text->n, c->text->p);
        assert_int_not_equal(c->form, FORM_GOOD);
        return;
    }
    if (c->form != FORM_GOOD) print_error("%s is not \"%s\"\n", field, expected);
    assert_int_equal(c->form, FORM_GOOD);
    if (!sv_eq(buf_view(c->text), sv_from(expected)))
        print_error("%s is \"%.*s\", not \"%s\"\n", field, (int)c->text->n, c->text->p, expected);
    assert_true(sv_eq(buf_view(c->text), sv_from(expected)));
}

static inline void is_wrong(const asked_record *x, const char *field)
{
    assert_int_equal(x->cell[ask_field(x->entity->name, field) - x->entity->field].form, FORM_WRONG);
}

static inline size_t remarked(const asked_record *x, finding_code code)
{
    size_t n = 0;
    for (size_t i = 0; i < x->r.n; i++) n += x->r.code[i] == code;
    return n;
}

static inline void done(asked_record *x)
{
    for (size_t i = 0; i < ASK_FIELDS_MAX; i++) buf_free(&x->text[i]);
    free(x);
}

#define RECORD(o, entity, ...) ask_record((o), (entity), (const char *const[]){__VA_ARGS__, NULL})

#endif
