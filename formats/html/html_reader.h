/* HTML of notes to plain text and to simple HTML (rich_out.h). Any text is HTML of some sort: there is no failure. */
#ifndef HTML_HTML_READER_H
#define HTML_HTML_READER_H

#include "html/rich_out.h"

typedef struct html_told {
    bool left_out; /* an image, a script's output, a form: what text cannot show */
    bool broken;   /* ends inside a tag or a comment */
} html_told;

/* True for text that was written as HTML: it begins like a document, or holds a known tag that breaks a line, begins a
 * block or ends an element (<br>, <p>, </b>). `PD < 4 and > 2` and `<b>` alone are plain text. */
bool html_is(sv s);

/* Appends to text and html, either of which may be NULL. Time and output grow with the input's length. Tags are
 * dropped (blocks end lines), entities read, what script and style hold is left out. */
void html_read(sv s, buf *text, buf *html, html_told *told);
/* The same to a taker of one's own (rich_out.take); what of `out` it leaves to the reader begins as rich_new makes it. */
void html_read_to(sv s, rich_out out, html_told *told);

#endif
