/* The check that no scan makes: every page in use is read and verified, by as many threads as there are processors. */
#include "mdf/mdf_alloc.h"
#include "mdf/mdf_database.h"

enum { CHECKERS_MAX = 8 };

typedef struct all_pages {
    mdf_source *s;
    atomic_uint_fast64_t next; /* stretch to be taken next */
} all_pages;

typedef struct checker {
    all_pages *all;
    page_counts sum;
    status result;
} checker;

/* Pages that one PFS page tells of: dealt out whole, so that each PFS page is read by one thread only. */
typedef struct stretch {
    uint16_t file;
    uint32_t first, last; /* [first, last) */
} stretch;

static bool take_stretch(all_pages *a, stretch *out)
{
    page_store *store = a->s->store;
    uint64_t at = atomic_fetch_add(&a->next, 1);
    for (size_t i = 0; i < store->ops->files(store); i++) {
        uint16_t file = store->ops->file_id(store, i);
        uint64_t pages = (uint64_t)store->ops->extents(store, file) * EXTENT_PAGES;
        if (pages > UINT32_MAX) pages = UINT32_MAX;
        uint64_t stretches = (pages + PFS_PAGES - 1) / PFS_PAGES, first = at * PFS_PAGES;
        if (at < stretches) {
            uint64_t last = first + PFS_PAGES < pages ? first + PFS_PAGES : pages;
            *out = (stretch){file, (uint32_t)first, (uint32_t)last};
            return true;
        }
        at -= stretches;
    }
    return false;
}

static void check_page(page_reader *r, page_id id, page_counts *sum)
{
    const uint8_t *page;
    sum->pages++;
    if (page_reader_get(r, id, false, &page) != ST_OK) {
        sum->damaged++;
        return;
    }
    unsigned flags = le16(page + PH_FLAGS);
    sum->checksum += (flags & PAGE_FLAG_CHECKSUM) != 0;
    sum->torn_bits += !(flags & PAGE_FLAG_CHECKSUM) && (flags & PAGE_FLAG_TORN);
    sum->unprotected += !(flags & (PAGE_FLAG_CHECKSUM | PAGE_FLAG_TORN));
}

/* Free pages hold what was there before: nobody misses it. Pages 4 and 5 are kept for maps that no version has made. */
static bool in_use(page_reader *r, page_id id)
{
    uint8_t pfs;
    if (mdf_is_system_page(id)) return id.page != 4 && id.page != 5;
    return mdf_pfs(r, id, &pfs) == ST_OK && pfs & PFS_ALLOCATED;
}

static void check_stretch(page_reader *r, const stretch *x, page_counts *sum)
{
    uint8_t pfs;
    if (mdf_pfs(r, (page_id){x->first, x->file}, &pfs) != ST_OK) {
        sum->unknown += x->last - x->first;
        return;
    }
    for (uint32_t page = x->first; page < x->last; page++) {
        page_id id = {page, x->file};
        if (in_use(r, id)) check_page(r, id, sum);
    }
}

static void run_checker(void *checker_)
{
    checker *c = checker_;
    mdf_source *s = c->all->s;
    page_reader *r = mdf_source_reader(s);
    stretch x;
    if (!r) {
        find_code(s->found, F_OUT_OF_MEMORY, "checking all pages");
        c->result = ST_FATAL;
        return;
    }
    page_reader_salvage(r, false); /* what a lost PFS page tells of is counted as unknown, once */
    page_reader_table(r, SV_LIT("the database (all pages)"));
    while (take_stretch(c->all, &x)) check_stretch(r, &x, &c->sum);
    page_reader_free(r);
}

static void add(page_counts *to, const page_counts *x)
{
    to->pages += x->pages;
    to->checksum += x->checksum;
    to->torn_bits += x->torn_bits;
    to->unprotected += x->unprotected;
    to->damaged += x->damaged;
    to->unknown += x->unknown;
}

status mdf_source_check(row_source *source, page_counts *out)
{
    all_pages all = {.s = (mdf_source *)source};
    checker c[CHECKERS_MAX];
    thread *t[CHECKERS_MAX] = {0};
    unsigned n = os_cpus() < CHECKERS_MAX ? os_cpus() : CHECKERS_MAX;
    status st = ST_OK;
    *out = (page_counts){0};
    for (unsigned i = 0; i < n; i++) c[i] = (checker){.all = &all};
    for (unsigned i = 1; i < n; i++) t[i] = thread_start(run_checker, &c[i]);
    run_checker(&c[0]);
    for (unsigned i = 0; i < n; i++) {
        if (t[i]) thread_join(t[i]);
        if (c[i].result == ST_FATAL) st = ST_FATAL;
        add(out, &c[i].sum);
    }
    return st == ST_OK ? mdf_source_verify(source) : st;
}
