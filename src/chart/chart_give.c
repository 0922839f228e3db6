/* An exam whose rows are all there: its teeth in order, what follows from them, and out with it. */
#include "chart/chart_internal.h"
#include <stdio.h>
#include <stdlib.h>

static const sv NOTHING = {NULL, 0};

static sv text_at(const text_node *list, unsigned kind)
{
    for (const text_node *n = list; n; n = n->next)
        if (n->kind == kind) return n->value;
    return NOTHING;
}

static sv short_text(const open_text *t) { return t ? (sv){t->p, t->n} : NOTHING; }

static void tell(chart_fold_run *f, finding_code code, sv a) { chart_tell(f, code, -1, (origin){0}, a, NOTHING); }

/* ---- notes and custom findings ---- */

static int by_name_and_value(const void *a, const void *b)
{
    const text_node *const *x = a, *const *y = b;
    int c = sv_cmp((*x)->name, (*y)->name);
    if (c == 0) c = ((*x)->site > (*y)->site) - ((*x)->site < (*y)->site);
    return c ? c : sv_cmp((*x)->value, (*y)->value);
}

static const text_node **sorted(arena *mem, const text_node *list, unsigned kind, size_t *count)
{
    *count = 0;
    for (const text_node *n = list; n; n = n->next) *count += n->kind == kind;
    const text_node **all = *count ? arena_array(mem, *count, sizeof(text_node *)) : NULL;
    if (!all) {
        *count = 0;
        return NULL;
    }
    size_t i = 0;
    for (const text_node *n = list; n; n = n->next)
        if (n->kind == kind) all[i++] = n;
    qsort(all, i, sizeof(text_node *), by_name_and_value);
    return all;
}

/* A name that no other finding of the tooth has: a second value of it is "NAME (2)". */
static sv custom_name(arena *mem, const text_node *n, unsigned which)
{
    const char *site = n->site == SITES ? "" : site_name[n->site];
    if (!*site && which == 1) return n->name;
    if (which == 1) return arena_printf(mem, "%.*s %s", (int)n->name.n, n->name.p, site);
    return arena_printf(mem, "%.*s%s%s (%u)", (int)n->name.n, n->name.p, *site ? " " : "", site, which);
}

static const chart_custom *customs_of(arena *mem, const text_node *list, size_t *count)
{
    const text_node **all = sorted(mem, list, TEXT_CUSTOM, count);
    chart_custom *out = *count ? arena_array(mem, *count, sizeof *out) : NULL;
    unsigned which = 1;
    for (size_t i = 0; out && i < *count; i++) {
        bool again = i && all[i]->site == all[i - 1]->site && sv_eq(all[i]->name, all[i - 1]->name);
        which = again ? which + 1 : 1;
        out[i] = (chart_custom){custom_name(mem, all[i], which), all[i]->value, (column_type)all[i]->type};
    }
    if (!out) *count = 0;
    return out;
}

static sv notes_of(arena *mem, const text_node *list)
{
    size_t count, n = 0;
    const text_node **all = sorted(mem, list, TEXT_NOTE, &count);
    if (count <= 1) return count ? all[0]->value : NOTHING;
    for (size_t i = 0; i < count; i++) n += all[i]->value.n + 1;
    char *out = arena_alloc(mem, n);
    size_t at = 0;
    for (size_t i = 0; out && i < count; i++) {
        if (i) out[at++] = '\n';
        memcpy(out + at, all[i]->value.p, all[i]->value.n);
        at += all[i]->value.n;
    }
    return (sv){out, out ? at : 0};
}

/* ---- teeth ---- */

static void tell_difference(chart_fold_run *f, int tenths)
{
    char text[16];
    int n = snprintf(text, sizeof text, "%d", tenths);
    tell(f, F_CHART_ATTACHMENT_DIFFERS, (sv){text, (size_t)n});
}

/* Attachment loss is the sum of depth and recession. An implant has no cemento-enamel junction: only what the source
 * says. */
static void set_attachment(chart_fold_run *f, chart_site *s, bool implant)
{
    s->cal = s->cal_source;
    if (implant || s->pd == CHART_NONE || s->recession == CHART_NONE) return;
    s->cal = (int16_t)(s->pd + s->recession);
    if (s->cal_source != CHART_NONE && s->cal_source != s->cal) tell_difference(f, s->cal_source - s->cal);
}

