#include "mdf/mdf_account.h"
#include <stdlib.h>

/* One bit per page of a file. */
typedef struct file_bits {
    uint16_t file;
    uint32_t pages;
    uint8_t *bit;
} file_bits;

typedef struct account {
    page_reader *r;
    page_store *store;
    arena *mem;
    file_bits *file;
    size_t files;
    uint64_t pages, listed; /* of all files; in the lists that were gone through */
    page_account sum;
} account;

static bool make_bits(account *a)
{
    a->files = a->store->ops->files(a->store);
    a->file = arena_array(a->mem, a->files + 1, sizeof *a->file);
    if (!a->file) return false;
    for (size_t i = 0; i < a->files; i++) {
        uint16_t id = a->store->ops->file_id(a->store, i);
        const uint64_t all = (uint64_t)a->store->ops->extents(a->store, id) * EXTENT_PAGES;
        const uint32_t pages = all < UINT32_MAX ? (uint32_t)all : UINT32_MAX;
        a->file[i] = (file_bits){id, pages, arena_alloc(a->mem, pages / 8 + 1)};
        if (!a->file[i].bit) return false;
        a->pages += pages;
    }
    return true;
}

static file_bits *bits_of(account *a, uint16_t file)
{
    for (size_t i = 0; i < a->files; i++)
        if (a->file[i].file == file) return &a->file[i];
    return NULL;
}

/* Marks a page as reached when PFS says that it is allocated. */
static status mark(account *a, page_id id, bool iam)
{
    uint8_t pfs;
    file_bits *f = bits_of(a, id.file);
    if (!f || id.page >= f->pages || mdf_is_system_page(id)) return ST_OK;
    status st = mdf_pfs(a->r, id, &pfs);
    if (st != ST_OK) return st;
    if (!(pfs & PFS_ALLOCATED) || !(pfs & PFS_IAM) == iam) return ST_OK;
    uint8_t bit = (uint8_t)(1u << id.page % 8);
    if (f->bit[id.page / 8] & bit)
        a->sum.twice++;
    else
        a->sum.reached++;
    f->bit[id.page / 8] |= bit;
    return ST_OK;
}

static status mark_unit(account *a, const alloc_unit *u)
{
    page_list list;
    if (u->owner == (int64_t)SYS_FILES1 << 16) {
        /* Its IAM page covers nearly everything and means nothing; the table is one page. */
        status first = mark(a, u->first, false);
        return first == ST_OK ? mark(a, u->iam, true) : first;
    }
    /* Lists that name all pages twice say the same of the pages again and again: what is shared has been found. */
    if (a->listed > 2 * a->pages) return ST_OK;
    arena *mem = arena_new(0);
    if (!mem) return ST_FATAL;
    status st = mdf_page_list(a->r, u->iam, mem, &list);
    a->listed += list.pages;
    for (size_t i = 0; i < list.runs && st == ST_OK; i++)
        for (uint32_t k = 0; k < list.run[i].pages && st == ST_OK; k++)
            st = mark(a, (page_id){list.run[i].first.page + k, list.run[i].first.file}, false);
    /* An extent may hold its own IAM pages or another unit's: those are marked by the chain they belong to. */
    page_id at = u->iam;
    for (size_t left = list.iam_pages; left > 0 && st == ST_OK; left--) {
        const uint8_t *page;
        st = mark(a, at, true);
        if (st == ST_OK) st = page_reader_get(a->r, at, false, &page);
        if (st == ST_OK) at = (page_id){le32(page + PH_NEXT), le16(page + PH_NEXT + 4)};
    }
    if (st == ST_OK && list.broken) st = ST_ROW_LOST;
    arena_free(mem);
    return st;
}

/* The server's configuration stands on page 10 of the first file, in the database master alone; no unit owns it. */
static bool is_configuration(account *a, page_id id)
{
    const uint8_t *page;
    return id.file == 1 && id.page == CONFIGURATION_PAGE && page_reader_get(a->r, id, true, &page) == ST_OK &&
           page[PH_TYPE] == PAGE_CONFIGURATION;
}

static status count_allocated(account *a, const file_bits *f)
{
    for (uint32_t page = 0; page < f->pages; page++) {
        page_id id = {page, f->file};
        uint8_t pfs;
        if (mdf_is_system_page(id) || is_configuration(a, id)) continue;
        status st = mdf_pfs(a->r, id, &pfs);
        if (st != ST_OK) return st;
        a->sum.allocated += (pfs & PFS_ALLOCATED) != 0;
    }
    return ST_OK;
}

status mdf_account(page_reader *r, const alloc_unit *unit, size_t units, findings *found, page_account *out)
{
    account a = {.r = r, .store = page_reader_store(r), .mem = arena_new(0)};
    status st = a.mem && make_bits(&a) ? ST_OK : ST_FATAL;
    if (st == ST_FATAL) find_code(found, F_OUT_OF_MEMORY, "adding up the pages");
    page_reader_table(r, SV_LIT("the database (page account)"));
    for (size_t i = 0; i < units && st == ST_OK; i++) st = mark_unit(&a, &unit[i]);
    for (size_t i = 0; i < a.files && st == ST_OK; i++) st = count_allocated(&a, &a.file[i]);
    *out = a.sum;
    arena_free(a.mem);
    return st;
}
