/* Any bytes as a backup file: opened, described, some extents read through the store, checked. */
#include "bak/bak_files.h"
#include "bak/bak_log.h"
#include "bak/bak_sum.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_some(page_store *store)
{
    uint8_t *extent = malloc(EXTENT_BYTES);
    void *scratch = malloc(store->scratch_bytes);
    for (size_t i = 0; extent && scratch && i < store->ops->files(store) && i < 4; i++) {
        uint16_t file = store->ops->file_id(store, i);
        uint32_t extents = store->ops->extents(store, file);
        unsigned pages;
        for (uint32_t e = 0; e < 16; e++) store->ops->read_extent(store, scratch, file, e, extent, &pages);
        for (uint32_t e = extents; e > 0 && e + 8 > extents; e--)
            store->ops->read_extent(store, scratch, file, e, extent, &pages);
    }
    free(extent);
    free(scratch);
}

static void put_sum(uint8_t *p, size_t at)
{
    uint16_t sum = bak_xor_words(p, at / 2);
    p[at] = (uint8_t)sum;
    p[at + 1] = (uint8_t)(sum >> 8);
}

/* Puts the right checksum on everything that looks like a header, so that changed fields are believed. Not followed by the
 * fuzzer: a quarter of the time went into its comparisons, and what they are made with is no part of the program. */
__attribute__((no_sanitize("coverage"))) static void repair(uint8_t *p, size_t n)
{
    static const uint32_t blocks[] = {TAG_TAPE, TAG_SFMB, TAG_SSET, TAG_VOLB, TAG_MSCI,
                                      TAG_MSDA, TAG_MSTL, TAG_MSLS, TAG_ESET};
    static const uint32_t streams[] = {TAG_RAID, TAG_SPAD, TAG_APAD, TAG_MQCI, TAG_MQDA, TAG_MQTL, TAG_CSUM};
    for (size_t at = 0; at + MTF_HEADER_BYTES <= n; at += 4) {
        uint32_t tag = le32(p + at);
        for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++)
            if (tag == blocks[i]) put_sum(p + at, MTF_CHECKSUM);
        for (size_t i = 0; i < sizeof streams / sizeof streams[0]; i++)
            if (tag == streams[i]) put_sum(p + at, MTF_STREAM_CHECKSUM);
    }
}

static void ignore_record(void *ctx, const log_record *r)
{
    (void)ctx;
    (void)r;
}

static void read_logs(const bak_files *b, findings *f)
{
    for (size_t i = 0; i < b->medias; i++)
        for (size_t s = 0; s < b->media[i].sets; s++) {
            log_result r = {0};
            bak_log_read(&b->media[i], &b->media[i].set[s], 1 << 20, ignore_record, NULL, f, &r);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy) return 0;
    if (size) memcpy(copy, data, size);
    repair(copy, size);
    findings *f = findings_new();
    byte_source *file = byte_source_memory(copy, size, "fuzz.bak");
    bak_files b;
    page_store *store;
    open_args args = {.file = &file, .files = 1, .salvage = size % 2};
    if (bak_files_open(&args, f, &b) == ST_OK && bak_store_open(&b, args.salvage, f, &store) == ST_OK) {
        read_some(store);
        store->ops->verify(store);
        store->ops->close(store);
    }
    read_logs(&b, f);
    bak_files_close(&b);
    byte_source_close(file);
    findings_free(f);
    free(copy);
    return 0;
}
