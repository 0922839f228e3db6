/* The fields of an object: what each is made of, what it is in the target, and families of them. */
#include "template/field_date.h"
#include "template/reader.h"
#include "template/target_format.h"

enum { FIELDS_MAX = 4096, PATTERN_BYTES_MAX = 1 << 16 };

static const char *const type_word[TARGET_TYPES] = {"text",          "longtext", "number",   "decimal", "currency",
                                                    "percent",       "date",     "datetime", "bool",    "picklist",
                                                    "multipicklist", "lookup",   "email",    "phone",   "url"};
const char *target_type_name(target_type t) { return type_word[t]; }

/* ---- words that values are compared with ---- */

static bool is_word(sv word, const sv *all, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (sv_eq(all[i], word)) return true;
    return false;
}

/* A text that a template compares with the values of an enumeration or a yes-or-no. */
static void check_word(template_reader *r, const object_template *o, const yaml_node *at, const model_field *f, sv word)
{
    if (!f) return;
    sv *all = NULL;
    size_t n = 0;
    static const sv bools[] = {{"0", 1}, {"1", 1}};
    if (f->type == FIELD_ENUM) n = template_words(r, f, &all);
    if (f->type == FIELD_BOOL) n = 2;
    const sv *known = f->type == FIELD_BOOL ? bools : all;
    if (!n || !known || is_word(word, known, n)) return;
    template_problem(r, o->file, at, "%s of %s is never \"%.*s\"%s", f->name, o->entity->name, (int)word.n, word.p,
                     template_hint(r, word, known, n));
}

/* "" is no value, "*" any value. */
static bool is_any(sv word) { return word.n == 0 || sv_eq(word, SV_LIT("*")); }

static void read_condition(template_reader *r, object_template *o, const yaml_pair *p, condition *c)
{
    yaml_node key = {.line = p->line, .column = p->column};
    c->column = template_column(r, o, &key, p->key, NULL);
    bool list = p->value->kind == YAML_LIST;
    size_t n = list ? p->value->n : 1;
    if (p->value->kind == YAML_MAP || n == 0) {
        template_problem(r, o->file, p->value, "\"when\" takes a value or a list of values for each field");
        return;
    }
    sv *word = template_block(r, n, sizeof *word);
    if (!word) return;
    for (size_t i = 0; i < n; i++) {
        const yaml_node *x = list ? p->value->item[i] : p->value;
        if (x->kind != YAML_TEXT) {
            template_problem(r, o->file, x, "\"when\" takes a value or a list of values for each field");
            continue;
        }
        word[c->words++] = x->text;
        if (c->column != SIZE_MAX && !is_any(x->text)) check_word(r, o, x, o->column[c->column].field, x->text);
    }
    c->word = word;
}

const condition *template_read_when(template_reader *r, object_template *o, const yaml_node *map, size_t *n)
{
    const yaml_node *when = yaml_get(map, "when"), *unless = yaml_get(map, "unless");
    size_t room = (when && when->kind == YAML_MAP ? when->n : 0) + (unless && unless->kind == YAML_MAP ? unless->n : 0);
    condition *all = room ? template_block(r, room, sizeof *all) : NULL;
    *n = 0;
    for (size_t i = 0; all && when && when->kind == YAML_MAP && i < when->n; i++)
        read_condition(r, o, &when->pair[i], &all[(*n)++]);
    for (size_t i = 0; all && unless && unless->kind == YAML_MAP && i < unless->n; i++) {
        all[*n].negated = true;
        read_condition(r, o, &unless->pair[i], &all[(*n)++]);
    }
    for (size_t i = 0; i < *n; i++)
        if (all[i].column == SIZE_MAX) *n = 0; /* told; nothing is to be looked at by it */
    return all;
}

/* ---- one field ---- */

static const char *const misfit_word[MISFITS] = {"reject", "hold", "keep", "cut", "move"};

