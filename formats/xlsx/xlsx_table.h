/* One table as a workbook of one sheet for import tools: texts as shared strings, dates as dates, no formulas, nothing that
 * depends on the clock. Rows stream to the disk; each different text is kept until the end. For workbooks that people read,
 * see xlsx_writer.h. */
#ifndef XLSX_XLSX_TABLE_H
#define XLSX_XLSX_TABLE_H

#include "base/finding.h"
#include "base/sv.h"

typedef struct xlsx_table_file xlsx_table_file;

/* title: of the sheet, at most 31 characters, without []:*?/\ . Makes the file. NULL with a finding; f must outlive it. */
xlsx_table_file *xlsx_table_open(const char *path, sv title, const sv *heading, size_t columns, findings *f);

/* Whether a cell can hold the text. */
bool xlsx_table_fits(sv text);
/* Cells from left to right, between xlsx_table_row and the next one; what is left out is empty. */
void xlsx_table_row(xlsx_table_file *t);
/* False when a cell cannot hold it: longer than 32,767 UTF-16 units, or with characters that XML has no form for. */
bool xlsx_table_text(xlsx_table_file *t, size_t column, sv text);
/* A decimal text: a sign, digits, a point. False when it is none, or has more digits than a sheet shows (15). */
bool xlsx_table_number(xlsx_table_file *t, size_t column, sv text);
/* YYYY-MM-DD, or with " HH:MM:SS" behind. False when it is none, or before 1900-03-01. */
bool xlsx_table_moment(xlsx_table_file *t, size_t column, sv text);

/* About what the file would have now. */
uint64_t xlsx_table_bytes(const xlsx_table_file *t);
bool xlsx_table_failed(const xlsx_table_file *t);
/* Finishes the file and frees it. False, with a finding, when it is not whole. */
bool xlsx_table_close(xlsx_table_file *t);
void xlsx_table_abandon(xlsx_table_file *t); /* t may be NULL */

#endif
