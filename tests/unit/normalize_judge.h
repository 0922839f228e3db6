/* What must hold for any value of any field, shared by the property tests and the fuzzer: a value's answer is bounded,
 * is clean text, and comes out unchanged when it goes in again. Each returns NULL, or what is wrong. */
#ifndef NORMALIZE_JUDGE_H
#define NORMALIZE_JUDGE_H

#include "base/utf.h"
#include "normalize/normalize.h"

/* A cell of hostile text may grow (a bad byte becomes three, 1-32 as many teeth), not without bound. */
enum { JUDGE_GROWTH = 32, JUDGE_MORE = 256 };

static inline bool judge_clean(sv s)
{
    for (size_t i = 0; i < s.n;) {
        size_t n = utf8_valid_at((sv){s.p + i, s.n - i});
        char c = s.p[i];
        if (n == 0 || (n == 1 && ((unsigned char)c < 0x20 || c == 0x7F) && c != '\t' && c != '\n' && c != '\r'))
            return false;
        i += n;
    }
    return true;
}

/* Teeth come out as FDI numbers, which only an exam in FDI reads again; an input is no field, and what was RTF once need
 * not be so twice. */
static inline bool judge_goes_in_again(const norm_column *c)
{
    const char *x = c->field->concern ? c->field->concern : "", *system = c->options->numbering;
    bool teeth = strcmp(x, "tooth") == 0 || strcmp(x, "teeth") == 0;
    return strcmp(x, "rich_note") != 0 && !(teeth && !(system && strcmp(system, "fdi") == 0));
}

static inline const char *judge_value(const norm_column *c, sv in)
{
    const char *sentence = NULL;
    buf out = buf_new(in.n * JUDGE_GROWTH + JUDGE_MORE), again = buf_new(out.ceiling + JUDGE_MORE);
    norm_remarks r = {.n = 0}, second = {.n = 0};
    buf_str(&out, "+");
    norm_form form = norm_value(c, in, &out, &r);
    sv text = {out.p + 1, out.n - 1};
    if (out.failed)
        sentence = "grew without bound";
    else if (out.n == 0 || out.p[0] != '+')
        sentence = "changed what stood before it";
    else if (form != FORM_GOOD && text.n)
        sentence = "said something beside no value";
    else if (form == FORM_GOOD && text.n == 0)
        sentence = "is an empty text and no NULL";
    else if (form == FORM_WRONG && r.n == 0)
        sentence = "was held back without a word";
    else if (!judge_clean(text))
        sentence = "holds controls or is no UTF-8";
    else if (form == FORM_GOOD && judge_goes_in_again(c)) {
        if (norm_value(c, text, &again, &second) != FORM_GOOD || !sv_eq(buf_view(&again), text))
            sentence = "changed the second time";
    }
    buf_free(&out);
    buf_free(&again);
    return sentence;
}

/* A record of which every field is given the same text. */
static inline const char *judge_record(const norm_options *o, const model_entity *e, sv in)
{
    enum { FIELDS_MAX = 64 };
    const char *sentence = NULL;
    static norm_cell cell[FIELDS_MAX];
    static buf text[FIELDS_MAX];
    norm_remarks r = {.n = 0};
    size_t n = e->fields + e->inputs;
    if (n > FIELDS_MAX) return "has more fields than this test";
    for (size_t i = 0; i < n; i++) {
        const norm_column c = {o, &e->field[i], NULL};
        text[i] = buf_new(in.n * JUDGE_GROWTH * 4 + JUDGE_MORE);
        cell[i] = (norm_cell){FORM_EMPTY, &text[i], in};
        if (i % 3 == 2)
            cell[i].original = (sv){NULL, 0}; /* what a rule may fill */
        else
            cell[i].form = norm_value(&c, in, &text[i], &r);
    }
    norm_names names;
    norm_names_of(e, &names);
    norm_record(o, &names, cell, &r);
    for (size_t i = 0; i < n; i++) {
        if (text[i].failed)
            sentence = "grew without bound";
        else if (cell[i].form == FORM_GOOD && text[i].n == 0)
            sentence = "is an empty text and no NULL";
        else if (cell[i].form == FORM_GOOD && !judge_clean(buf_view(&text[i])))
            sentence = "holds controls or is no UTF-8";
        buf_free(&text[i]);
    }
    return sentence;
}

#endif
