/* The values that a row has: staged fields, fields of records that it points to, values of charts, custom values. */
#include "template/reader.h"

enum { NAMES_MAX = 256 };

static const model_field about_chart[] = {
    {"chart_json", FIELD_TEXT, false, true, false, SAFE_LEFT_OUT, NULL, NULL, NULL, "The whole chart, compact"},
    {"chart_text", FIELD_TEXT, false, true, false, SAFE_LEFT_OUT, NULL, NULL, NULL,
     "The whole chart as a table to read"},
    {"chart_numbering", FIELD_TEXT, false, true, false, SAFE_LEFT_OUT, NULL, NULL, NULL,
     "Tooth numbering of the exam in the source"},
    {"tooth_fdi", FIELD_TEXT, false, true, false, SAFE_LEFT_OUT, NULL, NULL, NULL, "Tooth in FDI notation"},
    {"tooth_universal", FIELD_TEXT, false, true, false, SAFE_LEFT_OUT, NULL, NULL, NULL,
     "Tooth in the Universal system"},
    {"tooth_palmer", FIELD_TEXT, false, true, false, SAFE_LEFT_OUT, NULL, NULL, NULL, "Tooth in Palmer notation"},
    {"tooth_label", FIELD_TEXT, false, true, false, SAFE_LEFT_OUT, NULL, NULL, NULL,
     "Tooth by the label of the template"},
    {"tooth_own", FIELD_TEXT, false, true, false, SAFE_LEFT_OUT, NULL, NULL, NULL, "Tooth in the exam's own numbering"},
};

const model_field *template_chart_text(sv name)
{
    for (size_t i = 0; i < CHART_VALUE_SYSTEM; i++)
        if (sv_eq(sv_from(about_chart[i].name), name)) return &about_chart[i];
    return NULL;
}

static const model_entity *entity_of(const char *name) { return model_entity_named(sv_from(name)); }

static const model_field provider_user = {
    "user",        FIELD_TEXT, false, false, false,
    SAFE_LEFT_OUT, NULL,       NULL,  NULL,  "The provider as a user of the destination"};
static const model_field provider_owner = {
    "owner",       FIELD_TEXT, false, false, false,
    SAFE_LEFT_OUT, NULL,       NULL,  NULL,  "The user who owns the record: the provider, or who stands in"};

static owner_word owner_word_of(const model_entity *e, sv word)
{
    if (e != entity_of("provider")) return OWNER_NONE;
    if (sv_eq(word, SV_LIT("user"))) return OWNER_USER;
    return sv_eq(word, SV_LIT("owner")) ? OWNER_OWNER : OWNER_NONE;
}

static void take_owner(owner_word owner, row_column *c)
{
    c->owner = owner;
    c->at = STAGED_SRC_KEY;
    c->field = owner == OWNER_USER ? &provider_user : &provider_owner;
}

static const model_field end_of_appointment = {
    "ends_at",     FIELD_DATETIME, false, true, false,
    SAFE_LEFT_OUT, NULL,           NULL,  NULL, "End, or the beginning and the length together"};

/* What a chart value of that name is; false: none. Texts of an exam belong to exams, texts of a tooth to teeth and sites. */
static bool chart_text_named(const object_template *o, sv name, row_column *c)
{
    bool exam = o->entity == entity_of("clinical_exam");
    bool teeth = o->entity == entity_of("tooth_record") || o->entity == entity_of("site_measure");
    for (size_t i = 0; i < sizeof about_chart / sizeof about_chart[0]; i++) {
        if (!sv_eq(sv_from(about_chart[i].name), name)) continue;
        bool of_tooth = i >= CHART_VALUE_FDI;
        if (of_tooth ? !teeth : !(exam || (teeth && i == CHART_VALUE_SYSTEM))) return false;
        *c = (row_column){
            .kind = COLUMN_CHART, .field = &about_chart[i], .chart = (chart_value)i, .tooth = TEETH, .site = SITES};
        return true;
    }
    return false;
}