static void by_exception(const chart_plan *p, chart_site *s)
{
    bool asked[4] = {false};
    for (size_t i = 0; i < p->columns; i++)
        for (unsigned k = 0; k < 4; k++)
            asked[k] |= p->column[i].measure == MEASURE_BOP + k || p->column[i].measure == MEASURE_BLEEDING_FLAGS;
    for (size_t i = 0; i < p->measure_words; i++)
        for (unsigned k = 0; k < 4; k++)
            asked[k] |= p->measures[i].measure == MEASURE_BOP + k || p->measures[i].measure == MEASURE_BLEEDING_FLAGS;
    int8_t *marks[4] = {&s->bop, &s->suppuration, &s->plaque, &s->calculus};
    for (unsigned k = 0; k < 4; k++)
        if (asked[k] && *marks[k] == MARK_NONE) *marks[k] = 0;
}

static void set_site(chart_fold_run *f, const open_tooth *o, unsigned i, bool implant, chart_site *s)
{
    s->pd = o->value[SLOT_PD + i];
    s->recession = o->value[SLOT_RECESSION + i];
    s->cal_source = o->value[SLOT_CAL + i];
    s->bop = (int8_t)o->value[SLOT_BOP + i];
    s->suppuration = (int8_t)o->value[SLOT_SUPPURATION + i];
    s->plaque = (int8_t)o->value[SLOT_PLAQUE + i];
    s->calculus = (int8_t)o->value[SLOT_CALCULUS + i];
    set_attachment(f, s, implant);
    if (f->run->plan->by_exception && s->pd != CHART_NONE) by_exception(f->run->plan, s);
}

static bool has_readings(const chart_tooth *t)
{
    bool any = t->mobility > 0;
    for (size_t i = 0; i < 4; i++) any |= t->furcation[i].grade > 0;
    for (size_t i = 0; i < SITES; i++) {
        const chart_site *s = &t->site[i];
        any |= s->pd != CHART_NONE || s->recession != CHART_NONE || s->cal_source != CHART_NONE || s->bop == 1 ||
               s->suppuration == 1 || s->plaque == 1 || s->calculus == 1;
    }
    return any;
}

static void set_state(chart_fold_run *f, const open_tooth *o, chart_tooth *t)
{
    bool said = o->known & SLOT_BIT(SLOT_STATUS);
    t->status = (tooth_status)o->value[SLOT_STATUS];
    /* Contrary words, or one that nobody knows: the tooth may be missing. */
    if (said && t->status == TOOTH_STATUS_NONE) t->conflict = true;
    bool gone = t->status == TOOTH_MISSING || t->status == TOOTH_UNERUPTED || t->status == TOOTH_PONTIC;
    if (!gone || !has_readings(t)) return;
    t->conflict = true;
    tell(f, F_CHART_READINGS_ON_MISSING, NOTHING);
}

static void set_furcation(chart_fold_run *f, const open_tooth *o, chart_tooth *t)
{
    static const char entrances[] = "BMDL";
    bool any = false, four = false;
    for (unsigned i = 0; i < 4; i++) {
        int8_t grade = (int8_t)o->value[SLOT_FURCATION + i];
        t->furcation[i] = (chart_furcation){grade, text_at(o->text, TEXT_FURCATION + i)};
        any |= grade != MARK_NONE;
        four |= grade == 4;
        if (grade <= 0) continue;
        if (t->status == TOOTH_IMPLANT)
            tell(f, F_CHART_FURCATION_ON_IMPLANT, NOTHING);
        else if (!tooth_has_furcation(t->tooth, entrances[i]))
            tell(f, F_CHART_FURCATION_SINGLE_ROOT, NOTHING);
    }
    if (any) t->scale = f->run->plan->scale;
    if (four && t->scale == FURCATION_UNKNOWN) t->scale = FURCATION_GLICKMAN;
}

/* wide_exam: the label in the names of the tooth's columns. */
static sv column_label(const chart_fold_run *f, unsigned which, tooth_system system)
{
    const chart_plan *p = f->run->plan;
    for (size_t i = 0; f->scan->label_tooth && i < p->columns; i++)
        if (f->scan->label_tooth[i][system] == which) return p->column[i].label;
    return NOTHING;
}

