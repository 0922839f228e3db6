/* One part of a pack while it is written: a sealed ZIP of a known most size, its hash in its comment (part_form.h). */
#ifndef PACK_PART_WRITER_H
#define PACK_PART_WRITER_H

#include "base/finding.h"
#include "deliver/digest.h"

typedef struct part_writer part_writer;

/* Makes folder/name. NULL with a finding. */
part_writer *part_writer_new(const char *folder, sv name, const char *passphrase, findings *f);
void part_writer_abandon(part_writer *w); /* w may be NULL */

/* bytes: UINT64_MAX when they are not known. All false with a finding. */
bool part_writer_begin(part_writer *w, sv member, uint64_t bytes);
bool part_writer_data(part_writer *w, const void *p, size_t n);
bool part_writer_end(part_writer *w);
bool part_writer_whole(part_writer *w, sv member, sv text); /* a member that is a text */
/* How large the part will be when it is closed now, and what its writer still holds back is no larger than it may be. */
uint64_t part_writer_bytes(const part_writer *w);
/* Closes and frees it. */
bool part_writer_close(part_writer *w, file_digest *out);

/* What a member of so many packed bytes adds at most. */
uint64_t part_writer_room(sv member, uint64_t packed);

#endif
