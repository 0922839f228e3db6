#include "mdf/mdf_alloc.h"
#include "mdf/mdf_salvage.h"
#include <inttypes.h>
#include <stdio.h>

/* Offsets inside allocation pages (FORMAT.md, Allocation). */
enum {
    IAM_INTERVAL_PAGE = 136,
    IAM_INTERVAL_FILE = 140,
    IAM_SINGLE = 142,
    IAM_SINGLES = 8,
    PFS_FIRST_BYTE = PAGE_HEADER_BYTES + 4
};

uint8_t mdf_pfs_of(const uint8_t *page, uint32_t i) { return page[PFS_FIRST_BYTE + i]; }

status mdf_pfs(page_reader *r, page_id id, uint8_t *pfs)
{
    uint32_t base = id.page / PFS_PAGES * PFS_PAGES;
    page_id at = {base ? base : 1, id.file};
    const uint8_t *page;
    status st = page_reader_get(r, at, false, &page);
    if (st == ST_OK && page[PH_TYPE] != PAGE_PFS) {
        page_reader_report(r, F_ALLOCATION_PAGE, at, "PFS", NULL);
        st = ST_ROW_LOST;
    }
    if (st != ST_OK) return st;
    *pfs = mdf_pfs_of(page, id.page % PFS_PAGES);
    return ST_OK;
}

/* One IAM chain being turned into a list. */
typedef struct list_builder {
    page_reader *r;
    arena *mem;
    page_list *out;
    size_t room;
    uint64_t intervals_max, intervals; /* IAM pages that the files can hold; met so far */
    uint64_t *seen;                    /* (file << 32 | interval) of each IAM page met */
    bool beyond_reported;
} list_builder;

static bool add_run(list_builder *b, page_id first, uint32_t pages)
{
    page_list *l = b->out;
    if (l->runs) {
        page_run *last = &l->run[l->runs - 1];
        /* Singles stay apart from extents: a run starts at an extent's edge or is one page. */
        bool extent_run = pages % EXTENT_PAGES == 0 && last->pages % EXTENT_PAGES == 0;
        if (extent_run && last->first.file == first.file && last->first.page + last->pages == first.page) {
            last->pages += pages;
            l->pages += pages;
            return true;
        }
    }
    if (l->runs == b->room) {
        size_t room = b->room ? b->room * 2 : 8;
        page_run *grown = arena_array(b->mem, room, sizeof *grown);
        if (!grown) return false;
        if (l->runs) memcpy(grown, l->run, l->runs * sizeof *grown);
        l->run = grown;
        b->room = room;
    }
    l->run[l->runs++] = (page_run){first, pages};
    l->pages += pages;
    return true;
}

static void report_beyond(list_builder *b, page_id iam, page_id target)
{
    char text[32];
    if (b->beyond_reported) return;
    b->beyond_reported = true;
    b->out->broken = true;
    snprintf(text, sizeof text, "%u:%" PRIu32, (unsigned)target.file, target.page);
    page_reader_report(b->r, F_IAM_BEYOND_FILE, iam, text, NULL);
}

static bool inside(list_builder *b, page_id id)
{
    page_store *s = page_reader_store(b->r);
    return id.page / EXTENT_PAGES < s->ops->extents(s, id.file);
}

static bool add_singles(list_builder *b, page_id at, const uint8_t *iam)
{
    for (unsigned i = 0; i < IAM_SINGLES; i++) {
        const uint8_t *p = iam + IAM_SINGLE + 6 * i;
        page_id id = {le32(p), le16(p + 4)};
        if (id.page == 0 && id.file == 0) continue;
        if (!inside(b, id))
            report_beyond(b, at, id);
        else if (!add_run(b, id, 1))
            return false;
    }
    return true;
}

static bool add_extents(list_builder *b, page_id at, const uint8_t *iam, page_id start)
{
    const uint8_t *bitmap = iam + MAP_BITS;
    for (uint32_t e = 0; e < GAM_EXTENTS; e++) {
        if (e % 32 == 0 && le32(bitmap + e / 8) == 0) { /* most of a map is empty, and there is one for every table */
            e += 31;
            continue;
        }
        if (!(bitmap[e / 8] >> (e % 8) & 1)) continue;
        page_id id = {start.page + e * EXTENT_PAGES, start.file};
        if (!inside(b, id)) {
            report_beyond(b, at, id);
            return true; /* everything after it lies beyond too */
        }
        if (!add_run(b, id, EXTENT_PAGES)) return false;
    }
    return true;
}

/* True when this interval was not met before: a second IAM page for it would give the same pages twice. */
static bool first_time(list_builder *b, page_id start)
{
    uint64_t key = (uint64_t)start.file << 32 | start.page;
    for (uint64_t i = 0; i < b->intervals; i++)
        if (b->seen[i] == key) return false;
    if (b->intervals == b->intervals_max) return false;
    b->seen[b->intervals++] = key;
    return true;
}

static bool start_is_valid(list_builder *b, page_id start) { return start.page % GAM_PAGES == 0 && inside(b, start); }

