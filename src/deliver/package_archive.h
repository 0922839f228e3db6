/* An archive of files that the bundle has, for emitters: streamed, listed in the manifest. */
#ifndef DELIVER_PACKAGE_ARCHIVE_H
#define DELIVER_PACKAGE_ARCHIVE_H

#include "deliver/package_out.h"

typedef struct package_archive package_archive;
/* path as in package_file, ending in .zip. NULL with a finding. */
package_archive *package_archive_open(package_out *out, sv path);
/* from: the file, relative to the run folder; name: within the archive. ST_FATAL with a finding. */
status package_archive_file(package_archive *a, sv name, sv from);
/* Bytes of the archive with a further file of that length: at most. */
uint64_t package_archive_bytes_with(const package_archive *a, sv name, uint64_t bytes);
/* Closes, lists and frees it. ST_FATAL with a finding. */
status package_archive_close(package_archive *a);
void package_archive_abandon(package_archive *a); /* a may be NULL */

#endif
