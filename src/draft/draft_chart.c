/* A table of periodontal measurements, and its shape in the words of `chart:`. */
#include "chart/chart_pattern.h"
#include "draft/draft_internal.h"

enum { SITED_MIN = 4, WIDE_MIN = 24 };

typedef struct counted {
    size_t sited, plain, toothed; /* columns whose pattern has a site, nothing, a tooth */
    size_t values;                /* that may be the six sites of one measurement */
} counted;

static bool fits(sv pattern, sv name)
{
    pattern_match m;
    if (sv_holds(pattern, SV_LIT("{"))) return pattern_fits(pattern, name, NULL, 0, &m) == 1;
    return sv_eq_nocase(pattern, name);
}

static int column_by(const draft_table *t, const vocabulary_words *words)
{
    unsigned best = 0;
    int at = COLUMN_NONE;
    for (size_t i = 0; i < t->info->columns; i++) {
        uint8_t language;
        unsigned points = draft_name_points(words, &t->column[i], &language);
        if (points <= best) continue;
        best = points;
        at = (int)i;
    }
    return at;
}

/* The column that names the exam: a foreign key to it, or its name. */
static int exam_of(const draft *d, const draft_table *t)
{
    int exam = draft_table_of(d, "clinical_exam", 0);
    for (size_t i = 0; exam != TABLE_NONE && i < t->info->columns; i++)
        if (t->column[i].key_of == exam) return (int)i;
    return column_by(t, &d->words->exam);
}

static void take_pattern(const draft *d, draft_chart *c, const vocabulary_pattern *p)
{
    for (size_t i = 0; i < c->patterns; i++)
        if (c->pattern[i] == p) return;
    if (c->patterns < d->words->patterns) c->pattern[c->patterns++] = p;
}

/* Each column by the first pattern that it fits. */
static counted count(const draft *d, const draft_table *t, draft_chart *c)
{
    counted n = {0};
    for (size_t i = 0; i < t->info->columns; i++) {
        sv name = t->info->column[i].name;
        if ((int)i == c->exam || (int)i == c->tooth) continue;
        for (size_t k = 0; k < d->words->patterns; k++) {
            const vocabulary_pattern *p = &d->words->pattern[k];
            if (!fits(p->pattern, name)) continue;
            take_pattern(d, c, p);
            n.toothed += sv_holds(p->pattern, SV_LIT("{tooth}"));
            n.sited += sv_holds(p->pattern, SV_LIT("{site}")) && !sv_holds(p->pattern, SV_LIT("{tooth}"));
            n.plain += !sv_holds(p->pattern, SV_LIT("{"));
            break;
        }
        for (size_t k = 0; k < d->words->site_patterns; k++)
            if (fits(d->words->site_pattern[k], name)) {
                n.values++;
                break;
            }
    }
    return n;
}

static const char *shape_of(const draft_chart *c, const counted *n)
{
    if (c->tooth == COLUMN_NONE) return n->toothed >= WIDE_MIN ? "wide_exam" : NULL;
    if (c->measure != COLUMN_NONE && n->values >= SITED_MIN) return "tooth_measure";
    if (n->sited >= SITED_MIN) return "tooth_row";
    return c->site != COLUMN_NONE && n->plain > 0 ? "site_row" : NULL;
}

static void keep(draft_chart *c, const char *shape)
{
    bool wide = strcmp(shape, "wide_exam") == 0, by_site = strcmp(shape, "site_row") == 0;
    size_t n = 0;
    for (size_t i = 0; i < c->patterns; i++) {
        bool toothed = sv_holds(c->pattern[i]->pattern, SV_LIT("{tooth}")),
             sited = sv_holds(c->pattern[i]->pattern, SV_LIT("{site}"));
        if (wide == toothed && !(by_site && sited)) c->pattern[n++] = c->pattern[i];
    }
    c->patterns = n;
}

static bool look_at(const draft *d, size_t at, draft_chart *c)
{
    const draft_table *t = &d->table[at];
    *c = (draft_chart){.table = (int)at,
                       .exam = exam_of(d, t),
                       .tooth = column_by(t, &d->words->tooth),
                       .site = column_by(t, &d->words->site),
                       .measure = column_by(t, &d->words->measure),
                       .tooth_value = column_by(t, &d->words->tooth_value),
                       .row_key = t->keys == 1 ? t->key[0] : COLUMN_NONE};
    c->pattern = arena_array(d->mem, d->words->patterns + 1, sizeof *c->pattern);
    if (!c->pattern) return false;
    counted n = count(d, t, c);
    c->shape = shape_of(c, &n);
    if (!c->shape) return false;
    keep(c, c->shape);
    if (draft_table_of(d, "clinical_exam", 0) == TABLE_NONE)
        c->why_not = "no table of exams was found that its rows belong to";
    else if (c->exam == COLUMN_NONE)
        c->why_not = "no column was found that tells the exam";
    if (strcmp(c->shape, "tooth_measure") == 0 && !c->why_not) return draft_measures(d, t, c);
    return true;
}

void draft_find_chart(draft *d)
{
    d->chart.table = TABLE_NONE;
    for (size_t i = 0; i < d->tables; i++) {
        draft_chart c;
        if (d->table[i].drafted || !look_at(d, i, &c)) continue;
        bool fuller = d->chart.table == TABLE_NONE ||
                      d->table[i].info->rows_expected > d->table[d->chart.table].info->rows_expected;
        if (fuller) d->chart = c;
    }
}
