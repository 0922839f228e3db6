/* Offsets and constants of pages and records on disk (FORMAT.md says how each was checked). Nothing but numbers. */
#ifndef MDF_MDF_LAYOUT_H
#define MDF_MDF_LAYOUT_H

#include "base/bytes.h"
#include "mdf/page_store.h"

/* Page header, 96 bytes. */
enum {
    PAGE_HEADER_BYTES = 96,
    PH_VERSION = 0,     /* u8, 1 */
    PH_TYPE = 1,        /* u8 */
    PH_TYPE_FLAGS = 2,  /* u8; 0x80: the page carries a compression-information structure */
    PH_LEVEL = 3,       /* u8, 0 leaf */
    PH_FLAGS = 4,       /* u16 */
    PH_INDEX_ID = 6,    /* u16, part of the allocation unit id */
    PH_PREV = 8,        /* u32 page, u16 file */
    PH_PMINLEN = 14,    /* u16, fixed part of its records incl. the 4-byte record header */
    PH_NEXT = 16,       /* u32 page, u16 file */
    PH_SLOTS = 22,      /* u16 */
    PH_OBJECT_ID = 24,  /* u32, part of the allocation unit id */
    PH_FREE_BYTES = 28, /* u16 */
    PH_FREE_DATA = 30,  /* u16 */
    PH_PAGE = 32,       /* u32 */
    PH_FILE = 36,       /* u16 */
    PH_LSN = 40,        /* u32, u32, u16 */
    PH_GHOSTS = 58,     /* u16 */
    PH_CHECKSUM = 60    /* u32 checksum or torn bits */
};

enum { PAGE_FLAG_ENCRYPTED = 0x0008, PAGE_FLAG_TORN = 0x0100, PAGE_FLAG_CHECKSUM = 0x0200, PAGE_TYPE_FLAG_CI = 0x80 };

enum {
    PAGE_DATA = 1,
    PAGE_INDEX = 2,
    PAGE_LOB_MIX = 3,
    PAGE_LOB_TREE = 4,
    PAGE_SORT = 7,
    PAGE_GAM = 8,
    PAGE_SGAM = 9,
    PAGE_IAM = 10,
    PAGE_PFS = 11,
    PAGE_BOOT = 13,
    PAGE_CONFIGURATION = 14,
    PAGE_FILE_HEADER = 15,
    PAGE_DIFF_MAP = 16,
    PAGE_BULK_MAP = 17,
    PAGE_FILLER = 0x65
};

/* Allocation. */
enum {
    PFS_PAGES = 8088,
    PFS_ALLOCATED = 0x40,
    PFS_IAM = 0x10,
    GAM_EXTENTS = 63904,
    GAM_PAGES = 511232,
    FIRST_GAM = 2,
    MAP_BITS = 194, /* where the bitmap of a GAM, SGAM or IAM page begins */
    BOOT_PAGE = 9,
    CONFIGURATION_PAGE = 10
};

/* Record status byte A: bits 1-3 type. */
enum {
    RECORD_PRIMARY = 0,
    RECORD_FORWARDED = 1,
    RECORD_STUB = 2,
    RECORD_INDEX = 3,
    RECORD_LOB = 4,
    RECORD_GHOST_INDEX = 5,
    RECORD_GHOST = 6,
    RECORD_GHOST_VERSION = 7
};
enum { RECORD_HAS_NULLS = 0x10, RECORD_HAS_VARIABLE = 0x20, RECORD_VERSIONED = 0x40 };

static inline unsigned page_slots(const uint8_t *page) { return le16(page + PH_SLOTS); }

/* Offset of slot i as stored (0: empty slot); the caller checks i against the slot count and the result against the
 * page. */
static inline unsigned page_slot_offset(const uint8_t *page, unsigned i) { return le16(page + PAGE_BYTES - 2 - 2 * i); }

#endif
