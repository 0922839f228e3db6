/* The bytes of documents and of letter templates: their SELECTs are run once more, when those who write files are ready,
 * so that no byte goes through the work file. */
#include "profile/profile_internal.h"

typedef struct giving {
    const profile_source *s;
    bool (*take)(void *ctx, const profile_content *c);
    void *ctx;
} giving;

static int column_of(const profile_select *q, int role)
{
    for (int i = 0; i < q->columns; i++)
        if (q->role[i] == role) return i;
    return -1;
}

/* A key as staging took it (profile_cells). */
static sv key_of(sqlite3_stmt *st, int column, buf *room)
{
    buf_clear(room);
    sql_column_text(st, column, room);
    return room->failed || room->n > KEY_BYTES_MAX ? (sv){NULL, 0} : buf_view(room);
}

static status give_rows(const giving *g, const profile_entity *e, const profile_select *q)
{
    int key = column_of(q, ROLE_KEY), at = column_of(q, ROLE_CONTENT), rc = SQLITE_DONE;
    buf room = buf_new((size_t)1 << 20);
    status s = ST_OK;
    while (s == ST_OK && (rc = sqlite3_step(q->st)) == SQLITE_ROW) {
        profile_content c = {.entity = e->entity};
        (void)profile_content_place(g->s->run->db, sqlite3_column_value(q->st, at), &c.place);
        c.src_key = key_of(q->st, key, &room);
        if (!g->take(g->ctx, &c)) s = ST_END;
    }
    buf_free(&room);
    if (s == ST_END || rc == SQLITE_DONE) return s;
    profile_sql_failed(g->s, e);
    return ST_FATAL;
}

static status give_entity(const giving *g, size_t entity)
{
    const profile_source *s = g->s;
    const profile_entity *e = &s->x->entity[entity];
    profile_select q;
    status st = ST_OK;
    if (!profile_has_content(e->entity)) return ST_OK;
    sql_restrict(s->run->db);
    profile_select_open(s, entity, &q);
    if (s->run->wrong->n || s->run->wrong->failed)
        st = ST_FATAL;
    else if (column_of(&q, ROLE_CONTENT) >= 0)
        st = give_rows(g, e, &q);
    sql_free(s->run->db);
    profile_select_close(&q);
    return st;
}

status profile_contents(const profile *x, const profile_run *run, bool (*take)(void *ctx, const profile_content *c),
                        void *ctx)
{
    /* Which table is which was told when the records were staged. */
    profile_run quiet = *run;
    quiet.found = NULL;
    profile_source views = {.x = x, .run = &quiet, .db = sql_handle(run->db), .work = run->work, .mem = arena_new(0)},
                   s;
    const giving g = {.s = &s, .take = take, .ctx = ctx};
    status st = ST_OK;
    if (!views.mem || !profile_views_make(&views) || !profile_functions(&views, true)) {
        find_code(run->found, F_OUT_OF_MEMORY, "reading documents");
        arena_free(views.mem);
        return ST_FATAL;
    }
    s = views;
    s.run = run;
    for (size_t i = 0; st == ST_OK && i < x->entities; i++) st = give_entity(&g, i);
    (void)profile_functions(&s, false);
    if (!profile_views_drop(&s)) st = ST_FATAL;
    arena_free(s.mem);
    return st;
}
