/* Rows as bytes: what an index keeps of them. Every value that a reader hands out comes back as it was. */
#ifndef SQL_SQL_PACKED_H
#define SQL_SQL_PACKED_H

#include "source/row_source.h"

/* Bytes that the row takes. */
size_t packed_size(const value *cell, size_t n);
/* Writes them. */
void packed_write(char *out, const value *cell, size_t n, const origin *from);
/* Reads a row of n cells back; texts point into p. */
void packed_read(const char *p, value *cell, size_t n, origin *from);

#endif
