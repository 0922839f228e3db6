#include "diff/diff_gather.h"
#include "diff/diff_chart.h"

static const model_entity *exam_entity(void) { return model_entity_named(SV_LIT("clinical_exam")); }

static bool is_tooth(const model_entity *e) { return strcmp(e->name, "tooth_record") == 0; }
static bool is_site(const model_entity *e) { return strcmp(e->name, "site_measure") == 0; }

/* ---- fields of records ---- */

/* Inputs of the entity that the source gave: a whole name that became first and last. */
static bool add_inputs(diff_store *s, const model_entity *e, sv src_key, gathered *out)
{
    size_t before = out->sources.n;
    for (size_t i = e->fields; i < e->fields + e->inputs; i++)
        if (!diff_store_of_field(s, e, src_key, e->field[i].name, &out->sources)) return false;
    out->input = out->sources.n > before;
    return true;
}

static bool has_value(const diff_sources *l, size_t from)
{
    for (size_t i = from; i < l->n; i++)
        if (l->item[i].value.n) return true;
    return false;
}

/* A field of a tooth or site of a chart. cal is depth and margin together, or what the source says. */
static bool add_chart_field(diff_store *s, const model_entity *e, const char *field, sv exam, unsigned which_tooth,
                            tooth_site site, gathered *out)
{
    const chart_field *f = chart_field_of(e, field);
    chart_place p = {.exam = exam, .tooth = which_tooth, .site = is_site(e) ? site : SITES, .entrance = UINT8_MAX};
    out->chart = true;
    if (strcmp(field, "cal") == 0) {
        static const chart_measure of[] = {MEASURE_PD, MEASURE_RECESSION, MEASURE_CAL};
        bool ok = true;
        for (size_t i = 0; ok && i < 3; i++) {
            p.measure = of[i];
            ok = diff_store_of_chart(s, &p, &out->sources);
        }
        out->entity = NULL;
        return ok;
    }
    if (!f) return true;
    p.measure = f->measure;
    p.entrance = f->entrance;
    return diff_store_of_chart(s, &p, &out->sources);
}

/* To the exam, by its key; of a site to its tooth, by that and the tooth's label. */
static bool add_chart_link(diff_store *s, const model_entity *e, sv exam, unsigned which_tooth, gathered *out)
{
    const chart_place p = {
        .exam = exam, .tooth = which_tooth, .measure = MEASURE_OF_ROW, .site = SITES, .entrance = UINT8_MAX};
    out->key = true;
    return diff_store_of_field(s, exam_entity(), exam, "", &out->sources) &&
           (!is_site(e) || diff_store_of_chart(s, &p, &out->sources));
}

static bool add_finding(diff_store *s, const model_field *f, sv src_key, gathered *out)
{
    sv exam, key = src_key, name = {NULL, 0};
    unsigned which = TEETH;
    tooth_site site;
    for (size_t i = key.n, colons = 0; i-- > 0 && !name.p;) {
        if (key.p[i] != ':') continue;
        sv stem = {key.p, i};
        if (++colons > 8) break;
        if (chart_key_read(stem, false, &exam, &which, &site)) name = (sv){key.p + i + 1, key.n - i - 1};
    }
    if (!name.p || strcmp(f->name, "value") != 0) return true;
    const chart_place p = {
        .exam = exam, .tooth = which, .measure = MEASURE_IGNORED, .site = SITES, .entrance = UINT8_MAX};
    diff_sources all = {.mem = out->sources.mem};
    if (!diff_store_of_chart(s, &p, &all)) return false;
    out->chart = true;
    /* Of several findings of the tooth the one that the name begins with. */
    for (size_t i = 0; i < all.n; i++)
        if (sv_starts(name, all.item[i].column) && !diff_sources_add(&out->sources, &all.item[i])) return false;
    return true;
}

/* "tooth_raw" keeps what the source gave as "tooth". */
static bool add_unread(diff_store *s, const model_entity *e, sv src_key, const char *field, gathered *out)
{
    char base[64];
    sv name = sv_from(field), end = SV_LIT("_raw");
    if (name.n <= end.n || name.n >= sizeof base || !sv_eq((sv){name.p + name.n - end.n, end.n}, end)) return true;
    memcpy(base, name.p, name.n - end.n);
    base[name.n - end.n] = '\0';
    return diff_store_of_field(s, e, src_key, base, &out->sources);
}

