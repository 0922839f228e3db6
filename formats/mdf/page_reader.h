/* Reads single pages from a store: cached by extent, torn-page bits undone, checksum verified, identity checked.
 * One reader per thread; readers of one store are independent. */
#ifndef MDF_PAGE_READER_H
#define MDF_PAGE_READER_H

#include "mdf/mdf_layout.h"
#include "mdf/mdf_model.h"

typedef struct page_reader page_reader;

/* NULL when out of memory. */
page_reader *page_reader_new(page_store *store, findings *f);
void page_reader_free(page_reader *r); /* r may be NULL */
/* The table that findings about pages name from here on; borrowed. */
void page_reader_table(page_reader *r, sv full_name);
sv page_reader_table_name(const page_reader *r);

/* The page in *out, valid until the next call on r. ST_OK: checksum or torn pattern right (or the page has neither), header
 * version 1, own id right; or the store's repair had it. ST_ROW_LOST: missing, damaged or foreign; a finding says which, unless
 * `quiet`, with which nothing is reported. */
status page_reader_get(page_reader *r, page_id id, bool quiet, const uint8_t **out);

/* Whether the store holds the page's extent at all. */
bool page_reader_holds(page_reader *r, page_id id);

/* Adds a finding about a page that names the reader's table; a and b may be NULL. */
void page_reader_report(page_reader *r, finding_code code, page_id id, const char *a, const char *b);
/* With salvage, every page of a table's list whose PFS page is lost is taken that looks whole (page_walk). */
void page_reader_salvage(page_reader *r, bool salvage);
bool page_reader_salvages(const page_reader *r);
/* Which damaged pages come from where the store says that they may be had. */
typedef enum repair_which {
    REPAIR_TOLD, /* unless switched: those that are not read quietly */
    REPAIR_ALL,  /* those that are read quietly, too, when it is certain that they had not changed */
    REPAIR_NONE
} repair_which;
void page_reader_repairs(page_reader *r, repair_which which);
page_store *page_reader_store(page_reader *r);

#endif
