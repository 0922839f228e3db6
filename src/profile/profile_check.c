/* A profile against a source: all that staging would check, what is read and what is not, and whether keys are keys. No
 * record is made. */
#include "profile/profile_internal.h"

/* ---- what is read ---- */

static bool copy_use(const profile_source *s, arena *mem, profile_checked *out)
{
    bool **read = arena_array(mem, s->list->tables + 1, sizeof *read);
    for (size_t i = 0; read && i < s->list->tables; i++) {
        read[i] = arena_array(mem, s->list->table[i].columns + 1, sizeof **read);
        if (!read[i]) return false;
        memcpy(read[i], s->used[i], s->list->table[i].columns * sizeof **read);
    }
    out->read = (const bool *const *)read;
    return read != NULL;
}

/* What the fold of a chart takes from its table. */
static void note_chart(const profile_source *s, const profile_chart *c)
{
    int at = profile_find_table(s->x, s->match, s->list, c->table);
    if (at == MATCH_NONE) return;
    const table_info *info = &s->list->table[at];
    const chart_table table = {.info = info, .index = (size_t)at, .name = profile_chart_names(s, c->table, info)};
    chart_declared d;
    if (!chart_declare(s->x->file, c->declaration, NULL, &table, s->mem, &d, s->run->wrong)) return;
    const int roles[] = {d.plan.exam, d.plan.row_key, d.plan.tooth, d.plan.quadrant, d.plan.site, d.plan.measure};
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++)
        if (roles[i] >= 0) s->used[at][roles[i]] = true;
    for (size_t i = 0; i < d.plan.columns; i++) s->used[at][d.plan.column[i].column] = true;
}

/* ---- keys ---- */

static int role_column(const profile_select *q, int role)
{
    for (int i = 0; i < q->columns; i++)
        if (q->role[i] == role) return i;
    return -1;
}

/* Parts of an entity share their keys: they count under its first part. */
static bool count_keys(const profile_source *s, sqlite3_stmt *put, const profile_select *q, size_t first,
                       profile_checked_entity *e)
{
    int key = role_column(q, ROLE_KEY), rc;
    while ((rc = sqlite3_step(q->st)) == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(q->st, key);
        e->records++;
        if (!text || !*text) {
            e->keyless++;
            continue;
        }
        sqlite3_bind_int64(put, 1, (sqlite3_int64)first);
        sqlite3_bind_text(put, 2, text, -1, SQLITE_TRANSIENT);
        int end = sqlite3_step(put);
        if (end == SQLITE_DONE && sqlite3_changes(s->db) == 0) e->repeated++;
        sqlite3_reset(put);
        if (end != SQLITE_DONE) {
            profile_work_failed(s, e->entity);
            return false;
        }
    }
    if (rc != SQLITE_DONE) profile_sql_failed(s, e->entity);
    return rc == SQLITE_DONE;
}

static size_t first_part(const profile *x, size_t i)
{
    return (size_t)(profile_entity_of(x, x->entity[i].entity->name) - x->entity);
}

static bool count_all(const profile_source *s, const profile_select *q, profile_checked *out)
{
    profile_checked_entity *all = (profile_checked_entity *)out->entity;
    sqlite3_stmt *put = NULL;
    static const char sql[] = "INSERT OR IGNORE INTO main.checked_keys VALUES (?1, ?2)";
    bool ok = sqlite3_prepare_v2(s->db, sql, -1, &put, NULL) == SQLITE_OK;
    if (!ok) profile_work_failed(s, NULL);
    for (size_t i = 0; ok && i < s->x->entities; i++) {
        sqlite3_clear_bindings(put);
        ok = count_keys(s, put, &q[i], first_part(s->x, i), &all[i]);
        all[i].counted = ok;
    }
    sqlite3_finalize(put);
    return ok;
}

/* ---- all of it ---- */

static bool check(profile_source *s, profile_select *q, bool with_rows, arena *mem, profile_checked *out)
{
    static const char keys[] = "CREATE TABLE main.checked_keys (entity INTEGER, key TEXT, PRIMARY KEY (entity, key)) "
                               "WITHOUT ROWID";
    profile_checked_entity *all = arena_array(mem, s->x->entities + 1, sizeof *all);
    if (!all) return false;
    for (size_t i = 0; i < s->x->entities; i++) all[i].entity = &s->x->entity[i];
    out->entity = all;
    out->entities = s->x->entities;
    if (!profile_views_make(s) || !profile_run_sql(s, NULL, s->db, keys) || !profile_functions(s, true)) return false;
    bool good = profile_selects_open(s, q);
    for (size_t i = 0; i < s->x->charts; i++) note_chart(s, &s->x->chart[i]);
    if (!copy_use(s, mem, out)) return false;
    return !good || !with_rows || count_all(s, q, out);
}

status profile_check(const profile *x, const profile_run *run, bool with_rows, arena *mem, profile_checked *out)
{
    profile_source s = {
        .x = x, .run = run, .db = sql_handle(run->db), .work = sql_handle(run->db), .mem = arena_new(0)};
    profile_select *q = s.mem ? arena_array(s.mem, x->entities + 1, sizeof *q) : NULL;
    *out = (profile_checked){.read = NULL};
    bool ok = q && check(&s, q, with_rows, mem, out);
    if (!q) find_code(run->found, F_OUT_OF_MEMORY, "checking a profile");
    for (size_t i = 0; q && i < x->entities; i++) profile_select_close(&q[i]);
    (void)profile_functions(&s, false);
    if (ok) ok = profile_run_sql(&s, NULL, s.db, "DROP TABLE main.checked_keys") && profile_views_drop(&s);
    arena_free(s.mem);
    return ok ? ST_OK : ST_FATAL;
}
