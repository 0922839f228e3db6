#include "cli/library_memory.h"
#include "base/memory.h"
#include <jansson.h>
#include <sqlite3.h>
#include <stdlib.h>

/* SQLite's own, of which only the size of a piece and its rounding are used beside. */
static sqlite3_mem_methods own;

static void *take(int n)
{
    void *p = own.xMalloc(n);
    if (!p) memory_ran_out();
    return p;
}

static void *grow(void *p, int n)
{
    void *grown = own.xRealloc(p, n);
    if (!grown) memory_ran_out();
    return grown;
}

bool library_memory_watch(void)
{
    json_set_alloc_funcs(memory_take, free);
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &own) != SQLITE_OK) return false;
    sqlite3_mem_methods ours = own;
    ours.xMalloc = take;
    ours.xRealloc = grow;
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &ours) == SQLITE_OK;
}
