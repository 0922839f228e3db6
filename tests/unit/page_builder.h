/* Pages made by hand for tests: a small database file in memory and a page store over it. */
#ifndef PAGE_BUILDER_H
#define PAGE_BUILDER_H

#include "little_endian.h"
#include "mdf/mdf_layout.h"
#include "mdf/page_check.h"
#include "mdf/page_store.h"
#include <stdlib.h>

enum { BUILT_EXTENTS = 4 };

typedef struct built_store {
    page_store base;
    uint8_t bytes[BUILT_EXTENTS * EXTENT_BYTES];
    unsigned extents; /* that the store admits to have */
} built_store;

static inline uint8_t *built_page(built_store *s, uint32_t page) { return s->bytes + (size_t)page * PAGE_BYTES; }

static inline void put_page_id(uint8_t *p, uint32_t page, unsigned file)
{
    put32(p, page);
    put16(p + 4, file);
}

/* A page with its header; no protection until built_seal. */
static inline uint8_t *built_header(built_store *s, uint32_t page, uint8_t type)
{
    uint8_t *p = built_page(s, page);
    memset(p, 0, PAGE_BYTES);
    p[PH_VERSION] = 1;
    p[PH_TYPE] = type;
    put_page_id(p + PH_PAGE, page, 1);
    return p;
}

static inline void built_seal(built_store *s, uint32_t page)
{
    uint8_t *p = built_page(s, page);
    put16(p + PH_FLAGS, PAGE_FLAG_CHECKSUM);
    put32(p + PH_CHECKSUM, page_checksum(p));
}

/* Marks a page allocated in the PFS page, which must be made before and sealed after. */
static inline void built_allocate(built_store *s, uint32_t page, uint8_t bits) { built_page(s, 1)[100 + page] = bits; }

/* An IAM page for the interval that begins at page `start` of file 1. */
static inline uint8_t *built_iam(built_store *s, uint32_t page, uint32_t start, uint32_t next)
{
    uint8_t *p = built_header(s, page, PAGE_IAM);
    put_page_id(p + 136, start, 1);
    if (next) put_page_id(p + PH_NEXT, next, 1);
    return p;
}

static status built_read(page_store *store, void *scratch, uint16_t file, uint32_t extent, uint8_t *out,
                         unsigned *present)
{
    built_store *s = (built_store *)store;
    (void)scratch;
    *present = 0;
    if (file != 1 || extent >= s->extents) return ST_END;
    memcpy(out, s->bytes + (size_t)extent * EXTENT_BYTES, EXTENT_BYTES);
    *present = EXTENT_PAGES;
    return ST_OK;
}
static size_t built_files(page_store *store)
{
    (void)store;
    return 1;
}
static uint16_t built_file_id(page_store *store, size_t i)
{
    (void)store;
    return (uint16_t)(i + 1);
}
static uint32_t built_extents(page_store *store, uint16_t file)
{
    return file == 1 ? ((built_store *)store)->extents : 0;
}
static status built_verify(page_store *store)
{
    (void)store;
    return ST_OK;
}
static void built_close(page_store *store) { free(store); }

static const page_store_ops built_ops = {.read_extent = built_read,
                                         .files = built_files,
                                         .file_id = built_file_id,
                                         .extents = built_extents,
                                         .verify = built_verify,
                                         .close = built_close};

/* An empty file of BUILT_EXTENTS extents with a PFS page on which nothing is allocated. Free with built_close. */
static inline built_store *built_new(findings *f)
{
    built_store *s = calloc(1, sizeof *s);
    s->base = (page_store){.ops = &built_ops, .found = f};
    s->extents = BUILT_EXTENTS;
    built_header(s, 1, PAGE_PFS);
    return s;
}

#endif
