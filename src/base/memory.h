/* Memory that ran out is remembered. A value that could not be had for want of memory must not pass for a blank one, nor a list that
 * lost a line for a whole one: so every allocation that fails says so here, and whoever ends a command asks before its result
 * counts. Any thread may call. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include "base/sv.h"

/* malloc and realloc that remember a failure; for libraries that take an allocator too. */
void *memory_take(size_t n);
void *memory_grow(void *p, size_t n);
/* The text with a NUL behind, from malloc; NULL: out of memory. */
char *memory_text(sv text);

void memory_ran_out(void);
bool memory_has_run_out(void);

#endif
