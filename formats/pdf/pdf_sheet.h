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
/* For who writes operators: the name of a face on the last page (NULL when out of memory), and a text in it, with Tj. */
const char *pdf_sheet_font(pdf_sheet *s, unsigned face);
void pdf_sheet_string(pdf_sheet *s, unsigned face, sv text, buf *out);
/* All that stands on the last page, as operators of a content stream; nothing else may be set on it. Packed faster, and not
 * as small, as what libharu packs. */
void pdf_sheet_fill(pdf_sheet *s, sv operators);
bool pdf_sheet_save(pdf_sheet *s, buf *out);

#endif
