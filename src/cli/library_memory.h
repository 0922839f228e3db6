/* Libraries that take an allocator are given ours, which remembers a failure (base/memory.h). */
#ifndef CLI_LIBRARY_MEMORY_H
#define CLI_LIBRARY_MEMORY_H

#include <stdbool.h>

/* Before any other call of them. False: SQLite was in use already, and keeps its own. */
bool library_memory_watch(void);

#endif
