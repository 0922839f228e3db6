/* templates/vocabulary.yaml: read, and held against the model. */
#include "base/limits.h"
#include "base/text_file.h"
#include "base/yaml.h"
#include "draft/draft_internal.h"
#include <stdio.h>

static const sv FILE_NAME = {"vocabulary.yaml", 15};

typedef struct reader {
    arena *mem;
    problems *wrong;
} reader;

static void wrong_at(const reader *r, const yaml_pair *at, const char *what)
{
    problem_add(r->wrong, FILE_NAME, at->line, at->column, "%s: \"%.*s\"", what, (int)at->key.n, at->key.p);
}

static void *array(const reader *r, size_t n, size_t size)
{
    void *p = arena_array(r->mem, n + 1, size);
    if (!p) r->wrong->failed = true;
    return p;
}

/* ---- words ---- */

static size_t count_words(const yaml_node *map)
{
    size_t n = 0;
    for (size_t i = 0; map && map->kind == YAML_MAP && i < map->n; i++)
        n += map->pair[i].value->kind == YAML_LIST ? map->pair[i].value->n : 0;
    return n;
}

static void add_words(const reader *r, const yaml_pair *pair, name_form *form, uint8_t *language, size_t *n)
{
    bool turkish = sv_eq(pair->key, SV_LIT("tr")), english = sv_eq(pair->key, SV_LIT("en"));
    if (!turkish && !english) wrong_at(r, pair, "languages are en and tr, not");
    if (pair->value->kind != YAML_LIST) {
        wrong_at(r, pair, "the words of a language are a list");
        return;
    }
    for (size_t i = 0; i < pair->value->n; i++) {
        const yaml_node *x = pair->value->item[i];
        if (x->kind != YAML_TEXT) {
            wrong_at(r, pair, "a word must be a text");
            return;
        }
        language[*n] = turkish ? LANGUAGE_TURKISH : LANGUAGE_ENGLISH;
        name_form_of(x->text, &form[(*n)++]);
    }
}

/* own: a name that needs no listing; empty: none. */
static vocabulary_words read_words(const reader *r, const yaml_pair *at, sv own)
{
    const yaml_node *map = at->value;
    size_t most = count_words(map) + 1, n = 0;
    name_form *form = array(r, most, sizeof *form);
    uint8_t *language = array(r, most, sizeof *language);
    if (map->kind != YAML_MAP) wrong_at(r, at, "words are a map from languages to lists");
    if (!form || !language || map->kind != YAML_MAP) return (vocabulary_words){NULL, NULL, 0};
    if (own.n) name_form_of(own, &form[n++]);
    for (size_t i = 0; i < map->n; i++) add_words(r, &map->pair[i], form, language, &n);
    return (vocabulary_words){form, language, n};
}

/* "Patient" gives PatientID, PatientNo and Patient. */
static vocabulary_words references_to(const reader *r, const vocabulary_words *tables)
{
    static const char *const endings[] = {"ID", "No", ""};
    name_form *form = array(r, tables->n * 3, sizeof *form);
    uint8_t *language = array(r, tables->n * 3, sizeof *language);
    size_t n = 0;
    for (size_t i = 0; form && language && i < tables->n; i++)
        for (size_t k = 0; k < 3; k++) {
            sv name = arena_printf(r->mem, "%.*s%s", (int)tables->form[i].name.n, tables->form[i].name.p, endings[k]);
            language[n] = tables->language[i];
            if (name.p) name_form_of(name, &form[n++]);
        }
    return (vocabulary_words){form, language, n};
}

/* ---- entities ---- */

static const yaml_pair *pair_of(const yaml_node *map, const char *key)
{
    for (size_t i = 0; map->kind == YAML_MAP && i < map->n; i++)
        if (sv_eq(map->pair[i].key, sv_from(key))) return &map->pair[i];
    return NULL;
}

static void read_tables(const reader *r, const yaml_pair *at, vocabulary_entity *e)
{
    bool several = e->constant != NULL;
    size_t n = several && at->value->kind == YAML_MAP ? at->value->n : 1;
    vocabulary_tables *all = array(r, n, sizeof *all);
    if (!all) return;
    for (size_t i = 0; i < n; i++) {
        const yaml_pair *words = several && at->value->kind == YAML_MAP ? &at->value->pair[i] : at;
        all[i].word = several ? words->key : SV_LIT("");
        all[i].words = read_words(r, words, SV_LIT(""));
        all[i].reference = references_to(r, &all[i].words);
    }
    e->tables = all;
    e->table_kinds = n;
}

