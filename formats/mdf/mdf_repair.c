#include "mdf/mdf_repair.h"
#include "base/id_table.h"
#include "base/memory.h"
#include "mdf/mdf_database.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { LSN_BYTES = 10, LSN_TEXT = 40 };

/* Pages one after the other that belong to one allocation unit. */
typedef struct owned_run {
    page_id first;
    uint32_t pages;
    uint32_t reach; /* behind the last page of all runs of this file that begin before it */
    int64_t unit;
} owned_run;

typedef struct owners {
    arena *mem;
    bool listed, whole;     /* tried; and nothing was missed */
    LIST_OF(owned_run) run; /* by file and page */
} owners;

struct mdf_repair {
    mdf_source *older, *target;
    sv path;
    mutex *lock;
    page_reader *pages; /* of the older state */
    owners owner[2];    /* of the target, of the older state */
    id_table told;      /* pages that a finding names, by page_key */
    id_table kept;      /* or is to name, once it is known whose they are */
};

mdf_repair *mdf_repair_new(row_source *older, sv path)
{
    mdf_repair *r = calloc(1, sizeof *r);
    if (!r) return NULL;
    r->older = (mdf_source *)older;
    r->path = path;
    r->told.entry_bytes = r->kept.entry_bytes = sizeof(uint64_t);
    r->lock = mutex_new();
    r->pages = page_reader_new(r->older->store, NULL);
    if (r->lock && r->pages) return r;
    mdf_repair_free(r);
    return NULL;
}

void mdf_repair_free(mdf_repair *r)
{
    if (!r) return;
    page_reader_free(r->pages);
    for (size_t i = 0; i < 2; i++) arena_free(r->owner[i].mem);
    id_table_free(&r->told);
    id_table_free(&r->kept);
    mutex_free(r->lock);
    free(r);
}

/* ---- whose page it is ---- */

static int by_page(const void *a, const void *b)
{
    const owned_run *x = a, *y = b;
    if (x->first.file != y->first.file) return x->first.file < y->first.file ? -1 : 1;
    return x->first.page < y->first.page ? -1 : x->first.page > y->first.page;
}

static bool list_unit(owners *o, page_reader *pages, const alloc_unit *u)
{
    page_list list;
    if (u->owner == (int64_t)SYS_FILES1 << 16) return true; /* its map covers nearly everything and means nothing */
    status st = mdf_page_list(pages, u->iam, o->mem, &list);
    for (size_t i = 0; st == ST_OK && i < list.runs; i++) {
        owned_run *run = LIST_ADD(o->mem, &o->run);
        if (!run) return false;
        *run = (owned_run){.first = list.run[i].first, .pages = list.run[i].pages, .unit = u->id};
    }
    return st != ST_FATAL;
}

static void note_reach(owners *o)
{
    for (size_t i = 1; i < o->run.n; i++) {
        const owned_run *before = &o->run.p[i - 1];
        if (before->first.file != o->run.p[i].first.file) continue;
        const uint32_t end = before->first.page + before->pages;
        o->run.p[i].reach = end > before->reach ? end : before->reach;
    }
}

/* A unit whose map is damaged just owns nothing. False when the lists are not whole: then nobody is known to own anything. */
static bool list_owners(owners *o, const mdf_source *s)
{
    if (o->listed) return o->whole;
    o->listed = true;
    page_reader *pages = page_reader_new(s->store, NULL);
    o->mem = arena_new(0);
    bool ok = pages && o->mem;
    if (ok) page_reader_repairs(pages, REPAIR_NONE);
    for (size_t i = 0; ok && i < s->units; i++) ok = list_unit(o, pages, &s->unit[i]);
    page_reader_free(pages);
    if (ok && o->run.n) qsort(o->run.p, o->run.n, sizeof *o->run.p, by_page);
    note_reach(o);
    o->whole = ok;
    return ok;
}

/* 0: nobody's, or on two lists at once. */
static int64_t owner_of(const owners *o, page_id id)
{
    size_t lo = 0, hi = o->run.n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        const owned_run *x = &o->run.p[mid];
        if (x->first.file < id.file || (x->first.file == id.file && x->first.page <= id.page))
            lo = mid + 1;
        else
            hi = mid;
    }
    const owned_run *x = lo ? &o->run.p[lo - 1] : NULL;
    const bool inside = x && x->first.file == id.file && id.page - x->first.page < x->pages;
    return inside && id.page >= x->reach ? x->unit : 0;
}

static const alloc_unit *unit_of(const mdf_source *s, int64_t id)
{
    for (size_t i = 0; id && i < s->units; i++)
        if (s->unit[i].id == id) return &s->unit[i];
    return NULL;
}

