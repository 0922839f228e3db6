/* What the files that a conversion was given are: name, size and SHA-256, by which the report says what was read. They are
 * hashed on a thread of its own that stands back: when the run leaves a processor idle. */
#ifndef CONVERT_SOURCE_FILES_H
#define CONVERT_SOURCE_FILES_H

#include "convert/convert.h"
#include "report/report.h"

typedef struct source_files source_files;

/* given must outlive it. NULL when out of memory. */
source_files *source_files_begin(const source_given *given, size_t n);
/* Hashes what is left, asking before each piece (256 KB) whether the run was stopped. A file that cannot be read any more has
 * no hash and adds a finding: it was read a moment ago. ST_OK; ST_END: stopped; ST_FATAL: out of memory. In mem. */
status source_files_wait(source_files *x, bool (*stopped)(void *ctx), void *ctx, arena *mem, findings *f,
                         const report_source_file **out, size_t *n);
void source_files_free(source_files *x); /* breaks off what is left; x may be NULL */

#endif
