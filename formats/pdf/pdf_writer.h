/* Text set in pages, as PDF, over libharu: paragraphs, bold, oblique, underlined, raised and lowered letters, alignment, rows
 * of cells, page breaks, a line on top of each page and page numbers. The fonts are in the file (pdf_font.h). The same
 * calls give the same bytes: no date, no id. */
#ifndef PDF_PDF_WRITER_H
#define PDF_PDF_WRITER_H

#include "base/buf.h"

typedef struct pdf_writer pdf_writer;

enum { PDF_BOLD = 1, PDF_OBLIQUE = 2, PDF_UNDERLINE = 4, PDF_SUB = 8, PDF_SUPER = 16 };
typedef enum pdf_align { PDF_LEFT, PDF_CENTER, PDF_RIGHT } pdf_align;

/* What a page holds in it is enough for Letter and A4 alike: as wide as A4, as high as Letter. */
enum { PDF_PAGE_WIDTH = 595, PDF_PAGE_HEIGHT = 792, PDF_PAGES_MAX = 1000 };

/* top: the line on top of each page; title: of the file. NULL when out of memory. Both are copied. */
pdf_writer *pdf_writer_new(sv title, sv top);

/* UTF-8; tabs are stops, control characters nothing. points: size of the letters, 0 for the usual one. In cells when
 * in_cell. */
void pdf_text(pdf_writer *w, sv utf8, unsigned style, unsigned points, bool in_cell);
void pdf_line(pdf_writer *w, bool in_cell);
void pdf_paragraph(pdf_writer *w, pdf_align align, unsigned points, bool in_cell);
void pdf_cell(pdf_writer *w);
void pdf_row(pdf_writer *w);
void pdf_page(pdf_writer *w);

/* Characters that no face has, bytes that are no UTF-8, or characters that are written from right to left, which is not set: they stand as boxes, or in the
 * wrong order. */
uint64_t pdf_unset(const pdf_writer *w);
/* Appends the file, and frees w. False when it could not be made: more than PDF_PAGES_MAX pages, or out of memory. */
bool pdf_writer_end(pdf_writer *w, buf *out);
void pdf_writer_free(pdf_writer *w); /* w may be NULL */

#endif
