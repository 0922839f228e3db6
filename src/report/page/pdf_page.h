/* Inside of the PDF: pages and the place on them. */
#ifndef REPORT_PAGE_PDF_PAGE_H
#define REPORT_PAGE_PDF_PAGE_H

#include "report/page/page.h"
#include "report/page/pdf_flow.h"

enum {
    SHEET_LEFT = 42,
    SHEET_RIGHT = PDF_PAGE_WIDTH - 42,
    SHEET_WIDTH = SHEET_RIGHT - SHEET_LEFT,
    SHEET_TOP = PDF_PAGE_HEIGHT - 44,
    SHEET_BOTTOM = 52,
    SHEET_FOOT = 30
};

/* Where on which page. */
typedef struct pdf_sheets {
    pdf_canvas *c;
    sv run;
    size_t pages, of;
    float y;   /* below what stands already */
    bool full; /* no page is left: what comes is not set */
} pdf_sheets;

void sheets_page(pdf_sheets *s);
/* A new page unless so much is left on this one. */
void sheets_need(pdf_sheets *s, float height);
void sheets_rule(pdf_sheets *s, float x, float to, float y, float width, pdf_ink ink);

/* ---- a table, kept until its last row is known: columns are as wide as what stands in them ---- */

typedef struct table_cell {
    flow_range text;
    page_cell kind;
} table_cell;

typedef struct table_row {
    size_t cell, cells; /* first, number */
    page_row kind;
} table_row;

enum { TABLE_COLUMNS_MAX = 24 };

typedef struct pdf_table {
    page_table kind;
    size_t heads;
    flow_range caption, head[TABLE_COLUMNS_MAX];
    bool numbers[TABLE_COLUMNS_MAX];
    table_cell *cell;
    size_t cells, cell_room;
    table_row *row;
    size_t rows, row_room;
    bool failed;
} pdf_table;

void table_begin(pdf_table *t, pdf_flow *f, const page_spec *spec);
void table_row_begin(pdf_table *t, page_row kind);
void table_cell_end(pdf_table *t, page_cell kind, flow_range text);
void table_set(const pdf_table *t, const pdf_flow *f, pdf_sheets *s);
void table_free(pdf_table *t);

#endif
