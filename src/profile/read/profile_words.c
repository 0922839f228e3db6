/* The key `values:` of a profile: what the codes of a source mean. */
#include "profile/profile_internal.h"

enum { WORDS_MAX = 16 };

/* The words that an enumeration has, for a suggestion. */
static size_t words_of(const char *values, sv *out, size_t room)
{
    size_t n = 0;
    for (const char *p = values; *p && n < room;) {
        size_t length = strcspn(p, " ");
        out[n++] = (sv){p, length};
        p += length + (p[length] == ' ');
    }
    return n;
}

static void check_word(const profile_reader *r, const model_field *f, const yaml_node *n)
{
    sv word[WORDS_MAX];
    if (n->kind != YAML_TEXT) {
        profile_problem(r, n, "what a code means must be a text");
        return;
    }
    if (f->type != FIELD_ENUM || n->text.n == 0) return;
    size_t words = words_of(f->values, word, WORDS_MAX);
    for (size_t i = 0; i < words; i++)
        if (sv_eq(word[i], n->text)) return;
    profile_problem(r, n, "%s is one of %s, not \"%.*s\"%s", f->name, f->values, (int)n->text.n, n->text.p,
                    profile_hint(r->mem, n->text, word, words));
}

static const model_field *field_named(const profile_reader *r, const yaml_pair *pair, const model_entity **entity)
{
    const char *dot = sv_find(pair->key, '.');
    size_t n = dot ? (size_t)(dot - pair->key.p) : pair->key.n;
    *entity = model_entity_named((sv){pair->key.p, n});
    const model_field *f = *entity && dot ? model_input_named(*entity, (sv){dot + 1, pair->key.n - n - 1}) : NULL;
    if (f && f->type != FIELD_REFERENCE) return f;
    problem_add(r->wrong, r->x->file, pair->line, pair->column,
                f ? "%.*s is a reference: what it refers to has the same codes"
                  : "the model has no field %.*s (fields are written as entity.field)",
                (int)pair->key.n, pair->key.p);
    return NULL;
}

void profile_read_words(const profile_reader *r, const yaml_node *values)
{
    if (!values || values->kind != YAML_MAP) return;
    profile_words *all = profile_array(r, values->n, sizeof *all);
    if (!all) return;
    for (size_t i = 0; i < values->n; i++) {
        const yaml_pair *pair = &values->pair[i];
        profile_words w = {.map = pair->value};
        w.field = field_named(r, pair, &w.entity);
        if (pair->value->kind != YAML_MAP) {
            profile_problem(r, pair->value, "the values of a field must be a map (code: word of the model)");
            continue;
        }
        for (size_t k = 0; w.field && k < pair->value->n; k++) check_word(r, w.field, pair->value->pair[k].value);
        if (w.field) all[r->x->word_maps++] = w;
    }
    r->x->words = all;
}

const profile_words *profile_words_of(const profile *x, const model_entity *e, const model_field *f)
{
    for (size_t i = 0; i < x->word_maps; i++)
        if (x->words[i].entity == e && x->words[i].field == f) return &x->words[i];
    return NULL;
}

bool profile_word_for(const profile_words *w, sv code, sv *word)
{
    sv bare = sv_trimmed(code);
    for (size_t i = 0; i < w->map->n; i++) {
        if (!sv_eq_nocase(w->map->pair[i].key, bare)) continue;
        *word = w->map->pair[i].value->text;
        return true;
    }
    return false;
}
