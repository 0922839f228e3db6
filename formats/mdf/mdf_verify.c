/* Counts that no table scan makes: the entries of a nonclustered index against the rows of its table, and the account
 * of pages. */
#include "mdf/mdf_account.h"
#include "mdf/mdf_database.h"
#include <inttypes.h>
#include <stdio.h>

/* Index records of one leaf page that are not ghosts. Row- and page-compressed leaves keep the type in other bits. */
static uint64_t live_entries(const uint8_t *page, bool compressed)
{
    uint64_t n = 0;
    unsigned slots = page_slots(page), limit = PAGE_BYTES - 2 * slots;
    for (unsigned i = 0; i < slots && slots < PAGE_BYTES / 2; i++) {
        unsigned at = page_slot_offset(page, i);
        if (at < PAGE_HEADER_BYTES || at >= limit) continue;
        unsigned type = compressed ? page[at] >> 2 & 7 : page[at] >> 1 & 7;
        n += compressed ? type == 6 || type == 0 : type == RECORD_INDEX;
    }
    return n;
}

/* Entries of all leaf pages; false when a page is lost (a finding was added) and the number means nothing. */
static bool count_entries(mdf_source *s, page_reader *r, const mdf_table *t, uint64_t *entries)
{
    *entries = 0;
    for (size_t i = 0; i < t->indexes; i++) {
        const mdf_rowset *rs = t->index[i];
        const page_list *list;
        page_walk walk;
        page_id id;
        const uint8_t *page;
        if (mdf_source_list(s, rs, r, &list) != ST_OK || list->broken) return false;
        page_walk_start(&walk, list, PAGE_INDEX, 0, 0, list->pages);
        for (status st; (st = page_walk_next(&walk, r, &id, &page)) != ST_END;) {
            if (st != ST_OK) return false;
            if (page[PH_LEVEL] == 0) *entries += live_entries(page, rs->compression != MDF_UNCOMPRESSED);
        }
    }
    return true;
}

/* True when scans went once through every page of the table. */
static bool wholly_scanned(mdf_source *s, page_reader *r, const mdf_table *t, const table_tally *tally)
{
    uint64_t positions = 0;
    for (size_t p = 0; p < t->parts; p++) {
        const page_list *list;
        if (mdf_source_list(s, t->part[p], r, &list) != ST_OK) return false;
        positions += list->pages;
    }
    return positions > 0 && atomic_load(&tally->positions) == positions;
}

static void compare(mdf_source *s, page_reader *r, size_t at)
{
    const mdf_table *t = &s->model.table[at];
    const table_info *info = &s->model.info[at];
    uint64_t rows = atomic_load(&s->tally[at].rows) + atomic_load(&s->tally[at].lost), entries;
    char a[32], b[32];
    if (t->indexes == 0 || !wholly_scanned(s, r, t, &s->tally[at])) return;
    page_reader_table(r, info->full_name);
    if (!count_entries(s, r, t, &entries) || entries == rows) return;
    finding x = FINDING_OF(entries > rows ? F_INDEX_HAS_MORE : F_INDEX_HAS_LESS);
    snprintf(a, sizeof a, "%" PRIu64, rows);
    snprintf(b, sizeof b, "%" PRIu64, entries);
    x.table = info->full_name;
    x.a = sv_from(a);
    x.b = sv_from(b);
    find_add(s->found, &x);
}

static void account_for_pages(mdf_source *s, page_reader *r)
{
    page_account sum;
    if (mdf_account(r, s->unit, s->units, s->found, &sum) != ST_OK) return; /* findings say what is missing */
    if (sum.reached != sum.allocated) {
        char a[32], b[32];
        finding x = FINDING_OF(F_PAGES_ORPHANED);
        snprintf(a, sizeof a, "%" PRIu64, sum.allocated);
        snprintf(b, sizeof b, "%" PRIu64, sum.reached);
        x.a = sv_from(a);
        x.b = sv_from(b);
        find_add(s->found, &x);
    }
    if (sum.twice) find_code(s->found, F_PAGES_SHARED, "%" PRIu64, sum.twice);
}

status mdf_source_verify(row_source *source)
{
    mdf_source *s = (mdf_source *)source;
    page_reader *r = mdf_source_reader(s);
    if (!r) {
        find_code(s->found, F_OUT_OF_MEMORY, "verifying the database");
        return ST_FATAL;
    }
    for (size_t i = 0; i < s->model.tables; i++) compare(s, r, i);
    account_for_pages(s, r);
    page_reader_free(r);
    return s->store->ops->verify(s->store);
}
