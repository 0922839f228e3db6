#include "sql/sql_lost.h"
#include <stdlib.h>

static uint64_t hash_of(const origin *x)
{
    uint64_t h = x->line ^ (uint64_t)x->file << 48 ^ (uint64_t)x->page << 16 ^ x->slot;
    h = (h ^ h >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    return h ^ h >> 27;
}

static bool same(const origin *a, const origin *b)
{
    return a->line == b->line && a->file == b->file && a->page == b->page && a->slot == b->slot;
}

/* Where the row is, or belongs. room is a power of two and never full. */
static size_t place_of(const lost_rows *l, const origin *x)
{
    size_t i = (size_t)hash_of(x) & (l->room - 1);
    while (l->used[i] && !same(&l->slot[i], x)) i = (i + 1) & (l->room - 1);
    return i;
}

static bool grow(lost_rows *l)
{
    lost_rows more = {.room = l->room ? l->room * 2 : 64};
    more.slot = calloc(more.room, sizeof *more.slot);
    more.used = calloc(more.room, sizeof *more.used);
    if (!more.slot || !more.used) {
        lost_rows_free(&more);
        return false;
    }
    for (size_t i = 0; i < l->room; i++) {
        if (!l->used[i]) continue;
        size_t at = place_of(&more, &l->slot[i]);
        more.slot[at] = l->slot[i];
        more.used[at] = true;
    }
    more.n = l->n;
    lost_rows old = *l;
    *l = more;
    lost_rows_free(&old);
    return true;
}

bool lost_rows_add(lost_rows *l, const origin *from)
{
    if (l->n * 2 >= l->room && !grow(l)) return true;
    size_t at = place_of(l, from);
    if (l->used[at]) return false;
    l->slot[at] = *from;
    l->used[at] = true;
    l->n++;
    return true;
}

void lost_rows_free(lost_rows *l)
{
    free(l->slot);
    free(l->used);
    *l = (lost_rows){0};
}
