#include "draft/schema_links.h"
#include "draft/select_list.h"
#include "profile/profile_internal.h"

enum { RULE_MAX = 300 };

typedef struct finder {
    const schema_map *m;
    const table_match *match;
    schema_links *out;
    const profile_entity *e;
    const select_item *item;
    bool failed;
} finder;

/* A table by the name that a SELECT uses: with its schema, the profile's own, or alone. */
static int table_named(const finder *f, sv name)
{
    int at = profile_find_table(f->m->profile, f->match, f->m->list, name);
    for (size_t i = 0; at == MATCH_NONE && i < f->m->list->tables; i++)
        if (sv_eq_nocase(f->m->list->table[i].name, name)) at = (int)i;
    return at;
}

static int column_named(const finder *f, sv table_name, int table, sv name)
{
    int at = profile_find_column(f->m->profile, f->match, f->m->list, table_name, name);
    if (at != MATCH_NONE) return at;
    const table_info *t = &f->m->list->table[table];
    for (size_t i = 0; i < t->columns; i++)
        if (sv_eq_nocase(t->column[i].name, name)) return (int)i;
    return MATCH_NONE;
}

static sv one_line(const finder *f, sv s)
{
    size_t n = 0;
    char *p = arena_alloc(f->m->mem, s.n + 1);
    if (!p) return (sv){NULL, 0};
    for (size_t i = 0; i < s.n; i++) {
        bool blank = strchr(" \t\r\n", s.p[i]) != NULL;
        if (blank && n && p[n - 1] == ' ') continue;
        p[n++] = blank ? ' ' : s.p[i];
    }
    return (sv){p, n < RULE_MAX ? n : RULE_MAX};
}

/* x.Name and rtrim(x.Name) are the value as it is. */
static bool is_plain(sv s)
{
    size_t names = 0, signs = 0;
    if (s.n > 6 && sv_eq_nocase((sv){s.p, 6}, SV_LIT("rtrim(")) && s.p[s.n - 1] == ')') s = (sv){s.p + 6, s.n - 7};
    for (size_t i = 0; i < s.n; i++) {
        signs += strchr("(|+*/'=", s.p[i]) != NULL;
        names += s.p[i] == ' ';
    }
    return signs == 0 && names == 0;
}

static void link_column(finder *f, int table, int column)
{
    schema_link **at = &f->out->of[table][column];
    sv field = arena_printf(f->m->mem, "%s.%.*s", f->e->entity->name, (int)f->item->field.n, f->item->field.p);
    while (*at && !sv_eq((*at)->field, field)) at = &(*at)->next;
    if (*at) return;
    *at = arena_alloc(f->m->mem, sizeof **at);
    if (!*at || !field.p) {
        f->failed = true;
        return;
    }
    **at = (schema_link){.field = field, .points = f->item->points};
    if (!is_plain(f->item->expression)) (*at)->rule = one_line(f, f->item->expression);
    f->out->count++;
}

typedef struct bare {
    finder *f;
    sv name;
} bare;

static void try_table(void *ctx, sv qualifier, sv name)
{
    bare *b = ctx;
    int table = table_named(b->f, name);
    (void)qualifier;
    int column = table == MATCH_NONE ? MATCH_NONE : column_named(b->f, name, table, b->name);
    if (column != MATCH_NONE) link_column(b->f, table, column);
}

/* An alias is that of the subquery in the expression, if there is one, else of the SELECT. */
static void take_name(void *ctx, sv qualifier, sv name)
{
    finder *f = ctx;
    bare b = {f, name};
    if (!qualifier.p) {
        select_tables(f->e->sql, try_table, &b);
        return;
    }
    sv table = select_table_of(f->item->expression, qualifier);
    if (!table.p) table = select_table_of(f->e->sql, qualifier);
    if (table.p) try_table(&b, (sv){NULL, 0}, table);
}

static bool take_select(finder *f, const profile_entity *e)
{
    size_t n = 0;
    const select_item *item = select_items(e->sql, f->m->mem, &n);
    f->e = e;
    for (size_t i = 0; item && i < n; i++) {
        f->item = &item[i];
        select_names(item[i].expression, take_name, f);
    }
    return item != NULL;
}

bool schema_links_find(const schema_map *m, schema_links *out)
{
    finder f = {.m = m, .match = profile_match(m->profile, m->list, m->mem), .out = out};
    *out = (schema_links){.of = arena_array(m->mem, m->list->tables + 1, sizeof(schema_link **))};
    if (!f.match || !out->of) return false;
    for (size_t i = 0; i < m->list->tables; i++) {
        out->of[i] = arena_array(m->mem, m->list->table[i].columns + 1, sizeof(schema_link *));
        if (!out->of[i]) return false;
    }
    for (size_t i = 0; i < profile_entities(m->profile); i++)
        if (!take_select(&f, profile_entity_at(m->profile, i))) return false;
    return !f.failed;
}
