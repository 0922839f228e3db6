/* What a workbook's sheets have in common: their names and parts, shared strings, formats of numbers. */
#ifndef XLSX_WORKBOOK_H
#define XLSX_WORKBOOK_H

#include "base/arena.h"
#include "base/byte_source.h"

typedef struct sheet_part {
    sv name;
    sv part; /* "xl/worksheets/sheet1.xml"; empty: no sheet of cells (a chart) */
    bool hidden;
} sheet_part;

typedef struct workbook {
    byte_source *file; /* borrowed */
    sheet_part *sheet;
    size_t sheets;
    bool from_1904;
    uint8_t *format; /* number_kind of each cell style */
    size_t formats;
    buf text;        /* of all shared strings, one behind the other; owned */
    size_t *text_at; /* where each begins, and one more: the end of the last; owned */
    size_t texts, texts_room;
} workbook;

/* ST_OK; ST_TABLE_LOST with a finding: no workbook that can be read; ST_FATAL. workbook_free in any case. */
status workbook_open(byte_source *file, arena *mem, findings *f, workbook *out);
void workbook_free(workbook *w);

static inline sv workbook_text(const workbook *w, size_t i)
{
    return (sv){w->text.p + w->text_at[i], w->text_at[i + 1] - w->text_at[i]};
}

#endif