static void make_tooth(chart_fold_run *f, arena *mem, const open_tooth *o, tooth_system system, sv exam_key,
                       chart_tooth *t)
{
    *t = (chart_tooth){.tooth = tooth_at(o->tooth),
                       .raw = short_text(o->label),
                       .mobility = o->value[SLOT_MOBILITY],
                       .mobility_raw = text_at(o->text, TEXT_MOBILITY),
                       .miller = miller_name[o->value[SLOT_MILLER]],
                       .cairo = cairo_name[o->value[SLOT_CAIRO]],
                       .keratinized = o->value[SLOT_KERATINIZED],
                       .mgj = o->value[SLOT_MGJ],
                       .plaque_index = o->value[SLOT_PLAQUE_INDEX],
                       .note = notes_of(mem, o->text),
                       .src_key = short_text(o->key)};
    if (!t->raw.p) t->raw = column_label(f, o->tooth, system);
    if (!t->src_key.p) t->src_key = exam_key;
    bool implant = o->value[SLOT_STATUS] == TOOTH_IMPLANT;
    t->status = (tooth_status)o->value[SLOT_STATUS];
    set_furcation(f, o, t);
    for (unsigned i = 0; i < SITES; i++) set_site(f, o, i, implant, &t->site[i]);
    set_state(f, o, t);
    t->custom = customs_of(mem, o->text, &t->customs);
}

/* ---- exams ---- */

/* Signs of a table whose depths, margins and losses stand in different rows. */
static void count_signs(chart_fold_run *f, const open_exam *x)
{
    for (unsigned i = 0; i < TEETH; i++)
        for (unsigned s = 0; x->tooth[i] && s < SITES; s++)
            sign_count(f->signs, f->run->plan->margin, x->tooth[i]->value[SLOT_PD + s],
                       x->tooth[i]->value[SLOT_RECESSION + s], x->tooth[i]->value[SLOT_CAL + s]);
}

static void tell_scores(chart_fold_run *f, const chart_scores *s)
{
    if (s->sites_bled > s->sites_examined) tell(f, F_CHART_SCORE_OVER_100, SV_LIT("bleeding"));
    if (s->sites_suppuration > s->sites_examined) tell(f, F_CHART_SCORE_OVER_100, SV_LIT("suppuration"));
    if (s->sites_plaque > s->sites_examined) tell(f, F_CHART_SCORE_OVER_100, SV_LIT("plaque"));
}

static void tell_numbering(chart_fold_run *f, const chart_exam *e)
{
    if (!e->assumed) return;
    sv by = e->by_provider ? SV_LIT("the other exams of its provider")
                           : SV_LIT("the profile's default or the table's other exams");
    chart_tell(f, F_CHART_NUMBERING_ASSUMED, -1, (origin){0}, sv_from(tooth_system_name((tooth_system)e->numbering)),
               by);
}

status chart_give(chart_fold_run *f, uint32_t exam, const open_exam *x)
{
    if (f->signs) {
        count_signs(f, x);
        return ST_OK;
    }
    const chart_exam *e = &f->exams->exam[exam];
    arena *mem = f->run->room ? f->run->room(f->run->ctx) : f->mem;
    if (mem == f->mem) arena_reset(mem);
    size_t teeth = 0;
    for (unsigned i = 0; i < TEETH; i++) teeth += x->tooth[i] != NULL;
    chart_tooth *list = arena_array(mem, teeth, sizeof *list);
    if (!list) return ST_FATAL;
    exam_chart out = {
        .exam = e->key, .numbering = (tooth_system)e->numbering, .numbering_assumed = e->assumed, .tooth = list};
    for (unsigned i = 0; i < TEETH; i++)
        if (x->tooth[i]) make_tooth(f, mem, x->tooth[i], out.numbering, text_at(x->text, TEXT_KEY), &list[out.teeth++]);
    out.custom = customs_of(mem, x->text, &out.customs);
    out.origin = open_origins(mem, x);
    out.origins = out.origin ? x->origins : 0;
    if (arena_failed(mem)) return ST_FATAL;
    chart_score(list, out.teeth, &out.scores);
    tell_scores(f, &out.scores);
    tell_numbering(f, e);
    uint32_t first = same_find(f->same, e->occasion, &out, exam);
    if (first != EXAM_NONE) {
        out.duplicate_of = f->exams->exam[first].key;
        tell(f, F_CHART_DUPLICATE_EXAM, NOTHING);
    }
    return f->run->take(f->run->ctx, &out) ? ST_OK : ST_END;
}
