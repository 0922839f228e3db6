/* Which extents of a database file a data pass holds, and the how-many-th each is: one bit per extent and a sum every
 * 512 bits, 8 KB for 4 GB of file (FORMAT.md, Where the pages are). */
#ifndef BAK_EXTENT_MAP_H
#define BAK_EXTENT_MAP_H

#include "base/arena.h"
#include "mdf/mdf_layout.h"

enum { MAP_WORDS = (GAM_EXTENTS + 63) / 64, MAP_WORDS_PER_SUM = 8, MAP_SUMS = MAP_WORDS / MAP_WORDS_PER_SUM + 1 };

typedef struct extent_bits {
    uint64_t word[MAP_WORDS];
    uint16_t sum[MAP_SUMS]; /* bits before word 8 * i */
} extent_bits;

typedef struct extent_interval {
    extent_bits *bits; /* NULL: none of the interval is in the pass */
    uint64_t before;   /* extents of earlier intervals */
} extent_interval;

typedef struct extent_map {
    extent_interval *interval;
    size_t intervals, room;
    uint64_t count;
} extent_map;

/* Adds GAM interval k, which must not be below those added before; intervals left out are empty. bits: bit i of word
 * i/64 is extent k * GAM_EXTENTS + i; copied. False when out of memory. */
bool extent_map_add(extent_map *m, arena *a, uint32_t k, const uint64_t bits[MAP_WORDS]);
/* The extent's position among those of the map; false when it is not in it. */
bool extent_map_rank(const extent_map *m, uint32_t extent, uint64_t *rank);
/* One more than the highest extent of the map. */
uint64_t extent_map_end(const extent_map *m);

#endif
