/* The members of a ZIP one after the other, sealed ones with a passphrase. Nothing is written: who asks takes bytes. */
#ifndef ARCHIVE_OPENED_H
#define ARCHIVE_OPENED_H

#include "base/byte_source.h"

typedef struct archive_in archive_in;

typedef enum archive_in_state {
    ARCHIVE_IN_OK,
    ARCHIVE_IN_END,
    ARCHIVE_IN_UNSAFE,     /* a link, a device, or a name that no file may have */
    ARCHIVE_IN_PASSPHRASE, /* it does not open a member */
    ARCHIVE_IN_BROKEN,
    ARCHIVE_IN_FAILED /* reading the file failed: a finding says so; or out of memory */
} archive_in_state;

/* file must outlive it. passphrase NULL: plain members only. NULL when out of memory. */
archive_in *archive_in_new(byte_source *file, const char *passphrase, findings *f);
void archive_in_free(archive_in *a); /* a may be NULL */

/* Goes to the next member. *name lives until the next call. Folders are passed over; all other members that are no files end
 * it, as do names of archive_unwritable_name. */
archive_in_state archive_in_next(archive_in *a, sv *name);
/* ARCHIVE_IN_OK with *got > 0; ARCHIVE_IN_END: the member is over and its checks were right. */
archive_in_state archive_in_read(archive_in *a, void *to, size_t room, size_t *got);
/* Why the last call did not go well. */
const char *archive_in_why(const archive_in *a);

#endif
