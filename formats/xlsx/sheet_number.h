/* Numbers of a sheet: as text, and as the dates that their format makes of them. */
#ifndef XLSX_SHEET_NUMBER_H
#define XLSX_SHEET_NUMBER_H

#include "base/sv.h"

typedef enum number_kind {
    NUMBER_PLAIN = 0,
    NUMBER_DATE = 1,
    NUMBER_TIME = 2, /* both: NUMBER_DATE | NUMBER_TIME */
    NUMBER_SPAN = 4  /* [h]:mm: hours beyond a day */
} number_kind;

enum { NUMBER_TEXT_MAX = 40 };

/* What a format code ("dd.mm.yyyy", "#,##0.00") makes of a number; of a built-in format by its number. */
unsigned number_kind_of_code(sv code);
unsigned number_kind_of_id(unsigned id);

/* The text of a cell's number: digits as Excel shows them (15 at most), or an ISO date, time or both. Returns the length; 0
 * when it is no number. `kind`: of its format. */
size_t number_text_of_cell(sv stored, unsigned kind, bool from_1904, char out[NUMBER_TEXT_MAX]);

#endif