/* One of the rules whose bit is set in `allowed`. */
static misfit_rule read_rule(template_reader *r, const object_template *o, const yaml_node *n, const char *key,
                             unsigned allowed, misfit_rule otherwise)
{
    if (!n || n->kind != YAML_TEXT) return otherwise;
    sv word[MISFITS];
    misfit_rule rule[MISFITS];
    size_t words = 0;
    for (unsigned i = 0; i < MISFITS; i++) {
        if (!(allowed & 1u << i)) continue;
        rule[words] = (misfit_rule)i;
        word[words++] = sv_from(misfit_word[i]);
    }
    int found = template_one_of(r, o->file, n, key, word, words);
    return found < 0 ? otherwise : rule[found];
}

static void read_values(template_reader *r, const object_template *o, const yaml_node *n, target_field *f)
{
    const model_field *source = template_field_source(o, f);
    translation *all = template_block(r, n->n, sizeof *all);
    for (size_t i = 0; all && i < n->n; i++) {
        const yaml_pair *p = &n->pair[i];
        const yaml_node at = {.line = p->line, .column = p->column};
        check_word(r, o, &at, source, p->key);
        if (p->value->kind != YAML_TEXT) {
            template_problem(r, o->file, p->value, "\"values\" takes one text for each value");
            continue;
        }
        all[f->values++] = (translation){p->key, p->value->text};
    }
    f->value = all;
    f->translated = true;
    if (!source || source->type != FIELD_ENUM || f->has_else || !all) return;
    sv *word = NULL;
    size_t words = template_words(r, source, &word);
    for (size_t i = 0; word && i < words; i++) {
        bool there = false;
        for (size_t k = 0; k < n->n; k++) there |= sv_eq(n->pair[k].key, word[i]);
        if (!there)
            template_problem(r, o->file, n, "\"values\" lacks \"%.*s\" of %s; add it, or say what to do with \"else\"",
                             (int)word[i].n, word[i].p, source->name);
    }
}

static bool is_moment(const model_field *f) { return f && (f->type == FIELD_DATE || f->type == FIELD_DATETIME); }

/* The form of dates: the field's own, the object's, the destination's; by what the field is in the target. */
static void read_format(template_reader *r, const destination *d, const object_template *o, const yaml_node *n,
                        target_field *f)
{
    const model_field *source = template_field_source(o, f);
    if (n && n->kind == YAML_TEXT && f->froms && !is_moment(source)) {
        template_problem(r, o->file, n, "\"format\" is for dates and date-times; %.*s is none", (int)f->name.n,
                         f->name.p);
        return;
    }
    /* A custom value that the template takes for a date is read as one. */
    const row_column *only = template_only_column(o, f);
    bool custom = only && only->kind == COLUMN_CUSTOM && (f->type == TARGET_DATE || f->type == TARGET_DATETIME);
    if (f->translated) return;
    if (custom) f->format = target_date_form(d, o, f->type == TARGET_DATE);
    if (!is_moment(source)) return;
    bool day = source->type == FIELD_DATE && f->type != TARGET_DATETIME;
    f->format = target_date_form(d, o, f->type == TARGET_DATE || day);
    if (!n || n->kind != YAML_TEXT) return;
    f->format = n->text;
    const char *wrong = target_format_wrong(n->text, source->type == FIELD_DATETIME);
    if (wrong) template_problem(r, o->file, n, "\"%.*s\" is no form of a date: %s", (int)n->text.n, n->text.p, wrong);
}

sv target_date_form(const destination *d, const object_template *o, bool day)
{
    /* A workbook has dates of its own: its writer takes them in the canonical form. */
    if (o->xlsx) return day ? SV_LIT("YYYY-MM-DD") : SV_LIT("YYYY-MM-DD hh:mm:ss");
    return target_text_date_form(d, o, day);
}

sv target_text_date_form(const destination *d, const object_template *o, bool day)
{
    if (day) return o->dates.n ? o->dates : d->dates;
    return o->datetimes.n ? o->datetimes : d->datetimes;
}

