/* The declaration's keys and words; chart_columns.c finds the columns of a table. */
#include "chart/chart_declare.h"
#include "chart/chart_reader.h"
#include "chart/chart_words.h"

/* Keys of a shape, separated by blanks, beside those that all have; a key with ? may be absent. */
static const struct shape {
    const char *name, *keys;
    chart_shape shape;
} shapes[] = {
    {"wide_exam", "columns", SHAPE_WIDE_EXAM},
    {"tooth_row", "tooth columns quadrant?", SHAPE_TOOTH_ROW},
    {"tooth_measure", "tooth measure sites quadrant? tooth_value?", SHAPE_TOOTH_MEASURE},
    {"site_row", "tooth site columns quadrant?", SHAPE_SITE_ROW},
    {"packed", "columns tooth? quadrant? triplet_order?", SHAPE_PACKED},
};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

static const yaml_key chart_keys[] = {{"shape", YAML_IS_TEXT, true},
                                      {"table", YAML_IS_TEXT, true},
                                      {"exam", YAML_IS_TEXT, true},
                                      {"row_key", YAML_IS_TEXT, false},
                                      {"tooth", YAML_IS_TEXT, false},
                                      {"quadrant", YAML_IS_TEXT, false},
                                      {"site", YAML_IS_TEXT, false},
                                      {"measure", YAML_IS_MAP, false},
                                      {"sites", YAML_IS_MAP, false},
                                      {"tooth_value", YAML_IS_TEXT, false},
                                      {"columns", YAML_IS_MAP, false},
                                      {"ignore", YAML_IS_LIST, false},
                                      {"not_measured", YAML_IS_LIST, false},
                                      {"statuses", YAML_IS_MAP, false},
                                      {"site_words", YAML_IS_MAP, false},
                                      {"numbering", YAML_IS_TEXT, false},
                                      {"margin_sign", YAML_IS_TEXT, false},
                                      {"furcation_scale", YAML_IS_TEXT, false},
                                      {"charted_by_exception", YAML_IS_TEXT, false},
                                      {"triplet_order", YAML_IS_TEXT, false},
                                      {"supernumerary_99", YAML_IS_TEXT, false}};
static const yaml_key measure_keys[] = {{"column", YAML_IS_TEXT, true}, {"values", YAML_IS_MAP, true}};

void chart_problem(const chart_reader *r, const yaml_node *n, const char *text, sv word, sv hint)
{
    problem_add(r->wrong, r->file, n->line, n->column, "%s%s%.*s%s%s%.*s%s", text, word.n ? " \"" : "", (int)word.n,
                word.n ? word.p : "", word.n ? "\"" : "", hint.n ? "; did you mean \"" : "", (int)hint.n,
                hint.n ? hint.p : "", hint.n ? "\"?" : "");
}

sv chart_suggest(sv word, const char *const *names, size_t n)
{
    sv list[64];
    if (n > 64) n = 64;
    for (size_t i = 0; i < n; i++) list[i] = sv_from(names[i]);
    return problem_suggest(word, list, n);
}

sv chart_text(const yaml_node *map, const char *key)
{
    const yaml_node *n = yaml_get(map, key);
    return n && n->kind == YAML_TEXT ? n->text : (sv){NULL, 0};
}

/* ---- shape ---- */

static int key_use(const struct shape *s, const char *key) /* 2 needed, 1 possible, 0 not */
{
    size_t n = strlen(key);
    for (const char *p = s->keys; *p;) {
        size_t word = strcspn(p, " ");
        bool maybe = word && p[word - 1] == '?';
        if (word - maybe == n && memcmp(p, key, n) == 0) return maybe ? 1 : 2;
        p += word + (p[word] == ' ');
    }
    return 0;
}

static const struct shape *shape_of(const chart_reader *r)
{
    const yaml_node *n = yaml_get(r->chart, "shape");
    if (!n || n->kind != YAML_TEXT) return NULL;
    const char *names[SHAPES];
    for (size_t i = 0; i < SHAPES; i++) {
        names[i] = shapes[i].name;
        if (sv_eq(n->text, sv_from(names[i]))) return &shapes[i];
    }
    chart_problem(r, n, "the shape of a chart is wide_exam, tooth_row, tooth_measure, site_row or packed",
                  (sv){NULL, 0}, chart_suggest(n->text, names, SHAPES));
    return NULL;
}

