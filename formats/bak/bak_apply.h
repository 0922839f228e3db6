/* One log record put on a page, or taken back from it (FORMAT.md, Redo and undo). */
#ifndef BAK_BAK_APPLY_H
#define BAK_BAK_APPLY_H

#include "bak/bak_log_record.h"
#include "mdf/page_change.h"

/* Rows in slots behind the record's move: an index keeps its slots in order and without gaps, heaps and pages of large
 * values do not. */
bool apply_shifts(const log_record *r);

/* The record changes rows of a table or an index; not counts, bits and headers. */
bool apply_is_row(const log_record *r);

/* An insert of several rows, as a page split makes it. */
bool apply_is_many(const log_record *r);

/* Makes the page what it was after the record; its log sequence number is not touched. NULL, or why not: then the page
 * is as before. */
const char *apply_record(uint8_t *page, const log_record *r);

/* Makes it what it was before, `slot` being where the row is by now. Where a row was put in, the slot stays, empty, so that
 * no other moves. */
const char *apply_undo(uint8_t *page, const log_record *r, unsigned slot);

/* The second record takes the first one back, as a server does that rolls back. */
bool apply_cancels(const log_record *first, const log_record *second);

#endif
