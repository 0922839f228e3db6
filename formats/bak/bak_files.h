/* The files given, opened and understood: media, sets, what is read of them. */
#ifndef BAK_BAK_FILES_H
#define BAK_BAK_FILES_H

#include "bak/bak_choice.h"
#include "mdf/page_store.h"
#include "mdf/tde.h"

typedef struct bak_files {
    arena *mem;
    void *scratch; /* of mssqlbak_scratch_bytes(), for opening */
    bak_media *media;
    size_t medias;
    bak_choice choice;
    tde *full_pages, *diff_pages; /* open the pages of the choice's sets; NULL: they are plain */
} bak_files;

/* ST_OK, or ST_FATAL with a finding; *out is to be closed in both cases and tells what was understood until then. */
status bak_files_open(const open_args *args, findings *f, bak_files *out);
void bak_files_close(bak_files *b);

/* Looks whether the pages of the chosen sets are encrypted, and opens their keys. ST_OK; ST_FATAL with a finding: the keys
 * given (may be NULL) do not. */
status bak_files_open_pages(bak_files *b, const key_ring *keys, findings *f);

/* The pages of the chosen set, a differential on top of its full backup. Uses b, which must outlive the store; findings
 * go to f. ST_FATAL with a finding when there is no memory or reading failed. */
status bak_store_open(bak_files *b, bool salvage, findings *f, page_store **out);

/* Extents that the first passes of the store's sets place, and that their descriptions name: equal in a whole backup.
 * */
void bak_store_counts(const page_store *s, uint64_t *placed, uint64_t *expected);

/* Checks what no page read has covered: see page_store_ops.verify. */
status bak_verify(const bak_files *b, findings *f);

#endif