static void check_shape(const chart_reader *r, const struct shape *s)
{
    static const char *const keys[] = {"tooth", "quadrant",    "site",    "measure",
                                       "sites", "tooth_value", "columns", "triplet_order"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const yaml_node *n = yaml_get(r->chart, keys[i]);
        int use = key_use(s, keys[i]);
        if (!n && use == 2)
            problem_add(r->wrong, r->file, r->chart->line, r->chart->column, "a chart of shape %s lacks the key \"%s\"",
                        s->name, keys[i]);
        if (n && use == 0)
            problem_add(r->wrong, r->file, n->line, n->column, "a chart of shape %s has no \"%s\"", s->name, keys[i]);
    }
}

/* ---- words ---- */

static const sv NO_WORD = {NULL, 0};

/* A map of texts; NULL when it is absent or none. Wrong values are told, and left out by the callers. */
static const yaml_node *words_of(const chart_reader *r, const yaml_node *in, const char *key, const char *what)
{
    const yaml_node *map = in && in->kind == YAML_MAP ? yaml_get(in, key) : NULL;
    if (!map || map->kind != YAML_MAP) return NULL;
    for (size_t i = 0; i < map->n; i++)
        if (map->pair[i].value->kind != YAML_TEXT) chart_problem(r, map->pair[i].value, what, NO_WORD, NO_WORD);
    return map;
}

static void read_measure_words(chart_reader *r)
{
    const yaml_node *measure = yaml_get(r->chart, "measure");
    if (measure && measure->kind == YAML_MAP)
        yaml_check(r->file, measure, "\"measure\"", measure_keys, sizeof measure_keys / sizeof measure_keys[0],
                   r->wrong);
    const yaml_node *map = words_of(r, measure, "values", "a measurement must be a text");
    struct chart_word *words = map ? arena_array(r->mem, map->n, sizeof *words) : NULL;
    const char *const *names;
    size_t n = 0, count = chart_measure_names(&names);
    for (size_t i = 0; words && i < map->n; i++) {
        const yaml_node *word = map->pair[i].value;
        if (word->kind != YAML_TEXT) continue;
        words[n].value = map->pair[i].key;
        if (chart_measure_named(word->text, &words[n].measure))
            n++;
        else
            chart_problem(r, word, "there is no measurement", word->text, chart_suggest(word->text, names, count));
    }
    r->plan->measures = words;
    r->plan->measure_words = n;
}

static void read_status_words(chart_reader *r)
{
    const yaml_node *map = words_of(r, r->chart, "statuses", "a state must be a text");
    struct chart_status_word *words = map ? arena_array(r->mem, map->n, sizeof *words) : NULL;
    size_t n = 0;
    for (size_t i = 0; words && i < map->n; i++) {
        const yaml_node *word = map->pair[i].value;
        words[n].value = map->pair[i].key;
        if (word->kind == YAML_TEXT && tooth_status_word(word->text, &words[n].status))
            n++;
        else if (word->kind == YAML_TEXT)
            chart_problem(r, word, "a tooth is present, missing, implant, unerupted, pontic or primary, not",
                          word->text, NO_WORD);
    }
    r->plan->statuses = words;
    r->plan->status_words = n;
}

static void read_site_words(chart_reader *r)
{
    const yaml_node *map = words_of(r, r->chart, "site_words", "a site must be a text");
    struct chart_site_word *words = map ? arena_array(r->mem, map->n, sizeof *words) : NULL;
    size_t n = 0;
    for (size_t i = 0; words && i < map->n; i++) {
        const yaml_node *word = map->pair[i].value;
        words[n].value = map->pair[i].key;
        words[n].site = SITES;
        for (unsigned s = 0; word->kind == YAML_TEXT && s < SITES; s++)
            if (sv_eq(word->text, sv_from(site_name[s]))) words[n].site = (tooth_site)s;
        if (words[n].site != SITES)
            n++;
        else if (word->kind == YAML_TEXT)
            chart_problem(r, word, "a tooth has the sites MB, B, DB, ML, L and DL, not", word->text, NO_WORD);
    }
    r->plan->sites = words;
    r->plan->site_words = n;
}

static void read_not_measured(chart_reader *r)
{
    const yaml_node *list = yaml_get(r->chart, "not_measured");
    if (!list || list->kind != YAML_LIST) return;
    sv *values = arena_array(r->mem, list->n, sizeof *values);
    size_t n = 0;
    for (size_t i = 0; values && i < list->n; i++) {
        if (list->item[i]->kind == YAML_TEXT)
            values[n++] = list->item[i]->text;
        else
            chart_problem(r, list->item[i], "a value must be a text", NO_WORD, NO_WORD);
    }
    r->plan->not_measured = values;
    r->plan->not_measured_n = n;
}

