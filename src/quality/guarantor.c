#include "quality/guarantor.h"
#include "base/arena.h"
#include "model/work_file.h"
#include <stdlib.h>

/* A patient whose guarantor is a patient. About 150 bytes each. */
typedef struct node {
    sv source_key, src_key, guarantor, payer /* src_key of the guarantor's own patient record */, birth;
    size_t next;   /* the payer's node; SIZE_MAX: has no guarantor that is a patient */
    uint32_t walk; /* number of the walk that came here first; 0: none */
    bool untied;
    size_t circle; /* its length where a link is taken off */
} node;

#define GUARANTORS_BYTES_MAX ((size_t)256 << 20)

typedef struct graph {
    sqlite3 *db;
    findings *found;
    arena *mem;
    node *node;
    size_t n;
} graph;

static status failed(const graph *g)
{
    find_code(g->found, F_QUA_WORK_FAILED, "guarantors");
    return ST_FATAL;
}

static status out_of_memory(const graph *g)
{
    find_code(g->found, F_OUT_OF_MEMORY, "looking at guarantors");
    return ST_FATAL;
}

static sv column(const graph *g, sqlite3_stmt *st, int i)
{
    const char *p = (const char *)sqlite3_column_text(st, i);
    return p ? arena_sv(g->mem, (sv){p, (size_t)sqlite3_column_bytes(st, i)}) : (sv){NULL, 0};
}

static const char links[] = " FROM main.patient AS p JOIN main.guarantor AS g ON g.src_key = p.guarantor "
                            "WHERE g.is_patient IS NOT NULL";

