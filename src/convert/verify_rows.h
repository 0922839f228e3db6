/* The rows of a bundle's files read again, each cell held against what the manifest says that its column holds. */
#ifndef CONVERT_VERIFY_ROWS_H
#define CONVERT_VERIFY_ROWS_H

#include "base/arena.h"
#include "base/finding.h"
#include <jansson.h>

/* path: of the file, relative to the run folder folder. *rows: its records without the heading; UINT64_MAX when the manifest does not
 * say what it holds, or it cannot be read. False with findings that name file, row and column, never a value. */
bool verify_rows(const json_t *manifest, const char *folder, sv path, arena *mem, findings *f, uint64_t *rows);

#endif