static bool add_field(diff_store *s, const model_entity *e, sv src_key, const model_field *f, gathered *out)
{
    sv exam;
    unsigned which;
    tooth_site site;
    size_t before = out->sources.n;
    out->entity = e;
    out->field = f;
    out->src_key = arena_sv(out->sources.mem, src_key);
    if (!out->src_key.p) return false;
    if ((is_tooth(e) || is_site(e)) && chart_key_read(src_key, is_site(e), &exam, &which, &site) &&
        f->type == FIELD_REFERENCE)
        return add_chart_link(s, e, exam, which, out);
    if ((is_tooth(e) || is_site(e)) && chart_key_read(src_key, is_site(e), &exam, &which, &site))
        return add_chart_field(s, e, f->name, exam, which, site, out);
    if (!diff_store_of_field(s, e, src_key, f->name, &out->sources)) return false;
    if (out->sources.n == before && !add_unread(s, e, src_key, f->name, out)) return false;
    if (out->sources.n == before && strcmp(e->name, "custom_finding") == 0) return add_finding(s, f, src_key, out);
    /* Nothing of its own, and yet a value: it comes out of an input. */
    if (!has_value(&out->sources, before) && e->inputs && f->type != FIELD_REFERENCE) {
        sv staged = diff_store_staged(s, e, src_key, sv_from(f->name));
        if (staged.n) return add_inputs(s, e, src_key, out);
    }
    out->score = out->sources.n == before && e == exam_entity() && chart_scores_field(f->name);
    return true;
}

static bool add_staged(diff_store *s, const model_entity *e, sv src_key, size_t column, gathered *out)
{
    const model_field *f = staged_field(e, column);
    if (f) return add_field(s, e, src_key, f, out);
    out->table = column == STAGED_SRC_TABLE;
    out->key = !out->table;
    return out->table || diff_store_of_field(s, e, src_key, "", &out->sources);
}

/* ---- columns ---- */

static bool of_chart(const model_entity *e) { return is_tooth(e) || is_site(e); }

/* The exam of a record of a chart, by its key. */
static sv exam_of(const written_row *r)
{
    sv exam = {NULL, 0};
    unsigned which;
    tooth_site site;
    const model_entity *e = r->o->entity;
    if (e == exam_entity()) return r->value[STAGED_SRC_KEY];
    if (of_chart(e) && chart_key_read(r->value[STAGED_SRC_KEY], is_site(e), &exam, &which, &site)) return exam;
    for (size_t i = STAGED_FIELDS; i < STAGED_FIELDS + e->fields; i++)
        if (strcmp(staged_field(e, i)->name, "exam") == 0) return r->value[i];
    return exam;
}

/* Along the links of a path: the entity at its end, and the record's key, in out's arena. */
static bool walk(diff_store *s, const written_row *r, const row_column *c, gathered *out, const model_entity **end,
                 sv *key)
{
    const model_entity *e = r->o->entity;
    bool chart = of_chart(e) || strcmp(e->name, "custom_finding") == 0;
    *key = arena_sv(out->sources.mem, chart ? exam_of(r) : r->value[STAGED_SRC_KEY]);
    if (chart) e = exam_entity();
    for (size_t i = 0; i < c->steps && key->n; i++) {
        const model_field *f = staged_field(e, c->step[i]);
        *key = arena_sv(out->sources.mem, diff_store_staged(s, e, *key, sv_from(f->name)));
        e = model_entity_named(sv_from(f->target));
    }
    *end = e;
    return key->p && !diff_store_failed(s);
}

static bool add_parent(diff_store *s, const written_row *r, const row_column *c, gathered *out)
{
    const model_entity *e;
    sv key;
    if (!walk(s, r, c, out, &e, &key)) return false;
    if (!key.n) return true;
    if (c->owner != OWNER_NONE) {
        out->owner = true;
        return diff_store_of_field(s, e, key, "email", &out->sources);
    }
    return add_staged(s, e, key, c->at, out);
}

