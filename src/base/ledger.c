#include "base/ledger.h"
#include "base/arena.h"
#include "base/platform.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Lines are one per table, entity and object: hundreds. More than this is a mistake of ours. */
enum { LINES_MAX = 100000 };

const char *const ledger_count_key[LEDGER_COUNTS] = {
    [COUNT_READ] = "read",       [COUNT_DECODED] = "decoded",   [COUNT_UNREADABLE] = "unreadable",
    [COUNT_MAPPED] = "mapped",   [COUNT_WRITTEN] = "written",   [COUNT_MERGED] = "merged",
    [COUNT_SKIPPED] = "skipped", [COUNT_REJECTED] = "rejected", [COUNT_HELD_BACK] = "held_back",
    [COUNT_CHANGED] = "changed",
};

struct ledger {
    mutex *lock;
    arena *mem;
    ledger_line **line;
    size_t lines, room;
};

ledger *ledger_new(void)
{
    ledger *l = calloc(1, sizeof *l);
    if (!l) return NULL;
    l->lock = mutex_new();
    l->mem = arena_new(0);
    if (l->lock && l->mem) return l;
    ledger_free(l);
    return NULL;
}

void ledger_free(ledger *l)
{
    if (!l) return;
    mutex_free(l->lock);
    arena_free(l->mem);
    free(l->line);
    free(l);
}

static size_t find_line(const ledger *l, ledger_level level, sv name)
{
    for (size_t i = 0; i < l->lines; i++)
        if (l->line[i]->level == level && sv_eq(l->line[i]->name, name)) return i;
    return SIZE_MAX;
}

static size_t add_line(ledger *l, ledger_level level, sv name, sv from)
{
    if (l->lines == LINES_MAX) return SIZE_MAX;
    if (l->lines == l->room) {
        size_t room = l->room ? l->room * 2 : 64;
        ledger_line **grown = realloc(l->line, room * sizeof(ledger_line *));
        if (!grown) return SIZE_MAX;
        l->line = grown;
        l->room = room;
    }
    ledger_line *x = arena_alloc(l->mem, sizeof *x);
    if (!x) return SIZE_MAX;
    *x = (ledger_line){.level = level, .name = arena_sv(l->mem, name), .from = arena_sv(l->mem, from)};
    if (!x->name.p || !x->from.p) return SIZE_MAX;
    l->line[l->lines] = x;
    return l->lines++;
}

size_t ledger_line_of(ledger *l, ledger_level level, sv name, sv from)
{
    mutex_lock(l->lock);
    size_t at = find_line(l, level, name);
    if (at == SIZE_MAX) at = add_line(l, level, name, from);
    mutex_unlock(l->lock);
    return at;
}

void ledger_add(ledger *l, size_t line, ledger_count what, uint64_t n)
{
    mutex_lock(l->lock);
    if (line < l->lines) l->line[line]->count[what] += n;
    mutex_unlock(l->lock);
}

void ledger_move(ledger *l, size_t line, ledger_count from, ledger_count to, uint64_t n)
{
    mutex_lock(l->lock);
    if (line < l->lines) {
        uint64_t *count = l->line[line]->count;
        if (n > count[from]) n = count[from];
        count[from] -= n;
        count[to] += n;
    }
    mutex_unlock(l->lock);
}

size_t ledger_lines(const ledger *l) { return l->lines; }
const ledger_line *ledger_at(const ledger *l, size_t line) { return l->line[line]; }

/* The two sides of the line's sum. */
static void sides(const ledger_line *x, uint64_t *left, uint64_t *right)
{
    const uint64_t *c = x->count;
    switch (x->level) {
    case LEDGER_TABLE:
        *left = c[COUNT_READ];
        *right = c[COUNT_DECODED] + c[COUNT_UNREADABLE];
        break;
    case LEDGER_ENTITY:
        *left = c[COUNT_DECODED];
        *right = c[COUNT_MAPPED] + c[COUNT_SKIPPED] + c[COUNT_REJECTED];
        break;
    case LEDGER_OBJECT:
        *left = c[COUNT_MAPPED];
        *right = c[COUNT_WRITTEN] + c[COUNT_MERGED] + c[COUNT_SKIPPED] + c[COUNT_REJECTED];
        break;
    }
}

bool ledger_balanced(const ledger *l, findings *f)
{
    bool all = true;
    for (size_t i = 0; i < l->lines; i++) {
        uint64_t left = 0, right = 0;
        char a[32], b[32];
        sides(l->line[i], &left, &right);
        if (left == right) continue;
        all = false;
        finding x = FINDING_OF(F_LEDGER_UNBALANCED);
        snprintf(a, sizeof a, "%" PRIu64, left);
        snprintf(b, sizeof b, "%" PRIu64, right);
        x.table = l->line[i]->name;
        x.a = sv_from(a);
        x.b = sv_from(b);
        find_add(f, &x);
    }
    return all;
}