static void read_field(const reader *r, const yaml_pair *pair, vocabulary_entity *e, vocabulary_field *out)
{
    static const char behind[] = "_time";
    sv name = pair->key, date = {name.p, name.n > 5 ? name.n - 5 : 0};
    *out = (vocabulary_field){.field = model_input_named(e->entity, name)};
    if (!out->field && date.n && memcmp(date.p + date.n, behind, 5) == 0) {
        out->field = model_input_named(e->entity, date);
        out->time = true;
    }
    bool good = out->field && (!out->time || out->field->type == FIELD_DATETIME);
    if (!good) wrong_at(r, pair, "the entity has no such field");
    out->words = read_words(r, pair, out->time ? SV_LIT("") : name);
}

/* References are known by the names of what they refer to, listed or not. */
static void add_references(const reader *r, vocabulary_entity *e, vocabulary_field *all, size_t n)
{
    static const vocabulary_words none;
    (void)r;
    for (size_t i = 0; i < e->entity->fields; i++) {
        const model_field *f = &e->entity->field[i];
        bool listed = false;
        if (f->type != FIELD_REFERENCE) continue;
        for (size_t k = 0; k < n; k++) listed |= all[k].field == f;
        if (!listed) all[e->fields++] = (vocabulary_field){.field = f, .words = none};
    }
}

static const yaml_key entity_keys[] = {
    {"constant", YAML_IS_TEXT, false}, {"tables", YAML_IS_MAP, true}, {"fields", YAML_IS_MAP, true}};

static void read_entity(const reader *r, const yaml_pair *pair, vocabulary_entity *e)
{
    const yaml_node *n = pair->value, *constant = yaml_get(n, "constant");
    const yaml_pair *tables = pair_of(n, "tables"), *fields = pair_of(n, "fields");
    *e = (vocabulary_entity){.entity = model_entity_named(pair->key)};
    if (!e->entity) {
        wrong_at(r, pair, "the model has no such entity");
        return;
    }
    yaml_check(FILE_NAME, n, "an entity", entity_keys, sizeof entity_keys / sizeof entity_keys[0], r->wrong);
    if (constant && constant->kind == YAML_TEXT) {
        e->constant = model_field_named(e->entity, constant->text);
        if (!e->constant) wrong_at(r, pair, "\"constant\" names no field of the entity");
    }
    if (tables) read_tables(r, tables, e);
    if (!fields || fields->value->kind != YAML_MAP) return;
    vocabulary_field *all = array(r, fields->value->n + e->entity->fields, sizeof *all);
    if (!all) return;
    for (size_t i = 0; i < fields->value->n; i++) read_field(r, &fields->value->pair[i], e, &all[i]);
    e->field = all;
    e->fields = fields->value->n;
    add_references(r, e, all, fields->value->n);
}

/* ---- charts ---- */

static void read_patterns(const reader *r, const yaml_node *columns, vocabulary *v)
{
    if (!columns || columns->kind != YAML_MAP) return;
    vocabulary_pattern *all = array(r, columns->n, sizeof *all);
    if (!all) return;
    for (size_t i = 0; i < columns->n; i++)
        all[i] = (vocabulary_pattern){columns->pair[i].key, columns->pair[i].value->text};
    v->pattern = all;
    v->patterns = columns->n;
}

static void read_site_patterns(const reader *r, const yaml_node *list, vocabulary *v)
{
    if (!list || list->kind != YAML_LIST) return;
    sv *all = array(r, list->n, sizeof *all);
    if (!all) return;
    for (size_t i = 0; i < list->n; i++) all[i] = list->item[i]->text;
    v->site_pattern = all;
    v->site_patterns = list->n;
}

static void read_measures(const reader *r, const yaml_node *map, vocabulary *v)
{
    if (!map || map->kind != YAML_MAP) return;
    vocabulary_measure *all = array(r, map->n, sizeof *all);
    for (size_t i = 0; all && i < map->n; i++) {
        const yaml_node *list = map->pair[i].value;
        size_t n = list->kind == YAML_LIST ? list->n : 0;
        name_form *form = array(r, n, sizeof *form);
        if (list->kind != YAML_LIST) wrong_at(r, &map->pair[i], "the words of a measurement are a list");
        if (!form) return;
        for (size_t k = 0; k < n; k++) name_form_of(list->item[k]->text, &form[k]);
        all[i] = (vocabulary_measure){map->pair[i].key, form, n};
    }
    v->measures = all;
    v->measure_kinds = all ? map->n : 0;
}

