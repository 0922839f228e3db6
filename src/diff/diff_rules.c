#include "diff/diff_rules.h"
#include "template/target_format.h"

static void add(rules *r, diff_rule rule)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->rule[i] == rule) return;
    if (r->n < RULES_MAX) r->rule[r->n++] = rule;
}

static bool has_value(const diff_sources *l)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->item[i].value.n) return true;
    return false;
}

/* ---- made canonical ---- */

static bool is(const char *concern, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(concern, *words) == 0) return true;
    return false;
}

/* Of a column that became a custom value: a day, or yes and no, as it is written then. */
static diff_rule of_custom(sv source, sv canonical)
{
    enum { DAY = 10 };
    if (canonical.n == 1 && (*canonical.p == '0' || *canonical.p == '1')) return RULE_TRUTH;
    return canonical.n == DAY && sv_starts(source, canonical) ? RULE_DATE : RULE_TEXT;
}

static diff_rule by_concern(const model_field *f)
{
    static const struct {
        const char *const word[8];
        diff_rule rule;
    } all[] = {
        {{"name", "full_name", "suffix", NULL}, RULE_NAME},
        {{"phone", "phones", NULL}, RULE_PHONE},
        {{"email", "emails", NULL}, RULE_EMAIL},
        {{"state", "postal_code", "country", NULL}, RULE_PLACE},
        {{"money", "percent", "aap_stage", NULL}, RULE_NUMBER},
        {{"procedure_code", "procedure_codes", "npi", "taxonomy", "credentials", "specialty", "currency", NULL},
         RULE_CODE},
        {{"tooth", "teeth", "area", NULL}, RULE_TOOTH},
        {{"carrier", NULL}, RULE_INSURER},
        {{"note", "rich_note", NULL}, RULE_NOTE},
        {{"birth_date", NULL}, RULE_DATE},
    };
    for (size_t i = 0; f->concern && i < sizeof all / sizeof all[0]; i++)
        if (is(f->concern, all[i].word)) return all[i].rule;
    switch (f->type) {
    case FIELD_DATE: return RULE_DATE;
    case FIELD_DATETIME: return RULE_MOMENT;
    case FIELD_INTEGER:
    case FIELD_DECIMAL: return RULE_NUMBER;
    case FIELD_BOOL: return RULE_TRUTH;
    case FIELD_ENUM: return RULE_WORD;
    default: return RULE_TEXT;
    }
}

/* Fields that only normalize and documents fill, and what they come from. */
static diff_rule without_source(const gathered *g)
{
    if (g->entity && strcmp(g->entity->name, "document") == 0) return RULE_FILE;
    if (g->score) return RULE_SCORE;
    return RULE_DERIVED;
}

/* From the source to the staged value. */
static void to_canonical(diff_store *s, const gathered *g, sv canonical, rules *r)
{
    const diff_sources *l = &g->sources;
    char room[DIFF_CODE_MAX];
    const model_field *f = g->field;
    if (g->table) add(r, RULE_TABLE);
    if (g->key) add(r, RULE_KEY);
    if (g->count) add(r, RULE_COUNT);
    if (g->whole_chart) add(r, RULE_CHART);
    r->fixed |= g->table || g->key || g->count;
    if (!f || g->table || g->key || g->count || g->whole_chart) return;
    sv held =
        g->entity && !g->chart ? diff_store_held(s, g->entity, g->src_key, sv_from(f->name), room) : (sv){NULL, 0};
    if (held.n && !canonical.n) {
        r->held = true;
        r->code = arena_sv(l->mem, held);
        add(r, RULE_HELD_BACK);
        return;
    }
    const char *entity = g->entity ? g->entity->name : "";
    bool single = l->n == 1;
    if (g->chart && l->n > 1) add(r, RULE_DERIVED);
    if (!canonical.n) return;
    if (single && sv_eq(l->item[0].value, canonical)) return;
    if (g->chart)
        add(r, l->n > 1 || !l->n ? RULE_DERIVED : RULE_MEASURE);
    else if (l->n && !l->item[0].column.n)
        add(r, RULE_PROFILE);
    else if (!has_value(l))
        add(r, without_source(g));
    else if (g->input)
        add(r, strcmp(f->name, "body_html") == 0      ? RULE_HTML
               : strcmp(entity, "clinical_note") == 0 ? RULE_NOTE
                                                      : RULE_NAME);
    else if (single && strcmp(entity, "custom_value") == 0)
        add(r, of_custom(l->item[0].value, canonical));
    else if (f->type != FIELD_REFERENCE)
        add(r, by_concern(f));
    else
        add(r, RULE_PROFILE);
    if (single && l->item[0].made && l->item[0].column.n) add(r, RULE_PROFILE);
    if (!single && l->n > 1 && !g->input && !g->chart && f->type != FIELD_REFERENCE) add(r, RULE_PROFILE);
}