/* The record's custom values of a name; "*": all of them. */
static bool add_customs(diff_store *s, const written_row *r, const row_column *c, gathered *out)
{
    const model_entity *e = model_entity_named(SV_LIT("custom_value"));
    diff_sources all = {.mem = out->sources.mem};
    if (!diff_store_children(s, e, SV_LIT("record"), r->value[STAGED_SRC_KEY], &all)) return false;
    bool any = sv_eq(c->custom, SV_LIT("*")), ok = true;
    out->child = any;
    for (size_t i = 0; ok && i < all.n; i++) {
        sv key = all.item[i].row;
        if (!sv_eq(diff_store_staged(s, e, key, SV_LIT("entity")), sv_from(r->o->entity->name))) continue;
        if (!any && !sv_eq(diff_store_staged(s, e, key, SV_LIT("name")), c->custom)) continue;
        ok = diff_store_of_field(s, e, key, "value", &out->sources);
        out->entity = out->sources.n == 1 ? e : NULL;
        out->field = out->entity ? model_field_named(e, SV_LIT("value")) : NULL;
        out->src_key = key;
    }
    return ok && !diff_store_failed(s);
}

/* The value at the end of a part of a child's path. */
static bool add_part(diff_store *s, const model_entity *e, sv key, const child_part *p, gathered *out)
{
    for (size_t i = 0; i < p->steps && key.n; i++) {
        const model_field *f = staged_field(p->step[i].of, p->step[i].at);
        key = arena_sv(out->sources.mem, diff_store_staged(s, e, key, sv_from(f->name)));
        if (!key.p && arena_failed(out->sources.mem)) return false;
        e = model_entity_named(sv_from(f->target));
    }
    return !key.n || add_staged(s, e, key, p->at, out);
}

/* What the path ends in, of that child; p NULL: nothing. */
static sv part_value(diff_store *s, const model_entity *e, sv key, const child_part *p, arena *mem)
{
    for (size_t i = 0; i < p->steps && key.n; i++) {
        const model_field *f = staged_field(p->step[i].of, p->step[i].at);
        key = arena_sv(mem, diff_store_staged(s, e, key, sv_from(f->name)));
        e = model_entity_named(sv_from(f->target));
    }
    return key.n ? diff_store_staged(s, e, key, staged_name(e, p->at)) : (sv){NULL, 0};
}

/* Of one child those that have the value; of several all that have any. */
static bool add_children(diff_store *s, const written_row *r, const row_column *c, gathered *out)
{
    const child_path *p = c->child;
    diff_sources all = {.mem = out->sources.mem};
    sv written = r->value[c - r->o->column];
    bool one = p->take == CHILD_FIRST || p->take == CHILD_SECOND || p->take == CHILD_LATEST, ok = true;
    out->child |= !one && p->take != CHILD_LATEST_EXAM;
    out->count = p->take == CHILD_COUNT;
    if (p->take == CHILD_LATEST_EXAM) {
        sv exam = arena_sv(out->sources.mem, diff_store_plan_exam(s, r->value[STAGED_SRC_KEY]));
        return !exam.n || !p->parts || add_part(s, exam_entity(), exam, &p->part[0], out);
    }
    if (p->take == CHILD_FIRST_WITH || p->take == CHILD_IS_FIRST_WITH)
        return add_staged(s, p->entity, r->value[STAGED_SRC_KEY], p->by, out);
    if (!diff_store_children(s, p->entity, staged_name(p->entity, p->by), r->value[STAGED_SRC_KEY], &all)) return false;
    for (size_t i = 0; ok && i < all.n && !out->count; i++) {
        sv key = all.item[i].row;
        if (p->only != SIZE_MAX &&
            !sv_eq(diff_store_staged(s, p->entity, key, staged_name(p->entity, p->only)), p->word))
            continue;
        for (size_t k = 0; ok && k < p->parts; k++) {
            sv has = part_value(s, p->entity, key, &p->part[k], out->sources.mem);
            bool wanted = has.n && (!one || sv_eq(has, written));
            if (wanted) ok = add_part(s, p->entity, key, &p->part[k], out);
            if (wanted && one) return ok && !diff_store_failed(s);
        }
    }
    if (!one) out->entity = NULL;
    return ok && !diff_store_failed(s);
}

