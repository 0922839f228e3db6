/* What stays behind, by intent or because nothing can carry it: told with how many rows have a value there. */
#include "profile/profile_internal.h"
#include <stdio.h>

enum { SQL_BYTES_MAX = 1 << 20, NAME_BYTES_MAX = 4096 };

/* ---- by intent ---- */

/* By the profile's name, the source's with its schema, or the source's alone where one table only has it. */
static int table_of(const profile_source *s, sv name)
{
    int found = profile_find_table(s->x, s->match, s->list, name);
    if (found != MATCH_NONE || profile_table_named(s->x, name)) return found;
    for (size_t i = 0; i < s->list->tables; i++) {
        if (!sv_eq_nocase(s->list->table[i].name, name)) continue;
        if (found != MATCH_NONE) return MATCH_NONE;
        found = (int)i;
    }
    return found;
}

/* The table that `leave:` names, or that of the column it names; *column -1: the table as a whole, -2: a column that the
 * table does not have. MATCH_NONE: no table. */
static int named_by(const profile_source *s, sv name, int *column)
{
    int table = table_of(s, name);
    size_t dot = name.n;
    *column = -1;
    if (table != MATCH_NONE) return table;
    while (dot > 0 && name.p[dot - 1] != '.') dot--;
    if (dot < 2) return MATCH_NONE;
    sv owner = {name.p, dot - 1}, rest = {name.p + dot, name.n - dot};
    table = table_of(s, owner);
    if (table == MATCH_NONE) return MATCH_NONE;
    const table_info *t = &s->list->table[table];
    *column = profile_find_column(s->x, s->match, s->list, owner, rest);
    for (size_t i = 0; *column < 0 && i < t->columns; i++)
        if (sv_eq_nocase(rest, t->column[i].name)) *column = (int)i;
    if (*column < 0) *column = -2;
    return table;
}

bool profile_is_left(const profile_source *s, size_t table, int column)
{
    for (size_t i = 0; i < s->x->leaves; i++) {
        int at;
        if (named_by(s, s->x->leave[i], &at) == (int)table && (at == -1 || (at >= 0 && at == column))) return true;
    }
    return false;
}

void profile_check_leave(const profile_source *s)
{
    for (size_t i = 0; i < s->x->leaves; i++) {
        int at, table = named_by(s, s->x->leave[i], &at);
        if (table == MATCH_NONE || at != -2) continue;
        finding x = FINDING_OF(F_PRO_LEAVE_UNKNOWN);
        x.table = s->list->table[table].full_name;
        x.a = s->x->leave[i];
        find_add(s->run->found, &x);
    }
}

bool profile_is_read(const profile_source *s, size_t table)
{
    for (size_t i = 0; i < s->list->table[table].columns; i++)
        if (s->used[table][i]) return true;
    return false;
}

/* ---- counts ---- */

/* In one look at the columns that stay. */
static bool count_filled(const profile_source *s, const table_info *t, left_column *left)
{
    sqlite3_stmt *st = NULL;
    buf sql = buf_new(SQL_BYTES_MAX), name = buf_new(NAME_BYTES_MAX);
    buf_str(&sql, "SELECT 1");
    for (size_t i = 0; i < t->columns; i++) {
        if (!left[i].why || t->column[i].unreadable.n) continue;
        buf_clear(&name);
        sql_column_name(t, i, &name);
        buf_str(&sql, ", count(nullif(");
        buf_quoted(&sql, buf_view(&name), '"', '"');
        buf_str(&sql, ", ''))");
    }
    buf_str(&sql, " FROM source.");
    buf_quoted(&sql, t->full_name, '"', '"');
    buf_char(&sql, '\0');
    bool ok = !sql.failed && !name.failed && sqlite3_prepare_v2(s->db, sql.p, -1, &st, NULL) == SQLITE_OK &&
              sqlite3_step(st) == SQLITE_ROW;
    int at = 1;
    for (size_t i = 0; ok && i < t->columns; i++) {
        if (!left[i].why) continue;
        left[i].filled = t->column[i].unreadable.n ? -1 : sqlite3_column_int64(st, at++);
    }
    sqlite3_finalize(st);
    buf_free(&sql);
    buf_free(&name);
    if (!ok) profile_source_failed(s);
    return ok;
}

bool profile_list_left(const profile_source *s, size_t table, left_column *left)
{
    const table_info *t = &s->list->table[table];
    bool any = false;
    if (!s->run->left) return true;
    for (size_t i = 0; i < t->columns; i++) any = any || left[i].why;
    if (any && !count_filled(s, t, left)) return false;
    for (size_t i = 0; i < t->columns; i++) {
        profile_left x = {t->full_name, t->column[i].name, t->rows_expected, left[i].filled, left[i].why};
        if (left[i].carried) x.filled = (int64_t)left[i].carried;
        if (left[i].why || left[i].carried) s->run->left(s->run->ctx, &x);
    }
    return true;
}
