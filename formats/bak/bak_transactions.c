#include "bak/bak_transactions.h"
#include "base/id_hash.h"
#include <stdlib.h>

enum { FIRST_ROOM = 64, OPEN_MAX = 1 << 20 }; /* a server runs some thousand at once at most */

static size_t place_of(const open_transaction *list, size_t room, uint64_t id)
{
    size_t i = id_place(list, id, room);
    while (list[i].id && list[i].id != id) i = (i + 1) & (room - 1);
    return i;
}

open_transaction *transactions_find(const transactions *t, uint64_t id)
{
    if (!t->n || !id) return NULL;
    open_transaction *o = &t->list[place_of(t->list, t->room, id)];
    return o->id ? o : NULL;
}

static bool grow(transactions *t)
{
    size_t room = t->room ? t->room * 2 : FIRST_ROOM;
    open_transaction *list = calloc(room, sizeof *list);
    if (!list) return false;
    for (size_t i = 0; i < t->room; i++)
        if (t->list[i].id) list[place_of(list, room, t->list[i].id)] = t->list[i];
    free(t->list);
    t->list = list;
    t->room = room;
    return true;
}

static bool add(transactions *t, uint64_t id)
{
    if (transactions_find(t, id)) return true;
    if (t->n >= OPEN_MAX) {
        t->full = true;
        return true;
    }
    if ((t->n + 1) * 2 > t->room && !grow(t)) return false;
    t->list[place_of(t->list, t->room, id)] = (open_transaction){id, SIZE_MAX};
    t->n++;
    return true;
}

/* Those behind it in the same run of places move up, so that they are found without a mark for what was taken out. */
static void take_out(transactions *t, uint64_t id)
{
    open_transaction *o = transactions_find(t, id);
    if (!o) return;
    size_t i = (size_t)(o - t->list);
    *o = (open_transaction){0, 0};
    t->n--;
    for (i = (i + 1) & (t->room - 1); t->list[i].id; i = (i + 1) & (t->room - 1)) {
        open_transaction moved = t->list[i];
        t->list[i] = (open_transaction){0, 0};
        t->list[place_of(t->list, t->room, moved.id)] = moved;
    }
}

bool transactions_follow(transactions *t, const log_record *r)
{
    if (!r->transaction) return true;
    if (r->operation == LOG_COMMIT || r->operation == LOG_ABORT) take_out(t, r->transaction);
    return r->operation != LOG_BEGIN && !r->on_page ? true : add(t, r->transaction);
}

void transactions_free(transactions *t)
{
    free(t->list);
    *t = (transactions){0};
}
