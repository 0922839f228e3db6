#include "mdf/mdf_salvage.h"
#include "base/sorted.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct owned_run {
    int64_t unit;
    uint8_t type;
    page_run pages;
} owned_run;

struct salvage_index {
    page_store *store;
    findings *found;
    bool made;
    owned_run *run; /* by unit, type, place */
    size_t runs, room;
};

/* Extents passed over because the store does not hold them: 1 TB of a file, some seconds. A damaged description can name
 * file sizes beyond any disk. */
enum { ABSENT_MAX = 1 << 24 };

/* The inverse of how a page header splits the id of its allocation unit. */
int64_t page_owner_unit(const uint8_t *page)
{
    return (int64_t)((uint64_t)le16(page + PH_INDEX_ID) << 48 | (uint64_t)le32(page + PH_OBJECT_ID) << 16);
}

static bool add_page(salvage_index *x, page_id id, int64_t unit, uint8_t type)
{
    owned_run *last = x->runs ? &x->run[x->runs - 1] : NULL;
    if (last && last->unit == unit && last->type == type && last->pages.first.file == id.file &&
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
    x->run[x->runs++] = (owned_run){unit, type, {id, 1}};
    return true;
}

/* Data pages, leaves of nonclustered indexes, and IAM pages that no other one leads to. */
static bool is_kept(const uint8_t *p)
{
    switch (p[PH_TYPE]) {
    case PAGE_DATA: return true;
    case PAGE_INDEX: return p[PH_LEVEL] == 0;
    case PAGE_IAM: return le32(p + PH_PREV) == 0 && le16(p + PH_PREV + 4) == 0;
    default: return false;
    }
}

/* The pages of an extent; false when out of memory. */
static bool add_extent(salvage_index *x, page_reader *r, page_id first)
{
    for (unsigned i = 0; i < EXTENT_PAGES; i++) {
        page_id id = {first.page + i, first.file};
        const uint8_t *p;
        if (page_reader_get(r, id, true, &p) != ST_OK || !is_kept(p)) continue;
        if (!add_page(x, id, page_owner_unit(p), p[PH_TYPE])) return false;
    }
    return true;
}

static bool add_file(salvage_index *x, page_reader *r, uint16_t file, uint32_t extents)
{
    uint32_t absent = 0;
    for (uint32_t e = 0; e < extents && e <= UINT32_MAX / EXTENT_PAGES && absent < ABSENT_MAX; e++) {
        page_id first = {e * EXTENT_PAGES, file};
        if (!page_reader_holds(r, first))
            absent++;
        else if (!add_extent(x, r, first))
            return false;
    }
    if (absent == ABSENT_MAX) {
        finding f = FINDING_OF(F_LIMIT_REACHED);
        f.a = SV_LIT("the size of what is absent of a database file while all of its pages are looked through");
        f.b = SV_LIT("1 TB");
        find_add(x->found, &f);
    }
    return true;
}

static int run_order(const void *a, const void *b)
{
    const owned_run *x = a, *y = b;
    if (x->unit != y->unit) return x->unit < y->unit ? -1 : 1;
    if (x->type != y->type) return (int)x->type - (int)y->type;
    if (x->pages.first.file != y->pages.first.file) return (int)x->pages.first.file - (int)y->pages.first.file;
    return (x->pages.first.page > y->pages.first.page) - (x->pages.first.page < y->pages.first.page);
}

static status out_of_memory(salvage_index *x)
{
    find_code(x->found, F_OUT_OF_MEMORY, "looking through all pages");
    return ST_FATAL;
}

static status make(salvage_index *x)
{
    page_store *store = x->store;
    page_reader *r = page_reader_new(store, x->found);
    bool ok = r != NULL;
    x->made = true;
    for (size_t i = 0; ok && i < store->ops->files(store); i++) {
        uint16_t file = store->ops->file_id(store, i);
        ok = add_file(x, r, file, store->ops->extents(store, file));
    }
    page_reader_free(r);
    if (!ok) return out_of_memory(x);
    if (x->runs) qsort(x->run, x->runs, sizeof *x->run, run_order);
    return ST_OK;
}

salvage_index *salvage_index_new(page_store *store, findings *found)
{
    salvage_index *x = calloc(1, sizeof *x);
    if (!x) {
        find_code(found, F_OUT_OF_MEMORY, "looking through all pages");
        return NULL;
    }
    x->store = store;
    x->found = found;
    return x;
}

void salvage_index_free(salvage_index *x)
{
    if (!x) return;
    free(x->run);
    free(x);
}

static int unit_order(const void *key, const void *element)
{
    const owned_run *a = key, *b = element;
    if (a->unit != b->unit) return a->unit < b->unit ? -1 : 1;
    return (int)a->type - (int)b->type;
}

/* The runs of a unit's pages of one type. ST_FATAL when out of memory. */
static status runs_of(salvage_index *x, int64_t unit, uint8_t type, const owned_run **run, size_t *n)
{
    const owned_run key = {.unit = unit, .type = type};
    if (!x->made && make(x) != ST_OK) return ST_FATAL;
    *run = sorted_range(x->run, x->runs, sizeof *x->run, &key, unit_order, n);
    return ST_OK;
}

static int page_order(const void *a, const void *b)
{
    const page_run *x = a, *y = b;
    if (x->first.file != y->first.file) return (int)x->first.file - (int)y->first.file;
    return (x->first.page > y->first.page) - (x->first.page < y->first.page);
}

/* Whether the page is in one of these runs, which are in order and apart from each other. */
static bool in_runs(const page_run *run, size_t runs, page_id id)
{
    size_t lo = 0, hi = runs;
    while (lo < hi) { /* the first run that begins behind the page */
        size_t mid = lo + (hi - lo) / 2;
        const page_id at = run[mid].first;
        if (at.file > id.file || (at.file == id.file && at.page > id.page))
            hi = mid;
        else
            lo = mid + 1;
    }
    return lo && run[lo - 1].first.file == id.file && id.page - run[lo - 1].first.page < run[lo - 1].pages;
}

static void put_page(page_list *l, size_t listed, page_id id)
{
    page_run *next = l->run + l->runs;
    if (l->runs > listed && next[-1].first.file == id.file && next[-1].first.page + next[-1].pages == id.page)
        next[-1].pages++;
    else {
        *next = (page_run){id, 1};
        l->runs++;
    }
    l->pages++;
}

status salvage_has(salvage_index *x, int64_t unit, uint8_t type, bool *has)
{
    size_t n = 0;
    const owned_run *run;
    status st = runs_of(x, unit, type, &run, &n);
    *has = n > 0;
    return st;
}

/* Freed pages keep their headers; where PFS is lost, nothing speaks against the page. */
static bool is_iam_in_use(page_reader *r, page_id id)
{
    uint8_t pfs;
    return mdf_pfs(r, id, &pfs) != ST_OK || ((pfs & PFS_ALLOCATED) && (pfs & PFS_IAM));
}

status salvage_first_iam(salvage_index *x, page_reader *r, int64_t unit, page_id *iam)
{
    size_t n;
    unsigned candidates = 0;
    const owned_run *run;
    *iam = (page_id){0, 0};
    if (runs_of(x, unit, PAGE_IAM, &run, &n) != ST_OK) return ST_FATAL;
    for (size_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < run[i].pages.pages && candidates < 2; k++) {
            const page_id id = {run[i].pages.first.page + k, run[i].pages.first.file};
            if (!is_iam_in_use(r, id)) continue;
            *iam = id;
            candidates++;
        }
    if (candidates != 1) *iam = (page_id){0, 0};
    return ST_OK;
}

status salvage_add(salvage_index *x, page_reader *r, int64_t unit, uint8_t type, arena *a, page_list *list)
{
    size_t n, listed = list->runs;
    const owned_run *own;
    if (runs_of(x, unit, type, &own, &n) != ST_OK) return ST_FATAL;
    uint64_t pages = 0, before = list->pages;
    for (size_t i = 0; i < n; i++) pages += own[i].pages.pages;
    page_run *sorted = arena_array(a, listed + 1, sizeof *sorted);
    page_run *run = pages <= SIZE_MAX - listed - 1 ? arena_array(a, listed + n + listed + 1, sizeof *run) : NULL;
    if (!sorted || !run) return out_of_memory(x);
    if (listed) {
        memcpy(sorted, list->run, listed * sizeof *run);
        memcpy(run, list->run, listed * sizeof *run);
        qsort(sorted, listed, sizeof *sorted, page_order);
    }
    list->run = run;
    for (size_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < own[i].pages.pages; k++) {
            page_id id = {own[i].pages.first.page + k, own[i].pages.first.file};
            if (!in_runs(sorted, listed, id)) put_page(list, listed, id);
        }
    list->broken = true;
    if (list->pages == before) return ST_OK;
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, list->pages - before);
    finding f = FINDING_OF(F_PAGES_BY_OWNER);
    f.table = page_reader_table_name(r);
    f.a = sv_from(text);
    find_add(x->found, &f);
    return ST_OK;
}
