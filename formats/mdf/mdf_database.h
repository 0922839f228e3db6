/* The open database behind mdf_source.h: shared by its scan and verify code, by nobody else. */
#ifndef MDF_MDF_DATABASE_H
#define MDF_MDF_DATABASE_H

#include "base/platform.h"
#include "mdf/mdf_source.h"
#include "mdf/mdf_systab.h"
#include <stdatomic.h>

/* What all scans of one table have met, for the check against an independent count. */
typedef struct table_tally {
    atomic_uint_fast64_t rows, lost; /* handed out; known to be lost */
    atomic_uint_fast64_t positions;  /* of its page lists that scans went through */
} table_tally;

typedef struct mdf_source {
    row_source base;
    page_store *store; /* owned */
    findings *found;
    arena *mem;      /* the model and the page lists; allocated from under `lock` once it is open */
    arena *own_info; /* where `info` lies when this layer made it; else NULL */
    source_info *info;
    mdf_model model;
    const alloc_unit *unit; /* all of the database, for the account of pages */
    size_t units;
    catalog catalog;
    mutex *lock;
    const page_list **list; /* by rowset index; NULL: not asked for yet */
    uint64_t pages_listed;  /* in all of them */
    table_tally *tally;     /* by table */
    salvage_index *salvage; /* for what IAM chains do not say */
    bool salvages;          /* asked for: pages of which nothing is known are taken, too */
} mdf_source;

/* A page reader with the source's settings; NULL when out of memory. */
page_reader *mdf_source_reader(const mdf_source *s);

/* The pages of a rowset, listed at most once. ST_TABLE_LOST: the list cannot be true (a finding was added). */
status mdf_source_list(mdf_source *s, const mdf_rowset *rs, page_reader *r, const page_list **out);

#endif
