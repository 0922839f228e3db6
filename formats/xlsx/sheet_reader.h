/* The rows of a sheet, streamed. */
#ifndef XLSX_SHEET_READER_H
#define XLSX_SHEET_READER_H

#include "xlsx/workbook.h"

typedef enum cell_kind { CELL_TEXT, CELL_NUMBER, CELL_DATE, CELL_BOOL, CELL_ERROR } cell_kind;

typedef struct sheet_cell {
    cell_kind kind;
    uint32_t column; /* from 0 */
    sv text;         /* UTF-8; of CELL_ERROR: what is wrong */
} sheet_cell;

/* Empty cells are left out; rows without a cell too. */
typedef struct sheet_row {
    uint32_t row; /* from 1 */
    const sheet_cell *cell;
    size_t n;
} sheet_row;

typedef struct sheet_reader sheet_reader;

/* ST_OK, ST_TABLE_LOST or ST_FATAL with a finding. The workbook must outlive it. */
status sheet_reader_open(const workbook *w, sv part, findings *f, sheet_reader **out);
/* ST_OK: a row; it lives until the next call that finds sheet_reader_ready false. ST_END, ST_TABLE_LOST, ST_FATAL. */
status sheet_reader_next(sheet_reader *r, sheet_row *out);
/* Further rows are there without touching those that were handed out. */
bool sheet_reader_ready(const sheet_reader *r);
uint64_t sheet_reader_done(const sheet_reader *r); /* bytes of XML */
void sheet_reader_close(sheet_reader *r);          /* r may be NULL */

#endif
