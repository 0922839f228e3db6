/* The two protections a page can carry (FORMAT.md, Page protection). */
#ifndef MDF_PAGE_CHECK_H
#define MDF_PAGE_CHECK_H

#include "mdf/mdf_layout.h"

/* XOR of the 128 words of a sector: what the checksums of pages and of a backup's streams are made of. */
enum { SECTOR_BYTES = 512 };
uint32_t page_sector_xor(const uint8_t *sector);

/* The checksum of a page as SQL Server computes it: the stored field counts as 0. */
uint32_t page_checksum(const uint8_t *page);

typedef enum page_protection { PAGE_UNPROTECTED, PAGE_INTACT, PAGE_CHECKSUM_WRONG, PAGE_TORN_WRITE } page_protection;

/* Verifies the protection that the page's flags name. A torn-page pattern is undone in place when it is whole; must be
 * done once, before anything else looks at the page. *stored and *computed: the two facts when the checksum is wrong.
 * */
page_protection page_protection_undo(uint8_t *page, uint32_t *stored, uint32_t *computed);

#endif
