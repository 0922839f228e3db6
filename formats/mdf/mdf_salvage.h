/* Salvage: which pages say in their own header that they belong to an allocation unit. Used only where the IAM chain or
 * a PFS page is lost and the user asked for salvage: headers of freed pages stay, and pages written by SQL Server 2000
 * or moved by a shrink name another owner, so the result may hold deleted rows and lack others. A finding says so. */
#ifndef MDF_MDF_SALVAGE_H
#define MDF_MDF_SALVAGE_H

#include "mdf/mdf_alloc.h"

typedef struct salvage_index salvage_index;

/* One pass over every page that the store can deliver. NULL when out of memory (finding added). */
salvage_index *salvage_index_new(page_store *store, findings *found);
void salvage_index_free(salvage_index *x); /* x may be NULL */

/* The data pages whose header names this allocation unit, in the form of an IAM list; in the arena. ST_OK or ST_FATAL.
 * */
status salvage_list(const salvage_index *x, int64_t unit, arena *a, page_list *out);

#endif
