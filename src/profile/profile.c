/* profile.yaml and the SELECTs beside it. */
#include "base/limits.h"
#include "base/text_file.h"
#include "base/utf.h"
#include "profile/profile_internal.h"
#include <stdarg.h>
#include <stdio.h>

enum { PROFILE_SCHEMA = 1, SYSTEM_LETTERS_MAX = 8, NAMES_MAX = 128 };

sv profile_id(const profile *x) { return x->id; }
sv profile_title(const profile *x) { return x->title; }
sv profile_system(const profile *x) { return x->system; }
size_t profile_entities(const profile *x) { return x->entities; }
const profile_entity *profile_entity_at(const profile *x, size_t i) { return &x->entity[i]; }
const profile_chart *profile_chart_of(const profile *x) { return x->chart; }

const profile_entity *profile_entity_of(const profile *x, const char *entity)
{
    for (size_t i = 0; i < x->entities; i++)
        if (strcmp(x->entity[i].entity->name, entity) == 0) return &x->entity[i];
    return NULL;
}

/* ---- what all parts of the reading use ---- */

void profile_problem(const profile_reader *r, const yaml_node *at, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    problem_add(r->wrong, r->x->file, at->line, at->column, "%s", text);
}

void *profile_array(const profile_reader *r, size_t count, size_t size)
{
    void *p = arena_array(r->mem, count + 1, size);
    if (!p) r->wrong->failed = true;
    return p;
}

sv profile_text(const yaml_node *map, const char *key)
{
    const yaml_node *n = yaml_get(map, key);
    return n && n->kind == YAML_TEXT ? n->text : (sv){NULL, 0};
}

const char *profile_hint(arena *mem, sv word, const sv *candidate, size_t n)
{
    sv best = problem_suggest(word, candidate, n);
    sv text = best.n ? arena_printf(mem, "; did you mean \"%.*s\"?", (int)best.n, best.p) : (sv){NULL, 0};
    return text.p ? text.p : "";
}

/* ---- entities ---- */

/* Full names only: a bare one would mean another table the day a second schema has it. */
static bool read_driving(const profile_reader *r, const yaml_node *n, sv *out)
{
    if (n->kind != YAML_TEXT) {
        profile_problem(r, n, "a driving table must be a name");
        return false;
    }
    const char *dot = n->text.n ? memchr(n->text.p, '.', n->text.n) : NULL;
    if (!dot || dot == n->text.p || dot + 1 == n->text.p + n->text.n) {
        profile_problem(r, n, "a driving table is named with its schema, such as \"dbo.patient\"");
        return false;
    }
    *out = n->text;
    return true;
}

static void read_from(const profile_reader *r, const yaml_node *from, profile_entity *e)
{
    bool list = from->kind == YAML_LIST;
    sv *all = profile_array(r, list ? from->n : 1, sizeof *all);
    if (!all) return;
    for (size_t i = 0; i < (list ? from->n : 1); i++)
        if (read_driving(r, list ? from->item[i] : from, &all[e->drivings])) e->drivings++;
    if (list && from->n == 0) profile_problem(r, from, "\"from\" names no table");
    e->driving = all;
    buf names = buf_new(YAML_BYTES_MAX * 2);
    for (size_t i = 0; i < e->drivings; i++) {
        buf_str(&names, i ? ", " : "");
        buf_sv(&names, all[i]);
    }
    e->driving_table = names.n ? arena_sv(r->mem, buf_view(&names)) : SV_LIT("");
    if (names.failed || !e->driving_table.p) r->wrong->failed = true;
    buf_free(&names);
}

static const char *what_is_wrong_with(sv sql)
{
    if (memchr(sql.p, 0, sql.n)) return "it holds a NUL character";
    for (size_t i = 0, n = 0; i < sql.n; i += n) {
        n = utf8_valid_at((sv){sql.p + i, sql.n - i});
        if (n == 0) return "it is not UTF-8 text";
    }
    return NULL;
}

