/* Off-row values: text pointers, inline roots, row-overflow, trees of LOB records (FORMAT-records.md, LOB). */
#ifndef MDF_MDF_LOB_H
#define MDF_MDF_LOB_H

#include "mdf/page_reader.h"

/* Fetches off-row values for one thread, with a page reader of its own (so that a data page held by the caller stays).
 * */
typedef struct lob_reader lob_reader;
lob_reader *lob_reader_new(page_store *store, findings *f); /* NULL when out of memory */
void lob_reader_free(lob_reader *l);                        /* l may be NULL */
void lob_reader_table(lob_reader *l, sv full_name);         /* for findings; borrowed, as the column name below */
/* The cell that is followed from here on, for findings: its column and the place of its row. */
void lob_reader_cell(lob_reader *l, sv column, page_id row_page, uint16_t slot);
/* The reader's page reader, for a caller that needs a page of its own while no walk is under way. */
page_reader *lob_reader_pages(lob_reader *l);

/* A value's root, taken out of a record: what a text pointer or an inline root says. */
typedef struct lob_root {
    uint64_t bytes;     /* length, as far as the root tells; UINT64_MAX: only the tree's root record knows */
    uint32_t timestamp; /* must agree with the blob id of the value's records; 0: not known */
    bool is_pointer;    /* 16-byte text pointer: `at` names the root record */
    page_id at;
    uint16_t slot;
    sv inline_links; /* else: the 12-byte links of an inline root or overflow pointer, in the record */
} lob_root;

/* Reads the complex (0x8000) form of a column; false when it is no root of a known kind. */
bool lob_root_parse(sv in, lob_root *out);

/* Length of the value in bytes: resolves the root record of a pointer. ST_OK; ST_END: the value is NULL (a legacy text
 * or image that was set to NULL keeps its pointer); ST_ROW_LOST (finding added). */
status lob_length(lob_reader *l, const lob_root *root, uint64_t *bytes);

/* The value's bytes, one piece after the other, each link's cumulative end checked, depth and total bounded. Needs
 * nothing of the root's record any more once it is made. One walk per reader at a time. */
typedef struct lob_walk lob_walk;
enum { LOB_PIECE_MAX = PAGE_BYTES };                         /* no piece is longer */
lob_walk *lob_walk_new(lob_reader *l, const lob_root *root); /* NULL when out of memory */
/* ST_OK with a non-empty piece (valid until the next call), ST_END, ST_ROW_LOST when the tree breaks off (finding
 * added). */
status lob_walk_next(lob_walk *w, sv *piece);
void lob_walk_free(lob_walk *w); /* w may be NULL */

#endif
