#include "diff/diff_store.h"
#include "deliver/child_select.h"
#include "diff/diff_chart.h"
#include "model/work_file.h"
#include <stdlib.h>

enum { SQL_BYTES_MAX = 1 << 14 };
#define ORIGINS "main.\"diff:origin\""
#define HELD    "main.\"diff:held\""
#define CHARTS  "main.\"diff:chart\""
#define WANTED  "main.\"diff:wanted\""

struct diff_store {
    sqlite3 *work;
    findings *found;
    sv chart_table;
    sqlite3_stmt *put, *held_put, *chart_put, *get, *held, *chart, *whole_chart, *wanted;
    sqlite3_stmt **staged; /* of each entity and column, once it was asked for */
    size_t *first;         /* of each entity: its first one */
    size_t columns;
    buf value, within, canonical;
    bool failed;
};

static bool run(diff_store *s, const char *sql) { return sqlite3_exec(s->work, sql, NULL, NULL, NULL) == SQLITE_OK; }

static void fail(diff_store *s)
{
    if (s->failed) return;
    s->failed = true;
    (void)work_failed(s->work, s->found, "comparing the sample with the source");
}

bool diff_store_failed(const diff_store *s) { return s->failed; }
void diff_store_chart_table(diff_store *s, sv name) { s->chart_table = name; }

diff_store *diff_store_new(sqlite3 *work, findings *f)
{
    diff_store *s = calloc(1, sizeof *s);
    if (!s) {
        find_code(f, F_OUT_OF_MEMORY, "comparing the sample with the source");
        return NULL;
    }
    *s = (diff_store){.work = work, .found = f};
    s->value = s->within = s->canonical = buf_new((size_t)1 << 24);
    const struct {
        sqlite3_stmt **st;
        const char *sql;
    } all[] = {
        {&s->put, "INSERT OR IGNORE INTO " ORIGINS " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"},
        {&s->held_put, "INSERT OR IGNORE INTO " HELD " VALUES (?1, ?2, ?3, ?4)"},
        {&s->chart_put, "INSERT INTO " CHARTS " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"},
        {&s->get,
         "SELECT tbl, col, place, value, made FROM " ORIGINS " WHERE entity = ?1 AND src_key = ?2 AND field = ?3 ORDER "
         "BY part"},
        {&s->wanted, "SELECT 1 FROM " WANTED " WHERE entity = ?1 AND src_key = ?2"},
        {&s->held, "SELECT code FROM " HELD " WHERE entity = ?1 AND src_key = ?2 AND field = ?3"},
        {&s->chart,
         "SELECT DISTINCT col, place, value, tooth, measure, site, entrance, canonical FROM " CHARTS
         " WHERE exam = ?1 AND tooth = ?2 AND measure = ?3 AND (?4 = 6 OR site = ?4) AND (?5 = 255 OR entrance = "
         "?5) AND (?6 = '' OR name = ?6) ORDER BY site, entrance, n"},
        {&s->whole_chart, "SELECT DISTINCT col, place, value, tooth, measure, site, entrance, canonical FROM " CHARTS
                          " WHERE exam = ?1 ORDER BY tooth, measure, site, entrance, n"},
    };
    bool ok =
        run(s, "CREATE TABLE " ORIGINS " (entity INTEGER, src_key TEXT, field TEXT, part INTEGER, tbl TEXT, col TEXT, "
               "place TEXT, value TEXT, made INTEGER, PRIMARY KEY (entity, src_key, field, part)) WITHOUT ROWID") &&
        run(s, "CREATE TABLE " HELD " (entity INTEGER, src_key TEXT, field TEXT, code TEXT, PRIMARY KEY (entity, "
               "src_key, field)) WITHOUT ROWID") &&
        run(s, "CREATE TABLE " WANTED " (entity INTEGER, src_key TEXT, PRIMARY KEY (entity, src_key)) WITHOUT ROWID") &&
        run(s, "CREATE TABLE " CHARTS " (exam TEXT, tooth INTEGER, measure INTEGER, site INTEGER, entrance INTEGER, "
               "name TEXT, n INTEGER, col TEXT, place TEXT, value TEXT, canonical TEXT, PRIMARY KEY (exam, tooth, "
               "measure, site, entrance, name, n)) WITHOUT ROWID");
    for (size_t i = 0; ok && i < sizeof all / sizeof all[0]; i++)
        ok = sqlite3_prepare_v2(work, all[i].sql, -1, all[i].st, NULL) == SQLITE_OK;
    if (ok) return s;
    fail(s);
    diff_store_free(s);
    return NULL;
}

