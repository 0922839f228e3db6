/* The profile's tables over those of the source: one view each, with the profile's own names, whatever the source calls
 * them; what the source lacks is NULL, or a view without rows. */
#include "profile/profile_internal.h"

enum { VIEW_BYTES_MAX = 1 << 20, COLUMN_NAME_MAX = 4096 };

/* ---- what is told ---- */

static sv full_name(const profile_source *s, int table)
{
    return table == MATCH_NONE ? (sv){NULL, 0} : s->list->table[table].full_name;
}

static void tell(const profile_source *s, finding_code code, const profile_table *t, sv column, sv a, sv b)
{
    finding x = FINDING_OF(code);
    x.table = t->name;
    x.column = column;
    x.a = a;
    x.b = b;
    find_add(s->run->found, &x);
}

static void wrong_table(const profile_source *s, const profile_table *t, sv text)
{
    problem_add(s->run->wrong, s->x->file, t->line, t->at, "%s", text.p ? text.p : "the table fits no certain one");
}

static void tell_rivals(const profile_source *s, const profile_table *t, const table_match *m)
{
    sv a = full_name(s, m->rival.first), b = full_name(s, m->rival.second);
    if (m->table != MATCH_NONE) {
        if (a.p) tell(s, F_PRO_TABLE_RIVAL, t, (sv){NULL, 0}, full_name(s, m->table), a);
    } else if (b.p) {
        wrong_table(s, t,
                    arena_printf(s->mem,
                                 "\"%.*s\" may be %.*s or %.*s of the source: write the right one with its schema, or "
                                 "with exactly its name, among the \"names\" of the table",
                                 (int)t->name.n, t->name.p, (int)a.n, a.p, (int)b.n, b.p));
    } else if (a.p) {
        wrong_table(s, t,
                    arena_printf(s->mem,
                                 "%.*s of the source fits \"%.*s\" and another table of the profile equally well: "
                                 "correct their \"names\"",
                                 (int)a.n, a.p, (int)t->name.n, t->name.p));
    } else if (m->near != MATCH_NONE) {
        tell(s, F_PRO_TABLE_NEAR, t, (sv){NULL, 0}, full_name(s, m->near), (sv){NULL, 0});
    }
}

static void tell_column(const profile_source *s, const profile_table *t, const table_match *m, size_t i)
{
    const table_info *info = &s->list->table[m->table];
    match_rivals r = m->column_rival[i];
    if (m->column[i] != MATCH_NONE || r.first == MATCH_NONE) return;
    sv a = info->column[r.first].name, b = r.second == MATCH_NONE ? (sv){NULL, 0} : info->column[r.second].name;
    if (!t->column[i].required) {
        tell(s, F_PRO_COLUMN_AMBIGUOUS, t, t->column[i].name, a, b.p ? b : SV_LIT("another column of the profile"));
        return;
    }
    wrong_table(s, t,
                arena_printf(s->mem,
                             "\"%.*s\" of %.*s may be %.*s or %.*s of the source: name the right one among the "
                             "\"names\" of the column",
                             (int)t->column[i].name.n, t->column[i].name.p, (int)t->name.n, t->name.p, (int)a.n, a.p,
                             (int)(b.p ? b.n : 12), b.p ? b.p : "none of them"));
}

static void tell_all(const profile_source *s)
{
    for (size_t i = 0; i < s->x->tables; i++) {
        const profile_table *t = &s->x->table[i];
        tell_rivals(s, t, &s->match[i]);
        for (size_t k = 0; s->match[i].table != MATCH_NONE && k < t->columns; k++) tell_column(s, t, &s->match[i], k);
    }
}

/* ---- the views ---- */

static void add_column(const table_info *info, int at, sv name, buf *out)
{
    if (at == MATCH_NONE) {
        buf_str(out, "NULL");
    } else {
        buf real = buf_new(COLUMN_NAME_MAX);
        sql_column_name(info, (size_t)at, &real);
        buf_str(out, "t.");
        buf_quoted(out, buf_view(&real), '"', '"');
        out->failed |= real.failed;
        buf_free(&real);
    }
    buf_str(out, " AS ");
    buf_quoted(out, name, '"', '"');
}

static bool make_view(const profile_source *s, const profile_table *t, const table_match *m)
{
    const table_info *info = m->table == MATCH_NONE ? NULL : &s->list->table[m->table];
    buf sql = buf_new(VIEW_BYTES_MAX);
    buf_str(&sql, "CREATE TEMP VIEW ");
    buf_quoted(&sql, t->name, '"', '"');
    buf_str(&sql, " AS SELECT ");
    for (size_t i = 0; i < t->columns; i++) {
        if (i) buf_str(&sql, ", ");
        add_column(info, m->column[i], t->column[i].name, &sql);
    }
    if (info) {
        buf_str(&sql, " FROM source.");
        buf_quoted(&sql, info->full_name, '"', '"');
        buf_str(&sql, " AS t");
    } else {
        buf_str(&sql, " WHERE 0");
    }
    buf_char(&sql, '\0');
    bool ok = !sql.failed && sqlite3_exec(s->db, sql.p, NULL, NULL, NULL) == SQLITE_OK;
    buf_free(&sql);
    if (!ok) profile_source_failed(s);
    return ok;
}

