/* The way of every value: cleaned, asked whether it is nothing, given to its concern. */
#include "normalize/normalize_internal.h"
#include "normalize/texts/clean.h"
#include "normalize/texts/encoding.h"

void norm_remark(norm_remarks *r, finding_code code, const model_field *f)
{
    if (r == NULL || r->n == NORM_REMARKS_MAX) return;
    r->code[r->n] = code;
    r->field[r->n++] = f;
}

/* ---- nothing ---- */

static bool is_own_word(const model_field *f, sv in)
{
    for (const char *p = f->values ? f->values : ""; *p;) {
        size_t n = strcspn(p, " ");
        if (sv_eq_nocase(in, (sv){p, n})) return true;
        p += n + (p[n] == ' ');
    }
    return false;
}

/* The bridge of Open Dental writes NA for what it does not have, yet Na is a name. */
static bool is_nothing_of_name(const model_field *f, sv in)
{
    bool may_be_na = strcmp(f->name, "first") == 0 || strcmp(f->name, "last") == 0;
    return text_is_one_of(in, "(null)|n/a|-") || (!may_be_na && sv_eq(in, SV_LIT("NA")));
}

static bool is_nothing(const concern *x, const model_field *f, sv in)
{
    static const char spelt[] = "null|(null)", all[] = "null|(null)|n/a|na|-|none|unknown";
    sv bare = text_trim(in);
    if (bare.n == 0) return true;
    /* Longer than the longest of them, as most values are. */
    if (bare.n >= sizeof "unknown") return false;
    switch (x->nulls) {
    case NULLS_SPELT: return text_is_one_of(bare, spelt);
    case NULLS_NAME: return is_nothing_of_name(f, in);
    case NULLS_ENUM: return !is_own_word(f, in) && text_is_one_of(in, all);
    case NULLS_ALL: break;
    }
    return text_is_one_of(in, all);
}

/* ---- encodings ---- */

/* What one encoding too many did to a text is undone where the whole column shows that it was done. */
static sv undo_double(const norm_column *c, sv in, buf *undone, norm_remarks *r)
{
    const norm_survey *s = c->survey;
    if (c->field->type != FIELD_TEXT || text_is_ascii(in)) return in;
    if (s && s->double_encoded) {
        bool whole = text_undo_double(in, undone);
        if (whole && s->single_encoded == 0) {
            norm_remark(r, F_NRM_TEXT_REPAIRED, c->field);
            return buf_view(undone);
        }
        if (whole) norm_remark(r, F_NRM_TEXT_DOUBLE, c->field);
    }
    const char *language = c->options->language, *country = c->options->country;
    bool turkish = (language && strcmp(language, "tr") == 0) || (country && strcmp(country, "TR") == 0);
    if (turkish && text_has_turkish_misread(in)) norm_remark(r, F_NRM_TEXT_CODE_PAGE, c->field);
    return in;
}

static void survey_encoding(norm_survey *s, const norm_column *c, sv in)
{
    if (c->field->type != FIELD_TEXT || text_is_ascii(in)) return;
    buf undone = buf_new(in.n + 1);
    if (text_undo_double(in, &undone)) {
        s->double_encoded++;
    } else {
        s->single_encoded++;
    }
    buf_free(&undone);
}

/* ---- a value ---- */

/* A byte that is no UTF-8 becomes three. */
static buf scratch_for(sv in) { return buf_new(in.n * 3 + 1); }

static norm_form form_of(const concern *x, const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    if (!x->whole) in = text_trim(in);
    return is_nothing(x, c->field, in) ? FORM_EMPTY : x->normalize(c, in, out, r);
}

norm_form norm_value(const norm_column *c, sv in, buf *out, norm_remarks *r)
{
    const concern *x = concern_of(c->field);
    size_t start = out->n;
    buf scratch = scratch_for(in);
    if (text_is_dirty(in)) {
        norm_remark(r, F_NRM_TAKEN_OFF, c->field);
        text_add_cleaned(&scratch, in);
        in = buf_view(&scratch);
    }
    if (!x->whole)
        in = text_trim(in); /* as the survey took it: a blank at its end is none that an encoding made of something */
    buf undone = buf_new(in.n + 1);
    in = undo_double(c, in, &undone, r);
    norm_form form = scratch.failed ? FORM_WRONG : form_of(x, c, in, out, r);
    if (scratch.failed) out->failed = true;
    /* "-, " as credentials: what is left of it is a word for nothing */
    if (form == FORM_GOOD && !out->failed && is_nothing(x, c->field, (sv){out->p + start, out->n - start}))
        form = FORM_EMPTY;
    if (form != FORM_GOOD) out->n = start;
    buf_free(&scratch);
    buf_free(&undone);
    return form;
}

void norm_survey_add(norm_survey *s, const norm_column *c, sv in)
{
    const concern *x = concern_of(c->field);
    buf scratch = scratch_for(in);
    bool counted = x->survey || c->field->type == FIELD_TEXT;
    if (counted && text_is_dirty(in)) {
        text_add_cleaned(&scratch, in);
        in = buf_view(&scratch);
    }
    if (!x->whole) in = text_trim(in);
    if (!scratch.failed && !is_nothing(x, c->field, in)) {
        s->values++;
        survey_encoding(s, c, in);
        if (x->survey) x->survey(s, c, in);
    }
    buf_free(&scratch);
}
