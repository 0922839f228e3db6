/* A ZIP that is written member by member to a sink, plain or sealed: AES-256 as WinZip and 7-Zip read it (AE-2), each member
 * with a salt of its own. Names, sizes and numbers of members stay readable in a sealed one. No times are written. */
#ifndef ARCHIVE_SEALED_H
#define ARCHIVE_SEALED_H

#include "base/sv.h"
#include <stdint.h>

typedef struct archive_out archive_out;
/* Takes what was written; false ends the archive. */
typedef bool (*archive_sink)(void *ctx, const void *p, size_t n);

/* passphrase NULL: plain, and members are stored as they are. NULL when it cannot be had. */
archive_out *archive_out_new(const char *passphrase, archive_sink sink, void *ctx);
void archive_out_free(archive_out *a); /* a may be NULL; what is not closed is not whole */

/* bytes: of the member, UINT64_MAX: not known yet. An empty member must be said to be one. All return false when the sink
 * or the library failed, then nothing more can be written (*why of archive_out_why). */
bool archive_out_begin(archive_out *a, sv name, uint64_t bytes);
bool archive_out_data(archive_out *a, const void *p, size_t n);
bool archive_out_end(archive_out *a);
bool archive_out_close(archive_out *a); /* writes the list of members */
const char *archive_out_why(const archive_out *a);

/* What a member of so many packed bytes takes at most beside them, in its place and in the list of members. */
uint64_t archive_out_overhead(sv name);

#endif
