#include "base/arena.h"
#include "base/limits.h"
#include "base/memory.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct block {
    struct block *next;
    size_t room, used;
    max_align_t data[];
} block;

struct arena {
    block *top; /* the block that allocations come from; older ones behind it */
    size_t held, ceiling;
    bool failed;
};

enum { FIRST_BLOCK = 16 << 10, LARGEST_BLOCK = 1 << 20 };

arena *arena_new(size_t ceiling)
{
    arena *a = memory_take(sizeof *a);
    if (a) *a = (arena){.ceiling = ceiling ? ceiling : ARENA_BYTES_MAX};
    return a;
}

static void free_blocks(block *b)
{
    while (b) {
        block *next = b->next;
        free(b);
        b = next;
    }
}

void arena_free(arena *a)
{
    if (!a) return;
    free_blocks(a->top);
    free(a);
}

static block *grow(arena *a, size_t n)
{
    size_t room = a->top ? a->top->room * 2 : FIRST_BLOCK;
    if (room > LARGEST_BLOCK) room = LARGEST_BLOCK;
    if (room < n) room = n;
    if (a->held + room > a->ceiling) room = n;
    if (n > a->ceiling || a->held > a->ceiling - n) return NULL;
    block *b = memory_take(sizeof *b + room);
    if (!b) return NULL;
    b->next = a->top;
    b->room = room;
    b->used = 0;
    a->top = b;
    a->held += room;
    return b;
}

/* Not zeroed; NULL when there is none. */
static void *carve(arena *a, size_t n)
{
    const size_t unit = sizeof(max_align_t);
    if (n > SIZE_MAX - unit) return NULL;
    n = (n + unit - 1) / unit * unit;
    if (n == 0) n = unit;
    block *b = a->top;
    if (!b || n > b->room - b->used) b = grow(a, n);
    if (!b) {
        a->failed = true;
        return NULL;
    }
    char *p = (char *)b->data + b->used;
    b->used += n;
    return p;
}

void *arena_alloc(arena *a, size_t n)
{
    void *p = carve(a, n);
    return p ? memset(p, 0, n) : NULL;
}

void *arena_array(arena *a, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size) return NULL;
    return arena_alloc(a, count * size);
}

void *arena_copy(arena *a, const void *from, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size) return NULL;
    size_t n = count * size;
    void *p = carve(a, n);
    return p && n ? memcpy(p, from, n) : p;
}

sv arena_sv(arena *a, sv s)
{
    if (s.n == SIZE_MAX) return (sv){NULL, 0};
    char *p = carve(a, s.n + 1);
    if (!p) return (sv){NULL, 0};
    if (s.n) memcpy(p, s.p, s.n);
    p[s.n] = '\0';
    return (sv){p, s.n};
}

sv arena_printf(arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *p = n < 0 ? NULL : arena_alloc(a, (size_t)n + 1);
    if (!p) return (sv){NULL, 0};
    va_start(args, format);
    vsnprintf(p, (size_t)n + 1, format, args);
    va_end(args);
    return (sv){p, (size_t)n};
}

void arena_reset(arena *a)
{
    block *largest = a->top;
    for (block *b = a->top; b; b = b->next)
        if (b->room > largest->room) largest = b;
    for (block *b = a->top; b;) {
        block *next = b->next;
        if (b != largest) {
            a->held -= b->room;
            free(b);
        }
        b = next;
    }
    a->top = largest;
    a->failed = false;
    if (largest) {
        largest->next = NULL;
        largest->used = 0;
    }
}

size_t arena_bytes(const arena *a) { return a->held; }

size_t arena_used(const arena *a)
{
    size_t n = 0;
    for (const block *b = a->top; b; b = b->next) n += b->used;
    return n;
}

bool arena_failed(const arena *a) { return a->failed; }