/* Keys that say nothing without another one. */
static void check_company(template_reader *r, const object_template *o, const yaml_node *map, const target_field *f)
{
    static const struct {
        const char *key, *needs, *other;
    } pair[] = {{"separator", "join", NULL},  {"overflow", "max_length", "precision"},
                {"else", "values", "lookup"}, {"lookup", "from", NULL},
                {"matches", "from", NULL},    {"values", "from", NULL},
                {"format", "from", NULL},     {"scale", "precision", NULL}};
    for (size_t i = 0; i < sizeof pair / sizeof pair[0]; i++) {
        const yaml_node *n = yaml_get(map, pair[i].key);
        if (!n || yaml_get(map, pair[i].needs) || (pair[i].other && yaml_get(map, pair[i].other))) continue;
        if (f->format.n && strcmp(pair[i].key, "else") == 0) continue;
        template_problem(r, o->file, n, "\"%s\" needs \"%s\"%s%s%s", pair[i].key, pair[i].needs,
                         pair[i].other ? " or \"" : "", pair[i].other ? pair[i].other : "", pair[i].other ? "\"" : "");
    }
    if (yaml_get(map, "lookup") && yaml_get(map, "values"))
        template_problem(r, o->file, yaml_get(map, "values"), "a link has no \"values\"");
    const model_field *source = template_field_source(o, f);
    if (source && source->type == FIELD_REFERENCE && !yaml_get(map, "lookup"))
        template_problem(r, o->file, yaml_get(map, "from"), "%s is a link to %s: it needs \"lookup\"", source->name,
                         source->target);
}

static const yaml_key field_keys[] = {
    {"from", YAML_IS_TEXT, false},
    {"const", YAML_IS_TEXT, false},
    {"join", YAML_IS_LIST, false},
    {"separator", YAML_IS_TEXT, false},
    {"values", YAML_IS_MAP, false},
    {"lookup", YAML_IS_TEXT, false},
    {"format", YAML_IS_TEXT, false},
    {"required", YAML_IS_TEXT, false},
    {"max_length", YAML_IS_TEXT, false},
    {"overflow", YAML_IS_TEXT, false},
    {"else", YAML_IS_TEXT, false},
    {"when", YAML_IS_MAP, false},
    {"default", YAML_IS_TEXT, false},
    {"unless", YAML_IS_MAP, false},
    {"template", YAML_IS_TEXT, false},
    {"label", YAML_IS_TEXT, false},
    {"type", YAML_IS_TEXT, false},
    {"new", YAML_IS_TEXT, false},
    {"precision", YAML_IS_TEXT, false},
    {"scale", YAML_IS_TEXT, false},
    {"help", YAML_IS_TEXT, false},
    {"external_id", YAML_IS_TEXT, false},
    {"unique", YAML_IS_TEXT, false},
    {"brief", YAML_IS_TEXT, false},
    {"layouts", YAML_IS_LIST, false},
    {"when_edition", YAML_IS_LIST, false},
    {"each", YAML_IS_TEXT | YAML_IS_LIST, false},
    {"name", YAML_IS_TEXT, false},
    {"options", YAML_IS_TEXT, false},
    {"matches", YAML_IS_TEXT, false},
    {"profiles", YAML_IS_LIST, false},
    {"not_profiles", YAML_IS_LIST, false},
    {"with_users", YAML_IS_TEXT, false},
};

static void read_yes_or_no(template_reader *r, const object_template *o, const yaml_node *map, const char *key,
                           bool *to)
{
    const yaml_node *n = template_text(map, key);
    if (n) (void)yaml_bool(o->file, n, to, r->wrong);
}

static void read_number(template_reader *r, const object_template *o, const yaml_node *map, const char *key,
                        uint64_t least, uint64_t most, uint64_t *to)
{
    const yaml_node *n = template_text(map, key);
    if (n && yaml_uint(o->file, n, most, to, r->wrong) && *to < least)
        template_problem(r, o->file, n, "\"%s\" is at least %llu", key, (unsigned long long)least);
}

static target_type type_of_model(const model_field *f, const target_field *t)
{
    if (!f) return TARGET_TEXT;
    bool money = f->concern && strcmp(f->concern, "money") == 0;
    switch (f->type) {
    case FIELD_DATE: return TARGET_DATE;
    case FIELD_DATETIME: return TARGET_DATETIME;
    case FIELD_INTEGER: return TARGET_NUMBER;
    case FIELD_DECIMAL: return money ? TARGET_CURRENCY : TARGET_DECIMAL;
    case FIELD_BOOL: return TARGET_BOOL;
    case FIELD_ENUM: return TARGET_PICKLIST;
    case FIELD_REFERENCE: return TARGET_LOOKUP;
    case FIELD_TEXT: break;
    }
    if (f->concern && strcmp(f->concern, "phone") == 0) return TARGET_PHONE;
    if (f->concern && strcmp(f->concern, "email") == 0) return TARGET_EMAIL;
    return t->max_length > 255 || strcmp(f->name, "chart_json") == 0 || strcmp(f->name, "chart_text") == 0
               ? TARGET_LONGTEXT
               : TARGET_TEXT;
}