rules rules_of_staged(diff_store *s, const written_row *w, const gathered *g, sv written)
{
    rules r = {.n = 0};
    (void)w;
    to_canonical(s, g, written, &r);
    if (written.n && !r.n && g->sources.n > 1) add(&r, RULE_DERIVED);
    if (!written.n && !r.n && !has_value(&g->sources)) add(&r, RULE_NONE);
    if (!written.n && !r.n) add(&r, RULE_NO_VALUE);
    return r;
}

/* ---- by the template ---- */

static void add_trouble(const written_row *w, const target_field *f, const cell_trouble *t, const gathered *g, rules *r)
{
    bool cut = t->rule == MISFIT_CUT;
    switch (t->code) {
    case FINDING_CODES: return;
    case F_DEL_TOO_LONG:
        if (cut) add(r, RULE_TRUNCATED);
        if (cut) r->most = target_characters_most(w->d, w->o, f->max_length);
        if (t->rule == MISFIT_MOVE) add(r, RULE_MOVED);
        break;
    case F_DEL_CHARACTER_REPLACED: add(r, RULE_REPLACED); return;
    case F_DEL_NUMBER_OUTSIDE:
        if (cut) add(r, RULE_DIGITS);
        break;
    case F_DEL_TIME_AMBIGUOUS: add(r, RULE_UTC); return;
    default: break;
    }
    if (cut || t->rule == MISFIT_MOVE || t->rule == MISFIT_KEEP) return;
    r->held = true;
    r->code = arena_sv(g->sources.mem, sv_from(finding_text_of(t->code)->id));
    add(r, RULE_HELD_BACK);
}

static bool has_line_ends(sv text) { return sv_find(text, '\r'); }

/* From the staged value to the cell, where nothing stood against it. */
static void to_cell(const written_row *w, const target_field *f, sv staged, sv written, rules *r)
{
    if (f->is_const) add(r, RULE_CONSTANT);
    if (f->pieces) add(r, RULE_TEMPLATE);
    if (f->froms > 1 && !f->pieces) add(r, RULE_JOINED);
    if (f->translated && written.n) add(r, RULE_PICK_LIST);
    if (f->parents) add(r, RULE_LINK);
    r->fixed |= f->is_const || f->parents || (f->translated && written.n);
    if (!written.n || !staged.n || sv_eq(staged, written) || f->parents || f->translated || f->pieces || f->froms > 1)
        return;
    if (f->format.n)
        add(r, w->utc && f->type == TARGET_DATETIME ? RULE_UTC : RULE_DATE_FORM);
    else if (f->type == TARGET_BOOL && w->d->yes.n)
        add(r, RULE_TRUTH_FORM);
    else if (has_line_ends(staged))
        add(r, RULE_LINE_ENDS);
}

rules rules_of_cell(diff_store *s, const written_row *w, size_t field, const gathered *g, sv written)
{
    const target_field *f = &w->o->field[field];
    rules r = {.n = 0};
    sv staged = f->froms == 1 ? w->value[f->from[0]] : (sv){NULL, 0};
    bool here = conditions_met(w->value, f->when, f->whens);
    if (w->piece && field == w->o->slice_field) {
        add(&r, RULE_PIECE);
        r.fixed = true;
        return r;
    }
    if (!here) {
        add(&r, has_value(&g->sources) ? RULE_NOT_HERE : RULE_NONE);
        return r;
    }
    if (w->defaulted[field]) {
        add(&r, RULE_DEFAULT);
        r.fixed = true;
        return r;
    }
    if (g->owner && written.n) add(&r, RULE_OWNER);
    if (f->froms == 1 && !g->owner && !g->child) to_canonical(s, g, staged, &r);
    if (f->froms > 1)
        for (size_t i = 0; i < f->froms; i++)
            if (w->o->column[f->from[i]].kind == COLUMN_CHART && g->whole_chart) add(&r, RULE_CHART);
    if (f->froms > 1 && !g->sources.n && written.n && !g->whole_chart) add(&r, RULE_DERIVED);
    if (g->child && written.n) add(&r, g->whole_chart ? RULE_CHART : g->count ? RULE_COUNT : RULE_DERIVED);
    if (!r.held) to_cell(w, f, staged, written, &r);
    add_trouble(w, f, &w->trouble[field], g, &r);
    if (!r.n && written.n && f->is_custom) add(&r, RULE_TEXT);
    if (!r.n && written.n) add(&r, g->sources.n > 1 ? RULE_DERIVED : RULE_TEXT);
    if (!r.n || (!written.n && !r.held))
        r = (rules){.rule = {has_value(&g->sources) ? RULE_NO_VALUE : RULE_NONE}, .n = 1};
    return r;
}
