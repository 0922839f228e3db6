/* Memory that runs out at a chosen allocation, on any thread. The linker sends the allocations of the project's own code here (--wrap in
 * tests/CMakeLists.txt): for one file of a test program. */
#ifndef TESTS_FAILING_MEMORY_H
#define TESTS_FAILING_MEMORY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

/* The linker's names. */
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *p, size_t n);
void __wrap_free(void *p);
void *__real_malloc(size_t n);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *p, size_t n);
void __real_free(void *p);

static _Atomic uint64_t asked, fail_from, fail_to; /* allocations so far; those that fail, from 1, [from, to) */
static _Atomic int64_t live;

static bool refuse(void)
{
    const uint64_t n = ++asked;
    return n >= fail_from && n < fail_to;
}

void *__wrap_malloc(size_t n)
{
    void *p = refuse() ? NULL : __real_malloc(n);
    live += p != NULL;
    return p;
}

void *__wrap_calloc(size_t count, size_t size)
{
    void *p = refuse() ? NULL : __real_calloc(count, size);
    live += p != NULL;
    return p;
}

void *__wrap_realloc(void *p, size_t n)
{
    void *grown = refuse() ? NULL : __real_realloc(p, n);
    live += grown != NULL && p == NULL;
    return grown;
}

void __wrap_free(void *p)
{
    live -= p != NULL;
    __real_free(p);
}

#endif
