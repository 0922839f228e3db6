/* Rows of sysallocunits and sysrowsets that were lost with their pages, from the tables and indexes that repeat them
 * (FORMAT.md, Damaged files). Nothing is taken that is not said by another page; what that does not say stays unknown. */
#include "mdf/mdf_systab.h"
#include <stdlib.h>

/* A list with another one behind it; NULL when out of memory. */
static void *joined(arena *mem, size_t size, const void *list, size_t n, const void *more, size_t more_n)
{
    char *all = arena_array(mem, n + more_n + 1, size);
    if (all && n) memcpy(all, list, n * size);
    if (all && more_n) memcpy(all + n * size, more, more_n * size);
    return all;
}

/* ---- sysallocunits: its nonclustered index (2008 on), sysserefs (2005) ---- */

typedef struct unit_finder {
    systabs *t;
    LIST_OF(alloc_unit) found;
    status st;
} unit_finder;

static bool is_known_unit(const systabs *t, int64_t owner, int64_t id)
{
    size_t n;
    const alloc_unit *u = systabs_units(t, owner, &n);
    for (size_t i = 0; i < n; i++)
        if (u[i].id == id) return true;
    return false;
}

/* Its pages: by the IAM page whose header names the unit. */
static bool add_unit(unit_finder *f, int64_t owner, int64_t id, uint8_t type)
{
    if (is_known_unit(f->t, owner, id)) return true;
    alloc_unit *u = LIST_ADD(f->t->mem, &f->found);
    if (!u) return false;
    *u = (alloc_unit){.id = id, .owner = owner, .type = type};
    if (salvage_first_iam(f->t->salvage, f->t->r, id, &u->iam) != ST_OK) f->st = ST_FATAL;
    u->unplaced = u->iam.page == 0 && u->iam.file == 0;
    return f->st == ST_OK;
}

static bool add_unit_of_index(void *ctx, const systab_entry *e)
{
    return add_unit(ctx, entry_i64(e, 1), entry_i64(e, 10), entry_u8(e, 9));
}

enum { SEREF_UNIT_OF_ROWSET = 1, UNIT_IN_ROW = 1 };

/* It does not say of what kind the unit is: units of rows have data pages or leaves of an index. */
static bool add_unit_of_2005(void *ctx, const fixedvar *rec)
{
    unit_finder *f = ctx;
    const int64_t id = rec_i(rec, 13, 8);
    bool data = false, leaf = false;
    if (rec_u(rec, 4, 1) != SEREF_UNIT_OF_ROWSET || is_known_unit(f->t, rec_i(rec, 5, 8), id)) return true;
    f->st = salvage_has(f->t->salvage, id, PAGE_DATA, &data);
    if (f->st == ST_OK) f->st = salvage_has(f->t->salvage, id, PAGE_INDEX, &leaf);
    return f->st == ST_OK && add_unit(f, rec_i(rec, 5, 8), id, data || leaf ? UNIT_IN_ROW : 0);
}

static bool put_units(systabs *t, const unit_finder *f)
{
    alloc_unit *all = joined(t->mem, sizeof *all, t->unit, t->units, f->found.p, f->found.n);
    if (!all) return false;
    t->unit = all;
    t->units += f->found.n;
    systabs_sort_units(t);
    return true;
}

status systabs_find_units(systabs *t, const systab_count *count)
{
    unit_finder f = {.t = t};
    systab_count references;
    status st = ST_OK;
    if (systab_incomplete(count)) {
        st = systab_index_each(t, SYS_ALLOCUNITS, 2, add_unit_of_index, &f);
        if (st == ST_OK && f.found.n == 0) st = systab_each(t, SYS_SEREFS_2005, add_unit_of_2005, &f, &references);
        if (st == ST_OK && !put_units(t, &f)) st = systab_no_memory(t);
    }
    if (st == ST_OK) t->damaged = systab_account(t, SYS_ALLOCUNITS, count, f.found.n);
    return st;
}

/* ---- sysrowsets: sysidxstats says which rowset an index has ---- */

typedef struct rowset_finder {
    systabs *t;
    int64_t *known; /* ascending */
    LIST_OF(rowset_row) found;
} rowset_finder;

static int id_order(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Not of partitioned indexes: they have several rowsets, and only one would stand here. */
static bool add_rowset_of_index(void *ctx, const fixedvar *rec)
{
    rowset_finder *f = ctx;
    const int64_t id = rec_i(rec, 31, 8);
    if (id == 0 || rec_i(rec, 23, 4) >= FIRST_PARTITION_SCHEME || !systabs_unit(f->t, id, UNIT_IN_ROW)) return true;
    if (f->t->rowsets && bsearch(&id, f->known, f->t->rowsets, sizeof id, id_order)) return true;
    rowset_row *rs = LIST_ADD(f->t->mem, &f->found);
    if (!rs) return false;
    *rs = (rowset_row){.id = id,
                       .object = (int32_t)rec_i(rec, 4, 4),
                       .index = (int32_t)rec_i(rec, 8, 4),
                       .partition = 1,
                       .rows = -1,
                       .rebuilt = true};
    return true;
}

static bool put_rowsets(systabs *t, const rowset_finder *f)
{
    rowset_row *all = joined(t->mem, sizeof *all, t->rowset, t->rowsets, f->found.p, f->found.n);
    if (!all) return false;
    t->rowset = all;
    t->rowsets += f->found.n;
    systabs_sort_rowsets(t);
    return true;
}

status systabs_find_rowsets(systabs *t, const systab_count *count)
{
    rowset_finder f = {.t = t};
    systab_count indexes;
    status st = ST_OK;
    const bool units_damaged = t->damaged;
    if (systab_incomplete(count)) {
        f.known = arena_array(t->mem, t->rowsets + 1, sizeof *f.known);
        if (!f.known) return systab_no_memory(t);
        for (size_t i = 0; i < t->rowsets; i++) f.known[i] = t->rowset[i].id;
        if (t->rowsets) qsort(f.known, t->rowsets, sizeof *f.known, id_order);
        t->damaged = true; /* so that a table is looked for whose rowset is lost */
        st = systab_each(t, SYS_IDXSTATS, add_rowset_of_index, &f, &indexes);
        if (st == ST_OK && !put_rowsets(t, &f)) st = systab_no_memory(t);
    }
    if (st == ST_OK) t->damaged = systab_account(t, SYS_ROWSETS, count, f.found.n) || units_damaged;
    return st;
}
