/* A chart of a row per tooth and kind of measurement: what its codes mean, and which column is which site. */
#include "chart/chart_pattern.h"
#include "chart/chart_words.h"
#include "draft/draft_internal.h"

static bool has_column(const draft_table *t, sv name)
{
    for (size_t i = 0; i < t->info->columns; i++)
        if (sv_eq_nocase(t->info->column[i].name, name)) return true;
    return false;
}

static const vocabulary_published *published_as(const draft *d, const draft_table *t)
{
    for (size_t i = 0; i < d->words->publisheds; i++) {
        const vocabulary_published *p = &d->words->published[i];
        bool all = p->columns > 0;
        for (size_t k = 0; k < p->columns; k++) all = all && has_column(t, p->column[k]);
        if (all) return p;
    }
    return NULL;
}

/* Empty: no word says it, or words of two kinds do. */
static sv measure_of(const draft *d, sv code)
{
    sv found = {NULL, 0};
    name_form form;
    name_form_of(code, &form);
    for (size_t i = 0; i < d->words->measure_kinds; i++) {
        const vocabulary_measure *m = &d->words->measures[i];
        bool fits = false;
        for (size_t k = 0; k < m->forms; k++) fits |= name_fits(&form, &m->form[k]) >= NAME_FITS_FOLDED;
        if (fits && found.n) return (sv){NULL, 0};
        if (fits) found = m->measure;
    }
    return found;
}

static bool is_number(sv code)
{
    for (size_t i = 0; i < code.n; i++)
        if (code.p[i] < '0' || code.p[i] > '9') return false;
    return code.n > 0;
}

static sv published_measure(const vocabulary_published *p, sv code)
{
    const yaml_node *n = p->values;
    for (size_t i = 0; n && n->kind == YAML_MAP && i < n->n; i++)
        if (sv_eq(n->pair[i].key, code)) return n->pair[i].value->text;
    return (sv){NULL, 0};
}

/* A measurement of the whole tooth stands in a column of its own: without one nothing reads it. */
static bool can_be_read(const draft_chart *c, sv measure)
{
    chart_measure m;
    if (!chart_measure_named(measure, &m)) return false;
    return m == MEASURE_IGNORED || chart_measure_has_site(m) || c->tooth_value != COLUMN_NONE;
}

static bool find_codes(const draft *d, const draft_table *t, draft_chart *c)
{
    const column_facts *f = t->column[c->measure].facts;
    size_t n = f ? f->codes : 0;
    draft_code *all = arena_array(d->mem, n + 1, sizeof *all);
    if (!all) return false;
    for (size_t i = 0; i < n; i++) {
        sv code = f->code[i].text, measure = {NULL, 0};
        if (c->published) measure = published_measure(c->published, code);
        if (!measure.n && !is_number(code)) measure = measure_of(d, code);
        if (!can_be_read(c, measure)) measure = (sv){NULL, 0};
        all[i] = (draft_code){code, measure, f->code[i].rows};
    }
    c->code = all;
    c->codes = n;
    return true;
}

static void find_sites(const draft *d, const draft_table *t, draft_chart *c)
{
    for (size_t s = 0; s < SITES_OF_A_TOOTH; s++) c->at_site[s] = COLUMN_NONE;
    for (size_t k = 0; k < d->words->site_patterns; k++)
        for (size_t i = 0; i < t->info->columns; i++) {
            pattern_match m;
            if (pattern_fits(d->words->site_pattern[k], t->info->column[i].name, NULL, 0, &m) != 1) continue;
            if ((unsigned)m.site < SITES_OF_A_TOOTH && c->at_site[m.site] == COLUMN_NONE) c->at_site[m.site] = (int)i;
        }
}

static bool has_depths(const draft_chart *c)
{
    chart_measure m;
    for (size_t i = 0; i < c->codes; i++)
        if (chart_measure_named(c->code[i].measure, &m) && m == MEASURE_PD) return true;
    return c->published != NULL;
}

bool draft_measures(const draft *d, const draft_table *t, draft_chart *c)
{
    c->published = published_as(d, t);
    if (!find_codes(d, t, c)) return false;
    find_sites(d, t, c);
    if (!has_depths(c)) c->why_not = "what the values of its column of measurements mean has to be written in";
    return true;
}
