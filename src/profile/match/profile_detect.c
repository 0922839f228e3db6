/* The fingerprint of a profile, and how well a database fits it. */
#include "profile/profile_internal.h"

/* Where something required is missing the SELECTs cannot run: such a score stays below the one that a profile is chosen
 * by (PROFILE_SCORE_MIN of convert). The rest tells apart the versions of one system. */
enum { SCORE_RUNS = 80, SCORE_ALL = 100 };

static size_t count_marks(const yaml_node *tables)
{
    size_t n = 0;
    for (size_t i = 0; tables && tables->kind == YAML_MAP && i < tables->n; i++) n += 1 + tables->pair[i].value->n;
    return n;
}

static void read_table(const profile_reader *r, const yaml_pair *pair, bool required, profile_mark *mark, size_t *n)
{
    const yaml_node *columns = pair->value;
    const profile_table *t = profile_table_named(r->x, pair->key);
    mark[(*n)++] = (profile_mark){pair->key, {NULL, 0}, required};
    if (columns->kind != YAML_LIST) {
        profile_problem(r, columns, "the columns of a table must be a list");
        return;
    }
    for (size_t i = 0; i < columns->n; i++) {
        const yaml_node *c = columns->item[i];
        if (c->kind == YAML_TEXT && c->text.n)
            mark[(*n)++] = (profile_mark){pair->key, c->text, required};
        else
            profile_problem(r, c, "a column must be a name");
        if (t && c->kind == YAML_TEXT && profile_column_named(t, c->text) == SIZE_MAX)
            profile_problem(r, c, "the profile's table %.*s has no column \"%.*s\"", (int)t->name.n, t->name.p,
                            (int)c->text.n, c->text.p);
    }
}

static const yaml_key detect_keys[] = {{"tables", YAML_IS_MAP, true}, {"optional", YAML_IS_MAP, false}};

void profile_read_detect(const profile_reader *r, const yaml_node *detect)
{
    if (!detect || detect->kind != YAML_MAP) return;
    yaml_check(r->x->file, detect, "\"detect\"", detect_keys, sizeof detect_keys / sizeof detect_keys[0], r->wrong);
    const yaml_node *part[] = {yaml_get(detect, "optional"), yaml_get(detect, "tables")};
    profile_mark *mark = profile_array(r, count_marks(part[0]) + count_marks(part[1]), sizeof *mark);
    if (!mark) return;
    for (int required = 1; required >= 0; required--) {
        const yaml_node *tables = part[required];
        for (size_t i = 0; tables && tables->kind == YAML_MAP && i < tables->n; i++)
            read_table(r, &tables->pair[i], required, mark, &r->x->marks);
        if (required && tables && tables->kind == YAML_MAP && tables->n == 0)
            profile_problem(r, tables, "the fingerprint names no table: it would fit every database");
    }
    r->x->mark = mark;
}

/* ---- the score ---- */

static bool has_column(const table_info *t, sv column)
{
    if (column.n == 0) return true;
    for (size_t i = 0; i < t->columns; i++)
        if (sv_eq_nocase(t->column[i].name, column)) return true;
    return false;
}

/* A table of the profile is there when one was found, or when two may be it: which one is asked later. */
static bool is_matched(const profile *x, const table_match *match, const profile_table *t, sv column)
{
    const table_match *m = &match[t - x->table];
    if (m->table == MATCH_NONE) return m->rival.first != MATCH_NONE;
    size_t i = column.n ? profile_column_named(t, column) : SIZE_MAX;
    return column.n == 0 || (i != SIZE_MAX && (m->column[i] != MATCH_NONE || m->column_rival[i].first != MATCH_NONE));
}

static bool is_there(const profile *x, const table_match *match, const catalog *c, const profile_mark *mark)
{
    const profile_table *own = profile_table_named(x, mark->table);
    if (own) return is_matched(x, match, own, mark->column);
    for (size_t i = 0; i < c->tables; i++) {
        const table_info *t = &c->table[i];
        if (!sv_eq_nocase(mark->table, t->full_name) && !sv_eq_nocase(mark->table, t->name)) continue;
        if (has_column(t, mark->column)) return true;
    }
    return false;
}

static void say_missing(const profile_mark *m, buf *missing)
{
    if (missing->n) buf_str(missing, ", ");
    buf_sv(missing, m->table);
    if (m->column.n) buf_printf(missing, ".%.*s", (int)m->column.n, m->column.p);
    if (!m->required) buf_str(missing, " (optional)");
}

static unsigned score(const profile *x, const table_match *match, const catalog *c, buf *missing)
{
    size_t found[2] = {0, 0}, all[2] = {0, 0};
    bool table_missing = false;
    for (size_t i = 0; i < x->marks; i++) {
        const profile_mark *m = &x->mark[i];
        bool there = is_there(x, match, c, m);
        all[m->required]++;
        found[m->required] += there;
        /* A missing table is said once, not again for each of its columns. */
        if (m->column.n == 0) table_missing = !there;
        if (!there && (m->column.n == 0 || !table_missing)) say_missing(m, missing);
    }
    if (found[1] < all[1]) return (unsigned)((SCORE_RUNS - 1) * found[1] / all[1]);
    if (all[0] == 0) return SCORE_ALL;
    return (unsigned)(SCORE_RUNS + (SCORE_ALL - SCORE_RUNS) * found[0] / all[0]);
}

unsigned profile_score(const profile *x, const catalog *c, buf *missing)
{
    arena *mem = arena_new(0);
    const table_match *match = mem ? profile_match(x, c, mem) : NULL;
    unsigned points = match ? score(x, match, c, missing) : 0;
    arena_free(mem);
    return points;
}
