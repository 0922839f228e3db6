/* The columns of a declaration: which names may mean what, and with a table, what its columns are. */
#include "chart/chart_pattern.h"
#include "chart/chart_reader.h"
#include "chart/chart_words.h"

static const sv NO_WORD = {NULL, 0};

/* One line of `columns` or `sites`: a name, maybe with holes, and what such columns hold. */
typedef struct declared {
    sv pattern;
    bool holes, found;
    unsigned line, column; /* of the name */
    chart_column is;       /* site, entrance and label where they do not come from the name */
} declared;

static const yaml_key column_keys[] = {{"measure", YAML_IS_TEXT, true},   {"site", YAML_IS_TEXT, false},
                                       {"entrance", YAML_IS_TEXT, false}, {"tooth", YAML_IS_TEXT, false},
                                       {"side", YAML_IS_TEXT, false},     {"teeth", YAML_IS_TEXT, false}};

static void wrong_at(const chart_reader *r, const declared *d, const char *text)
{
    problem_add(r->wrong, r->file, d->line, d->column, "%s", text);
}

static bool read_measure(const chart_reader *r, const yaml_node *n, chart_measure *out)
{
    const char *const *names;
    size_t count = chart_measure_names(&names);
    if (chart_measure_named(n->text, out)) return true;
    chart_problem(r, n, "there is no measurement", n->text, chart_suggest(n->text, names, count));
    return false;
}

static void read_side(const chart_reader *r, const yaml_node *map, declared *d)
{
    const yaml_node *side = yaml_get(map, "side"), *teeth = yaml_get(map, "teeth");
    if (!side || side->kind != YAML_TEXT) {
        chart_problem(r, map, "a packed column lacks the key \"side\": facial or lingual", NO_WORD, NO_WORD);
        return;
    }
    d->is.packed = true;
    d->is.lingual = sv_eq(side->text, SV_LIT("lingual"));
    if (!d->is.lingual && !sv_eq(side->text, SV_LIT("facial")))
        chart_problem(r, side, "a side is facial or lingual, not", side->text, NO_WORD);
    if (!teeth || teeth->kind != YAML_TEXT) return;
    tooth list[TEETH_MAX];
    size_t n;
    if (teeth_parse(teeth->text, r->plan->numbering, list, TEETH_MAX, &n) != TOOTH_GOOD) {
        chart_problem(r, teeth, "these are no teeth of the declaration's numbering:", teeth->text, NO_WORD);
        return;
    }
    tooth *path = arena_array(r->mem, n, sizeof *path);
    if (path) memcpy(path, list, n * sizeof *path);
    d->is.path = path;
    d->is.path_teeth = path ? n : 0;
}

static void read_details(const chart_reader *r, const yaml_node *map, declared *d)
{
    sv site = chart_text(map, "site"), entrance = chart_text(map, "entrance");
    d->is.label = chart_text(map, "tooth");
    if (site.n && (d->is.site = pattern_site(site, r->plan->sites, r->plan->site_words)) == SITES)
        chart_problem(r, yaml_get(map, "site"), "a tooth has the sites MB, B, DB, ML, L and DL, not", site, NO_WORD);
    if (entrance.n && !(d->is.entrance = chart_entrance_named(entrance)))
        chart_problem(r, yaml_get(map, "entrance"), "a furcation has the entrances B, M, D and L, not", entrance,
                      NO_WORD);
    bool packed = r->plan->shape == SHAPE_PACKED;
    if (packed)
        read_side(r, map, d);
    else if (yaml_get(map, "side") || yaml_get(map, "teeth"))
        chart_problem(r, map, "only a chart of shape packed has \"side\" and \"teeth\"", NO_WORD, NO_WORD);
}

static bool read_column(const chart_reader *r, const yaml_pair *pair, declared *d)
{
    *d = (declared){.pattern = pair->key, .line = pair->line, .column = pair->column, .is = {.site = SITES}};
    const char *wrong = pattern_check(pair->key, &d->holes);
    if (wrong) wrong_at(r, d, wrong);
    const yaml_node *n = pair->value;
    if (n->kind == YAML_TEXT) {
        if (!read_measure(r, n, &d->is.measure)) return false;
        bool one_value = d->is.measure >= MEASURE_MOBILITY; /* of a tooth, beside its triplets */
        if (r->plan->shape == SHAPE_PACKED && !one_value)
            chart_problem(r, n, "a packed column is a map with \"measure\" and \"side\"", NO_WORD, NO_WORD);
        return !wrong;
    }
    if (n->kind != YAML_MAP) {
        chart_problem(r, n, "a column must be a text", NO_WORD, NO_WORD);
        return false;
    }
    if (!yaml_check(r->file, n, "a column", column_keys, sizeof column_keys / sizeof column_keys[0], r->wrong))
        return false;
    if (!read_measure(r, yaml_get(n, "measure"), &d->is.measure)) return false;
    read_details(r, n, d);
    return !wrong;
}

