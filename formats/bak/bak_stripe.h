/* Backups written to several files at once: the extents of a pass are dealt to the parts in ascending order, but not
 * strictly in turn. Which part holds the r-th extent is found from the page headers around r / parts, in chunks of
 * 1,024 extents, and remembered with one byte per extent (FORMAT.md, Stripes). */
#ifndef BAK_BAK_STRIPE_H
#define BAK_BAK_STRIPE_H

#include "bak/bak_part.h"

typedef struct bak_stripe bak_stripe;

/* The rank that a claim stands for: a number below `ranks`, RANK_BEYOND for an extent behind all that is known yet,
 * RANK_NONE when the claim cannot be right. */
#define RANK_NONE   UINT64_MAX
#define RANK_BEYOND (UINT64_MAX - 1)
typedef uint64_t (*bak_rank_of)(const void *ctx, const extent_claim *claim);

/* parts stays the caller's. ranks: how many extents the pass holds over all parts. NULL when out of memory. */
bak_stripe *bak_stripe_new(const bak_part *part, size_t parts, uint64_t ranks, bak_rank_of rank_of, const void *ctx);
void bak_stripe_free(bak_stripe *s); /* s may be NULL */

/* Where the extent of this rank is. ST_OK; ST_ROW_LOST: in no part (no finding added); ST_FATAL. */
status bak_stripe_find(bak_stripe *s, void *scratch, uint64_t rank, bak_spot *out, findings *f);

/* The same while the ranks behind `rank` are not known yet (the maps of the file are being read): remembers nothing. */
status bak_stripe_search(bak_stripe *s, void *scratch, uint64_t rank, bak_spot *out, findings *f);

#endif
