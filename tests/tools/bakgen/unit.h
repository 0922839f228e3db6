/* An allocation unit: hands out pages and keeps the IAM chain that lists them. */
#ifndef BAKGEN_UNIT_H
#define BAKGEN_UNIT_H

#include "image.h"

typedef enum unit_type { UNIT_IN_ROW = 1, UNIT_LOB = 2, UNIT_OVERFLOW = 3 } unit_type;

typedef struct unit {
    image *image;
    zone *zone;
    int64_t id, owner; /* allocation unit; rowset */
    unit_type type;
    page_owner name;
    uint32_t first, root, first_iam;
    uint64_t used, data, reserved;
    unsigned singles;           /* single pages so far */
    uint32_t extent;            /* that pages come from; 0: none */
    unsigned extent_at;         /* next page of it */
    uint32_t iam, iam_interval; /* the open IAM page */
    uint32_t iam_single[8];
    uint8_t *iam_bits; /* owned; one bit per extent of the interval */
} unit;

void unit_init(unit *u, image *m, zone *z, int64_t id, int64_t owner, unit_type type);
void unit_free(unit *u);

/* Another page for the unit, marked `pfs` (fullness bits) in PFS; 0: failed. The first 8 are single pages. */
uint32_t unit_page(unit *u, uint8_t pfs);
/* Writes the last IAM page. `stale`: a page of the unit to leave copies of in the pages that were never used; NULL: none. */
bool unit_close(unit *u, const page_buffer *stale);

/* PFS fullness of a heap or LOB page. */
uint8_t fullness_of(const page_buffer *p);

#endif
