/* Names of the files written: "schema.table", safe on Windows and Linux, reversible, unique whatever the file system
 * thinks of letter case. */
#ifndef EXTRACT_FILE_NAME_H
#define EXTRACT_FILE_NAME_H

#include "base/arena.h"
#include "source/row_source.h"

/* Longest stem in bytes, so that every name made of it (".lobs", ".csv") stays within the 255 bytes or characters that
 * file systems allow. A longer one is cut and ends in "~" and 16 hex digits of a hash of the whole. */
enum { STEM_BYTES_MAX = 200 };

/* One stem per table of the catalog, in its order, so that a table's name does not depend on which others are taken
 * out. What a file system does not allow is written as %XX; a dot in the schema's name too, so that the first dot
 * always ends the schema. A stem that another table has already got "~2", "~3" behind. NULL when out of memory. */
sv *file_stems(const catalog *c, arena *mem);

/* Appends one part of a file name with the same escapes; dots: dots are escaped wherever they stand. */
void file_name_part(buf *out, sv name, bool dots);

/* Cuts what the buffer holds to STEM_BYTES_MAX as said above. */
void file_name_bound(buf *b);

#endif
