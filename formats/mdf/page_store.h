/* Where pages come from: a data file, or the data part of a backup. A store hands out whole extents (8 pages, 64 KB) as
 * they were written; it places them, it does not judge them (checksums, torn bits and page ids are page_reader's). */
#ifndef MDF_PAGE_STORE_H
#define MDF_PAGE_STORE_H

#include "base/finding.h"
#include "base/status.h"

enum { PAGE_BYTES = 8192, EXTENT_PAGES = 8, EXTENT_BYTES = PAGE_BYTES * EXTENT_PAGES };

typedef struct page_store page_store;

typedef struct page_store_ops {
    /* Puts the extent's 65,536 bytes into out. ST_OK; ST_END: the store does not hold this extent (free in a backup,
     * beyond the file's end, a file or stripe that was not given; *pages_present is then 0); ST_ROW_LOST: it should be
     * there and could not be had (a finding says why). *pages_present: how many leading pages are there (8 but at a cut
     * end). scratch: scratch_bytes of the caller's, one per thread. Safe from several threads with different scratch.
     * */
    status (*read_extent)(page_store *s, void *scratch, uint16_t file, uint32_t extent, uint8_t *out,
                          unsigned *pages_present);
    /* Database files with data, ascending ids; returns how many, gives the i-th. */
    size_t (*files)(page_store *s);
    uint16_t (*file_id)(page_store *s, size_t i);
    /* An upper bound of the extents of that file: every extent >= it is absent. */
    uint32_t (*extents)(page_store *s, uint16_t file);
    /* Goes through every byte of the container that no page read has covered and checks what checksums cover it (those
     * of a backup WITH CHECKSUM, of compressed pieces, of the log). Findings; ST_FATAL only when reading failed. */
    status (*verify)(page_store *s);
    void (*close)(page_store *s); /* s may be NULL */
} page_store_ops;

struct page_store {
    const page_store_ops *ops;
    size_t scratch_bytes;
    findings *found;           /* where its findings go; borrowed */
    struct mdf_repair *repair; /* where damaged pages may be had from (mdf_repair.h), borrowed; NULL: nowhere */
};

#endif
