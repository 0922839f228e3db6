#include "mdf/page_set.h"
#include "base/id_hash.h"
#include <stdlib.h>

enum { FIRST_ROOM = 64 };

static size_t place_of(const page_id *list, size_t room, page_id id)
{
    size_t i = id_place(list, (uint64_t)id.file << 32 | id.page, room);
    while (list[i].file && (list[i].page != id.page || list[i].file != id.file)) i = (i + 1) & (room - 1);
    return i;
}

static bool grow(page_set *s)
{
    size_t room = s->room ? s->room * 2 : FIRST_ROOM;
    page_id *list = calloc(room, sizeof *list);
    if (!list) return false;
    for (size_t i = 0; i < s->room; i++)
        if (s->page[i].file) list[place_of(list, room, s->page[i])] = s->page[i];
    free(s->page);
    s->page = list;
    s->room = room;
    return true;
}

bool page_set_add(page_set *s, page_id id)
{
    if ((s->n + 1) * 2 > s->room && !grow(s)) return true;
    page_id *at = &s->page[place_of(s->page, s->room, id)];
    if (at->file) return false;
    *at = id;
    s->n++;
    return true;
}

void page_set_free(page_set *s)
{
    free(s->page);
    *s = (page_set){0};
}
