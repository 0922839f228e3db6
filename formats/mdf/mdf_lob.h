/* Off-row values: text pointers, inline roots, row-overflow, trees of LOB records (FORMAT.md, LOB). */
#ifndef MDF_MDF_LOB_H
#define MDF_MDF_LOB_H

#include "mdf/page_reader.h"

/* Fetches off-row values for one thread, with a page reader of its own (so that a data page held by the caller stays). */
typedef struct lob_reader lob_reader;
lob_reader *lob_reader_new(const mdf_model *m, page_store *store, findings *f);
void lob_reader_free(lob_reader *l);
void lob_reader_table(lob_reader *l, sv full_name); /* for findings; borrowed */

/* A value's root, taken out of a record: what a text pointer or an inline root says. */
typedef struct lob_root {
    uint64_t bytes;     /* length, as far as the root tells; UINT64_MAX: only the tree's root record knows */
    uint32_t timestamp; /* must agree with the root record's blob id; 0: not known */
    bool is_pointer;    /* 16-byte text pointer: `at` names the root record */
    page_id at;
    uint16_t slot;
    sv inline_links; /* else: the 12-byte links of an inline root or overflow pointer, in the record */
    uint16_t level;
} lob_root;

/* Reads the complex (0x8000) form at `in` of a column; false when it is no root of a known kind. legacy: text, ntext, image
 * (16-byte text pointers). */
bool lob_root_parse(sv in, bool legacy, lob_root *out);

/* Length of the value in bytes: resolves the root record of a pointer. ST_OK; ST_END: the value is NULL (legacy); ST_ROW_LOST. */
status lob_length(lob_reader *l, const lob_root *root, uint64_t *bytes);

/* The value's bytes, one after the other, each link's cumulative end checked, depth and total bounded. */
typedef struct lob_walk lob_walk;
lob_walk *lob_walk_new(lob_reader *l, const lob_root *root); /* NULL when out of memory */
/* ST_OK with a piece (valid until the next call), ST_END, ST_ROW_LOST when the tree breaks off (finding added). */
status lob_walk_next(lob_walk *w, sv *piece);
void lob_walk_free(lob_walk *w);

#endif
