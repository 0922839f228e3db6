#include "base/limits.h"
#include "base/text_file.h"
#include "base/yaml.h"
#include "profile/profile_internal.h"
#include <stdio.h>

sv profile_id(const profile *x) { return x->id; }
sv profile_title(const profile *x) { return x->title; }
sv profile_system(const profile *x) { return x->system; }
size_t profile_entities(const profile *x) { return x->entities; }
const profile_entity *profile_entity_at(const profile *x, size_t i) { return &x->entity[i]; }
const profile_chart *profile_chart_of(const profile *x) { return x->has_chart ? &x->chart : NULL; }

/* What a load needs at hand. */
typedef struct loading {
    profile *x;
    arena *mem;
    problems *wrong;
    const char *folder;
    sv file; /* profile.yaml, as problems name it */
} loading;

static void wrong_at(loading *l, const yaml_node *n, const char *text)
{
    problem_add(l->wrong, l->file, n->line, n->column, "%s", text);
}

static sv text_at(const yaml_node *map, const char *key)
{
    const yaml_node *n = yaml_get(map, key);
    return n && n->kind == YAML_TEXT ? n->text : (sv){NULL, 0};
}

static void load_system(loading *l, const yaml_node *root)
{
    const yaml_node *n = yaml_get(root, "system");
    if (!n || n->kind != YAML_TEXT) return;
    bool good = n->text.n >= 1 && n->text.n <= 8;
    for (size_t i = 0; i < n->text.n; i++) {
        char c = n->text.p[i];
        good = good && ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'));
    }
    if (!good) wrong_at(l, n, "\"system\" must be 1 to 8 capital letters or digits: every source key begins with it");
    l->x->system = n->text;
}

/* detect: {tables: {name: [column ...]}, optional: {...}} */
static void load_tables(loading *l, const yaml_node *map, bool required)
{
    for (size_t i = 0; map && map->kind == YAML_MAP && i < map->n; i++) {
        const yaml_node *columns = map->pair[i].value;
        bool list = columns->kind == YAML_LIST;
        if (!list) wrong_at(l, columns, "the columns of a table must be a list");
        for (size_t k = 0; list && k < columns->n; k++) {
            if (columns->item[k]->kind != YAML_TEXT) {
                wrong_at(l, columns->item[k], "a column must be a name");
                continue;
            }
            if (l->x->marks == PROFILE_MARKS_MAX) {
                wrong_at(l, columns->item[k], "the fingerprint names too many columns");
                return;
            }
            l->x->mark[l->x->marks++] = (profile_mark){map->pair[i].key, columns->item[k]->text, required};
        }
    }
}

static void load_detect(loading *l, const yaml_node *root)
{
    static const yaml_key keys[] = {{"tables", YAML_IS_MAP, true}, {"optional", YAML_IS_MAP, false}};
    const yaml_node *detect = yaml_get(root, "detect");
    if (!detect || !yaml_check(l->file, detect, "\"detect\"", keys, 2, l->wrong)) return;
    l->x->mark = arena_array(l->mem, PROFILE_MARKS_MAX, sizeof *l->x->mark);
    if (!l->x->mark) {
        l->wrong->failed = true;
        return;
    }
    load_tables(l, yaml_get(detect, "tables"), true);
    if (l->x->marks == 0) wrong_at(l, detect, "the fingerprint names no column: it would fit every database");
    load_tables(l, yaml_get(detect, "optional"), false);
}

static void read_sql(loading *l, const yaml_node *at, profile_entity *e)
{
    const char *why = "";
    char path[4096];
    for (size_t i = 0; i < e->sql_file.n; i++)
        if (e->sql_file.p[i] == '/' || e->sql_file.p[i] == '\\') {
            wrong_at(l, at, "\"sql\" must name a file beside profile.yaml");
            return;
        }
    int n = snprintf(path, sizeof path, "%s/%.*s", l->folder, (int)e->sql_file.n, e->sql_file.p);
    if (n < 0 || (size_t)n >= sizeof path)
        why = "its path is too long";
    else if (text_file_read(path, YAML_BYTES_MAX, l->mem, &e->sql, &why))
        return;
    problem_add(l->wrong, l->file, at->line, at->column, "%.*s cannot be read: %s", (int)e->sql_file.n, e->sql_file.p,
                why);
}

static void suggest_entity(loading *l, const yaml_pair *pair)
{
    sv names[64];
    size_t n = 0;
    for (; n < model_entities() && n < 64; n++) names[n] = sv_from(model_entity_at(n)->name);
    sv best = problem_suggest(pair->key, names, n);
    problem_add(l->wrong, l->file, pair->line, pair->column, "the model has no entity \"%.*s\"%s%.*s%s",
                (int)pair->key.n, pair->key.p, best.p ? "; did you mean \"" : "", (int)best.n, best.p ? best.p : "",
                best.p ? "\"?" : "");
}

static void load_entity(loading *l, const yaml_pair *pair)
{
    static const yaml_key keys[] = {
        {"from", YAML_IS_TEXT, true}, {"sql", YAML_IS_TEXT, true}, {"many", YAML_IS_TEXT, false}};
    profile_entity *e = &l->x->entity[l->x->entities];
    *e = (profile_entity){.entity = model_entity_named(pair->key)};
    if (!e->entity) suggest_entity(l, pair);
    if (!yaml_check(l->file, pair->value, "an entity", keys, 3, l->wrong) || !e->entity) return;
    e->driving_table = text_at(pair->value, "from");
    e->sql_file = text_at(pair->value, "sql");
    const yaml_node *many = yaml_get(pair->value, "many");
    if (many) yaml_bool(l->file, many, &e->many, l->wrong);
    read_sql(l, yaml_get(pair->value, "sql"), e);
    l->x->entities++;
}

