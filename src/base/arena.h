/* Region allocator: many small blocks, freed all at once. Blocks are aligned for any type and zeroed. An arena is used
 * by one thread at a time. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/sv.h"

typedef struct arena arena;

/* ceiling: the most bytes the arena may hold in all (0: ARENA_BYTES_MAX of limits.h). NULL when out of memory. */
arena *arena_new(size_t ceiling);
void arena_free(arena *a); /* a may be NULL */

/* n zeroed bytes, or NULL when memory or the ceiling is reached. arena_array also returns NULL when count * size
 * overflows. */
void *arena_alloc(arena *a, size_t n);
void *arena_array(arena *a, size_t count, size_t size);
/* A copy of count * size bytes; NULL as above. */
void *arena_copy(arena *a, const void *from, size_t count, size_t size);

/* A copy that lives as long as the arena, NUL behind it; {NULL, 0} when out of memory (an empty s gives a non-NULL p).
 * */
sv arena_sv(arena *a, sv s);
/* printf into the arena; {NULL, 0} when out of memory. */
sv arena_printf(arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Makes the whole room free again, keeping the largest block for reuse. */
void arena_reset(arena *a);
size_t arena_bytes(const arena *a); /* held from the system */
size_t arena_used(const arena *a);  /* given out since it was made or reset */
/* Some allocation since the arena was made or reset has failed: whoever builds much asks once at the end. */
bool arena_failed(const arena *a);

#endif
