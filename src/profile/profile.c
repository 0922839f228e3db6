/* profile.yaml and the SELECTs beside it. */
#include "base/limits.h"
#include "base/path.h"
#include "base/text_file.h"
#include "profile/profile_internal.h"
#include <stdarg.h>
#include <stdio.h>

enum { PROFILE_SCHEMA = 1, SYSTEM_LETTERS_MAX = 8 };

sv profile_id(const profile *x) { return x->id; }
sv profile_title(const profile *x) { return x->title; }
sv profile_system(const profile *x) { return x->system; }
size_t profile_entities(const profile *x) { return x->entities; }
const profile_entity *profile_entity_at(const profile *x, size_t i) { return &x->entity[i]; }

const profile_entity *profile_entity_of(const profile *x, const char *entity)
{
    for (size_t i = 0; i < x->entities; i++)
        if (strcmp(x->entity[i].entity->name, entity) == 0) return &x->entity[i];
    return NULL;
}

bool profile_is_first_part(const profile *x, size_t i)
{
    return profile_entity_of(x, x->entity[i].entity->name) == &x->entity[i];
}

bool profile_is_staged(const profile *x, const char *entity) { return profile_entity_of(x, entity) != NULL; }

bool profile_gives(const profile *x, const char *entity)
{
    return profile_is_staged(x, entity) || (x->chart && strcmp(entity, "tooth_record") == 0);
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

static void read_leave(const profile_reader *r, const yaml_node *leave)
{
    r->x->leave = profile_texts(r, leave, "what is left behind", &r->x->leaves);
}

static const yaml_key profile_keys[] = {{"title", YAML_IS_TEXT, true},
                                        {"schema", YAML_IS_TEXT, false},
                                        {"system", YAML_IS_TEXT, true},
                                        {"about", YAML_IS_TEXT, false},
                                        {"detect", YAML_IS_MAP, true},
                                        {"tables", YAML_IS_MAP, false},
                                        {"entities", YAML_IS_MAP, true},
                                        {"values", YAML_IS_MAP, false},
                                        {"options", YAML_IS_MAP, false},
                                        {"leave", YAML_IS_LIST, false},
                                        {"chart", YAML_IS_MAP | YAML_IS_LIST, false}};

/* Tables first: what follows names them. */
static void read_root(const profile_reader *r, const yaml_node *root)
{
    yaml_check(r->x->file, root, "a profile", profile_keys, sizeof profile_keys / sizeof profile_keys[0], r->wrong);
    r->x->title = profile_text(root, "title");
    read_schema(r, yaml_get(root, "schema"));
    read_system(r, yaml_get(root, "system"));
    profile_read_tables(r, yaml_get(root, "tables"));
    profile_read_detect(r, yaml_get(root, "detect"));
    profile_read_entities(r, yaml_get(root, "entities"));
    profile_read_words(r, yaml_get(root, "values"));
    profile_read_options(r, yaml_get(root, "options"));
    read_leave(r, yaml_get(root, "leave"));
    profile_read_chart(r, yaml_get(root, "chart"));
    profile_check_targets(r);
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
    sv id = path_name(sv_from(folder));
    if (x) {
        x->id = arena_sv(mem, id);
        x->file = arena_printf(mem, "%.*s/profile.yaml", (int)id.n, id.p);
    }
    if (!x || !x->id.p || !x->file.p || !read_file(&r)) p->failed = true;
    return p->n == before && !p->failed ? x : NULL;
}
