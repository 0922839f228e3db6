/* One object of a destination: its file read, everything in it checked that can be checked without the others. */
#include "deliver/target_format.h"
#include "deliver/template.h"
#include <stdarg.h>
#include <stdio.h>

sv staged_name(const model_entity *e, size_t column)
{
    static const char *const keys[] = {"source_key", "src_table", "src_key"};
    return sv_from(column < STAGED_FIELDS ? keys[column] : e->field[column - STAGED_FIELDS].name);
}

const model_field *staged_field(const model_entity *e, size_t column)
{
    return column < STAGED_FIELDS ? NULL : &e->field[column - STAGED_FIELDS];
}

void template_problem(template_reader *r, sv file, const yaml_node *at, const char *format, ...)
{
    buf text = buf_new(65536);
    char *room = buf_reserve(&text, 4096);
    if (room) {
        va_list args;
        va_start(args, format);
        (void)vsnprintf(room, 4096, format, args);
        va_end(args);
        problem_add(r->wrong, file, at ? at->line : 0, at ? at->column : 0, "%s", room);
    } else {
        r->failed = true;
    }
    buf_free(&text);
}

const char *template_hint(template_reader *r, sv word, const sv *candidate, size_t n)
{
    sv near = problem_suggest(word, candidate, n);
    if (!near.n) return "";
    sv text = arena_printf(r->mem, " (did you mean \"%.*s\"?)", (int)near.n, near.p);
    return text.p ? text.p : "";
}

/* An arena block, or failed. */
static void *block(template_reader *r, size_t count, size_t size)
{
    void *p = arena_array(r->mem, count ? count : 1, size);
    if (!p) r->failed = true;
    return p;
}

/* ---- canonical fields ---- */

/* SIZE_MAX, and a problem, when the entity has no such field. */
static size_t column_named(template_reader *r, const object_template *o, const yaml_node *at, sv name)
{
    size_t n = o->entity->fields + STAGED_FIELDS;
    sv *all = block(r, n, sizeof *all);
    if (!all) return SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        all[i] = staged_name(o->entity, i);
        if (sv_eq(all[i], name)) return i;
    }
    template_problem(r, o->file, at, "%s has no field \"%.*s\"%s", o->entity->name, (int)name.n, name.p,
                     template_hint(r, name, all, n));
    return SIZE_MAX;
}

/* The words of an enumeration. */
static size_t enum_words(template_reader *r, const model_field *f, sv **out)
{
    size_t n = 0;
    const char *p = f->values ? f->values : "";
    *out = block(r, strlen(p) / 2 + 1, sizeof **out);
    while (*out && *p) {
        size_t length = strcspn(p, " ");
        if (length) (*out)[n++] = (sv){p, length};
        p += length + (p[length] == ' ');
    }
    return n;
}

static bool is_word(sv word, const sv *all, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (sv_eq(all[i], word)) return true;
    return false;
}

/* A text that a template compares with the values of an enumeration or a yes-or-no. */
static void check_word(template_reader *r, const object_template *o, const yaml_node *at, unsigned line,
                       unsigned column, const model_field *f, sv word)
{
    if (!f) return;
    sv *all = NULL;
    size_t n = 0;
    static const sv bools[] = {{"0", 1}, {"1", 1}};
    if (f->type == FIELD_ENUM) n = enum_words(r, f, &all);
    if (f->type == FIELD_BOOL) n = 2;
    const sv *known = f->type == FIELD_BOOL ? bools : all;
    if (!n || !known || is_word(word, known, n)) return;
    yaml_node place = {.line = at ? at->line : line, .column = at ? at->column : column};
    template_problem(r, o->file, &place, "%s of %s is never \"%.*s\"%s", f->name, o->entity->name, (int)word.n, word.p,
                     template_hint(r, word, known, n));
}

/* ---- when ---- */

static void read_condition(template_reader *r, const object_template *o, const yaml_pair *p, condition *c)
{
    yaml_node key = {.line = p->line, .column = p->column};
    c->column = column_named(r, o, &key, p->key);
    bool list = p->value->kind == YAML_LIST;
    size_t n = list ? p->value->n : 1;
    if (p->value->kind == YAML_MAP || n == 0) {
        template_problem(r, o->file, p->value, "\"when\" takes a value or a list of values for each field");
        return;
    }
    sv *word = block(r, n, sizeof *word);
    if (!word) return;
    for (size_t i = 0; i < n; i++) {
        const yaml_node *x = list ? p->value->item[i] : p->value;
        if (x->kind != YAML_TEXT) {
            template_problem(r, o->file, x, "\"when\" takes a value or a list of values for each field");
            continue;
        }
        word[c->words++] = x->text;
        if (c->column != SIZE_MAX) check_word(r, o, x, 0, 0, staged_field(o->entity, c->column), x->text);
    }
    c->word = word;
}

