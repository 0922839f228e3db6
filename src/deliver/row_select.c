#include "deliver/row_select.h"
#include "deliver/child_select.h"
#include <stdlib.h>

enum { SQL_BYTES_MAX = 4 << 20, JOINS_MAX = 256 };

/* A record that a path passes: the path up to it, and the entity. */
typedef struct join {
    size_t step[STEPS_MAX], steps;
    const model_entity *entity;
    bool staged;
} join;

typedef struct select_text {
    const object_template *o;
    const deliver_run *run;
    const model_entity *root; /* paths begin there: the object's entity, of charts' records their exam */
    bool root_staged, of_exam;
    join join[JOINS_MAX];
    size_t joins;
    buf what, from;
    bool failed;
} select_text;

static const model_entity *root_of(const object_template *o)
{
    const char *n = o->entity->name;
    bool chart = strcmp(n, "tooth_record") == 0 || strcmp(n, "site_measure") == 0 || strcmp(n, "custom_finding") == 0;
    return chart ? model_entity_named(SV_LIT("clinical_exam")) : o->entity;
}

/* The record itself, where paths begin at it. */
static const char *root_alias(const select_text *t) { return t->of_exam || t->root != t->o->entity ? "r" : "t"; }

/* Alias of the record at the end of a path: "r" at its beginning. SIZE_MAX: the root. */
static size_t join_of(select_text *t, const size_t *step, size_t steps)
{
    if (!steps) return SIZE_MAX;
    for (size_t i = 0; i < t->joins; i++)
        if (t->join[i].steps == steps && memcmp(t->join[i].step, step, steps * sizeof *step) == 0) return i;
    size_t before = join_of(t, step, steps - 1); /* at most STEPS_MAX deep */
    if (t->joins == JOINS_MAX) {
        t->failed = true;
        return SIZE_MAX;
    }
    const model_entity *e = before == SIZE_MAX ? t->root : t->join[before].entity;
    const model_field *f = staged_field(e, step[steps - 1]);
    join *j = &t->join[t->joins];
    memcpy(j->step, step, steps * sizeof *step);
    j->steps = steps;
    j->entity = model_entity_named(sv_from(f->target));
    bool reachable = before == SIZE_MAX ? t->root_staged : t->join[before].staged;
    j->staged = reachable && work_has(t->run->work, sv_from(j->entity->name));
    if (j->staged) {
        buf_printf(&t->from, " LEFT JOIN main.\"%s\" AS j%zu ON j%zu.src_key = ", j->entity->name, t->joins, t->joins);
        if (before == SIZE_MAX)
            buf_printf(&t->from, "%s.\"%s\"", root_alias(t), f->name);
        else
            buf_printf(&t->from, "j%zu.\"%s\"", before, f->name);
    }
    return t->joins++;
}

/* Several values of one name, of several rows, are joined; * is a line for each value. */
static void custom_column(select_text *t, const row_column *c)
{
    if (!work_has(t->run->work, SV_LIT("custom_value"))) {
        buf_str(&t->what, "NULL");
        return;
    }
    if (sv_eq(c->custom, SV_LIT("*"))) {
        buf_printf(&t->what,
                   "(SELECT group_concat(v.name || ': ' || v.value, char(10)) FROM (SELECT name, value FROM "
                   "main.custom_value WHERE record = t.src_key AND value IS NOT NULL AND entity = '%s' ORDER BY "
                   "name, source_key) AS v)",
                   t->o->entity->name);
        return;
    }
    buf_printf(
        &t->what,
        "(SELECT group_concat(v.value, '; ') FROM (SELECT value FROM main.custom_value WHERE record = t.src_key AND "
        "name = ");
    buf_quoted(&t->what, c->custom, '\'', '\'');
    buf_printf(&t->what, " AND entity = '%s' ORDER BY source_key) AS v)", t->o->entity->name);
}

/* A length of more than a day is none. */
static const char ends_at[] =
    "coalesce(nullif(t.end_at, ''), CASE WHEN t.duration + 0 BETWEEN 1 AND 1440 THEN strftime('%Y-%m-%d %H:%M:%S', "
    "t.start_at, '+' || (t.duration + 0) || ' minutes') END, t.start_at)";

/* A provider as a user of the destination. */
static void owner_column(select_text *t, const row_column *c, size_t at)
{
    bool there = at == SIZE_MAX ? t->root_staged : t->join[at].staged;
    sv name = t->run->owner_table;
    if (!name.n) {
        buf_str(&t->what, "NULL");
        return;
    }
    buf_str(&t->what, "coalesce(");
    if (!there)
        buf_str(&t->what, "NULL");
    else if (at == SIZE_MAX)
        buf_printf(&t->what, "(SELECT user FROM main.%.*s WHERE provider = %s.src_key)", (int)name.n, name.p,
                   root_alias(t));
    else
        buf_printf(&t->what, "(SELECT user FROM main.%.*s WHERE provider = j%zu.src_key)", (int)name.n, name.p, at);
    if (c->owner == OWNER_OWNER)
        buf_printf(&t->what, ", (SELECT user FROM main.%.*s WHERE provider = '')", (int)name.n, name.p);
    else
        buf_str(&t->what, ", NULL");
    buf_char(&t->what, ')');
}

