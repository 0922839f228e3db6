#include "quality/spot_checks.h"
#include "base/utf.h"
#include "quality/quality_work.h"
#include <stdlib.h>

enum { FIELDS_MAX = 8, CHILDREN_MAX = 6, CHECKS_MAX = 15 };
#define SPOT_SEED UINT64_C(0x5eed2024)

/* 45 records where a practice has all of these; by: the link of a child to its record. */
static const struct spot_source {
    const char *entity;
    size_t checks;
    const char *field[FIELDS_MAX], *by, *child[CHILDREN_MAX];
} source[] = {
    {"patient",
     15,
     {"chart_number", "last", "first", "birth_date", "city", "status", "primary_provider"},
     "patient",
     {"clinical_exam", "treatment_plan", "clinical_note", "appointment", "document", "billing_line"}},
    {"clinical_exam",
     10,
     {"patient", "exam_at", "provider", "sites_examined", "bleeding_sites", "max_pd", "mean_pd"},
     NULL,
     {NULL}},
    {"treatment_plan", 5, {"patient", "plan_date", "name", "est_cost", "status"}, "plan", {"plan_line"}},
    {"billing_line", 5, {"patient", "line_date", "type", "charge", "payment", "balance"}, NULL, {NULL}},
    {"appointment", 5, {"patient", "start_at", "duration", "status", "provider"}, NULL, {NULL}},
    {"clinical_note", 5, {"patient", "noted_at", "type", "author"}, NULL, {NULL}},
};
enum { SOURCES = sizeof source / sizeof source[0] };

typedef struct chosen {
    uint64_t hash;
    sv source_key, src_table, src_key;
} chosen;

typedef struct chooser {
    const struct spot_source *s;
    const model_entity *e;
    sqlite3 *work;
    arena *mem;
    chosen best[CHECKS_MAX]; /* the lowest hashes */
    size_t n;
} chooser;

/* ---- which ---- */

