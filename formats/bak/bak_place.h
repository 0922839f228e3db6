/* Where the extents of the database files lie in a set: layers, each one data pass over all parts of the set. */
#ifndef BAK_BAK_PLACE_H
#define BAK_BAK_PLACE_H

#include "bak/bak_part.h"

typedef struct bak_layer bak_layer;

/* A first pass: extents in ascending order, file by file, as the allocation maps inside it list them (GAM and SGAM of a
 * full backup, DCM of a differential). What is odd becomes findings; extents behind a map that cannot be used are lost.
 * part stays the caller's. NULL when out of memory or reading failed (finding added). */
bak_layer *bak_layer_by_maps(const bak_part *part, size_t parts, const bak_config *config, bool differential,
                             void *scratch, arena *a, findings *f);

/* Why extents are placed by what their own headers say. */
typedef enum claims_of {
    CLAIMS_LATER_PASS,   /* nothing else tells; those that no header places are told of in a finding */
    CLAIMS_PART_MISSING, /* what there is of a set; every extent that is not found counts as lost */
    CLAIMS_MAP_DAMAGED   /* a first pass; whether an extent that is not found was there is not known */
} claims_of;
/* Placed so, in ascending order in each part. */
bak_layer *bak_layer_by_claims(const bak_part *part, size_t parts, const bak_config *config, claims_of why,
                               void *scratch, arena *a, findings *f);
/* A map was damaged: what lies behind it is not placed, and bak_layer_by_claims does better. */
bool bak_layer_damaged(const bak_layer *l);
void bak_layer_free(bak_layer *l); /* l may be NULL */

/* ST_OK and where it is; ST_END: not in this layer; ST_ROW_LOST: should be in it (*why says, no finding added);
 * ST_FATAL. */
status bak_layer_find(bak_layer *l, void *scratch, uint16_t file, uint32_t extent, bak_spot *out, const char **why,
                      findings *f);

/* Every extent of the file at or above this is in no layer. */
uint32_t bak_layer_extents(const bak_layer *l, uint16_t file);
/* Extents that the layer places, and that the set's description names. */
uint64_t bak_layer_placed(const bak_layer *l);
uint64_t bak_layer_expected(const bak_layer *l);

#endif
