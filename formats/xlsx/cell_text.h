/* Text of cells as the file keeps it. */
#ifndef XLSX_CELL_TEXT_H
#define XLSX_CELL_TEXT_H

#include "base/sv.h"

/* Characters that XML cannot hold are kept as _x000D_; turned back in place. Returns the new length. */
size_t cell_text_unescape(char *p, size_t n);

/* The column of a reference such as "AB12", from 0; SIZE_MAX when it is none or beyond the last column. */
size_t cell_column_of(const char *reference);

#endif