static void read_sql(const profile_reader *r, const yaml_node *at, profile_entity *e)
{
    const char *why = "";
    bool beside = e->sql_file.n > 0 && e->sql_file.p[0] != '.';
    for (size_t i = 0; i < e->sql_file.n; i++) beside = beside && !strchr("/\\:", e->sql_file.p[i]);
    if (!beside) {
        profile_problem(r, at, "\"sql\" must name a file beside profile.yaml");
        return;
    }
    sv path = arena_printf(r->mem, "%s/%.*s", r->folder, (int)e->sql_file.n, e->sql_file.p);
    if (!path.p)
        r->wrong->failed = true;
    else if (!text_file_read(path.p, YAML_BYTES_MAX, r->mem, &e->sql, &why))
        profile_problem(r, at, "%.*s cannot be read: %s", (int)e->sql_file.n, e->sql_file.p, why);
    else if ((why = what_is_wrong_with(e->sql)) != NULL)
        profile_problem(r, at, "%.*s cannot be used: %s", (int)e->sql_file.n, e->sql_file.p, why);
}

static const model_entity *entity_named(const profile_reader *r, const yaml_pair *pair)
{
    const model_entity *e = model_entity_named(pair->key);
    sv names[NAMES_MAX];
    size_t n = 0;
    if (e) return e;
    for (; n < model_entities() && n < NAMES_MAX; n++) names[n] = sv_from(model_entity_at(n)->name);
    problem_add(r->wrong, r->x->file, pair->line, pair->column, "the model has no entity \"%.*s\"%s", (int)pair->key.n,
                pair->key.p, profile_hint(r->mem, pair->key, names, n));
    return NULL;
}

static const yaml_key entity_keys[] = {
    {"from", YAML_IS_TEXT | YAML_IS_LIST, true}, {"sql", YAML_IS_TEXT, true}, {"many", YAML_IS_TEXT, false}};

static void read_entity(const profile_reader *r, const yaml_pair *pair)
{
    profile_entity e = {.entity = entity_named(r, pair)};
    yaml_check(r->x->file, pair->value, "an entity", entity_keys, sizeof entity_keys / sizeof entity_keys[0], r->wrong);
    const yaml_node *from = yaml_get(pair->value, "from"), *sql = yaml_get(pair->value, "sql"),
                    *many = yaml_get(pair->value, "many");
    if (from && from->kind != YAML_MAP) read_from(r, from, &e);
    if (many && many->kind == YAML_TEXT) yaml_bool(r->x->file, many, &e.many, r->wrong);
    if (sql && sql->kind == YAML_TEXT) {
        e.sql_file = sql->text;
        read_sql(r, sql, &e);
    }
    if (!e.entity) return;
    r->x->from[r->x->entities] = from;
    r->x->entity[r->x->entities++] = e;
}

void profile_read_entities(const profile_reader *r, const yaml_node *entities)
{
    if (!entities || entities->kind != YAML_MAP) return;
    r->x->entity = profile_array(r, entities->n, sizeof *r->x->entity);
    r->x->from = profile_array(r, entities->n, sizeof(const yaml_node *));
    if (!r->x->entity || !r->x->from) return;
    for (size_t i = 0; i < entities->n; i++) read_entity(r, &entities->pair[i]);
    if (entities->n == 0) profile_problem(r, entities, "the profile gives no entity");
}

/* What a record cannot be without must come from somewhere. */
static void check_targets(const profile_reader *r)
{
    for (size_t i = 0; i < r->x->entities; i++) {
        const model_entity *e = r->x->entity[i].entity;
        for (size_t k = 0; r->x->from[i] && k < e->fields; k++) {
            const model_field *f = &e->field[k];
            if (f->type == FIELD_REFERENCE && f->required && !profile_entity_of(r->x, f->target))
                profile_problem(r, r->x->from[i], "%s cannot be without %s, and the profile does not give that entity",
                                e->name, f->target);
        }
    }
}

/* ---- options ---- */

static bool is_option_name(sv s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || c == '_';
        if (!letter && !(i > 0 && c >= '0' && c <= '9')) return false;
    }
    return s.n > 0;
}

