#include "base/id_table.h"
#include "base/memory.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 64 };

/* Two rounds of multiplying and folding spread any difference of two numbers over all bits. */
size_t id_table_place(const void *list, uint64_t id, size_t room)
{
    uint64_t x = id ^ (uint64_t)(uintptr_t)list;
    x = (x ^ x >> 33) * UINT64_C(0xFF51AFD7ED558CCD);
    x = (x ^ x >> 33) * UINT64_C(0xC4CEB9FE1A85EC53);
    return (size_t)(x ^ x >> 33) & (room - 1);
}

static void *entry_at(const id_table *t, size_t place) { return t->list + place * t->entry_bytes; }

static uint64_t id_at(const id_table *t, size_t place)
{
    uint64_t id;
    memcpy(&id, entry_at(t, place), sizeof id);
    return id;
}

/* The number's place, or the free one where its search ends: there is always one. */
static size_t place_of(const id_table *t, uint64_t id)
{
    size_t i = id_table_place(t->list, id, t->room);
    for (uint64_t there; (there = id_at(t, i)) != 0 && there != id;) i = (i + 1) & (t->room - 1);
    return i;
}

void *id_table_find(const id_table *t, uint64_t id)
{
    if (!t->n || !id) return NULL;
    const size_t i = place_of(t, id);
    return id_at(t, i) ? entry_at(t, i) : NULL;
}

static bool grow(id_table *t)
{
    id_table wider = *t;
    wider.room = t->room ? t->room * 2 : FIRST_ROOM;
    wider.list = wider.room <= SIZE_MAX / t->entry_bytes ? memory_take(wider.room * t->entry_bytes) : NULL;
    if (!wider.list) return false;
    memset(wider.list, 0, wider.room * t->entry_bytes);
    for (size_t i = 0; i < t->room; i++) {
        const uint64_t id = id_at(t, i);
        if (id) memcpy(entry_at(&wider, place_of(&wider, id)), entry_at(t, i), t->entry_bytes);
    }
    free(t->list);
    t->list = wider.list;
    t->room = wider.room;
    return true;
}

void *id_table_put(id_table *t, uint64_t id)
{
    assert(id && t->entry_bytes >= sizeof id && t->entry_bytes % sizeof id == 0);
    void *known = id_table_find(t, id);
    if (known) return known;
    if (t->most && t->n >= t->most) {
        t->full = true;
        return NULL;
    }
    if ((t->n + 1) * 4 > t->room * 3 && !grow(t)) return NULL;
    void *entry = entry_at(t, place_of(t, id));
    memcpy(entry, &id, sizeof id);
    t->n++;
    return entry;
}

/* Those behind it in the same run of places move up, so that they are found without a mark for what was taken out. */
void id_table_take_out(id_table *t, uint64_t id)
{
    if (!id_table_find(t, id)) return;
    const size_t last = t->room - 1;
    size_t hole = place_of(t, id);
    for (size_t i = (hole + 1) & last; id_at(t, i); i = (i + 1) & last) {
        const size_t begins = id_table_place(t->list, id_at(t, i), t->room);
        if (((i - begins) & last) < ((i - hole) & last)) continue; /* its search begins behind the hole */
        memcpy(entry_at(t, hole), entry_at(t, i), t->entry_bytes);
        hole = i;
    }
    memset(entry_at(t, hole), 0, t->entry_bytes);
    t->n--;
}

static int ascending(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

void id_table_numbers(const id_table *t, uint64_t *out)
{
    size_t n = 0;
    for (size_t i = 0; i < t->room; i++)
        if (id_at(t, i)) out[n++] = id_at(t, i);
    if (n) qsort(out, n, sizeof *out, ascending);
}

void id_table_free(id_table *t)
{
    free(t->list);
    *t = (id_table){.entry_bytes = t->entry_bytes, .most = t->most};
}