/* Whether both states give the page to the same unit, one of a user's table. */
static bool same_owner(mdf_repair *r, page_id id)
{
    /* Rowsets of the catalog's own tables have lower numbers (seen: every version). */
    const int64_t user_rowset_min = (int64_t)1 << 56;
    if (!r->target || !list_owners(&r->owner[0], r->target) || !list_owners(&r->owner[1], r->older)) return false;
    int64_t unit = owner_of(&r->owner[0], id);
    if (unit == 0 || unit != owner_of(&r->owner[1], id)) return false;
    const alloc_unit *u = unit_of(r->target, unit);
    return u && u->owner >= user_rowset_min;
}

/* The table whose page it is in the database that is repaired. */
static sv table_of(mdf_repair *r, page_id id)
{
    const mdf_source *s = r->target;
    const alloc_unit *u = list_owners(&r->owner[0], s) ? unit_of(s, owner_of(&r->owner[0], id)) : NULL;
    for (size_t i = 0; u && i < s->model.rowsets; i++) {
        const mdf_rowset *rs = &s->model.rowset[i];
        if (rs->id == u->owner && rs->table < s->model.tables) return s->model.info[rs->table].full_name;
    }
    return SV_LIT("the database");
}

/* ---- a page ---- */

static bool header_is_whole(const uint8_t *page, page_id id)
{
    return page[PH_VERSION] == 1 && le32(page + PH_PAGE) == id.page && le16(page + PH_FILE) == id.file;
}

static bool unchanged(const uint8_t *damaged, const uint8_t *older)
{
    return memcmp(damaged + PH_LSN, older + PH_LSN, LSN_BYTES) == 0 && damaged[PH_TYPE] == older[PH_TYPE] &&
           le32(damaged + PH_OBJECT_ID) == le32(older + PH_OBJECT_ID) &&
           le16(damaged + PH_INDEX_ID) == le16(older + PH_INDEX_ID);
}

static void lsn_text(const uint8_t *page, char out[LSN_TEXT])
{
    const uint8_t *p = page + PH_LSN;
    snprintf(out, LSN_TEXT, "%" PRIu32 ":%" PRIu32 ":%u", le32(p), le32(p + 4), (unsigned)le16(p + 8));
}

/* Each page is told of once, whoever reads it how often; again only where there is no memory to know it by. */
static bool first_time(mdf_repair *r, page_id id)
{
    const size_t known = r->told.n;
    return !id_table_put(&r->told, page_key(id)) || r->told.n > known;
}

static void keep(mdf_repair *r, page_id id) { (void)id_table_put(&r->kept, page_key(id)); }

static void tell(mdf_repair *r, page_id id, bool same, const uint8_t *damaged, const uint8_t *older, sv table,
                 findings *f)
{
    char was[LSN_TEXT], is[LSN_TEXT] = "not known";
    finding x = FINDING_OF(same ? F_PAGE_REPAIRED : F_PAGE_REPAIRED_OLDER);
    lsn_text(older, was);
    if (damaged) lsn_text(damaged, is);
    x.path = r->path;
    x.table = table;
    x.file_id = id.file;
    x.page = id.page;
    x.a = sv_from(was);
    x.b = sv_from(is);
    find_add(f, &x);
}

void mdf_repair_target(mdf_repair *r, row_source *target, findings *f)
{
    const uint8_t *older;
    r->target = (mdf_source *)target;
    const size_t n = r->kept.n;
    uint64_t *key = n ? memory_take(n * sizeof *key) : NULL;
    if (key) id_table_numbers(&r->kept, key);
    for (size_t i = 0; key && i < n; i++) {
        const page_id id = page_of_key(key[i]);
        if (page_reader_get(r->pages, id, true, &older) == ST_OK && first_time(r, id))
            tell(r, id, true, NULL, older, table_of(r, id), f);
    }
    free(key);
}

bool mdf_repair_page(mdf_repair *r, page_id id, uint8_t *page, bool there, sv table, findings *f)
{
    const uint8_t *older;
    mutex_lock(r->lock);
    bool ok = page_reader_get(r->pages, id, true, &older) == ST_OK;
    if (ok) {
        const bool whole = there && header_is_whole(page, id);
        const bool same = whole && unchanged(page, older);
        ok = same || (f && !mdf_is_system_page(id) && same_owner(r, id));
        if (ok && !f) keep(r, id);
        if (ok && f && first_time(r, id)) tell(r, id, same, whole ? page : NULL, older, table, f);
        if (ok) memcpy(page, older, PAGE_BYTES);
    }
    mutex_unlock(r->lock);
    return ok;
}

bool mdf_repair_page_at(mdf_repair *r, page_id id, const uint8_t lsn[10], uint8_t *page)
{
    const uint8_t *older;
    mutex_lock(r->lock);
    const bool ok = page_reader_get(r->pages, id, true, &older) == ST_OK && memcmp(older + PH_LSN, lsn, LSN_BYTES) == 0;
    if (ok) {
        keep(r, id);
        memcpy(page, older, PAGE_BYTES);
    }
    mutex_unlock(r->lock);
    return ok;
}
