/* The connections that rows are read over. */
#include "tds/tds_failure.h"
#include "tds/tds_internal.h"
#include <stdio.h>
#include <stdlib.h>

/* Opened together before the first row: as many tables as are read at once on a practice's computer, and one for large
 * values. */
enum { TOGETHER_MAX = 5 };

struct tds_pooled {
    tds_link *link;
    tds_pooled *next;
    bool plain;
};

/* The view of a snapshot begins with its first read. */
static bool begin_snapshot(tds_source *s, tds_link *l)
{
    static const char begin[] = "SET TRANSACTION ISOLATION LEVEL SNAPSHOT; BEGIN TRANSACTION";
    buf b = buf_new(1 << 14);
    bool ok = tds_do(l, begin) == ST_OK;
    for (size_t i = 0; ok && i < s->catalog.tables; i++) {
        if (s->catalog.table[i].unreadable.n || s->table[i].memory_optimized) continue;
        buf_str(&b, "SELECT COUNT(*) AS touched FROM (SELECT TOP (1) 1 AS x FROM ");
        buf_sv(&b, s->table[i].from);
        buf_str(&b, ") AS t");
        buf_char(&b, '\0');
        ok = !b.failed && tds_ask(l, b.p) == ST_OK;
        while (ok && tds_row(l) == ST_OK) continue;
        ok = ok && tds_usable(l);
        break;
    }
    buf_free(&b);
    return ok;
}

static tds_link *new_link(tds_source *s, bool plain, sv table)
{
    tds_link *l = tds_open_link(s);
    if (!l || plain || !s->snapshot || begin_snapshot(s, l)) return l;
    tds_say_lost(s->found, tds_trouble_of(l), s->path, table, 0, s->login.answer_seconds);
    tds_link_close(l);
    return NULL;
}

static tds_link *take_idle(tds_source *s, bool plain)
{
    mutex_lock(s->lock);
    tds_pooled **at = &s->pool, *found;
    while (*at && (*at)->plain != plain) at = &(*at)->next;
    found = *at;
    if (found) *at = found->next;
    mutex_unlock(s->lock);
    tds_link *l = found ? found->link : NULL;
    free(found);
    return l;
}

/* Each further connection with a view of its own is told of. */
static void say_later(tds_source *s, bool plain)
{
    char number[24];
    if (plain || !s->snapshot) return;
    mutex_lock(s->lock);
    const unsigned made = ++s->made;
    mutex_unlock(s->lock);
    snprintf(number, sizeof number, "%u", made);
    find_at(s->found, F_TDS_LATER_SNAPSHOT, s->path, sv_from(number));
}

tds_link *tds_take(tds_source *s, bool plain, sv table)
{
    plain = plain || !s->snapshot;
    tds_link *l = take_idle(s, plain);
    if (l) return l;
    l = new_link(s, plain, table);
    if (l) say_later(s, plain);
    return l;
}

void tds_give(tds_source *s, tds_link *l, bool plain)
{
    tds_pooled *p = l && tds_usable(l) ? malloc(sizeof *p) : NULL;
    if (!p) {
        tds_link_close(l);
        return;
    }
    *p = (tds_pooled){.link = l, .plain = plain || !s->snapshot};
    mutex_lock(s->lock);
    p->next = s->pool;
    s->pool = p;
    mutex_unlock(s->lock);
}

void tds_pool_begin(tds_source *s)
{
    unsigned n = os_cpus() + 1;
    if (n > TOGETHER_MAX) n = TOGETHER_MAX;
    mutex_lock(s->beginning);
    for (unsigned i = 0; !s->pooled && s->snapshot && i < n; i++) {
        tds_link *l = new_link(s, false, (sv){NULL, 0});
        if (!l) break;
        s->made++;
        tds_give(s, l, false);
    }
    s->pooled = true;
    mutex_unlock(s->beginning);
}

void tds_pool_end(tds_source *s)
{
    while (s->pool) {
        tds_pooled *p = s->pool;
        s->pool = p->next;
        tds_link_close(p->link);
        free(p);
    }
}
