#include "mdf/mdf_systab.h"
#include "base/sorted.h"
#include "base/utf.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- fields ---- */

uint64_t rec_u(const fixedvar *rec, unsigned offset, unsigned bytes)
{
    const uint8_t *p;
    uint64_t x = 0;
    if (!fixedvar_fixed(rec, offset, bytes, &p)) return 0;
    for (unsigned i = bytes; i-- > 0;) x = x << 8 | p[i];
    return x;
}

int64_t rec_i(const fixedvar *rec, unsigned offset, unsigned bytes)
{
    unsigned unused = 64 - 8 * bytes;
    return (int64_t)(rec_u(rec, offset, bytes) << unused) >> unused;
}

page_id rec_page(const fixedvar *rec, unsigned offset)
{
    return (page_id){(uint32_t)rec_u(rec, offset, 4), (uint16_t)rec_u(rec, offset + 4, 2)};
}

static sv utf16_name(const void *p, size_t n, arena *mem)
{
    char *out = arena_alloc(mem, UTF8_ROOM_FOR_UTF16(n) + 1);
    if (!out) return (sv){NULL, 0};
    return (sv){out, utf16_to_utf8(p, n, out, NULL)};
}

sv rec_name(const fixedvar *rec, unsigned variable, arena *mem)
{
    sv raw;
    bool complex;
    if (!fixedvar_variable(rec, variable - 1, &raw, &complex) || complex) return (sv){NULL, 0};
    return utf16_name(raw.p, raw.n, mem);
}

void *list_add(arena *mem, void **p, size_t *n, size_t *room, size_t size)
{
    if (*n == *room) {
        size_t more = *room ? *room * 2 : 32;
        void *grown = arena_array(mem, more, size);
        if (!grown) return NULL;
        if (*n) memcpy(grown, *p, *n * size);
        *p = grown;
        *room = more;
    }
    return (char *)*p + (*n)++ * size;
}

void list_for(const systabs *t, int32_t object, void **p, size_t *room, size_t size)
{
    static const size_t bytes_max = (size_t)16 << 20; /* the count is not to be trusted with more */
    size_t n;
    const rowset_row *rs = systabs_rowsets(t, object, &n);
    if (*p || !n || rs->rows <= 0 || (uint64_t)rs->rows > bytes_max / size) return;
    *p = arena_array(t->mem, (size_t)rs->rows, size);
    *room = *p ? (size_t)rs->rows : 0;
}

sv systab_name(int32_t object)
{
    switch (object) {
    case SYS_RSCOLS: return SV_LIT("sys.sysrscols");
    case SYS_ROWSETCOLUMNS_2005: return SV_LIT("sys.sysrowsetcolumns");
    case SYS_ROWSETS: return SV_LIT("sys.sysrowsets");
    case SYS_ALLOCUNITS: return SV_LIT("sys.sysallocunits");
    case SYS_SEOBJVALUES: return SV_LIT("sys.sysseobjvalues");
    case SYS_HOBTCOLUMNS_2005: return SV_LIT("sys.syshobtcolumns");
    case SYS_PRUFILES: return SV_LIT("sys.sysprufiles");
    case SYS_DBFILES_2005: return SV_LIT("sys.sysdbfiles");
    case SYS_SCHOBJS: return SV_LIT("sys.sysschobjs");
    case SYS_COLPARS: return SV_LIT("sys.syscolpars");
    case SYS_SCALARTYPES: return SV_LIT("sys.sysscalartypes");
    case SYS_IDXSTATS: return SV_LIT("sys.sysidxstats");
    case SYS_ISCOLS: return SV_LIT("sys.sysiscols");
    case SYS_CLSOBJS: return SV_LIT("sys.sysclsobjs");
    case SYS_SINGLEOBJREFS: return SV_LIT("sys.syssingleobjrefs");
    default: return SV_LIT("a base table");
    }
}

/* ---- walking rows ---- */

typedef struct row_walk {
    systab_row visit;
    void *ctx;
    uint64_t rows;
    bool stopped;
} row_walk;

static void each_row_of_page(page_reader *r, page_id id, const uint8_t *page, row_walk *w)
{
    unsigned slots = page_slots(page), limit = page_record_limit(page);
    for (unsigned i = 0; i < slots && limit && !w->stopped; i++) {
        unsigned at = page_slot_offset(page, i);
        fixedvar rec;
        if (at == 0) continue;
        if (!fixedvar_parse(page, at, &rec)) {
            unsigned type = at < PAGE_BYTES ? page[at] >> 1 & 7 : 0;
            if (type != RECORD_STUB && type != RECORD_GHOST && type != RECORD_GHOST_VERSION)
                page_reader_report(r, F_CATALOG_RECORD, id, NULL, NULL);
            continue;
        }
        if (rec.type != RECORD_PRIMARY && rec.type != RECORD_FORWARDED) continue;
        w->rows++;
        if (!w->visit(w->ctx, &rec)) w->stopped = true;
    }
}

