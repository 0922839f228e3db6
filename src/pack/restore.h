/* Members of parts written into a folder: pieces joined, nothing outside of it, nothing twice, no more than can be. */
#ifndef PACK_RESTORE_H
#define PACK_RESTORE_H

#include "pack/part_reader.h"

typedef struct restore restore;

/* packed: bytes of all parts. NULL with a finding. */
restore *restore_new(const char *folder, const part_index *index, uint64_t packed, findings *f,
                     bool (*cancelled)(void *ctx), void *ctx);
/* All members of a part; those of the first one first. False with a finding, or when cancelled. */
bool restore_part(restore *r, const part_file *p, const char *passphrase);
/* After all: the ZIP of hidden files is unpacked and removed, every file in pieces is whole. *files, *bytes: in all. */
bool restore_finish(restore *r, uint64_t *files, uint64_t *bytes);
void restore_free(restore *r); /* r may be NULL */

#endif