static const condition *read_when(template_reader *r, const object_template *o, const yaml_node *map, size_t *n)
{
    *n = 0;
    if (!map || map->kind != YAML_MAP) return NULL;
    condition *all = block(r, map->n, sizeof *all);
    for (size_t i = 0; all && i < map->n; i++) read_condition(r, o, &map->pair[i], &all[(*n)++]);
    return all;
}

/* ---- one field ---- */

static const char *const misfit_word[] = {"reject", "hold", "keep", "cut"};

/* One of the rules whose bit is set in `allowed`. */
static misfit_rule read_rule(template_reader *r, const object_template *o, const yaml_node *n, const char *key,
                             unsigned allowed, misfit_rule otherwise)
{
    if (!n || n->kind != YAML_TEXT) return otherwise;
    sv word[4];
    size_t words = 0;
    buf list = buf_new(256);
    for (unsigned i = 0; i < 4; i++) {
        if (!(allowed & 1u << i)) continue;
        word[words] = sv_from(misfit_word[i]);
        if (sv_eq(word[words], n->text)) {
            buf_free(&list);
            return (misfit_rule)i;
        }
        buf_printf(&list, "%s%s", words++ ? ", " : "", misfit_word[i]);
    }
    template_problem(r, o->file, n, "\"%s\" is one of %.*s, not \"%.*s\"%s", key, (int)list.n, list.p, (int)n->text.n,
                     n->text.p, template_hint(r, n->text, word, words));
    buf_free(&list);
    return otherwise;
}

static void read_from(template_reader *r, const object_template *o, const yaml_node *n, target_field *f)
{
    size_t *one = block(r, 1, sizeof *one);
    if (!one) return;
    *one = column_named(r, o, n, n->text);
    if (*one == SIZE_MAX) return;
    f->from = one;
    f->froms = 1;
}

static void read_join(template_reader *r, const object_template *o, const yaml_node *n, target_field *f)
{
    size_t *all = block(r, n->n, sizeof *all), count = 0;
    for (size_t i = 0; all && i < n->n; i++) {
        if (n->item[i]->kind != YAML_TEXT) {
            template_problem(r, o->file, n->item[i], "\"join\" is a list of canonical fields");
            continue;
        }
        size_t c = column_named(r, o, n->item[i], n->item[i]->text);
        if (c != SIZE_MAX) all[count++] = c;
    }
    if (n->n < 2) template_problem(r, o->file, n, "\"join\" takes at least two canonical fields");
    f->from = all;
    f->froms = count;
}