/* The unit's pages by its IAM chain; where that is lost, also by the pages' own headers. */
static status pages_of_unit(const systabs *t, page_id iam, int64_t unit, uint8_t type, bool empty, page_list *list)
{
    bool lost = iam.page == 0 && iam.file == 0 && !empty;
    status st = mdf_page_list(t->r, iam, t->mem, list);
    if (st == ST_OK && (list->broken || lost)) st = salvage_add(t->salvage, t->r, unit, type, t->mem, list);
    list->unit = unit;
    return st;
}

/* empty: what has no IAM chain never had a page, as base tables that nothing was put into; looking for its pages would
 * read the whole database. *lost: a page could not be read, or the list of pages is not known to be whole. */
static status each_row_of_unit(const systabs *t, page_id iam, int64_t unit, bool empty, row_walk *w, bool *lost)
{
    page_list list;
    page_walk pages;
    page_id id;
    const uint8_t *page;
    status st = pages_of_unit(t, iam, unit, PAGE_DATA, empty, &list);
    if (st != ST_OK) return st;
    *lost = list.broken;
    page_walk_start(&pages, &list, PAGE_DATA, 0, 0, list.pages);
    while ((st = page_walk_next(&pages, t->r, &id, &page)) != ST_END) {
        if (st != ST_OK) {
            *lost = true;
            continue; /* a finding was added; the row count will tell how much is lost */
        }
        each_row_of_page(t->r, id, page, w);
        if (w->stopped) break;
    }
    *lost |= pages.map_lost;
    return ST_OK;
}

static void report_count(const systabs *t, finding_code code, int32_t object, uint64_t x, uint64_t y)
{
    char a[32], b[32];
    finding f = FINDING_OF(code);
    snprintf(a, sizeof a, "%" PRIu64, x);
    snprintf(b, sizeof b, "%" PRIu64, y);
    f.table = systab_name(object);
    f.a = sv_from(a);
    f.b = sv_from(b);
    find_add(t->found, &f);
}

bool systab_incomplete(const systab_count *count)
{
    return count->lost || (count->expected >= 0 && count->rows < (uint64_t)count->expected);
}

bool systab_account(const systabs *t, int32_t object, const systab_count *count, uint64_t found)
{
    const uint64_t rows = count->rows + found;
    if (found) report_count(t, F_CATALOG_ELSEWHERE, object, count->rows, found);
    if (count->expected < 0) return count->lost;
    if (rows != (uint64_t)count->expected) report_count(t, F_CATALOG_COUNT, object, rows, (uint64_t)count->expected);
    return rows < (uint64_t)count->expected;
}

/* A base table's rowset and allocation unit have the number of its object; those that hold the others together have
 * no index in the top bits. */
static int64_t base_unit(int32_t object)
{
    return (int64_t)(object <= SYS_FILES1 ? 0 : 1) << 48 | (int64_t)object << 16;
}

status systab_no_memory(const systabs *t)
{
    find_code(t->found, F_OUT_OF_MEMORY, "reading the catalog");
    return ST_FATAL;
}

status systab_each(const systabs *t, int32_t object, systab_row visit, void *ctx, systab_count *count)
{
    size_t n;
    const rowset_row *rs = systabs_rowsets(t, object, &n);
    row_walk w = {.visit = visit, .ctx = ctx};
    *count = (systab_count){.expected = -1};
    page_reader_table(t->r, systab_name(object));
    const bool own = n && rs->index <= 1; /* else the row of its rowset is lost, if those of its indexes are not */
    if (n == 0 && !t->damaged) return ST_OK;
    const alloc_unit *u = systabs_unit(t, own ? rs->id : base_unit(object), 1);
    const bool empty = u && !u->unplaced && own && rs->rows == 0;
    status st =
        each_row_of_unit(t, u ? u->iam : (page_id){0, 0}, u ? u->id : base_unit(object), empty, &w, &count->lost);
    if (st == ST_OK && w.stopped) st = systab_no_memory(t);
    count->rows = w.rows;
    if (n) count->expected = rs->rows;
    /* Base tables have one part. More of them are damage, and thousands that share one page list would be read for
     * ever. */
    for (size_t i = 1; i < n && rs[i].index <= 1; i++)
        if (rs[i].rows > 0) report_count(t, F_CATALOG_COUNT, object, 0, (uint64_t)rs[i].rows);
    return st;
}