void profile_read_options(const profile_reader *r, const yaml_node *options)
{
    if (!options || options->kind != YAML_MAP) return;
    profile_option *all = profile_array(r, options->n, sizeof *all);
    if (!all) return;
    for (size_t i = 0; i < options->n; i++) {
        const yaml_pair *pair = &options->pair[i];
        if (!is_option_name(pair->key))
            problem_add(r->wrong, r->x->file, pair->line, pair->column,
                        "the name of an option has small letters, digits and _");
        if (pair->value->kind != YAML_TEXT) profile_problem(r, pair->value, "an option must be a text");
        all[i] = (profile_option){pair->key, pair->value->text};
    }
    r->x->option = all;
    r->x->options = options->n;
}

/* ---- the whole ---- */

static void read_system(const profile_reader *r, const yaml_node *n)
{
    if (!n || n->kind != YAML_TEXT) return;
    bool good = n->text.n >= 1 && n->text.n <= SYSTEM_LETTERS_MAX;
    for (size_t i = 0; good && i < n->text.n; i++) {
        char c = n->text.p[i];
        good = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
    if (!good)
        profile_problem(r, n, "\"system\" must be 1 to 8 capital letters or digits: every source key begins with it");
    r->x->system = n->text;
}

static void read_schema(const profile_reader *r, const yaml_node *n)
{
    uint64_t schema = 0;
    if (n && n->kind == YAML_TEXT && yaml_uint(r->x->file, n, INT32_MAX, &schema, r->wrong) && schema != PROFILE_SCHEMA)
        profile_problem(r, n, "this program reads profiles of schema %d, not %d: see CHANGELOG.md", PROFILE_SCHEMA,
                        (int)schema);
}

static const yaml_key profile_keys[] = {{"title", YAML_IS_TEXT, true},   {"schema", YAML_IS_TEXT, false},
                                        {"system", YAML_IS_TEXT, true},  {"about", YAML_IS_TEXT, false},
                                        {"detect", YAML_IS_MAP, true},   {"entities", YAML_IS_MAP, true},
                                        {"options", YAML_IS_MAP, false}, {"chart", YAML_IS_MAP, false}};

static void read_root(const profile_reader *r, const yaml_node *root)
{
    yaml_check(r->x->file, root, "a profile", profile_keys, sizeof profile_keys / sizeof profile_keys[0], r->wrong);
    r->x->title = profile_text(root, "title");
    read_schema(r, yaml_get(root, "schema"));
    read_system(r, yaml_get(root, "system"));
    profile_read_detect(r, yaml_get(root, "detect"));
    profile_read_entities(r, yaml_get(root, "entities"));
    profile_read_options(r, yaml_get(root, "options"));
    profile_read_chart(r, yaml_get(root, "chart"));
    check_targets(r);
}

static sv last_name(const char *folder)
{
    sv s = sv_from(folder);
    while (s.n && (s.p[s.n - 1] == '/' || s.p[s.n - 1] == '\\')) s.n--;
    size_t at = s.n;
    while (at > 0 && s.p[at - 1] != '/' && s.p[at - 1] != '\\') at--;
    return (sv){s.p + at, s.n - at};
}

static bool read_file(const profile_reader *r)
{
    const char *why = "";
    sv path = arena_printf(r->mem, "%s/profile.yaml", r->folder), text;
    if (!path.p) return false;
    if (!text_file_read(path.p, YAML_BYTES_MAX, r->mem, &text, &why)) {
        problem_add(r->wrong, r->x->file, 0, 0, "cannot be read: %s", why);
        return true;
    }
    const yaml_node *root = yaml_parse(r->x->file, text, r->mem, r->wrong);
    if (root) read_root(r, root);
    return true;
}

const profile *profile_load(const char *folder, arena *mem, problems *p)
{
    size_t before = p->n;
    profile *x = arena_alloc(mem, sizeof *x);
    const profile_reader r = {.x = x, .mem = mem, .wrong = p, .folder = folder};
    sv id = last_name(folder);
    if (x) {
        x->id = arena_sv(mem, id);
        x->file = arena_printf(mem, "%.*s/profile.yaml", (int)id.n, id.p);
    }
    if (!x || !x->id.p || !x->file.p || !read_file(&r)) p->failed = true;
    return p->n == before && !p->failed ? x : NULL;
}