void diff_store_free(diff_store *s)
{
    if (!s) return;
    sqlite3_stmt *const all[] = {s->put,  s->held_put, s->chart_put,   s->get,
                                 s->held, s->chart,    s->whole_chart, s->wanted};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) sqlite3_finalize(all[i]);
    (void)run(s, "DROP TABLE IF EXISTS " ORIGINS "; DROP TABLE IF EXISTS " HELD "; DROP TABLE IF EXISTS " CHARTS
                 "; DROP TABLE IF EXISTS " WANTED);
    for (size_t i = 0; s->staged && i < s->columns; i++) sqlite3_finalize(s->staged[i]);
    free(s->staged);
    free(s->first);
    buf_free(&s->value);
    buf_free(&s->within);
    buf_free(&s->canonical);
    free(s);
}

/* ---- putting ---- */

static bool bind(sqlite3_stmt *st, int at, sv text)
{
    if (!text.p) return sqlite3_bind_null(st, at) == SQLITE_OK;
    return sqlite3_bind_text64(st, at, text.n ? text.p : "", text.n, SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK;
}

static sv text_or_empty(sv s) { return (sv){s.n ? s.p : "", s.n}; }

static void step(diff_store *s, sqlite3_stmt *st, bool bound)
{
    bool ok = bound && sqlite3_step(st) == SQLITE_DONE;
    if (sqlite3_reset(st) != SQLITE_OK || !ok) fail(s);
}

void diff_store_put(diff_store *s, const diff_origin *o)
{
    sqlite3_stmt *st = s->put;
    bool ok = sqlite3_bind_int(st, 1, (int)model_entity_index(o->entity)) == SQLITE_OK &&
              bind(st, 2, text_or_empty(o->src_key)) && bind(st, 3, sv_from(o->field)) &&
              sqlite3_bind_int(st, 4, (int)o->part) == SQLITE_OK && bind(st, 5, text_or_empty(o->table)) &&
              bind(st, 6, text_or_empty(o->column)) && bind(st, 7, text_or_empty(o->row)) && bind(st, 8, o->value) &&
              sqlite3_bind_int(st, 9, o->made) == SQLITE_OK;
    step(s, st, ok);
}

void diff_store_held_back(diff_store *s, const model_entity *e, sv src_key, sv field, sv code)
{
    sqlite3_stmt *st = s->held_put;
    step(s, st,
         sqlite3_bind_int(st, 1, (int)model_entity_index(e)) == SQLITE_OK && bind(st, 2, text_or_empty(src_key)) &&
             bind(st, 3, text_or_empty(field)) && bind(st, 4, text_or_empty(code)));
}

void diff_store_chart(diff_store *s, const exam_chart *x)
{
    sqlite3_stmt *st = s->chart_put;
    for (size_t i = 0; i < x->origins && !s->failed; i++) {
        const chart_origin *o = &x->origin[i];
        buf_clear(&s->canonical);
        chart_value_of(x, o, &s->canonical);
        bool ok = bind(st, 1, text_or_empty(x->exam)) && sqlite3_bind_int(st, 2, o->tooth) == SQLITE_OK &&
                  sqlite3_bind_int(st, 3, (int)o->measure) == SQLITE_OK &&
                  sqlite3_bind_int(st, 4, (int)o->site) == SQLITE_OK &&
                  sqlite3_bind_int(st, 5, o->entrance) == SQLITE_OK && bind(st, 6, text_or_empty(o->name)) &&
                  sqlite3_bind_int64(st, 7, (sqlite3_int64)i) == SQLITE_OK && bind(st, 8, text_or_empty(o->column)) &&
                  bind(st, 9, text_or_empty(o->row)) && bind(st, 10, o->value) &&
                  bind(st, 11, text_or_empty(buf_view(&s->canonical))) && !s->canonical.failed;
        step(s, st, ok);
    }
}

/* ---- records that are written whatever the sample ---- */

/* "each code once": the first record with a value stands for it, whosever it is. */
bool diff_store_want_values(diff_store *s, const destination *d)
{
    for (size_t i = 0; i < d->objects; i++)
        for (size_t k = 0; k < d->object[i]->columns; k++) {
            const row_column *c = &d->object[i]->column[k];
            if (c->kind != COLUMN_CHILD || c->child->take != CHILD_IS_FIRST_WITH) continue;
            const model_entity *e = c->child->entity;
            sv by = staged_name(e, c->child->by);
            if (sqlite3_table_column_metadata(s->work, "main", e->name, NULL, NULL, NULL, NULL, NULL, NULL) !=
                SQLITE_OK)
                continue;
            buf sql = buf_new(SQL_BYTES_MAX);
            buf_printf(&sql,
                       "INSERT OR IGNORE INTO " WANTED
                       " SELECT %zu, src_key FROM (SELECT src_key, min(source_key) FROM "
                       "main.\"%s\" WHERE \"%.*s\" IS NOT NULL GROUP BY \"%.*s\")",
                       model_entity_index(e), e->name, (int)by.n, by.p, (int)by.n, by.p);
            buf_char(&sql, '\0');
            if (sql.failed || !run(s, sql.p)) fail(s);
            buf_free(&sql);
        }
    return !s->failed;
}

bool diff_store_wants(diff_store *s, const model_entity *e, sv src_key)
{
    sqlite3_stmt *st = s->wanted;
    bool ok = sqlite3_bind_int(st, 1, (int)model_entity_index(e)) == SQLITE_OK && bind(st, 2, text_or_empty(src_key));
    int rc = ok ? sqlite3_step(st) : SQLITE_ERROR;
    if (sqlite3_reset(st) != SQLITE_OK || (rc != SQLITE_ROW && rc != SQLITE_DONE)) fail(s);
    return rc == SQLITE_ROW;
}

/* ---- asking ---- */

static sv kept(arena *mem, sv s) { return s.p ? arena_sv(mem, s) : s; }

bool diff_sources_add(diff_sources *l, const diff_source *x)
{
    if (l->n == l->room) {
        size_t more = l->room ? 2 * l->room : 8;
        diff_source *grown = arena_array(l->mem, more, sizeof *grown);
        if (!grown) return false;
        if (l->n) memcpy(grown, l->item, l->n * sizeof *grown);
        l->item = grown;
        l->room = more;
    }
    l->item[l->n++] = (diff_source){kept(l->mem, x->table),    kept(l->mem, x->column), kept(l->mem, x->row),
                                    kept(l->mem, x->value),    kept(l->mem, x->within), x->made,
                                    kept(l->mem, x->canonical)};
    return !arena_failed(l->mem);
}

static sv text_at(sqlite3_stmt *st, int i)
{
    const char *p = (const char *)sqlite3_column_text(st, i);
    return (sv){p, p ? (size_t)sqlite3_column_bytes(st, i) : 0};
}

static bool ended(diff_store *s, sqlite3_stmt *st, int rc)
{
    bool ok = sqlite3_reset(st) == SQLITE_OK && rc == SQLITE_DONE;
    if (!ok) fail(s);
    return ok;
}

bool diff_store_of_field(diff_store *s, const model_entity *e, sv src_key, const char *field, diff_sources *out)
{
    sqlite3_stmt *st = s->get;
    int rc = SQLITE_ERROR;
    if (sqlite3_bind_int(st, 1, (int)model_entity_index(e)) == SQLITE_OK && bind(st, 2, text_or_empty(src_key)) &&
        bind(st, 3, sv_from(field)))
        while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
            const diff_source x = {.table = text_at(st, 0),
                                   .column = text_at(st, 1),
                                   .row = text_at(st, 2),
                                   .value = text_at(st, 3),
                                   .made = sqlite3_column_int(st, 4) != 0};
            if (!diff_sources_add(out, &x)) break;
        }
    return ended(s, st, rc);
}

