/* Which pages belong to an allocation unit: PFS, GAM and IAM pages (FORMAT.md, Allocation). */
#ifndef MDF_MDF_ALLOC_H
#define MDF_MDF_ALLOC_H

#include "mdf/page_reader.h"

/* The byte of the i-th page that a PFS page tells of, i < PFS_PAGES. */
uint8_t mdf_pfs_of(const uint8_t *page, uint32_t i);
/* PFS byte of a page: ST_OK and *pfs, or ST_ROW_LOST (finding added) when its PFS page cannot be read. */
status mdf_pfs(page_reader *r, page_id id, uint8_t *pfs);

/* True for the fixed places of file header, PFS, GAM, SGAM, differential and bulk maps, and the boot page. */
bool mdf_is_system_page(page_id id);

/* The extents and single pages of one allocation unit as its IAM chain lists them, in chain order: a flat list that can
 * be cut into ranges. Runs of consecutive extents are kept as one entry. */
typedef struct page_run {
    page_id first;
    uint32_t pages; /* consecutive; a multiple of 8 for extents, 1 for a single page */
} page_run;

typedef struct page_list {
    page_run *run; /* in the arena given to mdf_page_list */
    size_t runs;
    uint64_t pages;   /* sum */
    size_t iam_pages; /* of the chain */
    bool broken;      /* the chain loops or breaks off: findings were added, what follows is missing */
    int64_t unit;     /* whose list it is, where the caller knows; else 0 */
} page_list;

/* first_iam {0,0} gives an empty list. Bounded by the files' sizes, whatever the chain says. */
status mdf_page_list(page_reader *r, page_id first_iam, arena *a, page_list *out);

/* Walks pages [first, last) of a list (positions among page_list.pages): the next one that PFS marks allocated and
 * whose type is `type` (`type2`: 0 or a second one allowed). ST_OK, ST_END, or ST_ROW_LOST when an allocated page could
 * not be read (finding added; call again). System pages that lie inside an owned extent are passed over. Where the PFS
 * page is lost, those pages are taken whose header names the list's unit (finding F_SALVAGED_BLIND). */
typedef struct page_walk {
    const page_list *list;
    uint64_t at, last; /* position */
    size_t run;        /* that `at` lies in */
    uint64_t run_at;   /* position of that run's first page */
    uint8_t type, type2;
    bool map_lost; /* lost_map, the first page of a PFS interval, was reported */
    page_id lost_map;
} page_walk;
void page_walk_start(page_walk *w, const page_list *list, uint8_t type, uint8_t type2, uint64_t first, uint64_t last);
status page_walk_next(page_walk *w, page_reader *r, page_id *id, const uint8_t **page);

#endif
