/* How periodontal charts lie in a source. Only the form of the declaration is checked here: a fold reads the rows one
 * exam at a time. */
#include "profile/profile_internal.h"

/* Keys of a shape, separated by blanks, beside shape, table, exam and not_measured, which all have. */
static const struct shape {
    const char *name, *needs;
} shapes[] = {
    {"wide_exam", "columns"},                 /* one row per exam */
    {"tooth_row", "tooth columns"},           /* one row per exam and tooth */
    {"tooth_measure", "tooth measure sites"}, /* one row per exam, tooth and kind of measurement */
    {"site_row", "tooth site columns"},       /* one row per exam, tooth and site */
    {"packed", "columns"},                    /* all measurements of an exam in one value */
};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

/* The six sites of a tooth: mesiobuccal, buccal, distobuccal, mesiolingual, lingual, distolingual. */
static const sv sites[] = {{"MB", 2}, {"B", 1}, {"DB", 2}, {"ML", 2}, {"L", 1}, {"DL", 2}};
enum { SITES = sizeof sites / sizeof sites[0] };

static bool needs(const struct shape *s, const char *key)
{
    size_t n = strlen(key);
    for (const char *p = s->needs; *p;) {
        size_t word = strcspn(p, " ");
        if (word == n && memcmp(p, key, n) == 0) return true;
        p += word + (p[word] == ' ');
    }
    return false;
}

static const struct shape *shape_named(const profile_reader *r, const yaml_node *n)
{
    sv names[SHAPES];
    for (size_t i = 0; i < SHAPES; i++) {
        names[i] = sv_from(shapes[i].name);
        if (sv_eq(n->text, names[i])) return &shapes[i];
    }
    profile_problem(r, n, "the shape of a chart is wide_exam, tooth_row, tooth_measure, site_row or packed%s",
                    profile_hint(r->mem, n->text, names, SHAPES));
    return NULL;
}

static void check_shape(const profile_reader *r, const yaml_node *chart, const struct shape *s)
{
    static const char *const keys[] = {"tooth", "site", "measure", "sites", "columns"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const yaml_node *n = yaml_get(chart, keys[i]);
        if (!n && needs(s, keys[i]))
            profile_problem(r, chart, "a chart of shape %s lacks the key \"%s\"", s->name, keys[i]);
        if (n && !needs(s, keys[i])) profile_problem(r, n, "a chart of shape %s has no \"%s\"", s->name, keys[i]);
    }
}

static void check_texts(const profile_reader *r, const yaml_node *n, const char *what)
{
    for (size_t i = 0; n && n->kind != YAML_TEXT && i < n->n; i++) {
        const yaml_node *text = n->kind == YAML_MAP ? n->pair[i].value : n->item[i];
        if (text->kind != YAML_TEXT) profile_problem(r, text, "%s must be a text", what);
    }
}

static void check_sites(const profile_reader *r, const yaml_node *n)
{
    for (size_t i = 0; n && n->kind == YAML_MAP && i < n->n; i++) {
        const yaml_pair *pair = &n->pair[i];
        bool known = false;
        for (size_t k = 0; k < SITES; k++) known |= sv_eq(pair->key, sites[k]);
        if (!known)
            problem_add(r->wrong, r->x->file, pair->line, pair->column,
                        "a tooth has the sites MB, B, DB, ML, L and DL, not \"%.*s\"", (int)pair->key.n, pair->key.p);
    }
}

static const yaml_key measure_keys[] = {{"column", YAML_IS_TEXT, true}, {"values", YAML_IS_MAP, true}};

static void check_measure(const profile_reader *r, const yaml_node *n)
{
    if (!n || n->kind != YAML_MAP) return;
    yaml_check(r->x->file, n, "\"measure\"", measure_keys, sizeof measure_keys / sizeof measure_keys[0], r->wrong);
    check_texts(r, yaml_get(n, "values"), "a measurement");
}

static const yaml_key chart_keys[] = {
    {"shape", YAML_IS_TEXT, true},  {"table", YAML_IS_TEXT, true},   {"exam", YAML_IS_TEXT, true},
    {"tooth", YAML_IS_TEXT, false}, {"site", YAML_IS_TEXT, false},   {"measure", YAML_IS_MAP, false},
    {"sites", YAML_IS_MAP, false},  {"columns", YAML_IS_MAP, false}, {"not_measured", YAML_IS_LIST, false}};

void profile_read_chart(const profile_reader *r, const yaml_node *chart)
{
    if (!chart || chart->kind != YAML_MAP) return;
    yaml_check(r->x->file, chart, "\"chart\"", chart_keys, sizeof chart_keys / sizeof chart_keys[0], r->wrong);
    const yaml_node *shape = yaml_get(chart, "shape");
    const struct shape *s = shape && shape->kind == YAML_TEXT ? shape_named(r, shape) : NULL;
    if (s) check_shape(r, chart, s);
    check_measure(r, yaml_get(chart, "measure"));
    check_sites(r, yaml_get(chart, "sites"));
    check_texts(r, yaml_get(chart, "sites"), "a column");
    check_texts(r, yaml_get(chart, "columns"), "a column");
    check_texts(r, yaml_get(chart, "not_measured"), "a value");
    if (!profile_entity_of(r->x, "clinical_exam"))
        profile_problem(r, chart, "a chart belongs to exams, and the profile does not give the entity clinical_exam");
    profile_chart *c = profile_array(r, 1, sizeof *c);
    if (!c) return;
    *c = (profile_chart){.shape = profile_text(chart, "shape"),
                         .table = profile_text(chart, "table"),
                         .exam = profile_text(chart, "exam"),
                         .declaration = chart};
    r->x->chart = c;
}