/* ---- nonclustered indexes ---- */

sv entry_name(const systab_entry *e, arena *mem)
{
    return e->name ? utf16_name(e->name, e->name_bytes, mem) : (sv){NULL, 0};
}

/* The first variable column of an index record behind its fixed part, which ends at `at`. False when it does not lie in
 * the record. */
static bool take_name(const uint8_t *p, unsigned at, unsigned room, systab_entry *out)
{
    if (p[0] & RECORD_HAS_NULLS) {
        if (room - at < 2) return false;
        const unsigned bytes = (le16(p + at) + 7u) / 8 + 2;
        if (room - at < bytes) return false;
        at += bytes;
    }
    if (!(p[0] & RECORD_HAS_VARIABLE)) return true;
    if (room - at < 4) return false;
    const unsigned n = le16(p + at), first = at + 2 + 2 * n, end = le16(p + at + 2);
    if (n == 0 || end < first || end > room) return n == 0;
    out->name = p + first;
    out->name_bytes = end - first;
    return true;
}

static void each_entry_of_page(const systabs *t, page_id id, const uint8_t *page, systab_index_row visit, void *ctx,
                               bool *out_of_memory)
{
    const unsigned slots = page_slots(page), limit = page_record_limit(page), fixed = le16(page + PH_PMINLEN);
    for (unsigned i = 0; i < slots && limit && !*out_of_memory; i++) {
        const unsigned at = page_slot_offset(page, i);
        if (at < PAGE_HEADER_BYTES || at >= limit || (page[at] >> 1 & 7) != RECORD_INDEX) continue;
        systab_entry e = {.p = page + at, .n = fixed};
        if (fixed == 0 || limit - at < fixed || !take_name(page + at, fixed, limit - at, &e))
            page_reader_report(t->r, F_CATALOG_RECORD, id, NULL, NULL);
        else if (!visit(ctx, &e))
            *out_of_memory = true;
    }
}

status systab_index_each(const systabs *t, int32_t object, int32_t index, systab_index_row visit, void *ctx)
{
    size_t n;
    const rowset_row *rs = systabs_rowsets(t, object, &n);
    int64_t id = (int64_t)index << 48 | (int64_t)object << 16; /* of the unit, too, but for some of databases of 2005 */
    page_list list;
    page_walk pages;
    page_id at;
    const uint8_t *page;
    bool out_of_memory = false;
    for (size_t i = 0; i < n; i++)
        if (rs[i].index == index) id = rs[i].id;
    const alloc_unit *u = systabs_unit(t, id, 1);
    page_reader_table(t->r, systab_name(object));
    status st = pages_of_unit(t, u ? u->iam : (page_id){0, 0}, u ? u->id : id, PAGE_INDEX, false, &list);
    if (st != ST_OK) return st;
    page_walk_start(&pages, &list, PAGE_INDEX, 0, 0, list.pages);
    while (!out_of_memory && (st = page_walk_next(&pages, t->r, &at, &page)) != ST_END)
        if (st == ST_OK && page[PH_LEVEL] == 0) each_entry_of_page(t, at, page, visit, ctx, &out_of_memory);
    return out_of_memory ? systab_no_memory(t) : ST_OK;
}

/* ---- the boot page ---- */

enum { BOOT_NAME = 52, BOOT_NAME_BYTES = 256 };

static status read_boot(systabs *t)
{
    const uint8_t *page;
    page_id id = {BOOT_PAGE, 1};
    page_reader_table(t->r, SV_LIT("the database (boot page)"));
    if (page_reader_get(t->r, id, false, &page) != ST_OK) {
        find_code(t->found, F_BOOT_LOST, "it cannot be read");
        t->boot.lost = true;
        return ST_OK;
    }
    const uint8_t *rec = page + PAGE_HEADER_BYTES;
    t->boot.version = le16(rec + 4);
    t->boot.created_version = le16(rec + 6);
    if (page[PH_TYPE] != PAGE_BOOT || t->boot.version < 100 || t->boot.version > 2000) {
        find_code(t->found, F_BOOT_PAGE,
                  le16(page + PH_FLAGS) & 0x0008 ? "its content is encrypted (TDE)" : "it has no valid content");
        return ST_FATAL;
    }
    if (t->boot.version <= 539) {
        find_code(t->found, F_DATABASE_TOO_OLD, "%u", t->boot.version);
        return ST_FATAL;
    }
    size_t name = le16(rec + 308);
    if (name > BOOT_NAME_BYTES) name = BOOT_NAME_BYTES;
    t->boot.name = utf16_name(rec + BOOT_NAME, name, t->mem);
    t->boot.compatibility_level = le16(rec + 314);
    t->boot.collation = le32(rec + 392);
    t->boot.first_allocunits = (page_id){le32(rec + 516), le16(rec + 520)};
    return ST_OK;
}

