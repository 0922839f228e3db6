/* The catalog's own tables: where their pages are, and a walk over their rows (FORMAT.md, Catalog). */
#ifndef MDF_MDF_SYSTAB_H
#define MDF_MDF_SYSTAB_H

#include "mdf/mdf_alloc.h"
#include "mdf/mdf_fixedvar.h"
#include "mdf/mdf_salvage.h"

/* Object ids of the base tables that are read; the same from 2008 on. */
enum {
    SYS_RSCOLS = 3,
    SYS_ROWSETCOLUMNS_2005 = 4,
    SYS_ROWSETS = 5,
    SYS_ALLOCUNITS = 7,
    SYS_FILES1 = 8,
    SYS_SEOBJVALUES = 9,
    SYS_HOBTCOLUMNS_2005 = 13,
    SYS_SEREFS_2005 = 26,
    SYS_PRUFILES = 24, /* since 2008 */
    SYS_DBFILES_2005 = 76,
    SYS_SCHOBJS = 34,
    SYS_COLPARS = 41,
    SYS_SCALARTYPES = 50,
    SYS_IDXSTATS = 54,
    SYS_ISCOLS = 55,
    SYS_CLSOBJS = 64,
    SYS_SINGLEOBJREFS = 74
};

/* A growing array in an arena. */
#define LIST_OF(type)                                                                                                  \
    struct {                                                                                                           \
        type *p;                                                                                                       \
        size_t n, room;                                                                                                \
    }
/* A new, zeroed last element; NULL when out of memory. */
#define LIST_ADD(mem, list) list_add(mem, (void **)&(list)->p, &(list)->n, &(list)->room, sizeof *(list)->p)
void *list_add(arena *mem, void **p, size_t *n, size_t *room, size_t size);
/* Room for the rows that the catalog counts for a base table, at once: a list that grows leaves its smaller selves
 * behind. */
#define LIST_FOR(t, list, object) list_for(t, object, (void **)&(list)->p, &(list)->room, sizeof *(list)->p)

/* Name of a base table: "sys.sysrscols". */
sv systab_name(int32_t object);

/* What the boot page says (FORMAT.md, Boot page). */
typedef struct mdf_boot {
    bool lost; /* the page cannot be read: nothing of this is known */
    unsigned version, created_version, compatibility_level;
    sv name; /* UTF-8, in the arena */
    uint32_t collation;
    page_id first_allocunits;
} mdf_boot;

/* An allocation unit (sysallocunits). */
typedef struct alloc_unit {
    int64_t id;
    int64_t owner; /* rowset */
    uint8_t type;  /* 1 in-row, 2 LOB, 3 row overflow */
    int16_t filegroup;
    page_id first, root, iam;
    bool unplaced;                /* its row is lost, and its IAM page was not found either */
    int64_t used, data, reserved; /* pages */
} alloc_unit;

/* A row of sysrowsets. */
typedef struct rowset_row {
    int64_t id;
    int32_t object;
    int32_t index;
    int32_t partition;
    uint32_t status;
    int64_t rows; /* -1: not known */
    uint8_t compression;
    uint16_t max_null_bit, min_leaf;
    bool rebuilt; /* its row is lost: what it belongs to is known from sysidxstats, compression and numbers are not */
} rowset_row;

/* The bottom of the catalog: enough to find the pages of any table. Lives in the arena. */
typedef struct systabs {
    page_reader *r; /* borrowed, for the time of building */
    arena *mem;
    findings *found;
    salvage_index *salvage; /* for what the IAM chains do not say; borrowed, for the time of building */
    bool damaged;           /* a row of sysallocunits or sysrowsets is lost and nothing else gave it, or may be */
    mdf_boot boot;
    alloc_unit *unit; /* by owner, then type */
    size_t units;
    rowset_row *rowset; /* by object, index, partition */
    size_t rowsets;
} systabs;

