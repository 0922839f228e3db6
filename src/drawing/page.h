/* What both kinds of pages share: places, texts of readings, the head and the legend. Internal to this folder. */
#ifndef DRAWING_PAGE_H
#define DRAWING_PAGE_H

#include "drawing/arch.h"
#include "pdf/pdf_canvas.h"

enum {
    PAGE_MARGIN = 28,
    PAGE_GUTTER = 56, /* names of rows, left of the first tooth */
    PAGE_LEFT = PAGE_MARGIN + PAGE_GUTTER,
    PAGE_RIGHT = PDF_LANDSCAPE_WIDTH - PAGE_MARGIN,
    PAGE_TOP = PDF_LANDSCAPE_HEIGHT - 22,
    PAGE_BOTTOM = 20
};

/* An arch on a page. */
typedef struct page_arch {
    pdf_canvas *c;
    const arch *arch;
    float column; /* width */
} page_arch;

page_arch page_arch_of(pdf_canvas *c, const arch *a);
float column_middle(const page_arch *p, size_t column);
float site_middle(const page_arch *p, size_t column, size_t place);

/* Tenths as people write them, in room: "3", "-2.5". */
enum { READING_TEXT = 12 };
sv reading_text(int32_t tenths, char room[READING_TEXT]);
/* A row of readings, each in the middle of its site, smaller where it would not fit. */
typedef struct readings_row {
    float y, size;
    pdf_ink ink;
    bool deep; /* those of DRAWING_DEEP and more stand out: red, bold, underlined */
    int16_t (*reading)(const void *ctx, size_t column, size_t place); /* CHART_NONE: nothing stands there */
    const void *ctx;
} readings_row;
void page_readings(const page_arch *p, const readings_row *r);
/* The name of a row, right in the gutter. */
void page_row_name(pdf_canvas *c, float y, sv name);
/* Numbers of teeth at height y, as the first exam writes them, with FDI beside where that differs; grey where no exam names the
 * tooth. */
void page_tooth_numbers(const page_arch *p, float y, const drawn_exam *exam, size_t exams);

/* One line of text that is made smaller, then cut, where it is longer than the page is wide. */
void page_line(pdf_canvas *c, unsigned style, float size, float y, sv text);
/* The first lines of a page; returns the height below them. */
float page_exam_head(pdf_canvas *c, const drawn_patient *patient, const drawn_exam *exam);
float page_compare_head(pdf_canvas *c, const drawn_patient *patient, const drawn_exam *exam, size_t exams);
void page_sides(pdf_canvas *c, float y); /* which is the patient's right */
void page_exam_legend(pdf_canvas *c);
void page_compare_legend(pdf_canvas *c);

/* The two pages. */
void exam_page(pdf_canvas *c, const drawn_patient *patient, const drawn_exam *exam);
void compare_page(pdf_canvas *c, const drawn_patient *patient, const drawn_exam *exam, size_t exams);

#endif
