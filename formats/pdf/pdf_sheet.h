/* Pages and letters on them, over libharu. Internal to this folder. */
#ifndef PDF_PDF_SHEET_H
#define PDF_PDF_SHEET_H

#include "pdf/pdf_writer.h"

typedef struct pdf_sheet pdf_sheet;

pdf_sheet *pdf_sheet_new(sv title); /* NULL when out of memory */
void pdf_sheet_free(pdf_sheet *s);  /* s may be NULL */

/* Thousandths of the size that a character takes in a face; *known: the face has it. */
unsigned pdf_sheet_width(pdf_sheet *s, unsigned face, uint32_t character, bool *known);
bool pdf_sheet_page(pdf_sheet *s, float width, float height); /* a new page; false when there can be no more */
size_t pdf_sheet_pages(const pdf_sheet *s);
/* On page `at` (from 0), or SIZE_MAX for the last; y from below. text: UTF-8. */
void pdf_sheet_text(pdf_sheet *s, size_t at, unsigned face, float size, float x, float y, sv text);
void pdf_sheet_rule(pdf_sheet *s, size_t at, float x, float y, float to, float width, float grey);
/* Points with at most two decimals, as the language of pages has them, and a blank. */
void pdf_sheet_number(buf *out, float x);
/* Operators of a content stream, as they are, behind what the last page holds. They leave no path and no text open. */
void pdf_sheet_operators(pdf_sheet *s, sv operators);
bool pdf_sheet_save(pdf_sheet *s, buf *out);

#endif
