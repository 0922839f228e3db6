/* The row source of workbooks (.xlsx, .xlsm): each sheet with values is a table, each column text as Excel shows it, dates
 * in ISO form. A workbook with one such sheet is the table that its file is named after ("dbo.Patient.xlsx"); of several
 * sheets each is named after itself. */
#ifndef XLSX_SHEET_SOURCE_H
#define XLSX_SHEET_SOURCE_H

#include "source/row_source.h"

extern const row_source_ops xlsx_ops;

#endif