/* Walks the chain; false when out of memory. A chain that breaks off sets out->broken with a finding. */
static bool walk_chain(list_builder *b, page_id at)
{
    while (at.page || at.file) {
        const uint8_t *iam;
        if (!inside(b, at)) {
            report_beyond(b, at, at);
            return true;
        }
        if (page_reader_get(b->r, at, false, &iam) != ST_OK) {
            b->out->broken = true;
            return true;
        }
        page_id start = {le32(iam + IAM_INTERVAL_PAGE), le16(iam + IAM_INTERVAL_FILE)};
        if (iam[PH_TYPE] != PAGE_IAM || !start_is_valid(b, start)) {
            page_reader_report(b->r, F_ALLOCATION_PAGE, at, "IAM", NULL);
            b->out->broken = true;
            return true;
        }
        if (!first_time(b, start)) {
            page_reader_report(b->r, F_IAM_LOOP, at, NULL, NULL);
            b->out->broken = true;
            return true;
        }
        page_id next = {le32(iam + PH_NEXT), le16(iam + PH_NEXT + 4)};
        b->out->iam_pages++;
        if (!add_singles(b, at, iam) || !add_extents(b, at, iam, start)) return false;
        at = next;
    }
    return true;
}

status mdf_page_list(page_reader *r, page_id first_iam, arena *a, page_list *out)
{
    page_store *s = page_reader_store(r);
    list_builder b = {.r = r, .mem = a, .out = out};
    *out = (page_list){0};
    if (first_iam.page == 0 && first_iam.file == 0) return ST_OK;
    for (size_t i = 0; i < s->ops->files(s); i++)
        b.intervals_max += s->ops->extents(s, s->ops->file_id(s, i)) / GAM_EXTENTS + 1;
    b.seen = arena_array(a, (size_t)b.intervals_max, sizeof *b.seen);
    if (!b.seen || !walk_chain(&b, first_iam)) {
        find_code(s->found, F_OUT_OF_MEMORY, "listing the pages of a table");
        return ST_FATAL;
    }
    return ST_OK;
}

void page_walk_start(page_walk *w, const page_list *list, uint8_t type, uint8_t type2, uint64_t first, uint64_t last)
{
    *w = (page_walk){
        .list = list, .at = first, .last = last < list->pages ? last : list->pages, .type = type, .type2 = type2};
    while (w->run < list->runs && w->run_at + list->run[w->run].pages <= first) w->run_at += list->run[w->run++].pages;
}

static bool next_position(page_walk *w, page_id *id)
{
    if (w->at >= w->last) return false;
    while (w->run_at + w->list->run[w->run].pages <= w->at) w->run_at += w->list->run[w->run++].pages;
    *id = w->list->run[w->run].first;
    id->page += (uint32_t)(w->at++ - w->run_at);
    return true;
}

bool mdf_is_system_page(page_id id)
{
    uint32_t in_gam = id.page % GAM_PAGES;
    if (id.page % PFS_PAGES == 0) return true;
    if (id.page < GAM_PAGES) return in_gam <= 7 || (id.page == BOOT_PAGE && id.file == 1);
    return in_gam == 0 || in_gam == 1 || in_gam == 6 || in_gam == 7;
}

/* What PFS says of a page. ST_ROW_LOST: its PFS page cannot be read (findings added, once for the pages of one). */
static status allocation_of(page_walk *w, page_reader *r, page_id id, uint8_t *pfs)
{
    const page_id map = {id.page / PFS_PAGES * PFS_PAGES, id.file};
    if (w->map_lost && w->lost_map.page == map.page && w->lost_map.file == map.file) return ST_ROW_LOST;
    status st = mdf_pfs(r, id, pfs);
    if (st != ST_ROW_LOST) return st;
    w->map_lost = true;
    w->lost_map = map;
    page_reader_report(r, F_SALVAGED_BLIND, (page_id){map.page ? map.page : 1, map.file}, NULL, NULL);
    return st;
}

static bool wanted(const page_walk *w, const uint8_t *page)
{
    return page[PH_TYPE] == w->type || (w->type2 && page[PH_TYPE] == w->type2);
}

status page_walk_next(page_walk *w, page_reader *r, page_id *id, const uint8_t **page)
{
    while (next_position(w, id)) {
        uint8_t pfs;
        if (mdf_is_system_page(*id)) continue;
        status st = allocation_of(w, r, *id, &pfs);
        if (st == ST_ROW_LOST) {
            /* What is not whole was perhaps never in use: the count of rows will tell. */
            bool own = page_reader_get(r, *id, true, page) == ST_OK &&
                       (page_reader_salvages(r) || (w->list->unit && page_owner_unit(*page) == w->list->unit));
            if (own && wanted(w, *page)) return ST_OK;
            continue;
        }
        if (st != ST_OK) return st;
        if (!(pfs & PFS_ALLOCATED) || (pfs & PFS_IAM)) continue;
        st = page_reader_get(r, *id, false, page);
        if (st != ST_OK) return st;
        if (wanted(w, *page)) return ST_OK;
    }
    return ST_END;
}