static void load_entities(loading *l, const yaml_node *root)
{
    const yaml_node *map = yaml_get(root, "entities");
    if (!map || map->kind != YAML_MAP) return;
    l->x->entity = arena_array(l->mem, map->n + 1, sizeof *l->x->entity);
    if (!l->x->entity) {
        l->wrong->failed = true;
        return;
    }
    for (size_t i = 0; i < map->n; i++) load_entity(l, &map->pair[i]);
    if (map->n == 0) wrong_at(l, map, "the profile gives no entity");
}

/* The chart is declared here and folded elsewhere, one exam at a time: only its form is checked. */
static void load_chart(loading *l, const yaml_node *root)
{
    static const yaml_key keys[] = {{"shape", YAML_IS_TEXT, true},        {"table", YAML_IS_TEXT, true},
                                    {"exam", YAML_IS_TEXT, true},         {"tooth", YAML_IS_TEXT, false},
                                    {"measure", YAML_IS_MAP, false},      {"sites", YAML_IS_MAP, false},
                                    {"not_measured", YAML_IS_LIST, false}};
    static const char *const shapes[] = {"wide_exam", "tooth_row", "tooth_measure", "site_row", "packed"};
    const yaml_node *chart = yaml_get(root, "chart");
    if (!chart || !yaml_check(l->file, chart, "\"chart\"", keys, sizeof keys / sizeof keys[0], l->wrong)) return;
    bool known = false;
    sv shape = text_at(chart, "shape");
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) known |= sv_eq(shape, sv_from(shapes[i]));
    if (!known)
        wrong_at(l, yaml_get(chart, "shape"),
                 "the shape of a chart is wide_exam, tooth_row, tooth_measure, site_row or packed");
    l->x->chart = (profile_chart){.shape = shape,
                                  .table = text_at(chart, "table"),
                                  .exam = text_at(chart, "exam"),
                                  .tooth = text_at(chart, "tooth"),
                                  .declaration = chart};
    l->x->has_chart = known;
}

static void load_root(loading *l, const yaml_node *root)
{
    static const yaml_key keys[] = {{"title", YAML_IS_TEXT, true}, {"system", YAML_IS_TEXT, true},
                                    {"detect", YAML_IS_MAP, true}, {"entities", YAML_IS_MAP, true},
                                    {"chart", YAML_IS_MAP, false}, {"about", YAML_IS_TEXT, false}};
    yaml_check(l->file, root, "a profile", keys, sizeof keys / sizeof keys[0], l->wrong);
    if (root->kind != YAML_MAP) return;
    l->x->title = text_at(root, "title");
    load_system(l, root);
    load_detect(l, root);
    load_entities(l, root);
    load_chart(l, root);
}

static sv last_name(const char *folder)
{
    sv s = sv_from(folder);
    while (s.n && (s.p[s.n - 1] == '/' || s.p[s.n - 1] == '\\')) s.n--;
    size_t at = s.n;
    while (at > 0 && s.p[at - 1] != '/' && s.p[at - 1] != '\\') at--;
    return (sv){s.p + at, s.n - at};
}

const profile *profile_load(const char *folder, arena *mem, problems *p)
{
    const char *why = "";
    char path[4096];
    size_t before = p->n;
    loading l = {.x = arena_alloc(mem, sizeof(profile)), .mem = mem, .wrong = p, .folder = folder};
    sv id = last_name(folder), text;
    l.file = arena_printf(mem, "%.*s/profile.yaml", (int)id.n, id.p);
    if (!l.x || !l.file.p) {
        p->failed = true;
        return NULL;
    }
    l.x->id = arena_sv(mem, id);
    int n = snprintf(path, sizeof path, "%s/profile.yaml", folder);
    if (n < 0 || (size_t)n >= sizeof path || !text_file_read(path, YAML_BYTES_MAX, mem, &text, &why)) {
        problem_add(p, l.file, 0, 0, "cannot be read: %s", why);
        return NULL;
    }
    const yaml_node *root = yaml_parse(l.file, text, mem, p);
    if (root) load_root(&l, root);
    return p->n == before && !p->failed ? l.x : NULL;
}

/* ---- does it fit? ---- */

static bool names_table(sv name, const table_info *t)
{
    return sv_eq_nocase(name, t->full_name) || sv_eq_nocase(name, t->name);
}

static bool has_column(const catalog *c, sv table, sv column)
{
    for (size_t i = 0; i < c->tables; i++) {
        if (!names_table(table, &c->table[i])) continue;
        for (size_t k = 0; k < c->table[i].columns; k++)
            if (sv_eq_nocase(c->table[i].column[k].name, column)) return true;
    }
    return false;
}

/* Required columns give up to 90 points, optional ones the rest; a profile without optional ones reaches 100 by the others alone. */
unsigned profile_score(const profile *x, const catalog *c, buf *missing)
{
    size_t found[2] = {0, 0}, all[2] = {0, 0};
    for (size_t i = 0; i < x->marks; i++) {
        const profile_mark *m = &x->mark[i];
        all[m->required]++;
        if (has_column(c, m->table, m->column))
            found[m->required]++;
        else
            buf_printf(missing, "%.*s.%.*s%s\n", (int)m->table.n, m->table.p, (int)m->column.n, m->column.p,
                       m->required ? "" : " (optional)");
    }
    if (all[1] == 0) return 0;
    if (all[0] == 0) return (unsigned)(100 * found[1] / all[1]);
    return (unsigned)(90 * found[1] / all[1] + 10 * found[0] / all[0]);
}