static void read_values(template_reader *r, const object_template *o, const yaml_node *n, target_field *f)
{
    const model_field *source = f->froms == 1 ? staged_field(o->entity, f->from[0]) : NULL;
    translation *all = block(r, n->n, sizeof *all);
    for (size_t i = 0; all && i < n->n; i++) {
        const yaml_pair *p = &n->pair[i];
        check_word(r, o, NULL, p->line, p->column, source, p->key);
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
    size_t words = enum_words(r, source, &word);
    for (size_t i = 0; word && i < words; i++) {
        bool there = false;
        for (size_t k = 0; k < n->n; k++) there |= sv_eq(n->pair[k].key, word[i]);
        if (!there)
            template_problem(r, o->file, n, "\"values\" lacks \"%.*s\" of %s; add it, or say what to do with \"else\"",
                             (int)word[i].n, word[i].p, source->name);
    }
}

static bool is_moment(const model_field *f) { return f && (f->type == FIELD_DATE || f->type == FIELD_DATETIME); }

static void read_format(template_reader *r, const destination *d, const object_template *o, const yaml_node *n,
                        target_field *f)
{
    const model_field *source = f->froms == 1 ? staged_field(o->entity, f->from[0]) : NULL;
    if (n && n->kind == YAML_TEXT && f->froms && !is_moment(source)) {
        template_problem(r, o->file, n, "\"format\" is for dates and date-times; %.*s is none", (int)f->name.n,
                         f->name.p);
        return;
    }
    if (!is_moment(source) || f->translated) return;
    f->format = source->type == FIELD_DATE ? d->dates : d->datetimes;
    if (!n || n->kind != YAML_TEXT) return;
    f->format = n->text;
    const char *wrong = target_format_wrong(n->text, source->type == FIELD_DATETIME);
    if (wrong) template_problem(r, o->file, n, "\"%.*s\" is no form of a date: %s", (int)n->text.n, n->text.p, wrong);
}

/* What a field is made of: exactly one of from, const and join. */
static void read_origin(template_reader *r, const object_template *o, const yaml_node *map, target_field *f)
{
    const yaml_node *from = yaml_get(map, "from"), *constant = yaml_get(map, "const"), *join = yaml_get(map, "join");
    int origins = (from != NULL) + (constant != NULL) + (join != NULL);
    if (origins == 0 && yaml_get(map, "default"))
        template_problem(r, o->file, map, "%.*s has a default but no source; a fixed value is a \"const\"",
                         (int)f->name.n, f->name.p);
    else if (origins == 0)
        template_problem(r, o->file, map, "%.*s has no source: say \"from\", \"join\" or \"const\"", (int)f->name.n,
                         f->name.p);
    else if (origins > 1)
        template_problem(r, o->file, map, "%.*s has more than one source: only one of \"from\", \"join\" and \"const\"",
                         (int)f->name.n, f->name.p);
    if (from && from->kind == YAML_TEXT) read_from(r, o, from, f);
    if (join && join->kind == YAML_LIST) read_join(r, o, join, f);
    f->is_const = constant && constant->kind == YAML_TEXT;
    if (f->is_const) f->constant = constant->text;
    if (f->is_const && !constant->text.n) template_problem(r, o->file, constant, "\"const\" is empty");
}

/* Keys that say nothing without another one. */
static void check_company(template_reader *r, const object_template *o, const yaml_node *map, const target_field *f)
{
    static const struct {
        const char *key, *needs, *other;
    } pair[] = {{"separator", "join", NULL}, {"overflow", "max_length", NULL}, {"else", "values", "lookup"},
                {"lookup", "from", NULL},    {"values", "from", NULL},         {"format", "from", NULL}};
    for (size_t i = 0; i < sizeof pair / sizeof pair[0]; i++) {
        const yaml_node *n = yaml_get(map, pair[i].key);
        if (!n || yaml_get(map, pair[i].needs) || (pair[i].other && yaml_get(map, pair[i].other))) continue;
        if (f->format.n && strcmp(pair[i].key, "else") == 0) continue;
        template_problem(r, o->file, n, "\"%s\" needs \"%s\"%s%s%s", pair[i].key, pair[i].needs,
                         pair[i].other ? " or \"" : "", pair[i].other ? pair[i].other : "", pair[i].other ? "\"" : "");
    }
    if (yaml_get(map, "lookup") && yaml_get(map, "values"))
        template_problem(r, o->file, yaml_get(map, "values"), "a link has no \"values\"");
    const model_field *source = f->froms == 1 ? staged_field(o->entity, f->from[0]) : NULL;
    if (source && source->type == FIELD_REFERENCE && !yaml_get(map, "lookup"))
        template_problem(r, o->file, yaml_get(map, "from"), "%s is a link to %s: it needs \"lookup\"", source->name,
                         source->target);
}

static const yaml_key field_keys[] = {
    {"from", YAML_IS_TEXT, false},      {"const", YAML_IS_TEXT, false},    {"join", YAML_IS_LIST, false},
    {"separator", YAML_IS_TEXT, false}, {"values", YAML_IS_MAP, false},    {"lookup", YAML_IS_TEXT, false},
    {"format", YAML_IS_TEXT, false},    {"required", YAML_IS_TEXT, false}, {"max_length", YAML_IS_TEXT, false},
    {"overflow", YAML_IS_TEXT, false},  {"else", YAML_IS_TEXT, false},     {"when", YAML_IS_MAP, false},
    {"default", YAML_IS_TEXT, false},
};

static void read_field(template_reader *r, const destination *d, const object_template *o, const yaml_pair *p,
                       target_field *f)
{
    const yaml_node *map = p->value;
    *f = (target_field){.name = p->key, .line = p->line, .column = p->column, .separator = SV_LIT(" ")};
    if (map->kind != YAML_MAP) {
        template_problem(r, o->file, map, "%.*s takes keys, such as {from: %s}", (int)p->key.n, p->key.p,
                         o->entity->fields ? o->entity->field[0].name : "source_key");
        return;
    }
    sv what = arena_printf(r->mem, "field \"%.*s\"", (int)p->key.n, p->key.p);
    (void)yaml_check(o->file, map, what.p ? what.p : "field", field_keys, sizeof field_keys / sizeof field_keys[0],
                     r->wrong);
    read_origin(r, o, map, f);
    const yaml_node *x = yaml_get(map, "required");
    if (x && x->kind == YAML_TEXT) (void)yaml_bool(o->file, x, &f->required, r->wrong);
    x = yaml_get(map, "max_length");
    if (x && x->kind == YAML_TEXT && yaml_uint(o->file, x, INT32_MAX, &f->max_length, r->wrong) && !f->max_length)
        template_problem(r, o->file, x, "\"max_length\" is at least 1");
    x = yaml_get(map, "separator");
    if (x && x->kind == YAML_TEXT) f->separator = x->text;
    x = yaml_get(map, "default");
    f->has_default = x && x->kind == YAML_TEXT;
    if (f->has_default) f->otherwise_written = x->text;
    if (f->has_default && !x->text.n) template_problem(r, o->file, x, "\"default\" is empty");
    x = yaml_get(map, "lookup");
    if (x && x->kind == YAML_TEXT) {
        f->lookup = x->text;
        f->lookup_node = x;
    }
    misfit_rule safe = f->required ? MISFIT_REJECT : MISFIT_HOLD;
    x = yaml_get(map, "else");
    f->has_else = x != NULL;
    unsigned keep = yaml_get(map, "values") ? 1u << MISFIT_KEEP : 0;
    f->otherwise = read_rule(r, o, x, "else", 1u << MISFIT_REJECT | 1u << MISFIT_HOLD | keep, safe);
    f->overflow = read_rule(r, o, yaml_get(map, "overflow"), "overflow",
                            1u << MISFIT_REJECT | 1u << MISFIT_HOLD | 1u << MISFIT_CUT, safe);
    x = yaml_get(map, "values");
    if (x && x->kind == YAML_MAP) read_values(r, o, x, f);
    read_format(r, d, o, yaml_get(map, "format"), f);
    f->when = read_when(r, o, yaml_get(map, "when"), &f->whens);
    if (f->required && f->whens)
        template_problem(r, o->file, yaml_get(map, "when"), "a required field cannot have \"when\"");
    check_company(r, o, map, f);
}

/* ---- the object ---- */

static const yaml_key object_keys[] = {
    {"object", YAML_IS_TEXT, true}, {"from", YAML_IS_TEXT, true},   {"key", YAML_IS_TEXT, true},
    {"file", YAML_IS_TEXT, true},   {"after", YAML_IS_LIST, false}, {"when", YAML_IS_MAP, false},
    {"fields", YAML_IS_MAP, true},
};

static void read_entity(template_reader *r, object_template *o)
{
    const yaml_node *n = yaml_get(o->root, "from");
    if (!n || n->kind != YAML_TEXT) return;
    o->entity = model_entity_named(n->text);
    if (o->entity) return;
    sv *all = block(r, model_entities(), sizeof *all);
    for (size_t i = 0; all && i < model_entities(); i++) all[i] = sv_from(model_entity_at(i)->name);
    if (all)
        template_problem(r, o->file, n, "there is no canonical entity \"%.*s\"%s", (int)n->text.n, n->text.p,
                         template_hint(r, n->text, all, model_entities()));
}

static bool name_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool template_file_name(sv name, const char *ending)
{
    size_t n = strlen(ending);
    if (name.n <= n || name.n > 64 || memcmp(name.p + name.n - n, ending, n) != 0) return false;
    for (size_t i = 0; i + n < name.n; i++)
        if (!name_character(name.p[i])) return false;
    return true;
}

static sv text_of(const yaml_node *root, const char *key)
{
    const yaml_node *n = yaml_get(root, key);
    return n && n->kind == YAML_TEXT ? n->text : (sv){NULL, 0};
}

void template_read_object(template_reader *r, const destination *d, object_template *o)
{
    (void)yaml_check(o->file, o->root, "this object", object_keys, sizeof object_keys / sizeof object_keys[0],
                     r->wrong);
    o->object = text_of(o->root, "object");
    o->key = text_of(o->root, "key");
    o->csv = text_of(o->root, "file");
    if (o->csv.n && !template_file_name(o->csv, ".csv"))
        template_problem(r, o->file, yaml_get(o->root, "file"),
                         "a file is named by letters, digits, - and _, and ends in .csv: \"%.*s\"", (int)o->csv.n,
                         o->csv.p);
    read_entity(r, o);
    const yaml_node *fields = yaml_get(o->root, "fields");
    if (!o->entity || !fields || fields->kind != YAML_MAP) return;
    o->when = read_when(r, o, yaml_get(o->root, "when"), &o->whens);
    target_field *all = block(r, fields->n, sizeof *all);
    for (size_t i = 0; all && i < fields->n; i++) read_field(r, d, o, &fields->pair[i], &all[o->fields++]);
    o->field = all;
    if (!fields->n) template_problem(r, o->file, fields, "\"fields\" names no field");
}
