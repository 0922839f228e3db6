/* What the files that a conversion was given are: name, size and SHA-256, by which the report says what was read. They are
 * hashed on a thread of its own that stands back: when the run leaves a processor idle. */
#ifndef CONVERT_SOURCE_FILES_H
#define CONVERT_SOURCE_FILES_H

#include "convert/convert.h"
#include "report/report.h"

typedef struct source_files source_files;

/* given must outlive it. NULL when out of memory. */
source_files *source_files_begin(const source_given *given, size_t n);
/* Hashes what is left. A file that cannot be read any more has no hash and adds a finding: it was read a moment ago.
 * False when out of memory. In mem. */
bool source_files_wait(source_files *x, arena *mem, findings *f, const report_source_file **out, size_t *n);
void source_files_free(source_files *x); /* breaks off what is left; x may be NULL */

#endif
