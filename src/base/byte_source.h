/* "Read n bytes at offset o": over a file or a block of memory (tests, fuzzing). Safe from several threads at once. */
#ifndef BASE_BYTE_SOURCE_H
#define BASE_BYTE_SOURCE_H

#include "base/finding.h"
#include "base/platform.h"
#include "base/status.h"

typedef struct byte_source byte_source;

/* NULL and an OPEN_ERROR finding when the file cannot be opened. The path is copied. */
byte_source *byte_source_file(const char *path, findings *f);
/* The same, but the file is opened anew for each read and closed behind it: for folders of very many files, of which only
 * so many can be open. Changes of its size meanwhile are not seen. */
byte_source *byte_source_parked(const char *path, findings *f);
/* A range of a file that stays the caller's, under a name of its own; NULL when out of memory. */
byte_source *byte_source_range(os_file *file, uint64_t at, uint64_t n, const char *name);
/* Over memory that stays the caller's; name is shown where a path would be. NULL when out of memory. */
byte_source *byte_source_memory(const void *p, size_t n, const char *name);
void byte_source_close(byte_source *s); /* s may be NULL */

uint64_t byte_source_size(const byte_source *s);
sv byte_source_path(const byte_source *s);

/* Reads up to n bytes at off. *got < n only at the end. ST_OK, or ST_FATAL with a READ_ERROR finding. */
status byte_source_read(byte_source *s, uint64_t off, void *p, size_t n, size_t *got, findings *f);
/* True when all n bytes were there; a read error adds its finding, the end of the file adds none. */
bool byte_source_exact(byte_source *s, uint64_t off, void *p, size_t n, findings *f);

#endif
