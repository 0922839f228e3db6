/* Pages that are damaged in a database taken from an older state of the same database.
 *
 * It is certain that a page did not change when its own header, left whole, has the log sequence number of the older page. Any
 * other page is an older state: it is taken only where the catalogs of both states give it to one allocation unit, and never
 * for maps and catalog, on which everything else rests. */
#ifndef MDF_MDF_REPAIR_H
#define MDF_MDF_REPAIR_H

#include "mdf/mdf_model.h"
#include "mdf/page_store.h"
#include "source/row_source.h"

typedef struct mdf_repair mdf_repair;

/* older: made by mdf_source_open; it and path stay the caller's and must outlive the repair. NULL when out of memory. */
mdf_repair *mdf_repair_new(row_source *older, sv path);
void mdf_repair_free(mdf_repair *r); /* r may be NULL */
/* The database that is repaired, made by mdf_source_open, once its catalog has been read. Pages that were taken before without
 * a finding get theirs now, with the table that they belong to. */
void mdf_repair_target(mdf_repair *r, row_source *target, findings *f);

/* Puts the older page into `page`, which holds what is there of the damaged one (there: false, nothing is). True when it did;
 * a finding that names `table` says whether it is certain. f NULL: only a page that is certain is taken, and the finding is
 * left to mdf_repair_target. Safe from several threads. */
bool mdf_repair_page(mdf_repair *r, page_id id, uint8_t *page, bool there, sv table, findings *f);
/* Puts the older page into `page` when it has this log sequence number, at which the log is known to go on. The finding is
 * left to mdf_repair_target. */
bool mdf_repair_page_at(mdf_repair *r, page_id id, const uint8_t lsn[10], uint8_t *page);

#endif