static void read_type(template_reader *r, const object_template *o, const yaml_node *map, target_field *f)
{
    sv words[TARGET_TYPES];
    for (size_t i = 0; i < TARGET_TYPES; i++) words[i] = sv_from(type_word[i]);
    f->type = f->lookup.n || f->matches.n ? TARGET_LOOKUP : type_of_model(template_field_source(o, f), f);
    if ((f->froms != 1 || f->pieces) && f->max_length > 255) f->type = TARGET_LONGTEXT;
    const yaml_node *n = template_text(map, "type");
    int found = n ? template_one_of(r, o->file, n, "type", words, TARGET_TYPES) : -1;
    if (found >= 0) f->type = (target_type)found;
    if (found == TARGET_LOOKUP && !f->lookup.n && !f->matches.n)
        template_problem(r, o->file, n, "a lookup needs \"lookup\"");
}

/* label, help and brief: patterns within a family, else as they stand. */
static sv read_text(template_reader *r, const object_template *o, const yaml_node *map, const char *key,
                    const pattern_values *v)
{
    const yaml_node *n = template_text(map, key);
    if (!n) return (sv){NULL, 0};
    if (!v) return n->text;
    buf b = buf_new(PATTERN_BYTES_MAX);
    if (!pattern_fill(&b, n->text, v))
        template_problem(r, o->file, n, "\"%s\" names something in braces that this family does not have", key);
    sv out = arena_sv(r->mem, buf_view(&b));
    if (b.failed || !out.p) r->failed = true;
    buf_free(&b);
    return out;
}

/* Object and key with the prefix asked for. */
static sv own_lookup(template_reader *r, const destination *d, sv text)
{
    const char *dot = sv_find(text, '.');
    if (!dot) return text;
    sv object = template_own_name(r, d, (sv){text.p, (size_t)(dot - text.p)});
    sv key = template_own_name(r, d, (sv){dot + 1, text.n - (size_t)(dot + 1 - text.p)});
    sv out = arena_printf(r->mem, "%.*s.%.*s", (int)object.n, object.p, (int)key.n, key.p);
    if (!out.p) r->failed = true;
    return out;
}

static void read_rules(template_reader *r, const destination *d, object_template *o, const yaml_node *map,
                       target_field *f)
{
    read_yes_or_no(r, o, map, "required", &f->required);
    read_yes_or_no(r, o, map, "new", &f->is_new);
    read_yes_or_no(r, o, map, "external_id", &f->external_id);
    read_yes_or_no(r, o, map, "unique", &f->unique);
    read_number(r, o, map, "max_length", 1, INT32_MAX, &f->max_length);
    read_number(r, o, map, "precision", 1, 38, &f->precision);
    read_number(r, o, map, "scale", 0, 38, &f->scale);
    f->length_given = f->max_length > 0;
    if (f->scale > f->precision && f->precision)
        template_problem(r, o->file, yaml_get(map, "scale"), "\"scale\" is more than \"precision\"");
    const yaml_node *x = template_text(map, "separator");
    if (x) f->separator = x->text;
    x = template_text(map, "default");
    f->has_default = x != NULL;
    if (x) f->otherwise_written = x->text;
    if (x && !x->text.n) template_problem(r, o->file, x, "\"default\" is empty");
    x = template_text(map, "lookup");
    if (x) {
        f->lookup = own_lookup(r, d, x->text);
        f->lookup_node = x;
    }
    x = template_text(map, "matches");
    if (x) {
        f->matches = x->text;
        if (!sv_find(x->text, '.'))
            template_problem(r, o->file, x, "\"matches\" is Object.Field, such as systemuser.internalemailaddress");
    }
    misfit_rule safe = f->required ? MISFIT_REJECT : MISFIT_HOLD;
    x = yaml_get(map, "else");
    f->has_else = x != NULL;
    unsigned keep = yaml_get(map, "values") ? 1u << MISFIT_KEEP : 0;
    f->otherwise = read_rule(r, o, x, "else", 1u << MISFIT_REJECT | 1u << MISFIT_HOLD | keep, safe);
    f->overflow = read_rule(r, o, yaml_get(map, "overflow"), "overflow",
                            1u << MISFIT_REJECT | 1u << MISFIT_HOLD | 1u << MISFIT_CUT | 1u << MISFIT_MOVE, safe);
    x = yaml_get(map, "values");
    if (x && x->kind == YAML_MAP) read_values(r, o, x, f);
    read_type(r, o, map, f);
    read_format(r, d, o, yaml_get(map, "format"), f);
}

