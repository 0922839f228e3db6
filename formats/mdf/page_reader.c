#include "mdf/page_reader.h"
#include "mdf/mdf_repair.h"
#include "mdf/page_check.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Extents kept: a scan needs the one it reads and that of the PFS page, LOB trees a few more. */
enum { CACHED_EXTENTS = 8 };

typedef enum page_state { NOT_LOOKED_AT, GOOD, BAD_CHECKSUM, BAD_TORN, BAD_IDENTITY, NOT_THERE } page_state;

typedef struct cached_extent {
    uint8_t *bytes;      /* EXTENT_BYTES, on its own: a sanitizer sees what is read behind it */
    bool used, readable; /* readable: the store could deliver it */
    uint16_t file;
    uint32_t extent;
    uint64_t last_use;
    unsigned present;         /* leading pages that are there */
    bool tried[EXTENT_PAGES]; /* to repair it */
    page_state state[EXTENT_PAGES];
    uint32_t stored[EXTENT_PAGES], computed[EXTENT_PAGES]; /* of a wrong checksum */
} cached_extent;

struct page_reader {
    page_store *store;
    findings *found;
    sv table;
    bool salvage;
    repair_which repairs;
    void *scratch; /* the store's */
    uint64_t clock;
    cached_extent cache[CACHED_EXTENTS];
};

page_reader *page_reader_new(page_store *store, findings *f)
{
    page_reader *r = calloc(1, sizeof *r);
    if (!r) return NULL;
    r->store = store;
    r->found = f;
    bool whole = true;
    for (size_t i = 0; i < CACHED_EXTENTS; i++) whole &= (r->cache[i].bytes = malloc(EXTENT_BYTES)) != NULL;
    r->scratch = store->scratch_bytes ? calloc(1, store->scratch_bytes) : NULL;
    if (whole && (r->scratch || !store->scratch_bytes)) return r;
    page_reader_free(r);
    return NULL;
}

void page_reader_free(page_reader *r)
{
    if (!r) return;
    for (size_t i = 0; i < CACHED_EXTENTS; i++) free(r->cache[i].bytes);
    free(r->scratch);
    free(r);
}

void page_reader_table(page_reader *r, sv full_name) { r->table = full_name; }
sv page_reader_table_name(const page_reader *r) { return r->table; }
void page_reader_salvage(page_reader *r, bool salvage) { r->salvage = salvage; }
void page_reader_repairs(page_reader *r, repair_which which) { r->repairs = which; }
bool page_reader_salvages(const page_reader *r) { return r->salvage; }
page_store *page_reader_store(page_reader *r) { return r->store; }

static cached_extent *extent_for(page_reader *r, uint16_t file, uint32_t extent)
{
    cached_extent *oldest = &r->cache[0];
    for (size_t i = 0; i < CACHED_EXTENTS; i++) {
        cached_extent *c = &r->cache[i];
        if (c->used && c->file == file && c->extent == extent) return c;
        if (!c->used || (oldest->used && c->last_use < oldest->last_use)) oldest = c;
    }
    *oldest = (cached_extent){.bytes = oldest->bytes, .used = true, .file = file, .extent = extent};
    status st = r->store->ops->read_extent(r->store, r->scratch, file, extent, oldest->bytes, &oldest->present);
    oldest->readable = st == ST_OK;
    if (st != ST_OK) oldest->present = 0;
    return oldest;
}

bool page_reader_holds(page_reader *r, page_id id)
{
    cached_extent *c = extent_for(r, id.file, id.page / EXTENT_PAGES);
    c->last_use = ++r->clock;
    return c->present > 0;
}

static page_state look_at(cached_extent *c, page_id id)
{
    unsigned i = id.page % EXTENT_PAGES;
    if (i >= c->present) return NOT_THERE;
    uint8_t *page = c->bytes + (size_t)i * PAGE_BYTES;
    switch (page_protection_undo(page, &c->stored[i], &c->computed[i])) {
    case PAGE_CHECKSUM_WRONG: return BAD_CHECKSUM;
    case PAGE_TORN_WRITE: return BAD_TORN;
    case PAGE_UNPROTECTED:
    case PAGE_INTACT: break;
    }
    bool own = page[PH_VERSION] == 1 && le32(page + PH_PAGE) == id.page && le16(page + PH_FILE) == id.file;
    return own ? GOOD : BAD_IDENTITY;
}

void page_reader_report(page_reader *r, finding_code code, page_id id, const char *a, const char *b)
{
    finding x = FINDING_OF(code);
    x.table = r->table;
    x.file_id = id.file;
    x.page = id.page;
    x.a = sv_from(a);
    x.b = sv_from(b);
    find_add(r->found, &x);
}

static void report_state(page_reader *r, const cached_extent *c, page_id id, page_state state)
{
    unsigned i = id.page % EXTENT_PAGES;
    const uint8_t *page = c->bytes + (size_t)i * PAGE_BYTES;
    char a[64], b[64];
    switch (state) {
    case BAD_CHECKSUM:
        snprintf(a, sizeof a, "%08" PRIx32, c->stored[i]);
        snprintf(b, sizeof b, "%08" PRIx32, c->computed[i]);
        page_reader_report(r, F_PAGE_CHECKSUM, id, a, b);
        break;
    case BAD_TORN: page_reader_report(r, F_PAGE_TORN, id, NULL, NULL); break;
    case BAD_IDENTITY:
        snprintf(a, sizeof a, "%u:%" PRIu32, (unsigned)le16(page + PH_FILE), le32(page + PH_PAGE));
        page_reader_report(r, F_PAGE_IDENTITY, id, a, NULL);
        break;
    default: page_reader_report(r, F_PAGE_MISSING, id, NULL, NULL); break;
    }
}

/* Pages that are only probed are mostly not worth it: many of them are nobody's. */
static bool repair(page_reader *r, cached_extent *c, page_id id, bool quiet)
{
    unsigned i = id.page % EXTENT_PAGES;
    mdf_repair *from = r->store->repair;
    if (!from || r->repairs == REPAIR_NONE || (quiet && r->repairs != REPAIR_ALL) || c->tried[i]) return false;
    c->tried[i] = true;
    return mdf_repair_page(from, id, c->bytes + (size_t)i * PAGE_BYTES, i < c->present, r->table,
                           quiet ? NULL : r->found);
}

status page_reader_get(page_reader *r, page_id id, bool quiet, const uint8_t **out)
{
    cached_extent *c = extent_for(r, id.file, id.page / EXTENT_PAGES);
    unsigned i = id.page % EXTENT_PAGES;
    c->last_use = ++r->clock;
    if (c->state[i] == NOT_LOOKED_AT) c->state[i] = look_at(c, id);
    if (c->state[i] != GOOD && repair(r, c, id, quiet)) c->state[i] = GOOD;
    if (c->state[i] != GOOD) {
        if (!quiet) report_state(r, c, id, c->state[i]);
        return ST_ROW_LOST;
    }
    *out = c->bytes + (size_t)i * PAGE_BYTES;
    return ST_OK;
}
