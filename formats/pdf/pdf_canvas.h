/* Drawings as PDF: lines, curves, areas and short texts at places of a page, in points from its lower left corner, to a tenth of one. Fonts
 * are those of every PDF of this program. The same calls give the same bytes. */
#ifndef PDF_PDF_CANVAS_H
#define PDF_PDF_CANVAS_H

#include "base/buf.h"
#include "pdf/pdf_writer.h"

typedef struct pdf_canvas pdf_canvas;

typedef enum pdf_ink { PDF_BLACK, PDF_DARK, PDF_GREY, PDF_PALE, PDF_RED, PDF_PINK, PDF_BLUE, PDF_WHITE } pdf_ink;

/* As wide as Letter, as high as A4, both lying: prints on either. */
enum { PDF_LANDSCAPE_WIDTH = 792, PDF_LANDSCAPE_HEIGHT = 595 };

/* title: of the file, copied. NULL when out of memory. */
pdf_canvas *pdf_canvas_new(sv title);
void pdf_canvas_free(pdf_canvas *c); /* c may be NULL */
void pdf_canvas_page(pdf_canvas *c);
/* A page that stands: PDF_PAGE_WIDTH by PDF_PAGE_HEIGHT. */
void pdf_canvas_page_upright(pdf_canvas *c);

/* What lines are drawn with from here on; their ends are round. */
void pdf_canvas_pen(pdf_canvas *c, pdf_ink ink, float width, bool dashed);
/* What areas are filled with from here on. Pen and brush are taken before a path begins. */
void pdf_canvas_brush(pdf_canvas *c, pdf_ink ink);
/* A path: from, then to and curve as often as wanted, any number of times; box and dot are whole pieces of one. */
void pdf_canvas_from(pdf_canvas *c, float x, float y);
void pdf_canvas_to(pdf_canvas *c, float x, float y);
void pdf_canvas_curve(pdf_canvas *c, const float point[6]); /* two points that pull, and where it ends */
void pdf_canvas_box(pdf_canvas *c, float x, float y, float width, float height);
void pdf_canvas_dot(pdf_canvas *c, float x, float y); /* as large as the pen is wide; for stroke */
/* Dots along a level line, from its first point, so far from each other, again and again; drawn at once. */
void pdf_canvas_dots(pdf_canvas *c, float x, float y, float to, const float *distance, size_t n);
/* What becomes of the path since the last of these. */
void pdf_canvas_stroke(pdf_canvas *c);
void pdf_canvas_close(pdf_canvas *c); /* stroked with its last piece closed */
void pdf_canvas_fill(pdf_canvas *c);
void pdf_canvas_fill_and_close(pdf_canvas *c);

/* Valid UTF-8. style: PDF_BOLD, PDF_OBLIQUE; x is where it begins, its middle, or its end. */
float pdf_canvas_width(pdf_canvas *c, unsigned style, float size, sv text);
void pdf_canvas_text(pdf_canvas *c, unsigned style, float size, pdf_ink ink, pdf_align align, float x, float y,
                     sv text);

/* Appends the file, and frees c. False when it could not be made. */
bool pdf_canvas_end(pdf_canvas *c, buf *out);

#endif