static void read_field(template_reader *r, const destination *d, object_template *o, const yaml_pair *p, sv name,
                       const family_member *m, const pattern_values *v, target_field *f)
{
    const yaml_node *map = p->value;
    *f = (target_field){.name = name,
                        .line = p->line,
                        .column = p->column,
                        .separator = SV_LIT(" "),
                        .tooth = m ? m->tooth : TEETH,
                        .site = m ? m->site : SITES};
    template_read_origin(r, o, map, m, f);
    read_rules(r, d, o, map, f);
    f->label = read_text(r, o, map, "label", v);
    f->help = read_text(r, o, map, "help", v);
    f->brief = read_text(r, o, map, "brief", v);
    if (!f->label.n) f->label = readable_name(r->mem, f->name);
    if (!f->label.p) r->failed = true;
    f->when = template_read_when(r, o, map, &f->whens);
    if (f->required && f->whens)
        template_problem(r, o->file, yaml_get(map, yaml_get(map, "when") ? "when" : "unless"),
                         "a required field cannot have \"when\"");
    check_company(r, o, map, f);
}

/* ---- families ---- */

typedef struct field_list {
    target_field *item;
    size_t n, room;
} field_list;

static target_field *next_field(template_reader *r, field_list *l)
{
    if (l->n == l->room) {
        size_t room = l->room ? 2 * l->room : 64;
        target_field *grown = template_block(r, room, sizeof *grown);
        if (!grown) return NULL;
        if (l->n) memcpy(grown, l->item, l->n * sizeof *grown);
        l->item = grown;
        l->room = room;
    }
    return &l->item[l->n++];
}

/* The words of `each`: a bit each. */
enum { EACH_SITE = 1, EACH_TOOTH = 2, EACH_CUSTOM = 4 };
static unsigned read_each(template_reader *r, const object_template *o, const yaml_node *n)
{
    static const sv words[] = {{"site", 4}, {"tooth", 5}, {"custom_value", 12}};
    unsigned bits = 0;
    size_t items = n->kind == YAML_LIST ? n->n : 1;
    for (size_t i = 0; i < items; i++) {
        const yaml_node *x = n->kind == YAML_LIST ? n->item[i] : n;
        int found = x->kind == YAML_TEXT ? template_one_of(r, o->file, x, "each", words, 3) : -1;
        if (found >= 0) bits |= 1u << found;
    }
    if (bits & EACH_CUSTOM && bits != EACH_CUSTOM)
        template_problem(r, o->file, n, "custom values are a family of their own");
    return bits;
}

static void read_member(template_reader *r, const destination *d, object_template *o, const yaml_pair *p,
                        const yaml_node *name, const family_member *m, field_list *l)
{
    const pattern_values v = {.tooth = m->tooth == TEETH ? (tooth){0} : tooth_at(m->tooth),
                              .site = m->site,
                              .tooth_label = d->tooth_label,
                              .prefix = d->prefix};
    buf b = buf_new(PATTERN_BYTES_MAX);
    if (!pattern_fill(&b, name->text, &v)) {
        template_problem(r, o->file, name, "\"name\" names something in braces that this family does not have");
    } else if (l->n < FIELDS_MAX) {
        sv text = arena_sv(r->mem, buf_view(&b));
        target_field *f = next_field(r, l);
        if (text.p && !b.failed && f)
            read_field(r, d, o, p, text, m, &v, f);
        else
            r->failed = true;
    }
    buf_free(&b);
}