/* `sites` of tooth_measure: one column a site, and tooth_value for the tooth as a whole. */
static size_t read_sites(const chart_reader *r, declared *list)
{
    const yaml_node *map = yaml_get(r->chart, "sites"), *whole = yaml_get(r->chart, "tooth_value");
    size_t n = 0;
    for (size_t i = 0; map && map->kind == YAML_MAP && i < map->n; i++) {
        const yaml_pair *pair = &map->pair[i];
        tooth_site site = SITES;
        for (unsigned s = 0; s < SITES; s++)
            if (sv_eq(pair->key, sv_from(site_name[s]))) site = (tooth_site)s;
        if (site == SITES)
            problem_add(r->wrong, r->file, pair->line, pair->column,
                        "a tooth has the sites MB, B, DB, ML, L and DL, not \"%.*s\"", (int)pair->key.n, pair->key.p);
        if (pair->value->kind != YAML_TEXT)
            chart_problem(r, pair->value, "a column must be a text", NO_WORD, NO_WORD);
        else if (site != SITES)
            list[n++] = (declared){.pattern = pair->value->text,
                                   .line = pair->value->line,
                                   .column = pair->value->column,
                                   .is = {.measure = MEASURE_OF_ROW, .site = site}};
    }
    if (whole && whole->kind == YAML_TEXT)
        list[n++] = (declared){.pattern = whole->text,
                               .line = whole->line,
                               .column = whole->column,
                               .is = {.measure = MEASURE_OF_ROW, .site = SITES}};
    return n;
}

static size_t read_declared(const chart_reader *r, declared **out)
{
    const yaml_node *columns = yaml_get(r->chart, "columns"), *sites = yaml_get(r->chart, "sites");
    size_t room = (columns ? columns->n : 0) + (sites ? sites->n : 0) + 1, n = 0;
    declared *list = *out = arena_array(r->mem, room, sizeof *list);
    if (!list) return 0;
    for (size_t i = 0; columns && columns->kind == YAML_MAP && i < columns->n; i++)
        n += read_column(r, &columns->pair[i], &list[n]);
    return n + read_sites(r, list + n);
}

/* ---- the table ---- */

static sv name_of(const chart_reader *r, size_t i)
{
    sv own = r->table->info->column[i].name;
    return r->table->name && r->table->name[i].n ? r->table->name[i] : own;
}

static int column_named(const chart_reader *r, sv name)
{
    for (size_t i = 0; i < r->table->info->columns && i < UINT16_MAX; i++)
        if (sv_eq_nocase(name_of(r, i), name)) return (int)i;
    for (size_t i = 0; r->table->name && i < r->table->info->columns && i < UINT16_MAX; i++)
        if (sv_eq_nocase(r->table->info->column[i].name, name)) return (int)i;
    return -1;
}

static void absent(chart_reader *r, sv name)
{
    sv *grown = arena_array(r->mem, r->out->absents + 1, sizeof *grown);
    if (!grown) return;
    if (r->out->absents) memcpy(grown, r->out->absent, r->out->absents * sizeof *grown);
    grown[r->out->absents++] = name;
    r->out->absent = grown;
}

/* A column that has a role; needed: the shape cannot be without it. */
static int role(chart_reader *r, const yaml_node *in, const char *key, bool needed, bool *used)
{
    const yaml_node *n = in && in->kind == YAML_MAP ? yaml_get(in, key) : NULL;
    if (!n || n->kind != YAML_TEXT) return -1;
    int at = column_named(r, n->text);
    if (at >= 0) {
        used[at] = true;
        return at;
    }
    if (needed) {
        sv names[200];
        size_t count = r->table->info->columns < 200 ? r->table->info->columns : 200;
        for (size_t i = 0; i < count; i++) names[i] = name_of(r, i);
        chart_problem(r, n, "the chart's table has no column", n->text, problem_suggest(n->text, names, count));
    } else
        absent(r, n->text);
    return -1;
}

static int single_key(const table_info *t)
{
    for (size_t i = 0; i < t->keys; i++)
        if (t->key[i].kind == KEY_PRIMARY && t->key[i].columns == 1) return t->key[i].column[0];
    return -1;
}

static void read_roles(chart_reader *r, bool *used)
{
    chart_plan *p = r->plan;
    p->exam = role(r, r->chart, "exam", true, used);
    p->row_key = role(r, r->chart, "row_key", false, used);
    p->tooth = role(r, r->chart, "tooth", true, used);
    p->quadrant = role(r, r->chart, "quadrant", false, used);
    p->site = role(r, r->chart, "site", true, used);
    p->measure = role(r, yaml_get(r->chart, "measure"), "column", true, used);
    if (p->row_key < 0) p->row_key = single_key(r->table->info);
    if (p->row_key >= 0) used[p->row_key] = true;
    const yaml_node *ignore = yaml_get(r->chart, "ignore");
    for (size_t i = 0; ignore && ignore->kind == YAML_LIST && i < ignore->n; i++) {
        if (ignore->item[i]->kind != YAML_TEXT) continue;
        int at = column_named(r, ignore->item[i]->text);
        if (at >= 0) used[at] = true;
    }
}

