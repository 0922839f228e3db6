/* Custom fields of charts: millions of findings pass by, of some dozen names. */
#include "base/id_table.h"
#include "quality/quality.h"
#include <stdlib.h>

typedef struct custom_seen {
    sv entity, name, type;
    uint64_t records;
    id_table values; /* hashes of those seen; full: there are more */
} custom_seen;

struct quality_customs {
    arena *mem;
    custom_seen all[QUALITY_CUSTOMS_MAX];
    size_t n;
};

quality_customs *quality_customs_new(void)
{
    quality_customs *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    c->mem = arena_new(0);
    if (c->mem) return c;
    free(c);
    return NULL;
}

void quality_customs_free(quality_customs *c)
{
    if (!c) return;
    for (size_t i = 0; i < c->n; i++) id_table_free(&c->all[i].values);
    arena_free(c->mem);
    free(c);
}

static custom_seen *seen_of(quality_customs *c, sv entity, sv name, sv type)
{
    for (size_t i = 0; i < c->n; i++)
        if (sv_eq(c->all[i].name, name) && sv_eq(c->all[i].entity, entity)) return &c->all[i];
    if (c->n == QUALITY_CUSTOMS_MAX) return &c->all[c->n - 1]; /* beyond what any practice has: counted together */
    custom_seen *s = &c->all[c->n];
    *s = (custom_seen){
        .entity = arena_sv(c->mem, entity), .name = arena_sv(c->mem, name), .type = arena_sv(c->mem, type)};
    s->values = (id_table){.entry_bytes = sizeof(uint64_t), .most = QUALITY_DISTINCT_MAX};
    if (!s->entity.p || !s->name.p || !s->type.p) return NULL;
    c->n++;
    return s;
}

/* Never 0. Two values of one hash count as one: of 1,024 values that is one chance in a trillion. */
static uint64_t hash_of(sv s)
{
    uint64_t h = sv_hash(s);
    return h ? h : 1;
}

bool quality_customs_add(quality_customs *c, sv entity, sv name, sv type, sv value)
{
    custom_seen *s = seen_of(c, entity, name, type);
    if (!s) return false;
    s->records++;
    return id_table_put(&s->values, hash_of(value)) || s->values.full;
}

static int by_name(const void *a_, const void *b_)
{
    const quality_custom *a = a_, *b = b_;
    int c = sv_cmp(a->entity, b->entity);
    return c ? c : sv_cmp(a->name, b->name);
}

bool quality_customs_list(const quality_customs *c, arena *mem, quality_facts *facts)
{
    size_t n = facts->customs + c->n;
    quality_custom *all = arena_array(mem, n + 1, sizeof *all);
    if (!all) return false;
    if (facts->customs) memcpy(all, facts->custom, facts->customs * sizeof *all);
    for (size_t i = 0; i < c->n; i++) {
        const custom_seen *s = &c->all[i];
        all[facts->customs + i] = (quality_custom){.entity = arena_sv(mem, s->entity),
                                                   .name = arena_sv(mem, s->name),
                                                   .type = arena_sv(mem, s->type),
                                                   .records = s->records,
                                                   .distinct = s->values.n,
                                                   .more = s->values.full};
    }
    qsort(all, n, sizeof *all, by_name);
    facts->custom = all;
    facts->customs = n;
    return !arena_failed(mem);
}
