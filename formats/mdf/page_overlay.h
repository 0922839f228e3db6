/* A page store over another one: pages that were changed since the other was written lie here, all others come from it.
 * Built by one thread, then read by any number. Pages that do not fit into the memory set aside go to a nameless work
 * file. */
#ifndef MDF_PAGE_OVERLAY_H
#define MDF_PAGE_OVERLAY_H

#include "mdf/mdf_model.h"

typedef struct page_overlay page_overlay;

/* Takes the store below and closes it when it is closed itself. folder: of the work file; NULL: the system's folder for
 * temporary files. Findings go to f. NULL: out of memory (finding added; the store below stays the caller's). */
page_overlay *page_overlay_new(page_store *below, const char *folder, findings *f);
page_store *page_overlay_store(page_overlay *o);
/* Frees it without its store below, which is the caller's again. o may be NULL. */
void page_overlay_leave(page_overlay *o);

/* ---- while it is built ---- */

/* The log sequence number in the page's header (PH_LSN, 10 bytes). ST_OK; ST_ROW_LOST: the page is not there, damaged or
 * another one; ST_FATAL. Each page of the store below is read for this once at most. */
status page_overlay_lsn(page_overlay *o, page_id id, uint8_t lsn[10]);

/* A page that is not there, or damaged, is taken from where the store below may have it repaired from when that has it with
 * this log sequence number; then it lies here. ST_OK; ST_ROW_LOST: it is not to be had; ST_FATAL. */
status page_overlay_mend(page_overlay *o, page_id id, const uint8_t lsn[10]);

/* The page to be changed, its protection undone and no longer claimed; valid until the next call for another page.
 * Statuses as above, ST_FATAL with a finding. */
status page_overlay_edit(page_overlay *o, page_id id, uint8_t **page);
/* The same for a page that is made anew, of zeros, whatever was there. ST_OK or ST_FATAL. */
status page_overlay_renew(page_overlay *o, page_id id, uint8_t **page);

/* Pages that lie here. */
size_t page_overlay_pages(const page_overlay *o);

#endif
