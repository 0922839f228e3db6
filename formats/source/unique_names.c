#include "source/unique_names.h"

/* A name that was given. The number is the hash of its letters in lower case or, where another name has that, one of the next. */
typedef struct given {
    uint64_t number;
    sv name;
    uint64_t next; /* the number behind the name that was not tried yet */
} given;

unique_names unique_names_new(arena *mem) { return (unique_names){.mem = mem, .seen = {.entry_bytes = sizeof(given)}}; }

void unique_names_free(unique_names *u) { id_table_free(&u->seen); }

/* The entry of a name; *fresh: there was none. NULL: out of memory. */
static given *entry_of(unique_names *u, sv name, bool *fresh)
{
    uint64_t number = sv_hash_nocase(name);
    given *g = NULL;
    do {
        if (++number == 0) number = 1; /* 0 is no number */
        g = id_table_find(&u->seen, number);
    } while (g && !sv_eq_nocase(g->name, name));
    *fresh = !g;
    if (g) return g;
    g = id_table_put(&u->seen, number);
    if (g) *g = (given){number, name, 2};
    return g;
}

sv unique_names_take(unique_names *u, sv wanted)
{
    const sv nothing = {NULL, 0};
    bool fresh;
    given *g = entry_of(u, wanted, &fresh);
    if (!g) return nothing;
    if (fresh) return wanted;
    const uint64_t number = g->number;
    uint64_t k = g->next;
    sv name = wanted;
    while (!fresh) {
        name = arena_printf(u->mem, "%.*s~%llu", (int)wanted.n, wanted.p, (unsigned long long)k++);
        if (!name.p || !entry_of(u, name, &fresh)) return nothing;
    }
    ((given *)id_table_find(&u->seen, number))->next = k; /* it may have moved */
    return name;
}

bool unique_names_table(unique_names *u, table_info *t)
{
    const sv full = unique_names_take(u, t->full_name);
    if (!full.p || full.p == t->full_name.p) return full.p != NULL;
    const sv number = {full.p + t->full_name.n, full.n - t->full_name.n};
    t->name = arena_printf(u->mem, "%.*s%.*s", (int)t->name.n, t->name.p, (int)number.n, number.p);
    t->full_name = full;
    return t->name.p != NULL;
}