static sv text_in(const yaml_node *map, const char *key)
{
    const yaml_node *n = yaml_get(map, key);
    return n && n->kind == YAML_TEXT ? n->text : (sv){NULL, 0};
}

static const yaml_key published_keys[] = {{"columns", YAML_IS_LIST, true},
                                          {"values", YAML_IS_MAP, true},
                                          {"numbering", YAML_IS_TEXT, false},
                                          {"margin_sign", YAML_IS_TEXT, false},
                                          {"not_measured", YAML_IS_LIST, false}};

static void read_published(const reader *r, const yaml_node *list, vocabulary *v)
{
    if (!list || list->kind != YAML_LIST) return;
    vocabulary_published *all = array(r, list->n, sizeof *all);
    for (size_t i = 0; all && i < list->n; i++) {
        const yaml_node *n = list->item[i], *columns = yaml_get(n, "columns");
        yaml_check(FILE_NAME, n, "a published table", published_keys, sizeof published_keys / sizeof published_keys[0],
                   r->wrong);
        size_t count = columns && columns->kind == YAML_LIST ? columns->n : 0;
        sv *column = array(r, count, sizeof *column);
        if (!column) return;
        for (size_t k = 0; k < count; k++) column[k] = columns->item[k]->text;
        all[i] = (vocabulary_published){column,
                                        count,
                                        yaml_get(n, "values"),
                                        text_in(n, "numbering"),
                                        text_in(n, "margin_sign"),
                                        yaml_get(n, "not_measured")};
    }
    v->published = all;
    v->publisheds = all ? list->n : 0;
}

static const yaml_key chart_keys[] = {
    {"tooth", YAML_IS_MAP, true},       {"site", YAML_IS_MAP, true},     {"measure", YAML_IS_MAP, true},
    {"exam", YAML_IS_MAP, true},        {"columns", YAML_IS_MAP, true},  {"sites", YAML_IS_LIST, true},
    {"tooth_value", YAML_IS_MAP, true}, {"measures", YAML_IS_MAP, true}, {"published", YAML_IS_LIST, true}};

static void read_chart(const reader *r, const yaml_pair *pair, vocabulary *v)
{
    const yaml_node *n = pair->value;
    struct {
        const char *key;
        vocabulary_words *words;
    } roles[] = {{"tooth", &v->tooth},
                 {"site", &v->site},
                 {"measure", &v->measure},
                 {"exam", &v->exam},
                 {"tooth_value", &v->tooth_value}};
    yaml_check(FILE_NAME, n, "\"chart\"", chart_keys, sizeof chart_keys / sizeof chart_keys[0], r->wrong);
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        const yaml_pair *words = pair_of(n, roles[i].key);
        if (words) *roles[i].words = read_words(r, words, SV_LIT(""));
    }
    read_patterns(r, yaml_get(n, "columns"), v);
    read_site_patterns(r, yaml_get(n, "sites"), v);
    read_measures(r, yaml_get(n, "measures"), v);
    read_published(r, yaml_get(n, "published"), v);
}

const vocabulary *vocabulary_load(const char *folder, arena *mem, problems *wrong)
{
    const reader r = {.mem = mem, .wrong = wrong};
    const char *why = "";
    size_t before = wrong->n;
    sv path = arena_printf(mem, "%s/vocabulary.yaml", folder), text;
    vocabulary *v = arena_alloc(mem, sizeof *v);
    if (!path.p || !v) return NULL;
    if (!text_file_read(path.p, YAML_BYTES_MAX, mem, &text, &why)) {
        problem_add(wrong, FILE_NAME, 0, 0, "cannot be read: %s", why);
        return NULL;
    }
    const yaml_node *root = yaml_parse(FILE_NAME, text, mem, wrong);
    if (!root || root->kind != YAML_MAP) return NULL;
    vocabulary_entity *all = array(&r, root->n, sizeof *all);
    if (!all) return NULL;
    for (size_t i = 0; i < root->n; i++) {
        if (sv_eq(root->pair[i].key, SV_LIT("chart")))
            read_chart(&r, &root->pair[i], v);
        else
            read_entity(&r, &root->pair[i], &all[v->entities++]);
    }
    v->entity = all;
    return wrong->n == before && !wrong->failed ? v : NULL;
}