sv diff_store_held(diff_store *s, const model_entity *e, sv src_key, sv field, char room[DIFF_CODE_MAX])
{
    sqlite3_stmt *st = s->held;
    sv code = {NULL, 0};
    bool ok = sqlite3_bind_int(st, 1, (int)model_entity_index(e)) == SQLITE_OK && bind(st, 2, text_or_empty(src_key)) &&
              bind(st, 3, text_or_empty(field));
    int rc = ok ? sqlite3_step(st) : SQLITE_ERROR;
    if (rc == SQLITE_ROW) {
        sv text = text_at(st, 0);
        if (text.n > DIFF_CODE_MAX) text.n = DIFF_CODE_MAX;
        memcpy(room, text.p, text.n);
        code = (sv){room, text.n};
        rc = SQLITE_DONE;
    }
    (void)ended(s, st, rc);
    return code;
}

bool diff_store_of_chart(diff_store *s, const chart_place *p, diff_sources *out)
{
    bool whole = p->measure == CHART_ANY;
    sqlite3_stmt *st = whole ? s->whole_chart : s->chart;
    int rc = SQLITE_ERROR;
    bool ok = bind(st, 1, text_or_empty(p->exam));
    ok = ok && (whole || (sqlite3_bind_int(st, 2, (int)p->tooth) == SQLITE_OK &&
                          sqlite3_bind_int(st, 3, (int)p->measure) == SQLITE_OK &&
                          sqlite3_bind_int(st, 4, (int)p->site) == SQLITE_OK &&
                          sqlite3_bind_int(st, 5, p->entrance) == SQLITE_OK && bind(st, 6, text_or_empty(p->name))));
    while (ok && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        buf_clear(&s->within);
        chart_place_words((unsigned)sqlite3_column_int(st, 3), (unsigned)sqlite3_column_int(st, 4),
                          (tooth_site)sqlite3_column_int(st, 5), (unsigned)sqlite3_column_int(st, 6), &s->within);
        const diff_source x = {.table = s->chart_table,
                               .column = text_at(st, 0),
                               .row = text_at(st, 1),
                               .value = text_at(st, 2),
                               .within = buf_view(&s->within),
                               .canonical = text_at(st, 7)};
        if (!diff_sources_add(out, &x)) break;
    }
    return ended(s, st, rc);
}