/* ---- choices ---- */

/* The index of the word that an option, else the key, says; SIZE_MAX: nothing said, or something else (told). */
static size_t choice(const chart_reader *r, const char *key, sv option, const char *const *words, size_t n)
{
    const yaml_node *node = yaml_get(r->chart, key);
    if (option.n == 0 && (!node || node->kind != YAML_TEXT)) return SIZE_MAX;
    sv said = option.n ? option : node->text;
    for (size_t i = 0; i < n; i++)
        if (sv_eq_nocase(said, sv_from(words[i]))) return i;
    buf list = buf_new(500);
    for (size_t i = 0; i < n; i++) buf_printf(&list, "%s%s", i == 0 ? "" : i + 1 < n ? ", " : " or ", words[i]);
    sv hint = chart_suggest(said, words, n);
    problem_add(r->wrong, r->file, option.n ? 0 : node->line, option.n ? 0 : node->column,
                "\"%s\" must be %.*s, not \"%.*s\"%s%.*s%s", key, (int)list.n, list.p ? list.p : "", (int)said.n,
                said.p, hint.n ? "; did you mean \"" : "", (int)hint.n, hint.n ? hint.p : "", hint.n ? "\"?" : "");
    buf_free(&list);
    return SIZE_MAX;
}

static void read_choices(chart_reader *r)
{
    static const char *const signs[] = {"recession_positive", "recession_negative", "od_100plus"};
    static const char *const scales[] = {"glickman", "hamp"};
    static const char *const truths[] = {"no", "yes", "false", "true"};
    static const char *const orders[] = {"mesial_first", "screen"};
    static const char *const systems[] = {"universal", "fdi", "palmer", "haderup"};
    static const chart_options none;
    const chart_options *o = r->options ? r->options : &none;
    size_t at = choice(r, "margin_sign", o->margin_sign, signs, 3);
    if (at != SIZE_MAX) r->plan->margin = (margin_sign)(at + 1);
    at = choice(r, "furcation_scale", o->furcation_scale, scales, 2);
    if (at != SIZE_MAX) r->plan->scale = (furcation_scale)(at + 1);
    at = choice(r, "charted_by_exception", o->charted_by_exception, truths, 4);
    r->plan->by_exception = at != SIZE_MAX && at % 2;
    at = choice(r, "supernumerary_99", NO_WORD, truths, 4);
    r->plan->supernumerary_99 = at != SIZE_MAX && at % 2;
    at = choice(r, "numbering", o->numbering, systems, 4);
    if (at != SIZE_MAX) r->plan->numbering = (tooth_system)(at + 1);
    at = choice(r, "triplet_order", o->triplet_order, orders, 2);
    r->plan->screen_order = at == 1;
    if (at == SIZE_MAX && r->plan->shape == SHAPE_PACKED && o->triplet_order.n == 0 &&
        !yaml_get(r->chart, "triplet_order"))
        problem_add(r->wrong, r->file, r->chart->line, r->chart->column,
                    "a chart of shape packed lacks the key \"triplet_order\": screen or mesial_first");
}

bool chart_declare(sv file, const yaml_node *chart, const chart_options *options, const chart_table *table, arena *mem,
                   chart_declared *out, problems *wrong)
{
    size_t before = wrong->n;
    *out =
        (chart_declared){.plan = {.exam = -1, .row_key = -1, .tooth = -1, .quadrant = -1, .site = -1, .measure = -1}};
    chart_reader r = {file, chart, options, table, mem, wrong, out, &out->plan};
    yaml_check(file, chart, "\"chart\"", chart_keys, sizeof chart_keys / sizeof chart_keys[0], wrong);
    if (chart->kind != YAML_MAP) return false;
    const struct shape *s = shape_of(&r);
    if (s) {
        out->plan.shape = s->shape;
        check_shape(&r, s);
    }
    read_measure_words(&r);
    read_status_words(&r);
    read_site_words(&r);
    read_not_measured(&r);
    read_choices(&r);
    if (table) {
        out->plan.table = table->index;
        out->plan.table_name = table->info->full_name;
    }
    if (s) chart_read_columns(&r);
    if (arena_failed(mem)) problem_add(wrong, file, chart->line, chart->column, "memory ran out");
    return wrong->n == before;
}