/* Columns that were told by their order: the key at least must look like one, or the order is another. */
static bool check_positions(const profile_source *s, const profile_table *t, const table_match *m)
{
    if (!m->by_position || t->key.n == 0) return true;
    sqlite3_stmt *st = NULL;
    char *sql = sqlite3_mprintf("SELECT count(*) = count(DISTINCT nullif(\"%.*w\", '')) FROM temp.\"%w\"",
                                (int)t->key.n, t->key.p, t->name.p);
    bool ok = sql && sqlite3_prepare_v2(s->db, sql, -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW;
    bool unique = ok && sqlite3_column_int(st, 0);
    sqlite3_finalize(st);
    sqlite3_free(sql);
    if (!ok) profile_sql_failed(s, &s->x->entity[0]);
    if (ok && !unique)
        wrong_table(s, t,
                    arena_printf(s->mem,
                                 "%.*s of the source has no headings, and its column at the place of \"%.*s\" is empty "
                                 "or the same in several rows: its order is another than that of the profile",
                                 (int)full_name(s, m->table).n, full_name(s, m->table).p, (int)t->key.n, t->key.p));
    return ok;
}

static bool name_tables(profile_source *s)
{
    sv *all = arena_array(s->mem, s->list->tables + s->x->tables + 1, sizeof *all);
    s->used = arena_array(s->mem, s->list->tables + 1, sizeof(bool *));
    if (!all || !s->used) return false;
    for (size_t i = 0; i < s->list->tables; i++) {
        all[s->names++] = s->list->table[i].full_name;
        s->used[i] = arena_array(s->mem, s->list->table[i].columns + 1, sizeof(bool));
        if (!s->used[i]) return false;
    }
    for (size_t i = 0; i < s->x->tables; i++) all[s->names++] = s->x->table[i].name;
    s->name = all;
    return true;
}

bool profile_views_make(profile_source *s)
{
    s->list = sql_catalog(s->run->db);
    s->match = profile_match(s->x, s->list, s->mem);
    if (!s->match || !name_tables(s)) {
        find_code(s->run->found, F_OUT_OF_MEMORY, "matching the tables of the profile");
        return false;
    }
    tell_all(s);
    for (size_t i = 0; i < s->x->tables; i++)
        if (!make_view(s, &s->x->table[i], &s->match[i]) || !check_positions(s, &s->x->table[i], &s->match[i]))
            return false;
    return true;
}

bool profile_views_drop(const profile_source *s)
{
    bool ok = true;
    for (size_t i = 0; ok && i < s->x->tables; i++) {
        char *sql =
            sqlite3_mprintf("DROP VIEW IF EXISTS temp.\"%.*w\"", (int)s->x->table[i].name.n, s->x->table[i].name.p);
        ok = sql && sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK;
        sqlite3_free(sql);
    }
    if (!ok) profile_source_failed(s);
    return ok;
}

const table_info *profile_table_info(const profile_source *s, sv name)
{
    int at = profile_find_table(s->x, s->match, s->list, name);
    return at == MATCH_NONE ? NULL : &s->list->table[at];
}

/* ---- what is read ---- */

static void note_column(const profile_source *s, size_t table, sv column)
{
    const table_info *t = &s->list->table[table];
    buf name = buf_new(COLUMN_NAME_MAX);
    for (size_t i = 0; i < t->columns; i++) {
        buf_clear(&name);
        sql_column_name(t, i, &name);
        if (sv_eq_nocase(buf_view(&name), column)) s->used[table][i] = true;
    }
    buf_free(&name);
}

static void note_read(void *ctx, sv schema, sv table, sv column, sv inner)
{
    const profile_source *s = ctx;
    if (sv_eq_nocase(schema, SV_LIT("temp"))) {
        const profile_table *t = profile_table_named(s->x, table);
        size_t i = t ? profile_column_named(t, column) : SIZE_MAX;
        if (i == SIZE_MAX) return;
        const table_match *m = &s->match[t - s->x->table];
        if (m->column[i] != MATCH_NONE) s->used[m->table][m->column[i]] = true;
        return;
    }
    /* The body of a view names all its columns: what counts is who reads the view. */
    if (profile_table_named(s->x, inner)) return;
    for (size_t i = 0; i < s->list->tables; i++)
        if (sv_eq_nocase(s->list->table[i].full_name, table) || sv_eq_nocase(s->list->table[i].name, table))
            note_column(s, i, column);
}

void profile_watch(profile_source *s, bool on) { sql_watch(s->run->db, on ? note_read : NULL, on ? s : NULL); }