static bool count_links(const graph *g, size_t *n)
{
    buf sql = buf_new(1000);
    sqlite3_stmt *st = NULL;
    buf_printf(&sql, "SELECT count(*)%s", links);
    buf_char(&sql, '\0');
    bool ok = sqlite3_prepare_v2(g->db, sql.p, -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW;
    *n = ok ? (size_t)sqlite3_column_int64(st, 0) : 0;
    sqlite3_finalize(st);
    buf_free(&sql);
    return ok;
}

static status read_links(graph *g)
{
    size_t n;
    buf sql = buf_new(1000);
    sqlite3_stmt *st = NULL;
    if (!count_links(g, &n)) return failed(g);
    g->node = arena_array(g->mem, n + 1, sizeof *g->node);
    if (!g->node) return out_of_memory(g);
    buf_printf(&sql, "SELECT p.source_key, p.src_key, p.guarantor, g.is_patient, p.birth_date%s ORDER BY p.src_key",
               links);
    buf_char(&sql, '\0');
    bool ok = sqlite3_prepare_v2(g->db, sql.p, -1, &st, NULL) == SQLITE_OK;
    buf_free(&sql);
    while (ok && g->n < n && sqlite3_step(st) == SQLITE_ROW)
        g->node[g->n++] = (node){.source_key = column(g, st, 0),
                                 .src_key = column(g, st, 1),
                                 .guarantor = column(g, st, 2),
                                 .payer = column(g, st, 3),
                                 .birth = column(g, st, 4)};
    sqlite3_finalize(st);
    if (!ok || g->n != n) return failed(g);
    return arena_failed(g->mem) ? out_of_memory(g) : ST_OK;
}

static int by_src_key(const void *key, const void *element)
{
    return sv_cmp(*(const sv *)key, ((const node *)element)->src_key);
}

/* Nodes are sorted by src_key (binary collation, as sv_cmp). */
static void find_payers(graph *g)
{
    for (size_t i = 0; i < g->n; i++) {
        const node *at = bsearch(&g->node[i].payer, g->node, g->n, sizeof *g->node, by_src_key);
        g->node[i].next = at ? (size_t)(at - g->node) : SIZE_MAX;
    }
}

/* Whether a's link is the one to take off rather than b's: the older, then the one with a date, then the first key. */
static bool is_older(const node *a, const node *b)
{
    if (a->birth.n && b->birth.n && !sv_eq(a->birth, b->birth)) return sv_cmp(a->birth, b->birth) < 0;
    if ((a->birth.n == 0) != (b->birth.n == 0)) return a->birth.n > 0;
    return sv_cmp(a->source_key, b->source_key) < 0;
}

static void open_circle(graph *g, size_t start)
{
    size_t oldest = start, length = 1;
    for (size_t i = g->node[start].next; i != start; i = g->node[i].next, length++)
        if (is_older(&g->node[i], &g->node[oldest])) oldest = i;
    g->node[oldest].untied = true;
    g->node[oldest].circle = length;
}

/* Every node has one way on: a walk that meets itself has found the only circle of its way. */
static void find_circles(graph *g)
{
    for (size_t i = 0; i < g->n; i++) {
        uint32_t walk = (uint32_t)i + 1;
        size_t at = i;
        while (at != SIZE_MAX && g->node[at].walk == 0) {
            g->node[at].walk = walk;
            at = g->node[at].next;
        }
        if (at != SIZE_MAX && g->node[at].walk == walk) open_circle(g, at);
    }
}

static bool run(sqlite3 *db, const char *sql) { return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK; }

static bool bind_and_step(sqlite3_stmt *st, sv key)
{
    bool ok = sqlite3_bind_text64(st, 1, key.p, key.n, SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK &&
              sqlite3_step(st) == SQLITE_DONE;
    sqlite3_reset(st);
    return ok;
}

/* Everything was decided before. A work file has no journal, so that nothing is taken back where it fails: the savepoint
 * only makes one write of many. */
static bool untie(const graph *g)
{
    sqlite3_stmt *link = NULL, *self = NULL;
    bool ok =
        run(g->db, "SAVEPOINT untie") &&
        sqlite3_prepare_v2(g->db, "UPDATE main.patient SET guarantor = NULL WHERE src_key = ?1", -1, &link, NULL) ==
            SQLITE_OK &&
        sqlite3_prepare_v2(g->db,
                           "UPDATE main.guarantor SET relationship = coalesce(relationship, 'self') WHERE src_key = ?1",
                           -1, &self, NULL) == SQLITE_OK;
    for (size_t i = 0; ok && i < g->n; i++) {
        if (!g->node[i].untied) continue;
        ok = bind_and_step(link, g->node[i].src_key);
        if (ok && g->node[i].circle == 1) ok = bind_and_step(self, g->node[i].guarantor);
    }
    sqlite3_finalize(link);
    sqlite3_finalize(self);
    return run(g->db, "RELEASE untie") && ok;
}

static void tell(const graph *g, void (*untied)(void *ctx, const guarantor_link *x), void *ctx)
{
    for (size_t i = 0; i < g->n; i++) {
        const node *x = &g->node[i];
        if (!x->untied) continue;
        guarantor_tie tie = x->circle == 1 ? TIE_SELF : TIE_CIRCLE;
        find_code(g->found, tie == TIE_SELF ? F_QUA_GUARANTOR_SELF : F_QUA_GUARANTOR_CIRCLE, "%zu", x->circle);
        const guarantor_link link = {x->source_key, x->src_key, x->guarantor, tie, x->circle};
        if (untied) untied(ctx, &link);
    }
}

static status untie_all(graph *g)
{
    status end = read_links(g);
    if (end != ST_OK) return end;
    find_payers(g);
    find_circles(g);
    return untie(g) ? ST_OK : failed(g);
}

status guarantors_untie(sqlite3 *db, findings *f, void (*untied)(void *ctx, const guarantor_link *x), void *ctx)
{
    graph g = {.db = db, .found = f};
    if (!work_has(db, SV_LIT("patient")) || !work_has(db, SV_LIT("guarantor"))) return ST_OK;
    g.mem = arena_new(GUARANTORS_BYTES_MAX);
    status end = g.mem ? untie_all(&g) : out_of_memory(&g);
    if (end == ST_OK) tell(&g, untied, ctx);
    arena_free(g.mem);
    return end;
}