static bool make_room(diff_store *s)
{
    s->first = calloc(model_entities() + 1, sizeof *s->first);
    for (size_t i = 0; s->first && i < model_entities(); i++) {
        s->first[i] = s->columns;
        s->columns += model_entity_at(i)->fields + STAGED_FIELDS;
    }
    s->staged = calloc(s->columns + 1, sizeof(sqlite3_stmt *));
    return s->first && s->staged;
}

static sqlite3_stmt *staged_statement(diff_store *s, const model_entity *e, sv column)
{
    size_t at = 0, columns = e->fields + STAGED_FIELDS;
    if (!s->staged && !make_room(s)) return NULL;
    while (at < columns && !sv_eq(staged_name(e, at), column)) at++;
    sqlite3_stmt **st = &s->staged[s->first[model_entity_index(e)] + at];
    if (*st || at == columns) return *st;
    buf sql = buf_new(SQL_BYTES_MAX);
    buf_printf(&sql, "SELECT \"%.*s\" FROM main.\"%s\" WHERE src_key = ?1", (int)column.n, column.p, e->name);
    buf_char(&sql, '\0');
    if (!sql.failed) (void)sqlite3_prepare_v2(s->work, sql.p, -1, st, NULL);
    buf_free(&sql);
    return *st;
}

/* Kinds of records that the source has none of have no table, and no value. */
sv diff_store_staged(diff_store *s, const model_entity *e, sv src_key, sv column)
{
    sv none = {NULL, 0};
    sqlite3_stmt *st = staged_statement(s, e, column);
    if (!st) return none;
    int rc = bind(st, 1, text_or_empty(src_key)) ? sqlite3_step(st) : SQLITE_ERROR;
    buf_clear(&s->value);
    bool there = rc == SQLITE_ROW && sqlite3_column_type(st, 0) != SQLITE_NULL;
    if (there) buf_sv(&s->value, text_at(st, 0));
    (void)ended(s, st, rc == SQLITE_ROW ? SQLITE_DONE : rc);
    return there ? (sv){s->value.n ? s->value.p : "", s->value.n} : none;
}

sv diff_store_plan_exam(diff_store *s, sv plan)
{
    sqlite3_stmt *st = NULL;
    buf_clear(&s->value);
    if (sqlite3_prepare_v2(s->work, "SELECT exam FROM main." PLAN_CHART_TABLE " WHERE plan = ?1", -1, &st, NULL) ==
            SQLITE_OK &&
        bind(st, 1, text_or_empty(plan)) && sqlite3_step(st) == SQLITE_ROW)
        buf_sv(&s->value, text_at(st, 0));
    sqlite3_finalize(st);
    return buf_view(&s->value);
}

bool diff_store_children(diff_store *s, const model_entity *e, sv column, sv is, diff_sources *out)
{
    sqlite3_stmt *st = NULL;
    if (sqlite3_table_column_metadata(s->work, "main", e->name, NULL, NULL, NULL, NULL, NULL, NULL) != SQLITE_OK)
        return true;
    buf sql = buf_new(SQL_BYTES_MAX);
    buf_printf(&sql, "SELECT src_key FROM main.\"%s\" WHERE \"%.*s\" = ?1 ORDER BY source_key", e->name, (int)column.n,
               column.p);
    buf_char(&sql, '\0');
    int rc = SQLITE_ERROR;
    bool ok =
        !sql.failed && sqlite3_prepare_v2(s->work, sql.p, -1, &st, NULL) == SQLITE_OK && bind(st, 1, text_or_empty(is));
    while (ok && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        const diff_source x = {.row = text_at(st, 0)};
        ok = diff_sources_add(out, &x);
    }
    sqlite3_finalize(st);
    buf_free(&sql);
    if (!ok || rc != SQLITE_DONE) fail(s);
    return ok && rc == SQLITE_DONE;
}
