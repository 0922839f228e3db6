#include "mdf/mdf_bytes.h"
#include "mdf/mdf_alloc.h"

enum kind { MAPS, IN_USE, FREE, UNKNOWN, KINDS };

static const char *const kind_name[KINDS] = {
    [MAPS] = "file header and maps", [IN_USE] = "pages in use", [FREE] = "free pages", [UNKNOWN] = "unknown"};

static bool no_memory(findings *f)
{
    find_code(f, F_OUT_OF_MEMORY, "adding up the bytes of a data file");
    return false;
}

/* The pages that one PFS page tells of, or those of them that the file has. */
static void count_stretch(page_reader *r, page_id first, uint64_t pages, uint64_t sum[KINDS])
{
    const uint8_t *pfs;
    const page_id at = {first.page ? first.page : 1, first.file};
    const bool known = page_reader_get(r, at, true, &pfs) == ST_OK && pfs[PH_TYPE] == PAGE_PFS;
    for (uint32_t i = 0; i < pages; i++) {
        const bool map = mdf_is_system_page((page_id){first.page + i, first.file});
        const enum kind kind = map ? MAPS : !known ? UNKNOWN : mdf_pfs_of(pfs, i) & PFS_ALLOCATED ? IN_USE : FREE;
        sum[kind] += PAGE_BYTES;
    }
}

static bool count_file(page_reader *r, byte_source *file, arena *mem, findings *f, byte_account *out)
{
    uint8_t head[PAGE_HEADER_BYTES];
    size_t got;
    uint64_t sum[KINDS] = {0};
    if (byte_source_read(file, 0, head, sizeof head, &got, f) != ST_OK || got < sizeof head) return false;
    const uint64_t size = byte_source_size(file);
    uint64_t pages = size / PAGE_BYTES;
    if (pages > UINT32_MAX) pages = UINT32_MAX; /* more have no numbers */
    for (uint64_t at = 0; at < pages; at += PFS_PAGES)
        count_stretch(r, (page_id){(uint32_t)at, le16(head + PH_FILE)}, pages - at < PFS_PAGES ? pages - at : PFS_PAGES,
                      sum);
    sum[UNKNOWN] += size - pages * PAGE_BYTES;
    byte_count *part = arena_array(mem, KINDS, sizeof *part);
    if (!part) return no_memory(f);
    for (size_t i = 0; i < KINDS; i++) part[i] = (byte_count){sv_from(kind_name[i]), sum[i]};
    *out = (byte_account){.path = byte_source_path(file), .bytes = size, .part = part, .parts = KINDS};
    return true;
}

status mdf_bytes(page_reader *r, byte_source *const *file, size_t files, arena *mem, findings *f, byte_account *out)
{
    for (size_t i = 0; i < files; i++)
        if (!count_file(r, file[i], mem, f, &out[i])) return ST_FATAL;
    return ST_OK;
}