/* Within a family over teeth or sites: a value of that tooth, of that site. */
static bool chart_member_named(const object_template *o, sv name, const family_member *m, row_column *c)
{
    bool teeth = o->entity == entity_of("tooth_record"), exam = o->entity == entity_of("clinical_exam");
    if (!m || (!teeth && !exam)) return false;
    bool sites = m->site != SITES;
    if (!sites && (m->tooth == TEETH || teeth)) return false;
    if (exam && m->tooth == TEETH) return false;
    const model_entity *e = entity_of(sites ? "site_measure" : "tooth_record");
    const model_field *f = model_field_named(e, name);
    if (!f || f->type == FIELD_REFERENCE) return false;
    *c = (row_column){.kind = COLUMN_CHART,
                      .field = f,
                      .at = (size_t)(f - e->field) + STAGED_FIELDS,
                      .chart = sites ? CHART_VALUE_SITE : CHART_VALUE_TOOTH,
                      .tooth = m->tooth,
                      .site = m->site};
    return true;
}

/* Charts' records point to their exam; their paths are followed from there. */
static bool is_of_exam(const model_entity *e)
{
    return e == entity_of("tooth_record") || e == entity_of("site_measure") || e == entity_of("custom_finding");
}

static size_t staged_column(const model_entity *e, sv name)
{
    for (size_t i = 0; i < e->fields + STAGED_FIELDS; i++)
        if (sv_eq(staged_name(e, i), name)) return i;
    return SIZE_MAX;
}

static sv next_word(sv *path)
{
    const char *dot = sv_find(*path, '.');
    sv word = {path->p, dot ? (size_t)(dot - path->p) : path->n};
    size_t used = word.n + (dot ? 1 : 0);
    *path = (sv){path->p + used, path->n - used};
    return word;
}

/* "patient.primary_provider.last": NULL when it goes that far, else what is wrong, in mem. */
static const char *follow(template_reader *r, const object_template *o, sv path, row_column *c)
{
    const model_entity *e = o->entity;
    bool first = true;
    *c = (row_column){.kind = COLUMN_PARENT, .tooth = TEETH, .site = SITES};
    for (;;) {
        sv word = next_word(&path);
        size_t at = staged_column(e, word);
        owner_word owner = path.n ? OWNER_NONE : owner_word_of(e, word);
        if (owner != OWNER_NONE) {
            take_owner(owner, c);
            return NULL;
        }
        if (at == SIZE_MAX) return arena_printf(r->mem, "%s has no field \"%.*s\"", e->name, (int)word.n, word.p).p;
        const model_field *f = staged_field(e, at);
        if (!path.n) {
            c->at = at;
            c->field = f;
            return NULL;
        }
        if (!f || f->type != FIELD_REFERENCE)
            return arena_printf(r->mem, "%s of %s is no link to another entity", f ? f->name : "a key", e->name).p;
        const model_entity *next = entity_of(f->target);
        bool chart_step = first && is_of_exam(o->entity) && (next == entity_of("clinical_exam"));
        if (is_of_exam(next)) {
            if (o->entity != entity_of("site_measure"))
                return arena_printf(r->mem, "%s has no staged records to follow", next->name).p;
            /* Of its tooth: what the chart holds of it, the exam, or on from there. */
            if (sv_eq(path, SV_LIT("exam"))) {
                *c = (row_column){.kind = COLUMN_PARENT,
                                  .field = model_field_named(next, path),
                                  .at = STAGED_SRC_KEY,
                                  .tooth = TEETH,
                                  .site = SITES};
                return NULL;
            }
            if (!sv_starts(path, SV_LIT("exam."))) {
                const model_field *of = model_field_named(next, path);
                if (!of || of->type == FIELD_REFERENCE)
                    return arena_printf(r->mem, "%s has no field \"%.*s\"", next->name, (int)path.n, path.p).p;
                *c = (row_column){.kind = COLUMN_CHART,
                                  .field = of,
                                  .at = (size_t)(of - next->field) + STAGED_FIELDS,
                                  .chart = CHART_VALUE_TOOTH,
                                  .tooth = TEETH,
                                  .site = SITES};
                return NULL;
            }
            e = next;
            continue;
        }
        first = false;
        e = next;
        if (chart_step || (o->entity == entity_of("site_measure") && next == entity_of("clinical_exam") && !c->steps))
            continue;
        if (c->steps == STEPS_MAX) return arena_printf(r->mem, "a path follows at most %d links", STEPS_MAX).p;
        c->step[c->steps++] = at;
    }
}

