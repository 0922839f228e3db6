/* The account of pages: what PFS says is allocated against what the allocation units' IAM chains reach. */
#ifndef MDF_MDF_ACCOUNT_H
#define MDF_MDF_ACCOUNT_H

#include "mdf/mdf_systab.h"

typedef struct page_account {
    uint64_t allocated; /* pages that PFS marks, system pages aside */
    uint64_t reached;   /* of those, in the list of an allocation unit or one of its IAM pages */
    uint64_t twice;     /* in the lists of two */
} page_account;

/* One pass over the PFS pages and all IAM chains; no data page is read. ST_OK, ST_ROW_LOST when a map page cannot be
 * read (the account is then worth nothing; findings were added), ST_FATAL. */
status mdf_account(page_reader *r, const alloc_unit *unit, size_t units, findings *found, page_account *out);

#endif