/* ---- sysallocunits and sysrowsets ---- */

typedef struct unit_list {
    arena *mem;
    LIST_OF(alloc_unit) all;
} unit_list;

static bool add_unit(void *ctx, const fixedvar *rec)
{
    unit_list *l = ctx;
    alloc_unit *u = LIST_ADD(l->mem, &l->all);
    if (!u) return false;
    *u = (alloc_unit){.id = rec_i(rec, 4, 8),
                      .owner = rec_i(rec, 13, 8),
                      .type = (uint8_t)rec_u(rec, 12, 1),
                      .filegroup = (int16_t)rec_i(rec, 25, 2),
                      .first = rec_page(rec, 27),
                      .root = rec_page(rec, 33),
                      .iam = rec_page(rec, 39),
                      .used = rec_i(rec, 45, 8),
                      .data = rec_i(rec, 53, 8),
                      .reserved = rec_i(rec, 61, 8)};
    return true;
}

static int by_owner(const void *a, const void *b)
{
    const alloc_unit *x = a, *y = b;
    if (x->owner != y->owner) return x->owner < y->owner ? -1 : 1;
    return (int)x->type - (int)y->type;
}

static int by_object(const void *a, const void *b)
{
    const rowset_row *x = a, *y = b;
    if (x->object != y->object) return x->object < y->object ? -1 : 1;
    if (x->index != y->index) return x->index < y->index ? -1 : 1;
    if (x->partition != y->partition) return x->partition < y->partition ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

static bool add_own_unit(void *ctx, const fixedvar *rec)
{
    return rec_i(rec, 13, 8) != base_unit(SYS_ALLOCUNITS) || add_unit(ctx, rec);
}

/* The boot page names the first page of sysallocunits; from there the leaf pages are linked. That chain serves only to
 * find the table's own IAM page: chains and first-page pointers can be stale, IAM and PFS are not. A chain that comes
 * back to a page of its own is left (Brent: the page at every power of two steps is remembered). */
static status units_by_chain(systabs *t, unit_list *l)
{
    row_walk w = {.visit = add_own_unit, .ctx = l};
    page_id at = t->boot.first_allocunits, seen = {0, 0};
    page_reader_table(t->r, systab_name(SYS_ALLOCUNITS));
    for (uint64_t step = 1; (at.page || at.file) && (at.page != seen.page || at.file != seen.file); step++) {
        const uint8_t *page;
        if (page_reader_get(t->r, at, false, &page) != ST_OK || page[PH_TYPE] != PAGE_DATA) break;
        each_row_of_page(t->r, at, page, &w);
        if (w.stopped) return systab_no_memory(t);
        if (l->all.n) break;
        if ((step & (step - 1)) == 0) seen = at;
        at = (page_id){le32(page + PH_NEXT), le16(page + PH_NEXT + 4)};
    }
    return ST_OK;
}

void systabs_sort_units(systabs *t)
{
    if (t->units) qsort(t->unit, t->units, sizeof *t->unit, by_owner);
}

void systabs_sort_rowsets(systabs *t)
{
    if (t->rowsets) qsort(t->rowset, t->rowsets, sizeof *t->rowset, by_object);
}

static void keep_units(systabs *t, unit_list *l)
{
    t->unit = l->all.p;
    t->units = l->all.n;
    systabs_sort_units(t);
}

static status unreadable_catalog(systabs *t, const char *what)
{
    find_code(t->found, F_CATALOG_UNREADABLE, "%s", what);
    return ST_FATAL;
}

static status read_units(systabs *t, systab_count *count)
{
    unit_list chain = {.mem = t->mem}, whole = {.mem = t->mem};
    status st = units_by_chain(t, &chain);
    if (st != ST_OK) return st;
    keep_units(t, &chain);
    const int64_t id = base_unit(SYS_ALLOCUNITS);
    const alloc_unit *own = systabs_unit(t, id, 1);
    row_walk w = {.visit = add_unit, .ctx = &whole};
    st = each_row_of_unit(t, own ? own->iam : (page_id){0, 0}, id, false, &w, &count->lost);
    if (st != ST_OK) return st;
    if (w.stopped) return systab_no_memory(t);
    count->rows = w.rows;
    keep_units(t, &whole);
    return ST_OK;
}

typedef struct rowset_list {
    arena *mem;
    LIST_OF(rowset_row) all;
} rowset_list;

static bool add_rowset(void *ctx, const fixedvar *rec)
{
    rowset_list *l = ctx;
    rowset_row *rs = LIST_ADD(l->mem, &l->all);
    if (!rs) return false;
    *rs = (rowset_row){.id = rec_i(rec, 4, 8),
                       .object = (int32_t)rec_i(rec, 13, 4),
                       .index = (int32_t)rec_i(rec, 17, 4),
                       .partition = (int32_t)rec_i(rec, 21, 4),
                       .status = (uint32_t)rec_u(rec, 25, 4),
                       .rows = rec_i(rec, 31, 8),
                       .compression = (uint8_t)rec_u(rec, 39, 1),
                       .max_null_bit = (uint16_t)rec_u(rec, 41, 2),
                       .min_leaf = (uint16_t)rec_u(rec, 49, 2)};
    return true;
}

static status read_rowsets(systabs *t, systab_count *count)
{
    const int64_t id = base_unit(SYS_ROWSETS);
    const alloc_unit *u = systabs_unit(t, id, 1);
    rowset_list l = {.mem = t->mem};
    row_walk w = {.visit = add_rowset, .ctx = &l};
    page_reader_table(t->r, systab_name(SYS_ROWSETS));
    status st = each_row_of_unit(t, u ? u->iam : (page_id){0, 0}, id, false, &w, &count->lost);
    if (st != ST_OK) return st;
    if (w.stopped) return systab_no_memory(t);
    count->rows = w.rows;
    t->rowset = l.all.p;
    t->rowsets = l.all.n;
    systabs_sort_rowsets(t);
    return ST_OK;
}

static void expect(const systabs *t, int32_t object, systab_count *count)
{
    size_t n;
    const rowset_row *rs = systabs_rowsets(t, object, &n);
    count->expected = n ? rs->rows : -1;
}

status systabs_open(systabs *t, page_reader *r, salvage_index *salvage, arena *mem, findings *found)
{
    systab_count units = {0}, rowsets = {0};
    *t = (systabs){.r = r, .mem = mem, .found = found, .salvage = salvage};
    status st = read_boot(t);
    if (st == ST_OK) st = read_units(t, &units);
    if (st == ST_OK) st = read_rowsets(t, &rowsets);
    if (st != ST_OK) return st;
    expect(t, SYS_ALLOCUNITS, &units);
    expect(t, SYS_ROWSETS, &rowsets);
    t->damaged = systab_incomplete(&units) || systab_incomplete(&rowsets);
    if (t->damaged) {
        st = systabs_find_units(t, &units);
        if (st == ST_OK) st = systabs_find_rowsets(t, &rowsets);
    }
    if (st == ST_OK && t->units == 0) return unreadable_catalog(t, "sys.sysallocunits");
    if (st == ST_OK && t->rowsets == 0) return unreadable_catalog(t, "sys.sysrowsets");
    return st;
}

/* ---- look-ups ---- */

static int owner_order(const void *key, const void *element)
{
    int64_t a = *(const int64_t *)key, b = ((const alloc_unit *)element)->owner;
    return (a > b) - (a < b);
}

const alloc_unit *systabs_units(const systabs *t, int64_t rowset, size_t *n)
{
    return sorted_range(t->unit, t->units, sizeof *t->unit, &rowset, owner_order, n);
}

const alloc_unit *systabs_unit(const systabs *t, int64_t rowset, uint8_t type)
{
    size_t n;
    const alloc_unit *u = systabs_units(t, rowset, &n);
    for (size_t i = 0; i < n; i++)
        if (u[i].type == type) return &u[i];
    return NULL;
}

static int object_order(const void *key, const void *element)
{
    int32_t a = *(const int32_t *)key, b = ((const rowset_row *)element)->object;
    return (a > b) - (a < b);
}

const rowset_row *systabs_rowsets(const systabs *t, int32_t object, size_t *n)
{
    return sorted_range(t->rowset, t->rowsets, sizeof *t->rowset, &object, object_order, n);
}
