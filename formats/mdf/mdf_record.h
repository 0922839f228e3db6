/* Records of data pages to values: the uncompressed form and the row- and page-compressed one. */
#ifndef MDF_MDF_RECORD_H
#define MDF_MDF_RECORD_H

#include "mdf/mdf_lob.h"
#include "mdf/mdf_model.h"

/* Decodes one rowset's records. One decoder per cursor; knows which columns are wanted. */
typedef struct record_decoder record_decoder;

/* wanted: positions in rowset->column (or -1: always NULL, a column this partition never stored); copied.
 * lobs: how off-row values are fetched; found and table: for findings. NULL when out of memory. */
record_decoder *record_decoder_new(const mdf_model *m, const mdf_rowset *rs, const int32_t *wanted, size_t n,
                                   lob_reader *lobs, bool no_lobs_inline, findings *found, sv table);
void record_decoder_free(record_decoder *d); /* d may be NULL */

/* Tells the decoder the page that the next records are on (page-compressed pages: reads its compression information).
 * ST_OK, or ST_ROW_LOST when the page's own structures contradict each other (finding added; skip the page). The page
 * must stay valid while its records are decoded: values point into it. */
status record_decoder_page(record_decoder *d, page_id id, const uint8_t *page);

/* What slot i of the page holds, without decoding it. */
typedef enum { RECORD_LIVE, RECORD_NONE /* ghost, forwarding stub, empty slot */, RECORD_BAD } record_state;
record_state record_decoder_state(record_decoder *d, uint16_t slot);

/* Decodes slot i into cell[0..n). Text and assembled values lie in `mem` (or in the page); a cell that cannot be read
 * is V_UNREADABLE with its finding added and *cells_bad increased. ST_OK, or ST_ROW_LOST when nothing of the record can
 * be trusted (finding added). */
status record_decoder_row(record_decoder *d, uint16_t slot, arena *mem, value *cell, uint64_t *cells_bad);

#endif
