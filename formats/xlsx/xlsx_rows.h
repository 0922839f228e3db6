/* The rows of one sheet as XML: cells in the order of their columns, rows in theirs. What is written stays in `text` until its owner
 * takes it from there. Internal to this folder. */
#ifndef XLSX_XLSX_ROWS_H
#define XLSX_XLSX_ROWS_H

#include "base/buf.h"

/* Places in the list of formats that every workbook has (xlsx_parts.c). */
enum {
    STYLE_NONE,
    STYLE_BOLD,
    STYLE_DECIMAL,                   /* and 15 more: with so many digits behind the point */
    STYLE_TIME = STYLE_DECIMAL + 16, /* and 3 more: of the second's fraction */
    STYLE_DATETIME = STYLE_TIME + 4, /* as STYLE_TIME */
    STYLE_DATE = STYLE_DATETIME + 4,
    STYLES
};

enum { REFERENCE_MAX = 10 }; /* XFD1048576 */
/* "A1", of a column and row from 0. Returns the length. */
size_t cell_reference(size_t column, uint32_t row, char out[REFERENCE_MAX]);

typedef struct sheet_rows {
    buf text;
    uint32_t row; /* at hand, from 0 */
    char number[8];
    size_t digits; /* of number: the row as a sheet counts */
    bool open;     /* its tag stands: a row without cells has none */
    bool astray;   /* a cell was left of one before, or beyond the last column that there can be */
    size_t next;   /* the first column that may come */
    /* The corners of all cells. */
    bool any;
    uint32_t top, bottom;
    size_t left, right;
} sheet_rows;

sheet_rows sheet_rows_new(void); /* row 0 is at hand */
void sheet_rows_next(sheet_rows *r);
void sheet_rows_end(sheet_rows *r); /* of the sheet */

/* How a text stands in XML. */
typedef struct cell_form {
    size_t units; /* UTF-16; SIZE_MAX when XML has no form for it: with NUL, U+FFFE or U+FFFF, or not UTF-8 */
    size_t bytes; /* of XML */
} cell_form;
cell_form cell_form_of(sv text);

void sheet_rows_text(sheet_rows *r, size_t column, sv text, cell_form form, int style); /* not empty */
void sheet_rows_number(sheet_rows *r, size_t column, double x, int style);              /* finite */
void sheet_rows_blank(sheet_rows *r, size_t column, int style);

#endif
