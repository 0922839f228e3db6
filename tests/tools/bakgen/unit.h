/* An allocation unit: hands out pages of its filegroup's files in turn and keeps the IAM pages that list them. */
#ifndef BAKGEN_UNIT_H
#define BAKGEN_UNIT_H

#include "image.h"

typedef enum unit_type { UNIT_IN_ROW = 1, UNIT_LOB = 2, UNIT_OVERFLOW = 3 } unit_type;

/* Where a unit's pages come from. */
typedef struct filegroup {
    image *image;  /* the first of all data files */
    uint32_t file; /* bit i: the i-th of them */
    uint16_t id;
    bool catalog;
} filegroup;

/* An IAM page: the extents of one interval of one file. All of a unit's stay open until its end. */
typedef struct iam_page iam_page;

typedef struct unit {
    filegroup group;
    int64_t id, owner; /* allocation unit; rowset */
    unit_type type;
    page_owner name;
    uint32_t first, root, first_iam;
    uint64_t used, data, reserved;
    unsigned singles;            /* single pages so far */
    uint32_t extent;             /* that pages come from, as the number of its first page; 0: none */
    unsigned extent_at, file_at; /* next page of it; file that the last extent came from */
    iam_page *iam;               /* owned */
    size_t iams;
    uint32_t single[8];
} unit;

void unit_init(unit *u, const filegroup *group, int64_t id, int64_t owner, unit_type type);
void unit_free(unit *u);

/* Another page for the unit, marked `pfs` (fullness bits) in PFS; 0: failed. The first 8 may be single pages. */
uint32_t unit_page(unit *u, uint8_t pfs);
/* Takes n extents for the unit whose pages are never used: PFS says free. */
bool unit_hollow(unit *u, uint32_t n);
/* Writes the IAM pages. `stale`: a page of the unit to leave copies of in the pages that were never used; NULL: none. */
bool unit_close(unit *u, const page_buffer *stale);

/* PFS fullness of a heap or LOB page. */
uint8_t fullness_of(const page_buffer *p);

#endif