static bool needs_label(const chart_reader *r) { return r->plan->shape == SHAPE_WIDE_EXAM; }

/* Whether a column has all that its measurement and the shape ask for. */
static const char *lacks(const chart_reader *r, const chart_column *c)
{
    if (c->measure == MEASURE_IGNORED) return NULL;
    if (needs_label(r) && c->label.n == 0)
        return "a column of a chart of shape wide_exam is of a tooth: {tooth} in its name, or the key \"tooth\"";
    if (!needs_label(r) && c->label.n) return "only a chart of shape wide_exam has its teeth in the names of columns";
    if (c->packed && r->plan->tooth < 0 && !c->path)
        return "a packed column lacks the key \"teeth\", or the chart the key \"tooth\"";
    bool sited = chart_measure_has_site(c->measure);
    bool by_site = r->plan->shape == SHAPE_SITE_ROW || c->packed;
    if (sited && !by_site && c->site == SITES)
        return "this measurement is of a site: {site} in the column's name, or the key \"site\"";
    if (c->measure == MEASURE_FURCATION && !c->entrance && c->site == SITES && r->plan->shape != SHAPE_SITE_ROW)
        return "a furcation is of an entrance: {entrance} in the column's name, or the key \"entrance\"";
    return NULL;
}

/* What column i is by the one declared name that fits it; false: by none. */
static bool match(const chart_reader *r, declared *list, size_t n, size_t i, chart_column *out)
{
    const declared *by = NULL;
    sv names[2] = {name_of(r, i), r->table->info->column[i].name};
    size_t spellings = sv_eq_nocase(names[0], names[1]) ? 1 : 2;
    for (size_t k = 0; k < n; k++) {
        pattern_match m = {.site = SITES};
        unsigned ways = 0;
        for (size_t s = 0; s < spellings && ways == 0; s++)
            ways = list[k].holes ? pattern_fits(list[k].pattern, names[s], r->plan->sites, r->plan->site_words, &m)
                                 : sv_eq_nocase(list[k].pattern, names[s]);
        if (ways == 0) continue;
        list[k].found = true;
        if (ways > 1 || by) {
            problem_add(r->wrong, r->file, list[k].line, list[k].column,
                        ways > 1 ? "the column \"%.*s\" can be read in several ways by this name"
                                 : "the column \"%.*s\" fits this name and another one",
                        (int)names[0].n, names[0].p);
            return false;
        }
        by = &list[k];
        *out = by->is;
        out->column = (uint16_t)i;
        if (m.tooth.n) out->label = m.tooth;
        if (m.site != SITES) out->site = m.site;
        if (m.entrance) out->entrance = m.entrance;
    }
    if (!by) return false;
    const char *wrong = lacks(r, out);
    if (wrong) wrong_at(r, by, wrong);
    return true;
}

static void add_custom(chart_reader *r, struct chart_custom_column *list, size_t i)
{
    const column_info *c = &r->table->info->column[i];
    if (c->type == T_ROWVERSION || c->unreadable.n) return;
    list[r->plan->customs++] = (struct chart_custom_column){(uint16_t)i, name_of(r, i), c->type};
}

static void read_table(chart_reader *r, declared *list, size_t n)
{
    size_t columns = r->table->info->columns < UINT16_MAX ? r->table->info->columns : UINT16_MAX;
    bool *used = arena_array(r->mem, columns + 1, sizeof *used);
    chart_column *plan = arena_array(r->mem, columns + 1, sizeof *plan);
    struct chart_custom_column *custom = arena_array(r->mem, columns + 1, sizeof *custom);
    if (!used || !plan || !custom) return;
    r->plan->column = plan;
    r->plan->custom = custom;
    read_roles(r, used);
    size_t measured = 0;
    for (size_t i = 0; i < columns; i++) {
        if (used[i]) continue;
        if (!match(r, list, n, i, &plan[r->plan->columns])) {
            add_custom(r, custom, i);
            continue;
        }
        if (plan[r->plan->columns].measure == MEASURE_IGNORED) continue;
        measured++;
        r->plan->columns++;
    }
    for (size_t k = 0; k < n; k++)
        if (!list[k].found) absent(r, list[k].pattern);
    if (measured == 0)
        problem_add(r->wrong, r->file, r->chart->line, r->chart->column,
                    "the table has none of the columns that the chart's measurements stand in");
}

void chart_read_columns(chart_reader *r)
{
    declared *list;
    size_t n = read_declared(r, &list);
    if (r->table && list) read_table(r, list, n);
}
