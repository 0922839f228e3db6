/* Any bytes as a backup file: opened, described, some extents read through the store, checked. */
#include "bak/bak_files.h"
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    findings *f = findings_new();
    byte_source *file = byte_source_memory(data, size, "fuzz.bak");
    bak_files b;
    page_store *store;
    open_args args = {.file = &file, .files = 1, .salvage = size % 2};
    if (bak_files_open(&args, f, &b) == ST_OK && bak_store_open(&b, args.salvage, f, &store) == ST_OK) {
        read_some(store);
        store->ops->verify(store);
        store->ops->close(store);
    }
    bak_files_close(&b);
    byte_source_close(file);
    findings_free(f);
    return 0;
}
