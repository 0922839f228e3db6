/* The row source over a database: catalog, scans and LOB streams of a page store. The bare data-file reader (mdf_ops)
 * and the backup reader both end here. */
#ifndef MDF_MDF_SOURCE_H
#define MDF_MDF_SOURCE_H

#include "base/id_table.h"
#include "mdf/mdf_model.h"
#include "mdf/page_store.h"

extern const row_source_ops mdf_ops; /* .mdf and .ndf files */

/* Opens the database in the store: boot page, catalog. `info` (in its own arena's memory, which must outlive the
 * source) is completed with what the database knows (name, versions, collation, files). The source takes the store and
 * closes it, also when this fails. `ops` is what the source's ops pointer shall be: mdf_ops's functions serve any
 * store. */
status mdf_source_open(page_store *store, const row_source_ops *ops, bool salvage, source_info *info, findings *f,
                       row_source **out);

/* "SQL Server 2014" for an internal database version. */
sv mdf_product_of_version(unsigned version);

/* What the catalog says, for readers that must relate ids to tables. Lives as long as s. */
const mdf_model *mdf_source_model(row_source *s);

/* Rows that came to a rowset (a heap or an index) since the catalog's number of them was written down, or went. */
typedef struct mdf_count_change {
    uint64_t rowset;
    int64_t rows;
} mdf_count_change;
/* Corrects what the catalog expects by a table of mdf_count_change; before the source is scanned. */
void mdf_source_count_changes(row_source *s, const id_table *changes);

/* The operations on a source made by mdf_source_open, for readers that wrap it: they name them in their own
 * row_source_ops. */
const source_info *mdf_source_info(row_source *s);
status mdf_source_catalog(row_source *s, const catalog **out);
status mdf_source_scan(row_source *s, const scan_request *q, row_cursor **out);
status mdf_source_next(row_cursor *c, row *out, size_t max, size_t *got);
const scan_counts *mdf_source_counts(const row_cursor *c);
void mdf_source_cursor_close(row_cursor *c);
status mdf_source_lob_open(row_source *s, const lob_ref *ref, lob_stream **out);
status mdf_source_lob_read(lob_stream *l, void *p, size_t room, size_t *got);
void mdf_source_lob_close(lob_stream *l);
status mdf_source_verify(row_source *s);
status mdf_source_check(row_source *s, page_counts *out);
void mdf_source_close(row_source *s);

#endif
