/* The XML parts of a workbook around the rows of its sheets (ECMA-376). Internal to this folder. */
#ifndef XLSX_XLSX_PARTS_H
#define XLSX_XLSX_PARTS_H

#include "xlsx/xlsx_pieces.h"
#include "xlsx/xlsx_rows.h"

/* What parts begin with, and the namespaces of what is in them. */
#define XML       "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define MAIN      "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define RELATIONS "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

enum { SHEET_NAME_MAX = 31 /* characters */, SHEET_NAME_BYTES_MAX = SHEET_NAME_MAX * 4 };

typedef struct xlsx_sheet {
    char name[SHEET_NAME_BYTES_MAX + 1];
    sheet_rows rows;
    piece_list list;       /* of the rows */
    size_t columns;        /* of its heading */
    const unsigned *width; /* of each, in characters, 0: as Excel likes; NULL: all as Excel likes */
    bool filter;           /* over the heading and all rows */
} xlsx_sheet;

/* All parts but the sheets. *why as in zip_writer.h, or "out of memory"; a false for which it stays has failed the archive. */
bool xlsx_parts_write(zip_writer *zip, xlsx_sheet *const *sheet, size_t sheets, const char **why);

/* What stands before the rows of a sheet, and behind them. number: of the sheet, from 0. */
void sheet_head(buf *out, const xlsx_sheet *s, size_t number);
void sheet_tail(buf *out, const xlsx_sheet *s);

#endif