/* Reads the boot page and the tables above. ST_FATAL with a finding when the database cannot be read at all. */
status systabs_open(systabs *t, page_reader *r, salvage_index *salvage, arena *mem, findings *found);

/* Units of a rowset: the first and how many. */
const alloc_unit *systabs_units(const systabs *t, int64_t rowset, size_t *n);
const alloc_unit *systabs_unit(const systabs *t, int64_t rowset, uint8_t type); /* NULL: none */
/* Rowsets of an object: the first and how many. */
const rowset_row *systabs_rowsets(const systabs *t, int32_t object, size_t *n);

/* Calls visit for every row of a base table until it returns false (out of memory). Damaged pages become findings.
 * Missing table: no row. */
typedef bool (*systab_row)(void *ctx, const fixedvar *rec);
typedef struct systab_count {
    uint64_t rows;    /* that were read */
    int64_t expected; /* as sysrowsets counts them; -1: not known */
    bool lost;        /* a page could not be read, or the list of pages is not known to be whole */
} systab_count;
status systab_each(const systabs *t, int32_t object, systab_row visit, void *ctx, systab_count *count);

/* ST_FATAL with the finding: out of memory while the catalog was read. */
status systab_no_memory(const systabs *t);
/* Whether rows are lost, as far as the catalog can tell. */
bool systab_incomplete(const systab_count *count);
/* Says what is lost: rows that differ in number from the catalog's own count become a finding, and so do rows that were
 * `found` elsewhere. True when rows may be missing still. */
bool systab_account(const systabs *t, int32_t object, const systab_count *count, uint64_t found);

/* An entry of a leaf of a nonclustered index of a base table. */
typedef struct systab_entry {
    const uint8_t *p; /* its fixed part, the first column at 1 */
    unsigned n;
    const uint8_t *name; /* the variable column, UTF-16; NULL: the index has none */
    size_t name_bytes;
} systab_entry;
static inline int32_t entry_i32(const systab_entry *e, unsigned at)
{
    return at + 4 <= e->n ? (int32_t)le32(e->p + at) : 0;
}
static inline int64_t entry_i64(const systab_entry *e, unsigned at)
{
    return at + 8 <= e->n ? (int64_t)le64(e->p + at) : 0;
}
static inline uint8_t entry_u8(const systab_entry *e, unsigned at) { return at < e->n ? e->p[at] : 0; }
sv entry_name(const systab_entry *e, arena *mem); /* as rec_name */

/* Calls visit for every entry of an index of a base table (FORMAT.md, Nonclustered indexes of the catalog). */
typedef bool (*systab_index_row)(void *ctx, const systab_entry *e);
status systab_index_each(const systabs *t, int32_t object, int32_t index, systab_index_row visit, void *ctx);

void list_for(const systabs *t, int32_t object, void **p, size_t *room, size_t size);

/* ---- mdf_systab_lost.c: rows of sysallocunits and sysrowsets that other tables repeat ---- */

/* Numbers of partition schemes among those of filegroups (sysidxstats.dataspace). */
enum { FIRST_PARTITION_SCHEME = 65536 };

/* Adds units that are not among the sorted ones; sorts. Sets t->damaged when some are missing still. */
status systabs_find_units(systabs *t, const systab_count *count);
/* The same for rowsets. */
status systabs_find_rowsets(systabs *t, const systab_count *count);
void systabs_sort_units(systabs *t);
void systabs_sort_rowsets(systabs *t);

/* Fixed fields; 0 where the row does not reach (older rows may be shorter). */
uint64_t rec_u(const fixedvar *rec, unsigned offset, unsigned bytes);
int64_t rec_i(const fixedvar *rec, unsigned offset, unsigned bytes);
page_id rec_page(const fixedvar *rec, unsigned offset);
/* Variable column (from 1) as UTF-8 text in the arena; {NULL, 0} when out of memory, damaged or off-row. */
sv rec_name(const fixedvar *rec, unsigned variable, arena *mem);

#endif
