#include "base/memory.h"
#include <stdatomic.h>
#include <stdlib.h>

static atomic_bool gone;

void memory_ran_out(void) { atomic_store(&gone, true); }
bool memory_has_run_out(void) { return atomic_load(&gone); }

void *memory_take(size_t n)
{
    void *p = malloc(n);
    if (!p && n) memory_ran_out();
    return p;
}

void *memory_grow(void *p, size_t n)
{
    void *grown = realloc(p, n);
    if (!grown && n) memory_ran_out();
    return grown;
}

char *memory_text(sv text)
{
    char *copy = memory_take(text.n + 1);
    if (!copy) return NULL;
    if (text.n) memcpy(copy, text.p, text.n);
    copy[text.n] = '\0';
    return copy;
}