static void parent_column(select_text *t, const row_column *c)
{
    size_t at = join_of(t, c->step, c->steps);
    if (c->owner != OWNER_NONE) {
        owner_column(t, c, at);
        return;
    }
    const model_entity *e = at == SIZE_MAX ? t->root : t->join[at].entity;
    sv name = staged_name(e, c->at);
    if (at == SIZE_MAX && t->root_staged)
        buf_printf(&t->what, "%s.\"%.*s\"", root_alias(t), (int)name.n, name.p);
    else if (at != SIZE_MAX && t->join[at].staged)
        buf_printf(&t->what, "j%zu.\"%.*s\"", at, (int)name.n, name.p);
    else
        buf_str(&t->what, "NULL");
}

static void columns(select_text *t, bool staged)
{
    for (size_t i = 0; i < t->o->columns; i++) {
        const row_column *c = &t->o->column[i];
        if (i) buf_str(&t->what, ", ");
        switch (c->kind) {
        case COLUMN_STAGED:
            if (staged)
                buf_printf(&t->what, "t.\"%.*s\"", (int)c->name.n, c->name.p);
            else
                buf_str(&t->what, "NULL");
            break;
        case COLUMN_PARENT: parent_column(t, c); break;
        case COLUMN_CUSTOM:
            if (staged)
                custom_column(t, c);
            else
                buf_str(&t->what, "NULL");
            break;
        case COLUMN_CHILD:
            if (staged)
                child_select(c, t->o, t->run, &t->what);
            else
                buf_str(&t->what, "NULL");
            break;
        case COLUMN_ENDS: buf_str(&t->what, staged ? ends_at : "NULL"); break;
        case COLUMN_CHART: buf_str(&t->what, "NULL"); break;
        }
    }
}

/* Each column by its table: alone, SQLite takes a quoted name that it does not know for a text. */
static void whole(select_text *t, row_scope scope, sv charted, buf *sql)
{
    const char *entity = t->o->entity->name;
    buf_str(sql, "SELECT ");
    buf_sv(sql, buf_view(&t->what));
    if (scope == ROWS_OF_EXAM) {
        buf_printf(sql, " FROM main.\"%s\" AS r", t->root->name);
    } else {
        buf_printf(sql, " FROM main.\"%s\" AS t", entity);
        if (t->root != t->o->entity && t->root_staged)
            buf_printf(sql, " LEFT JOIN main.\"%s\" AS r ON r.src_key = t.exam", t->root->name);
    }
    buf_sv(sql, buf_view(&t->from));
    if (scope == ROWS_WITHOUT)
        buf_printf(sql, " WHERE t.src_key NOT IN (SELECT src_key FROM main.%.*s)", (int)charted.n, charted.p);
    if (scope == ROWS_ONE) buf_str(sql, " WHERE t.src_key = ?1");
    if (scope == ROWS_OF_EXAM) buf_str(sql, " WHERE r.src_key = ?1");
    if (scope == ROWS_ALL || scope == ROWS_WITHOUT) buf_str(sql, " ORDER BY t.source_key");
}

static bool needs_root(const object_template *o)
{
    for (size_t i = 0; i < o->columns; i++)
        if (o->column[i].kind == COLUMN_PARENT) return true;
    return false;
}

sqlite3_stmt *row_select(const object_template *o, const deliver_run *run, row_scope scope, sv charted)
{
    select_text *t = calloc(1, sizeof *t);
    if (!t) return NULL;
    *t = (select_text){
        .o = o, .run = run, .root = root_of(o), .what = buf_new(SQL_BYTES_MAX), .from = buf_new(SQL_BYTES_MAX)};
    t->of_exam = scope == ROWS_OF_EXAM;
    t->root_staged = work_has(run->work, sv_from(t->root->name));
    columns(t, scope != ROWS_OF_EXAM);
    buf sql = buf_new(SQL_BYTES_MAX);
    if (!needs_root(o) && scope != ROWS_OF_EXAM) {
        /* The plain case, which most files are: one table. */
        buf_str(&sql, "SELECT ");
        buf_sv(&sql, buf_view(&t->what));
        buf_printf(&sql, " FROM main.\"%s\" AS t", o->entity->name);
        if (scope == ROWS_WITHOUT)
            buf_printf(&sql, " WHERE t.src_key NOT IN (SELECT src_key FROM main.%.*s)", (int)charted.n, charted.p);
        buf_str(&sql, scope == ROWS_ONE ? " WHERE t.src_key = ?1" : " ORDER BY t.source_key");
    } else {
        whole(t, scope, charted, &sql);
    }
    sql.failed |= t->what.failed || t->from.failed || t->failed;
    sqlite3_stmt *st = work_prepare(run->work, &sql);
    buf_free(&t->what);
    buf_free(&t->from);
    free(t);
    return st;
}

void row_read(sqlite3_stmt *rows, sv *value, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *p = (const char *)sqlite3_column_text(rows, (int)i);
        value[i] = (sv){p, p ? (size_t)sqlite3_column_bytes(rows, (int)i) : 0};
    }
}

bool row_select_prepare(const object_template *o, const deliver_run *run)
{
    static const char sql[] = "CREATE INDEX IF NOT EXISTS main.custom_value_of_record ON custom_value (record, name)";
    bool looked_up = false;
    for (size_t i = 0; i < o->columns; i++) looked_up |= o->column[i].kind == COLUMN_CUSTOM;
    return !looked_up || !work_has(run->work, SV_LIT("custom_value")) ||
           sqlite3_exec(run->work, sql, NULL, NULL, NULL) == SQLITE_OK;
}
