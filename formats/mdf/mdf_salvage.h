/* Which pages say in their own header that they belong to an allocation unit: used where the IAM chain is lost. Pages
 * written by SQL Server 2000 or moved by a shrink name another owner, so the result may lack pages; a finding says that
 * it was made so, and the catalog's count of rows tells what is missing. Which of them are in use PFS says as always. */
#ifndef MDF_MDF_SALVAGE_H
#define MDF_MDF_SALVAGE_H

#include "mdf/mdf_alloc.h"

typedef struct salvage_index salvage_index;

/* Looks at nothing yet. NULL when out of memory (finding added). */
salvage_index *salvage_index_new(page_store *store, findings *found);
void salvage_index_free(salvage_index *x); /* x may be NULL */

/* The first call of any of these goes through every page that the store can deliver. One thread at a time. ST_OK or
 * ST_FATAL. */

/* Adds to a broken list the pages of a type (PAGE_DATA, or PAGE_INDEX for the leaves of a nonclustered index) whose header
 * names this allocation unit and that are not in it; in the arena. */
status salvage_add(salvage_index *x, page_reader *r, int64_t unit, uint8_t type, arena *a, page_list *list);
/* Whether there is such a page. */
status salvage_has(salvage_index *x, int64_t unit, uint8_t type, bool *has);
/* The first page of the unit's IAM chain: the only one in use that no other leads to. {0, 0}: none, or not only one. */
status salvage_first_iam(salvage_index *x, page_reader *r, int64_t unit, page_id *iam);

/* The allocation unit that a page's header names. */
int64_t page_owner_unit(const uint8_t *page);

#endif
