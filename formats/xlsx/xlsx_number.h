/* Numbers as the cells of a workbook hold them: 16 significant digits. */
#ifndef XLSX_XLSX_NUMBER_H
#define XLSX_XLSX_NUMBER_H

#include <stddef.h>

enum {
    XLSX_NUMBER_MAX = 32,     /* bytes */
    XLSX_DIGITS = 15,         /* that Excel shows */
    XLSX_FIRST_DATE = 693654, /* 1900-03-01, in days of base/date.h: before it, Excel counts a day that never was */
    XLSX_DAY_ZERO = 693593    /* 1899-12-30: of Excel's count from that date on */
};

/* What printf's %.16G writes of a finite number. Returns the length; no NUL is written. */
size_t xlsx_number_text(double x, char out[XLSX_NUMBER_MAX]);

#endif
