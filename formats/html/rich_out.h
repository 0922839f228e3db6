/* Text with a little form, written as plain text and as simple HTML at the same time: what the readers of RTF and HTML
 * have in common. Plain text: lines end in LF, cells of a table row stand apart by a tab. HTML: p, br, b, i, u, sub,
 * sup, table, tr, td, none with an attribute; everything else is text, so the result can hold no script or link. */
#ifndef HTML_RICH_OUT_H
#define HTML_RICH_OUT_H

#include "base/buf.h"

enum { RICH_BOLD = 1, RICH_ITALIC = 2, RICH_UNDERLINE = 4, RICH_SUB = 8, RICH_SUPER = 16 };

typedef enum rich_align { RICH_LEFT, RICH_CENTER, RICH_RIGHT } rich_align;

/* What a third taker is told beside plain text and HTML, in the order of the text. */
typedef enum rich_event { RICH_TEXT, RICH_LINE, RICH_PARAGRAPH, RICH_CELL, RICH_ROW, RICH_PAGE } rich_event;

typedef struct rich_out rich_out;
struct rich_out {
    buf *text, *html; /* either may be NULL */
    /* style, align, half_points and in_table of o hold for the event; utf8 only with RICH_TEXT. May be NULL. */
    void (*take)(void *ctx, const rich_out *o, rich_event e, sv utf8);
    void *ctx;
    rich_align align;      /* of the paragraph; readers that know none leave it */
    unsigned half_points;  /* size of the letters; 0: not said */
    unsigned style;        /* RICH_*, of the text to come */
    bool in_table;         /* the text to come stands in a cell */
    size_t newlines, tabs; /* of the plain text, not yet written: trailing ones of a row or a text are none */
    unsigned open_style;   /* what HTML has open */
    bool paragraph_open, table_open, row_open, cell_open;
    bool after_blank; /* HTML would take a further blank for the same one */
    bool has_text;    /* something stands in the paragraph or cell */
};

static inline rich_out rich_new(buf *text, buf *html) { return (rich_out){.text = text, .html = html}; }

/* UTF-8; no line breaks. A tab stays one. U+00A0 becomes a blank in plain text. */
void rich_text(rich_out *o, sv utf8);
void rich_line(rich_out *o);      /* a line break inside a paragraph */
void rich_paragraph(rich_out *o); /* ends a paragraph, also one without text */
void rich_block(rich_out *o);     /* ends a paragraph if it has text or a line break */
void rich_cell(rich_out *o);      /* ends a cell, also one without text */
void rich_row(rich_out *o);       /* ends a row */
void rich_page(rich_out *o);      /* ends a paragraph and a page; only the third taker knows pages */
void rich_table(rich_out *o, bool inside);
/* Closes what is open. The break that ends the last paragraph is dropped: the text before it is whole without. */
void rich_end(rich_out *o);

/* Appends plain text (LF, CR LF or CR between lines) as simple HTML: one paragraph, br between its lines. */
void rich_from_plain(sv plain, buf *html);

#endif