static bool add_ends(diff_store *s, const written_row *r, gathered *out)
{
    static const char *const of[] = {"end_at", "start_at", "duration"};
    bool ok = true;
    for (size_t i = 0; ok && i < 3; i++)
        ok = diff_store_of_field(s, r->o->entity, r->value[STAGED_SRC_KEY], of[i], &out->sources);
    out->child = true;
    return ok;
}

static bool add_chart(diff_store *s, const written_row *r, const row_column *c, gathered *out)
{
    const model_entity *e = r->o->entity;
    sv exam = exam_of(r), ignored;
    unsigned which = c->tooth;
    tooth_site site = c->site, of_row = SITES;
    unsigned at_hand = TEETH;
    if (of_chart(e)) (void)chart_key_read(r->value[STAGED_SRC_KEY], is_site(e), &ignored, &at_hand, &of_row);
    if (which >= TEETH) which = at_hand;
    if (site == SITES) site = of_row;
    out->chart = true;
    if (c->chart == CHART_VALUE_JSON || c->chart == CHART_VALUE_TEXT) {
        out->whole_chart = true;
        return true;
    }
    if (c->chart == CHART_VALUE_SYSTEM) return diff_store_of_field(s, exam_entity(), exam, "numbering", &out->sources);
    if (which >= TEETH) return true;
    if (c->chart == CHART_VALUE_SITE)
        return add_chart_field(s, model_entity_named(SV_LIT("site_measure")), c->field->name, exam, which, site, out);
    const model_entity *t = model_entity_named(SV_LIT("tooth_record"));
    return add_chart_field(s, t, c->chart == CHART_VALUE_TOOTH && c->field ? c->field->name : "fdi", exam, which, SITES,
                           out);
}

sv gather_exam(diff_store *s, const written_row *r, const row_column *c)
{
    bool whole = c->chart == CHART_VALUE_JSON || c->chart == CHART_VALUE_TEXT;
    if (c->kind == COLUMN_CHART) return whole ? exam_of(r) : (sv){NULL, 0};
    if (c->kind != COLUMN_CHILD || c->child->take != CHILD_LATEST_EXAM || c->child->parts) return (sv){NULL, 0};
    return diff_store_plan_exam(s, r->value[STAGED_SRC_KEY]);
}

status gather_chart(diff_store *s, sv exam, diff_sources *out)
{
    const chart_place all = {.exam = exam, .measure = CHART_ANY, .site = SITES, .entrance = UINT8_MAX};
    return diff_store_of_chart(s, &all, out) ? ST_OK : ST_FATAL;
}

status gather_key(diff_store *s, const written_row *r, gathered *out)
{
    const model_entity *e = r->o->entity;
    sv exam, key = r->value[STAGED_SRC_KEY];
    unsigned which;
    tooth_site site;
    out->key = true;
    if (of_chart(e) && chart_key_read(key, is_site(e), &exam, &which, &site)) {
        const chart_place p = {
            .exam = exam, .tooth = which, .measure = MEASURE_OF_ROW, .site = SITES, .entrance = UINT8_MAX};
        out->chart = true;
        return diff_store_of_chart(s, &p, &out->sources) ? ST_OK : ST_FATAL;
    }
    return diff_store_of_field(s, e, key, "", &out->sources) ? ST_OK : ST_FATAL;
}

status gather_column(diff_store *s, const written_row *r, const row_column *c, gathered *out)
{
    bool ok = true;
    switch (c->kind) {
    case COLUMN_STAGED:
        ok = add_staged(s, r->o->entity, r->value[STAGED_SRC_KEY], (size_t)(c - r->o->column), out);
        break;
    case COLUMN_PARENT: ok = add_parent(s, r, c, out); break;
    case COLUMN_CHART: ok = add_chart(s, r, c, out); break;
    case COLUMN_CUSTOM: ok = add_customs(s, r, c, out); break;
    case COLUMN_CHILD: ok = add_children(s, r, c, out); break;
    case COLUMN_ENDS: ok = add_ends(s, r, out); break;
    }
    return ok ? ST_OK : ST_FATAL;
}
