/* The data files being written: where pages go (PFS, GAM, SGAM, IAM) and the pages themselves. The maps are kept in memory
 * (about 1 byte per 8 KB page) and written at the end; every other page is written once, when it is full.
 *
 * A page number here names a page of any of the files: the top four bits tell the file. */
#ifndef BAKGEN_IMAGE_H
#define BAKGEN_IMAGE_H

#include "base/buf.h"
#include "le.h"

enum {
    PAGE = 8192,
    EXTENT = 65536,
    PAGE_HEADER = 96,
    PFS_EVERY = 8088,         /* pages */
    INTERVAL_EXTENTS = 63904, /* that one GAM page covers */
    INTERVAL_PAGES = INTERVAL_EXTENTS * 8,
    FILES_MAX = 12, /* data files */
    PAGE_BITS = 28  /* of the page number within its file */
};

typedef enum page_type {
    TYPE_DATA = 1,
    TYPE_INDEX = 2,
    TYPE_LOB_MIX = 3,
    TYPE_LOB_TREE = 4,
    TYPE_GAM = 8,
    TYPE_SGAM = 9,
    TYPE_IAM = 10,
    TYPE_PFS = 11,
    TYPE_BOOT = 13,
    TYPE_FILE_HEADER = 15,
    TYPE_DIFF_MAP = 16,
    TYPE_BULK_MAP = 17
} page_type;

/* A part of the file that extents are taken from, in ascending order. */
typedef struct zone {
    uint32_t next, end;  /* extents; end 0: the file grows */
    uint32_t mixed;      /* extent that single pages come from */
    unsigned mixed_used; /* pages taken of it; 8: a new one is needed */
} zone;

/* How pages are protected. */
typedef enum page_guard { GUARD_CHECKSUM, GUARD_TORN, GUARD_NONE } page_guard;

typedef struct image {
    struct image *all; /* of all data files, by their place in the list */
    unsigned place_in_list;
    page_guard guard;
    bool whole_extents; /* user objects take no pages of mixed extents */
    FILE *file;         /* not owned */
    fault *f;
    uint64_t file_at;
    uint8_t *pfs;    /* by page */
    uint8_t *gam;    /* by extent: bit 0 allocated, bit 1 mixed with free pages, bit 2 lead extent of an interval */
    uint32_t *place; /* by extent: which extent of the backup it is, in file order */
    uint32_t placed; /* extents of the backup so far */
    bool compact;    /* only those lie in the file, one after the other, from `base` on: a backup in the making */
    uint64_t base;
    uint32_t extents, room; /* of the database file so far; of the arrays */
    zone catalog, user;
    bool all_changed;
    const uint8_t *changed; /* by extent, for the map of changes; NULL: extents 0 and 1 */
} image;

/* The first catalog_extents after extent 0 are for the catalog. backup_base: 0 for a data file; else where the data part of
 * the backup begins that the file shall become. */
bool image_open(image *m, FILE *file, uint32_t catalog_extents, uint64_t backup_base, fault *f);
static inline image *image_of(image *m, uint32_t page) { return &m->all[page >> PAGE_BITS]; }
static inline uint32_t page_in_file(uint32_t page) { return page & ((1U << PAGE_BITS) - 1); }
static inline unsigned file_id_at(unsigned place) { return place ? place + 2 : 1; } /* the log file is number 2 */
static inline uint8_t *image_pfs(image *m, uint32_t page) { return &image_of(m, page)->pfs[page_in_file(page)]; }
void image_close(image *m);

bool image_write_page(image *m, uint32_t page, uint8_t *bytes); /* sets its checksum */

/* A free page of a mixed extent, marked allocated; 0: failed. */
uint32_t image_single_page(image *m, zone *z, uint8_t pfs);
/* A free extent, marked allocated; 0: failed. Its pages are not marked. */
uint32_t image_extent(image *m, zone *z);
/* Leaves n extents free. */
bool image_leave_free(image *m, zone *z, uint32_t n);
/* Extents freed long ago: `page` (of this file) and other pages are left in them as they once were. Data files only. */
bool image_leave_rubbish(image *m, uint32_t first_extent, uint32_t n, const uint8_t *page);
static inline void image_mark(image *m, uint32_t page, uint8_t pfs) { *image_pfs(m, page) = pfs; }

bool image_is_fixed_page(uint32_t page);               /* PFS, GAM, SGAM, DCM or ML page */
bool image_in_backup(const image *m, uint32_t extent); /* whether a full backup holds it */
uint32_t image_backup_extents(const image *m);

/* Makes `to`, the bytes of a page, what stands in the file: checksum, torn bits or nothing. */
void page_protect(uint8_t *bytes, page_guard guard);

/* Rounds the file up and writes all maps. Afterwards nothing may be allocated. */
bool image_finish(image *m);

/* ---- a page in memory ---- */

typedef struct page_owner {
    uint32_t object; /* the allocation unit's number, split as headers have it */
    uint16_t index;
} page_owner;

typedef struct page_buffer {
    uint8_t bytes[PAGE];
    uint32_t id; /* 0: none open */
    unsigned slots, free_at, ghosts;
} page_buffer;

void page_start(page_buffer *p, uint32_t id, page_type type, unsigned level, page_owner owner, unsigned min_length);
static inline unsigned page_room(const page_buffer *p) { return (unsigned)PAGE - 2 * p->slots - p->free_at; }
/* The number of the page as headers and pointers have it. */
static inline void put_page_number(uint8_t *p, uint32_t page)
{
    put32(p, page_in_file(page));
    put16(p + 4, file_id_at(page >> PAGE_BITS));
}
/* Adds a record (n + 2 <= page_room) and returns its slot. */
unsigned page_add(page_buffer *p, const uint8_t *record, unsigned n);
/* Completes the header and writes the page. */
bool page_finish(page_buffer *p, image *m, uint32_t prev, uint32_t next);

static inline void put_page_id(uint8_t *p, uint32_t page)
{
    put32(p, page_in_file(page));
    put16(p + 4, page ? file_id_at(page >> PAGE_BITS) : 0);
}

#endif