static bool same_column(const row_column *a, const row_column *b)
{
    return a->kind == b->kind && a->at == b->at && a->steps == b->steps && a->chart == b->chart &&
           a->tooth == b->tooth && a->site == b->site && a->field == b->field && a->owner == b->owner &&
           sv_eq(a->custom, b->custom) && (a->kind != COLUMN_CHILD || sv_eq(a->name, b->name)) &&
           memcmp(a->step, b->step, sizeof a->step) == 0;
}

static size_t add_column(template_reader *r, object_template *o, const row_column *c)
{
    for (size_t i = 0; i < o->columns; i++)
        if (same_column(&o->column[i], c)) return i;
    if (o->columns == o->column_room) {
        size_t room = 2 * o->column_room;
        row_column *grown = template_block(r, room, sizeof *grown);
        if (!grown) return SIZE_MAX;
        memcpy(grown, o->column, o->columns * sizeof *grown);
        o->column = grown;
        o->column_room = room;
    }
    o->column[o->columns] = *c;
    return o->columns++;
}

static void say_unknown(template_reader *r, const object_template *o, const yaml_node *at, sv name)
{
    sv all[NAMES_MAX];
    size_t n = 0;
    for (size_t i = 0; i < o->entity->fields + STAGED_FIELDS && n < NAMES_MAX; i++)
        all[n++] = staged_name(o->entity, i);
    template_problem(r, o->file, at, "%s has no field \"%.*s\"%s", o->entity->name, (int)name.n, name.p,
                     template_hint(r, name, all, n));
}

size_t template_column(template_reader *r, object_template *o, const yaml_node *at, sv name, const family_member *m)
{
    row_column c;
    child_take take;
    const sv custom = SV_LIT("custom_value.");
    if (m && m->custom && sv_eq(name, SV_LIT("value"))) {
        c = (row_column){.kind = COLUMN_CUSTOM, .custom = m->name, .tooth = TEETH, .site = SITES};
    } else if (chart_member_named(o, name, m, &c)) {
        c.name = name;
    } else if (!sv_find(name, '.')) {
        size_t i = staged_column(o->entity, name);
        if (i != SIZE_MAX) return i;
        if (o->entity == entity_of("appointment") && sv_eq(name, SV_LIT("ends_at"))) {
            c = (row_column){.kind = COLUMN_ENDS, .field = &end_of_appointment, .tooth = TEETH, .site = SITES};
        } else if (!chart_text_named(o, name, &c)) {
            say_unknown(r, o, at, name);
            return SIZE_MAX;
        }
    } else if (sv_starts(name, custom) && name.n > custom.n) {
        sv rest = {name.p + custom.n, name.n - custom.n};
        c = (row_column){.kind = COLUMN_CUSTOM, .custom = rest, .tooth = TEETH, .site = SITES};
    } else {
        bool child = template_child_word(name, &take);
        const char *wrong = child ? template_read_child(r, o, name, take, &c) : follow(r, o, name, &c);
        if (wrong) {
            template_problem(r, o->file, at, "%s", wrong);
            return SIZE_MAX;
        }
    }
    c.name = name;
    if (c.kind == COLUMN_CHART) o->charted = true;
    return add_column(r, o, &c);
}

const row_column *template_only_column(const object_template *o, const target_field *f)
{
    return f->froms == 1 && !f->pieces ? &o->column[f->from[0]] : NULL;
}

const model_field *template_field_source(const object_template *o, const target_field *f)
{
    const row_column *c = template_only_column(o, f);
    return c ? c->field : NULL;
}
