/* The page store over bare data files (.mdf, .ndf): page k of a file lies at k * 8192. */
#ifndef MDF_MDF_FILE_STORE_H
#define MDF_MDF_FILE_STORE_H

#include "mdf/page_store.h"
#include "source/row_source.h"

/* True when the bytes begin a data file: a file header page, with a PFS page behind it where n reaches it. */
bool mdf_file_begins(const uint8_t *p, size_t n);
/* How sure the reader of data files is of a file (row_source_ops.bid). One whose first page is damaged is told by its
 * name; its other fixed pages decide when it is opened. */
int mdf_file_bid(const probe *p);

/* One store over all files given; their ids come from their header pages. ST_FATAL with a finding when one is no data
 * file, two have the same id, or they are encrypted and `keys` (may be NULL) do not open them. */
status mdf_file_store_open(byte_source *const *file, size_t files, const struct key_ring *keys, findings *f,
                           page_store **out);
/* "AES-256"; NULL: it is not encrypted. */
const char *mdf_file_store_cipher(const page_store *store);
/* A finding for each file that ends before what its allocation map says is in use: a copy that was cut off. The size in
 * the file header says nothing of it: files are seen that are longer, and shorter and whole. False: out of memory, with
 * a finding. */
bool mdf_file_store_ends(page_store *store, findings *f);

#endif
