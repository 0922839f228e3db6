/* Texts in lines: pieces in different letters, one behind the other, broken where a line is full. */
#ifndef REPORT_PAGE_PDF_FLOW_H
#define REPORT_PAGE_PDF_FLOW_H

#include "pdf/pdf_canvas.h"

typedef struct flow_piece {
    size_t from, n; /* of the text, in pdf_flow.text */
    unsigned style;
    pdf_ink ink;
    bool name; /* may be broken within, behind a separator and between TwoWords */
    bool break_before;
} flow_piece;

typedef struct pdf_flow {
    pdf_canvas *c;
    buf text;
    flow_piece *piece;
    size_t n, room;
    bool failed;
} pdf_flow;

/* The pieces from one to before another. */
typedef struct flow_range {
    size_t from, to;
} flow_range;

typedef struct flow_place {
    float x, y; /* left edge, base line of the first line */
    float width, size, leading;
    pdf_align align;
    bool draw;   /* else it is only measured */
    size_t most; /* lines; what is behind them is cut, and an ellipsis says so */
} flow_place;

void flow_add(pdf_flow *f, const flow_piece *kind, sv text); /* shown as a page shows it */
void flow_clear(pdf_flow *f);
void flow_free(pdf_flow *f);

/* How many lines it takes; drawn where that is asked for. */
size_t flow_set(const pdf_flow *f, flow_range r, const flow_place *at);
/* The width of its longest word, and of all of it in one line. */
void flow_widths(const pdf_flow *f, flow_range r, float size, float *word, float *whole);

#endif
