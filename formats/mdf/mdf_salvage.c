#include "mdf/mdf_salvage.h"
#include "base/sorted.h"
#include <stdlib.h>

typedef struct owned_run {
    int64_t unit;
    page_run pages;
} owned_run;

struct salvage_index {
    owned_run *run; /* by unit, then place */
    size_t runs, room;
};

/* The inverse of how a page header splits the id of its allocation unit. */
static int64_t unit_of(const uint8_t *page)
{
    return (int64_t)((uint64_t)le16(page + PH_INDEX_ID) << 48 | (uint64_t)le32(page + PH_OBJECT_ID) << 16);
}

static bool add_page(salvage_index *x, page_id id, int64_t unit)
{
    owned_run *last = x->runs ? &x->run[x->runs - 1] : NULL;
    if (last && last->unit == unit && last->pages.first.file == id.file &&
        last->pages.first.page + last->pages.pages == id.page) {
        last->pages.pages++;
        return true;
    }
    if (!x->run || x->runs == x->room) {
        size_t room = x->room ? x->room * 2 : 256;
        owned_run *grown = realloc(x->run, room * sizeof *grown);
        if (!grown) return false;
        x->run = grown;
        x->room = room;
    }
    x->run[x->runs++] = (owned_run){unit, {id, 1}};
    return true;
}

static bool add_file(salvage_index *x, page_reader *r, uint16_t file, uint32_t extents)
{
    const uint64_t pages = (uint64_t)extents * EXTENT_PAGES;
    for (uint64_t page = 0; page < pages && page <= UINT32_MAX; page++) {
        page_id id = {(uint32_t)page, file};
        const uint8_t *p;
        if (page_reader_get(r, id, true, &p) != ST_OK || p[PH_TYPE] != PAGE_DATA) continue;
        if (!add_page(x, id, unit_of(p))) return false;
    }
    return true;
}

static int run_order(const void *a, const void *b)
{
    const owned_run *x = a, *y = b;
    if (x->unit != y->unit) return x->unit < y->unit ? -1 : 1;
    if (x->pages.first.file != y->pages.first.file) return (int)x->pages.first.file - (int)y->pages.first.file;
    return (x->pages.first.page > y->pages.first.page) - (x->pages.first.page < y->pages.first.page);
}

salvage_index *salvage_index_new(page_store *store, findings *found)
{
    salvage_index *x = calloc(1, sizeof *x);
    page_reader *r = page_reader_new(store, found);
    bool ok = x && r;
    for (size_t i = 0; ok && i < store->ops->files(store); i++) {
        uint16_t file = store->ops->file_id(store, i);
        ok = add_file(x, r, file, store->ops->extents(store, file));
    }
    page_reader_free(r);
    if (ok) {
        if (x->runs) qsort(x->run, x->runs, sizeof *x->run, run_order);
        return x;
    }
    find_code(found, F_OUT_OF_MEMORY, "looking through all pages");
    salvage_index_free(x);
    return NULL;
}

void salvage_index_free(salvage_index *x)
{
    if (!x) return;
    free(x->run);
    free(x);
}

static int unit_order(const void *key, const void *element)
{
    int64_t a = *(const int64_t *)key, b = ((const owned_run *)element)->unit;
    return (a > b) - (a < b);
}

status salvage_list(const salvage_index *x, int64_t unit, arena *a, page_list *out)
{
    size_t n;
    const owned_run *own = sorted_range(x->run, x->runs, sizeof *own, &unit, unit_order, &n);
    *out = (page_list){.run = arena_array(a, n + 1, sizeof *out->run), .broken = true};
    if (!out->run) return ST_FATAL;
    for (size_t i = 0; i < n; i++) {
        out->run[i] = own[i].pages;
        out->pages += own[i].pages.pages;
    }
    out->runs = n;
    return ST_OK;
}
