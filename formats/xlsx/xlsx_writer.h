/* A workbook written row by row with flat memory: one table or several, each continued on further sheets where a sheet is full. Nothing
 * is cut or changed: the caller asks first whether a value fits. The same calls give the same bytes. */
#ifndef XLSX_XLSX_WRITER_H
#define XLSX_XLSX_WRITER_H

#include "base/date.h"
#include "base/decimal.h"
#include "base/sv.h"

enum { XLSX_ROWS_MAX = 1048576, XLSX_COLUMNS_MAX = 16384, XLSX_TEXT_MAX = 32767 /* UTF-16 units */ };

typedef struct xlsx_book xlsx_book;

/* path: made by xlsx_close, and must not be there yet. title: names the sheets, cut and cleaned as Excel demands; heading: the first
 * row of each, columns <= XLSX_COLUMNS_MAX. All are copied. temp_folder: where an intermediate file goes, without a name, when rows
 * get many. NULL when out of memory. */
xlsx_book *xlsx_create(const char *path, const char *temp_folder, sv title, const sv *heading, size_t columns);

/* A workbook of several tables, yet without one; before it is closed it must have one. */
xlsx_book *xlsx_create_book(const char *path, const char *temp_folder);
/* Adds a table, with a filter over its heading, on a sheet behind the others; rows go to it from now on. Its number, or
 * SIZE_MAX when it cannot be added (kept for xlsx_close). Titles must differ in their first 24 characters. */
size_t xlsx_table(xlsx_book *b, sv title, const sv *heading, size_t columns);
/* How wide its columns are shown, in characters (to 254); 0: as wide as Excel likes. Once, of the table at hand and sheets to come. */
void xlsx_widths(xlsx_book *b, const unsigned *width, size_t columns);
/* Further rows go to the table of that number, behind those that it has. */
void xlsx_turn_to(xlsx_book *b, size_t table);

/* Ends the row before and begins the next one, on a new sheet when the old one is full. */
void xlsx_row(xlsx_book *b);

/* Each puts a value into a cell of the row, from left to right, or returns false when a cell cannot hold it exactly: text longer than
 * XLSX_TEXT_MAX, with characters that XML has no form for, or not UTF-8; integers and decimals of more than 15 digits (Excel shows
 * no more); floats that need 17 digits; dates before 1900-03-01; times finer than a millisecond. Trouble with the file
 * is kept for xlsx_close. An empty text leaves the cell empty: a sheet cannot tell it from NULL. */
bool xlsx_text(xlsx_book *b, size_t column, sv text);
bool xlsx_integer(xlsx_book *b, size_t column, int64_t x);
bool xlsx_decimal(xlsx_book *b, size_t column, const decimal *x);
bool xlsx_real(xlsx_book *b, size_t column, double x);
/* The number that a decimal text says, as for a float; the text ends in NUL. */
bool xlsx_real_text(xlsx_book *b, size_t column, const char *text);
bool xlsx_date(xlsx_book *b, size_t column, int32_t days);
bool xlsx_time(xlsx_book *b, size_t column, const date_time *t);
bool xlsx_datetime(xlsx_book *b, size_t column, const date_time *t);

bool xlsx_text_fits(sv text);
unsigned xlsx_sheets(const xlsx_book *b); /* of all tables */
uint64_t xlsx_rows(const xlsx_book *b);   /* of the table at hand: begun so far, headings not counted */

/* Finishes the file and frees the book. False and *why (static text) when anything went wrong since xlsx_create. */
bool xlsx_close(xlsx_book *b, const char **why);
/* Frees the book without finishing the file. b may be NULL. */
void xlsx_abandon(xlsx_book *b);

#endif
