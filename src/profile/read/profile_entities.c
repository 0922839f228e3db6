/* The key `entities:` of a profile, and the SELECTs beside it. */
#include "base/limits.h"
#include "base/text_file.h"
#include "base/utf.h"
#include "profile/profile_internal.h"

enum { NAMES_MAX = 128 };

/* A table of the profile, or one of the source by its full name: a bare one would mean another table the day a second
 * schema has it. */
static bool read_driving(const profile_reader *r, const yaml_node *n, sv *out)
{
    if (n->kind != YAML_TEXT) {
        profile_problem(r, n, "a driving table must be a name");
        return false;
    }
    *out = n->text;
    if (profile_table_named(r->x, n->text)) return true;
    const char *dot = sv_find(n->text, '.');
    if (!dot || dot == n->text.p || dot + 1 == n->text.p + n->text.n) {
        profile_problem(r, n, "a driving table is named with its schema, such as \"dbo.patient\"%s",
                        r->x->tables ? ", or is one of \"tables\"" : "");
        return false;
    }
    return true;
}

static void read_from(const profile_reader *r, const yaml_node *from, profile_entity *e)
{
    bool list = from->kind == YAML_LIST;
    sv *all = profile_array(r, list ? from->n : 1, sizeof *all);
    if (!all) return;
    for (size_t i = 0; i < (list ? from->n : 1); i++)
        if (read_driving(r, list ? from->item[i] : from, &all[e->drivings])) e->drivings++;
    if (list && from->n == 0) profile_problem(r, from, "\"from\" names no table");
    e->driving = all;
    buf names = buf_new(YAML_BYTES_MAX * 2);
    for (size_t i = 0; i < e->drivings; i++) {
        buf_str(&names, i ? ", " : "");
        buf_sv(&names, all[i]);
    }
    e->driving_table = names.n ? arena_sv(r->mem, buf_view(&names)) : SV_LIT("");
    if (names.failed || !e->driving_table.p) r->wrong->failed = true;
    buf_free(&names);
}

static const char *what_is_wrong_with(sv sql)
{
    if (sv_find(sql, '\0')) return "it holds a NUL character";
    for (size_t i = 0, n = 0; i < sql.n; i += n) {
        n = utf8_valid_at((sv){sql.p + i, sql.n - i});
        if (n == 0) return "it is not UTF-8 text";
    }
    return NULL;
}

static void read_sql(const profile_reader *r, const yaml_node *at, profile_entity *e)
{
    const char *why = "";
    bool beside = e->sql_file.n > 0 && e->sql_file.p[0] != '.';
    for (size_t i = 0; i < e->sql_file.n; i++) beside = beside && !strchr("/\\:", e->sql_file.p[i]);
    if (!beside) {
        profile_problem(r, at, "\"sql\" must name a file beside profile.yaml");
        return;
    }
    sv path = arena_printf(r->mem, "%s/%.*s", r->folder, (int)e->sql_file.n, e->sql_file.p);
    if (!path.p)
        r->wrong->failed = true;
    else if (!text_file_read(path.p, YAML_BYTES_MAX, r->mem, &e->sql, &why))
        profile_problem(r, at, "%.*s cannot be read: %s", (int)e->sql_file.n, e->sql_file.p, why);
    else if ((why = what_is_wrong_with(e->sql)) != NULL)
        profile_problem(r, at, "%.*s cannot be used: %s", (int)e->sql_file.n, e->sql_file.p, why);
}

static const model_entity *entity_named(const profile_reader *r, const yaml_pair *pair)
{
    const model_entity *e = model_entity_named(pair->key);
    sv names[NAMES_MAX];
    size_t n = 0;
    if (e) return e;
    for (; n < model_entities() && n < NAMES_MAX; n++) names[n] = sv_from(model_entity_at(n)->name);
    problem_add(r->wrong, r->x->file, pair->line, pair->column, "the model has no entity \"%.*s\"%s", (int)pair->key.n,
                pair->key.p, profile_hint(r->mem, pair->key, names, n));
    return NULL;
}

static const yaml_key entity_keys[] = {{"from", YAML_IS_TEXT | YAML_IS_LIST, false},
                                       {"sql", YAML_IS_TEXT, true},
                                       {"many", YAML_IS_TEXT, false},
                                       {"derived", YAML_IS_TEXT, false}};

static bool truth_of(const profile_reader *r, const yaml_node *map, const char *key)
{
    bool yes = false;
    const yaml_node *n = yaml_get(map, key);
    if (n && n->kind == YAML_TEXT) yaml_bool(r->x->file, n, &yes, r->wrong);
    return yes;
}

static void read_part(const profile_reader *r, const yaml_node *n, const model_entity *entity)
{
    profile_entity e = {.entity = entity, .driving_table = SV_LIT("")};
    yaml_check(r->x->file, n, "an entity", entity_keys, sizeof entity_keys / sizeof entity_keys[0], r->wrong);
    if (n->kind != YAML_MAP) return;
    const yaml_node *from = yaml_get(n, "from"), *sql = yaml_get(n, "sql");
    e.many = truth_of(r, n, "many");
    e.derived = truth_of(r, n, "derived");
    if (e.derived && from)
        profile_problem(r, from, "derived records have no driving table: their rows are accounted for elsewhere");
    else if (!e.derived && !from)
        profile_problem(r, n, "an entity lacks the key \"from\"");
    else if (from && from->kind != YAML_MAP)
        read_from(r, from, &e);
    if (sql && sql->kind == YAML_TEXT) {
        e.sql_file = sql->text;
        read_sql(r, sql, &e);
    }
    if (!entity) return;
    r->x->from[r->x->entities] = from ? from : n;
    r->x->entity[r->x->entities++] = e;
}

static void read_entity(const profile_reader *r, const yaml_pair *pair)
{
    const model_entity *entity = entity_named(r, pair);
    const yaml_node *n = pair->value;
    if (n->kind != YAML_LIST) {
        read_part(r, n, entity);
        return;
    }
    if (n->n == 0) profile_problem(r, n, "the entity has no part");
    for (size_t i = 0; i < n->n; i++) read_part(r, n->item[i], entity);
}

static size_t count_parts(const yaml_node *entities)
{
    size_t n = 0;
    for (size_t i = 0; i < entities->n; i++)
        n += entities->pair[i].value->kind == YAML_LIST ? entities->pair[i].value->n : 1;
    return n;
}

void profile_read_entities(const profile_reader *r, const yaml_node *entities)
{
    if (!entities || entities->kind != YAML_MAP) return;
    size_t parts = count_parts(entities);
    r->x->entity = profile_array(r, parts, sizeof *r->x->entity);
    r->x->from = profile_array(r, parts, sizeof(const yaml_node *));
    if (!r->x->entity || !r->x->from) return;
    for (size_t i = 0; i < entities->n; i++) read_entity(r, &entities->pair[i]);
    if (entities->n == 0) profile_problem(r, entities, "the profile gives no entity");
}

/* What a record cannot be without must come from somewhere. */
void profile_check_targets(const profile_reader *r)
{
    for (size_t i = 0; i < r->x->entities; i++) {
        const model_entity *e = r->x->entity[i].entity;
        for (size_t k = 0; r->x->from[i] && k < e->fields; k++) {
            const model_field *f = &e->field[k];
            if (f->type == FIELD_REFERENCE && f->required && !profile_entity_of(r->x, f->target))
                profile_problem(r, r->x->from[i], "%s cannot be without %s, and the profile does not give that entity",
                                e->name, f->target);
        }
    }
}
