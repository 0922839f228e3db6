/* Numbers as the cells of a workbook hold them: 16 significant digits. */
#ifndef XLSX_XLSX_NUMBER_H
#define XLSX_XLSX_NUMBER_H

#include <stddef.h>

enum { XLSX_NUMBER_MAX = 32 };

/* What printf's %.16G writes of a finite number. Returns the length; no NUL is written. */
size_t xlsx_number_text(double x, char out[XLSX_NUMBER_MAX]);

#endif
