/* A file that is being written: buffered, hashed and its records counted on the way, so that nothing has to be read again. Failures are findings. */
#ifndef DELIVER_BUNDLE_FILE_H
#define DELIVER_BUNDLE_FILE_H

#include "base/finding.h"
#include "deliver/digest.h"

typedef struct bundle_file bundle_file;

/* Makes folder/path; folders of path must exist. NULL with a finding. */
bundle_file *bundle_file_new(const char *folder, sv path, findings *f);
void bundle_file_text(bundle_file *b, sv text);
bool bundle_file_failed(const bundle_file *b); /* nothing more will be written */
uint64_t bundle_file_bytes(const bundle_file *b);
/* Closes and frees it; bytes, records and hash of what was written. False, with a finding, when it was
 * not written whole. */
bool bundle_file_close(bundle_file *b, file_digest *out);
/* The same for CSV of so many records behind its heading, as its writer says: false, with a finding, also when what went
 * to the file holds others by its quotes. */
bool bundle_file_close_csv(bundle_file *b, uint64_t rows, file_digest *out);
void bundle_file_abandon(bundle_file *b); /* b may be NULL */

#endif
