/* The key `chart:` of a profile: how periodontal charts lie in a source. What may stand there the chart layer knows; a
 * list holds the ways in which different versions of a system do it, of which a source has one. */
#include "profile/profile_internal.h"

static void read_one(const profile_reader *r, const yaml_node *n, profile_chart *out)
{
    chart_declared ignored;
    if (n->kind == YAML_MAP && !chart_declare(r->x->file, n, NULL, NULL, r->mem, &ignored, r->wrong)) return;
    if (n->kind != YAML_MAP) profile_problem(r, n, "a chart must be a map (key: value)");
    *out = (profile_chart){.shape = profile_text(n, "shape"),
                           .table = profile_text(n, "table"),
                           .exam = profile_text(n, "exam"),
                           .declaration = n};
}

void profile_read_chart(const profile_reader *r, const yaml_node *chart)
{
    if (!chart || chart->kind == YAML_TEXT) return;
    bool list = chart->kind == YAML_LIST;
    size_t n = list ? chart->n : 1;
    profile_chart *all = profile_array(r, n, sizeof *all);
    if (!all) return;
    for (size_t i = 0; i < n; i++) read_one(r, list ? chart->item[i] : chart, &all[i]);
    if (!profile_entity_of(r->x, "clinical_exam"))
        profile_problem(r, chart, "a chart belongs to exams, and the profile does not give the entity clinical_exam");
    r->x->chart = all;
    r->x->charts = n;
}
