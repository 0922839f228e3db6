/* Names of which each is given once: of columns, of tables. */
#ifndef SOURCE_UNIQUE_NAMES_H
#define SOURCE_UNIQUE_NAMES_H

#include "base/arena.h"
#include "base/id_table.h"
#include "source/row_source.h"

typedef struct unique_names {
    arena *mem; /* borrowed: made names live in it */
    id_table seen;
} unique_names;

unique_names unique_names_new(arena *mem);
void unique_names_free(unique_names *u);

/* `wanted`, or, where that was given before, ASCII letters' case aside, the first of it with "~2", "~3" and so on behind it that was
 * not. As many steps as there are names, though all be one. `wanted` is borrowed as long as `u` lives. p NULL: out of memory. */
sv unique_names_take(unique_names *u, sv wanted);
/* Its full name, taken so; its name goes with it. False: out of memory. */
bool unique_names_table(unique_names *u, table_info *t);

#endif