/* Keys of one practice differ in few letters: their hashes are stirred once more. */
static uint64_t stirred(uint64_t x)
{
    x ^= SPOT_SEED;
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* Texts are copied only for what is chosen for now: of n records a few times the logarithm of n. */
static bool offer(chooser *c, uint64_t hash, sqlite3_stmt *st)
{
    size_t at = c->n;
    while (at && c->best[at - 1].hash > hash) at--;
    chosen x = {hash, arena_sv(c->mem, quality_text(st, 0)), arena_sv(c->mem, quality_text(st, 1)),
                arena_sv(c->mem, quality_text(st, 2))};
    if (!x.source_key.p || !x.src_table.p || !x.src_key.p) return false;
    if (c->n < c->s->checks) c->n++;
    memmove(&c->best[at + 1], &c->best[at], (c->n - at - 1) * sizeof c->best[0]);
    c->best[at] = x;
    return true;
}

/* A record whose hash is low enough, if it is wanted. */
static bool look_at(chooser *c, sqlite3_stmt *keys, sv source_key, uint64_t hash, spot_wanted wanted, void *ctx)
{
    bool ok = sqlite3_bind_text(keys, 1, source_key.p, (int)source_key.n, SQLITE_STATIC) == SQLITE_OK &&
              sqlite3_step(keys) == SQLITE_ROW;
    if (ok && (!wanted || wanted(ctx, c->e, quality_text(keys, 2)))) ok = offer(c, hash, keys);
    sqlite3_reset(keys);
    return ok;
}

/* Of all records the index of their source keys is gone through alone: rows with long texts are many pages. */
static bool choose(chooser *c, spot_wanted wanted, void *ctx)
{
    buf all = buf_new(SQL_BYTES_MAX), one = buf_new(SQL_BYTES_MAX);
    buf_printf(&all, "SELECT source_key FROM main.\"%s\"", c->e->name);
    buf_printf(&one, "SELECT source_key, src_table, src_key FROM main.\"%s\" WHERE source_key = ?1", c->e->name);
    sqlite3_stmt *st = work_prepare(c->work, &all), *keys = work_prepare(c->work, &one);
    int rc = SQLITE_ERROR;
    bool ok = st && keys;
    while (ok && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        sv source_key = quality_text(st, 0);
        uint64_t hash = stirred(sv_hash(source_key));
        if (c->n < c->s->checks || hash < c->best[c->n - 1].hash) ok = look_at(c, keys, source_key, hash, wanted, ctx);
    }
    sqlite3_finalize(st);
    sqlite3_finalize(keys);
    return ok && rc == SQLITE_DONE;
}

/* ---- what they hold ---- */

static size_t cut_at(sv s)
{
    size_t n = 0;
    while (n < s.n) {
        size_t used = utf8_valid_at((sv){s.p + n, s.n - n});
        if (!used) used = 1;
        if (n + used > SPOT_TEXT_MAX) break;
        n += used;
    }
    return n;
}

static bool read_values(const chooser *c, spot_group *g, spot_check *to)
{
    sv *value = arena_array(c->mem, g->fields + 1, sizeof *value);
    buf sql = buf_new(SQL_BYTES_MAX);
    for (size_t i = 0; i < g->fields; i++) buf_printf(&sql, "%s\"%s\"", i ? ", " : "SELECT ", g->field[i]->name);
    buf_printf(&sql, " FROM main.\"%s\" WHERE source_key = ?1", c->e->name);
    sqlite3_stmt *st = work_prepare(c->work, &sql);
    bool ok = value && st &&
              sqlite3_bind_text(st, 1, to->source_key.p, (int)to->source_key.n, SQLITE_STATIC) == SQLITE_OK &&
              sqlite3_step(st) == SQLITE_ROW;
    for (size_t i = 0; ok && i < g->fields; i++) {
        sv text = quality_text(st, (int)i);
        value[i] = arena_sv(c->mem, (sv){text.p, cut_at(text)});
        ok = value[i].p != NULL;
    }
    sqlite3_finalize(st);
    to->value = value;
    return ok;
}

/* Of one kind of child, for all that were chosen: one look at its table. */
static bool count_children(const chooser *c, const spot_group *g, size_t child, uint64_t *const *records)
{
    buf sql = buf_new(SQL_BYTES_MAX);
    buf_printf(&sql, "SELECT \"%s\", count(*) FROM main.\"%s\" WHERE \"%s\" IN (", c->s->by, g->child[child]->name,
               c->s->by);
    for (size_t i = 0; i < g->checks; i++) buf_printf(&sql, "%s?%zu", i ? ", " : "", i + 1);
    buf_str(&sql, ") GROUP BY 1");
    sqlite3_stmt *st = work_prepare(c->work, &sql);
    bool ok = st != NULL;
    for (size_t i = 0; ok && i < g->checks; i++)
        ok = sqlite3_bind_text(st, (int)i + 1, g->check[i].src_key.p, (int)g->check[i].src_key.n, SQLITE_STATIC) ==
             SQLITE_OK;
    int rc = SQLITE_ERROR;
    while (ok && (rc = sqlite3_step(st)) == SQLITE_ROW)
        for (size_t i = 0; i < g->checks; i++)
            if (sv_eq(g->check[i].src_key, quality_text(st, 0)))
                records[i][child] = (uint64_t)sqlite3_column_int64(st, 1);
    sqlite3_finalize(st);
    return ok && rc == SQLITE_DONE;
}

static int by_key(const void *a, const void *b)
{
    return sv_cmp(((const chosen *)a)->source_key, ((const chosen *)b)->source_key);
}

static bool name_fields(const chooser *c, spot_group *g)
{
    const model_field **field = arena_array(c->mem, FIELDS_MAX, sizeof(const model_field *));
    const model_entity **child = arena_array(c->mem, CHILDREN_MAX, sizeof(const model_entity *));
    if (!field || !child) return false;
    for (size_t i = 0; i < FIELDS_MAX && c->s->field[i]; i++)
        field[g->fields++] = model_field_named(c->e, sv_from(c->s->field[i]));
    for (size_t i = 0; i < CHILDREN_MAX && c->s->child[i]; i++) {
        bool there = false;
        if (!work_look(c->work, sv_from(c->s->child[i]), &there)) return false;
        if (there) child[g->children++] = model_entity_named(sv_from(c->s->child[i]));
    }
    g->field = field;
    g->child = child;
    return true;
}

static bool fill(chooser *c, spot_group *g)
{
    spot_check *check = arena_array(c->mem, CHECKS_MAX, sizeof *check);
    uint64_t *records[CHECKS_MAX];
    *g = (spot_group){0}; /* a kind that was staged without a record may have stood here */
    bool ok = check && name_fields(c, g);
    qsort(c->best, c->n, sizeof c->best[0], by_key);
    for (size_t i = 0; ok && i < c->n; i++) {
        records[i] = arena_array(c->mem, CHILDREN_MAX, sizeof(uint64_t));
        check[i] = (spot_check){.source_key = c->best[i].source_key,
                                .src_table = c->best[i].src_table,
                                .src_key = c->best[i].src_key,
                                .records = records[i]};
        ok = records[i] && read_values(c, g, &check[i]);
    }
    g->entity = c->e;
    g->check = check;
    g->checks = c->n;
    for (size_t i = 0; ok && c->n && i < g->children; i++) ok = count_children(c, g, i, records);
    return ok;
}

bool spot_checks(sqlite3 *work, spot_wanted wanted, void *ctx, arena *mem, const spot_group **out, size_t *n)
{
    spot_group *all = arena_array(mem, SOURCES, sizeof *all);
    *n = 0;
    *out = all;
    for (size_t i = 0; i < SOURCES; i++) {
        chooser c = {.s = &source[i], .e = model_entity_named(sv_from(source[i].entity)), .work = work, .mem = mem};
        bool there = false;
        if (!all || !work_look(work, sv_from(source[i].entity), &there)) return false;
        if (!there) continue;
        if (!choose(&c, wanted, ctx) || !fill(&c, &all[*n])) return false;
        *n += all[*n].checks > 0;
    }
    return true;
}