/* Permanent teeth in the order of their numbers: 11 to 48. */
static void read_family(template_reader *r, const destination *d, object_template *o, const yaml_pair *p, unsigned each,
                        field_list *l)
{
    const yaml_node *name = template_text(p->value, "name");
    if (!name) {
        template_problem(r, o->file, p->value, "a family of fields needs \"name\", such as \"PocketDepth_{site}\"");
        return;
    }
    unsigned teeth = each & EACH_TOOTH ? 32 : 1, sites = each & EACH_SITE ? SITES : 1;
    size_t wrong = r->wrong->n;
    for (unsigned t = 0; t < teeth; t++)
        for (unsigned s = 0; s < sites && r->wrong->n == wrong && !r->failed; s++) {
            const family_member m = {.tooth = each & EACH_TOOTH ? t : TEETH,
                                     .site = each & EACH_SITE ? (tooth_site)s : SITES};
            read_member(r, d, o, p, name, &m, l);
        }
}

static void read_custom(template_reader *r, const destination *d, object_template *o, const yaml_pair *p, size_t before)
{
    const yaml_node *name = template_text(p->value, "name");
    custom_family *c = template_block(r, 1, sizeof *c);
    if (!c) return;
    if (o->custom) template_problem(r, o->file, p->value, "an object has one family of custom values");
    if (o->entity == model_entity_named(SV_LIT("custom_value")))
        template_problem(r, o->file, p->value, "custom values have no custom values");
    *c = (custom_family){.map = p->value,
                         .name = name ? name->text : SV_LIT("{prefix}{name}"),
                         .before = before,
                         .max_length = 255,
                         .options = 12,
                         .is_new = true};
    read_yes_or_no(r, o, p->value, "new", &c->is_new);
    read_number(r, o, p->value, "max_length", 1, INT32_MAX, &c->max_length);
    read_number(r, o, p->value, "options", 0, 1000, &c->options);
    const yaml_node *x = template_text(p->value, "label");
    c->label = x ? x->text : SV_LIT("{name}");
    x = template_text(p->value, "help");
    if (x) c->help = x->text;
    x = template_text(p->value, "brief");
    if (x) c->brief = x->text;
    const pattern_values v = {.name = SV_LIT("x"), .site = SITES, .prefix = d->prefix};
    buf b = buf_new(PATTERN_BYTES_MAX);
    const sv pattern[] = {c->name, c->label, c->help, c->brief};
    for (size_t i = 0; i < 4; i++)
        if (!pattern_fill(&b, pattern[i], &v))
            template_problem(r, o->file, p->value, "a pattern of custom values holds {name} and {prefix} only");
    buf_free(&b);
    o->custom = c;
}

void template_read_fields(template_reader *r, const destination *d, object_template *o, const yaml_node *fields)
{
    field_list l = {0};
    for (size_t i = 0; i < fields->n && !r->failed; i++) {
        const yaml_pair *p = &fields->pair[i];
        if (p->value->kind != YAML_MAP) {
            template_problem(r, o->file, p->value, "%.*s takes keys, such as {from: %s}", (int)p->key.n, p->key.p,
                             o->entity->fields ? o->entity->field[0].name : "source_key");
            continue;
        }
        sv what = arena_printf(r->mem, "field \"%.*s\"", (int)p->key.n, p->key.p);
        (void)yaml_check(o->file, p->value, what.p ? what.p : "field", field_keys,
                         sizeof field_keys / sizeof field_keys[0], r->wrong);
        if (!template_is_wanted(r, d, o->file, p->value)) continue;
        const yaml_node *each = yaml_get(p->value, "each"), *name = template_text(p->value, "name");
        unsigned kind = each ? read_each(r, o, each) : 0;
        if (each && kind == EACH_CUSTOM)
            read_custom(r, d, o, p, l.n);
        else if (each && kind)
            read_family(r, d, o, p, kind, &l);
        else if (!each) {
            target_field *f = next_field(r, &l);
            if (f) read_field(r, d, o, p, template_own_name(r, d, name ? name->text : p->key), NULL, NULL, f);
        }
    }
    o->field = l.item;
    o->fields = l.n;
    if (!fields->n) template_problem(r, o->file, fields, "\"fields\" names no field");
}
