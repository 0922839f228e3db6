/* RTF to plain text and to simple HTML (html/rich_out.h): what notes and letters of Windows programs are written in.
 * FORMAT.md says which words are understood. */
#ifndef RTF_RTF_H
#define RTF_RTF_H

#include "html/rich_out.h"

typedef struct rtf_told {
    bool broken;         /* groups or words are not whole, or nested deeper than any program does: best effort text */
    bool left_out;       /* pictures, objects, headers, hidden or deleted text: what the text does not show */
    uint64_t unreadable; /* characters of a code page or symbol font that no table knows: U+FFFD in the text */
} rtf_told;

/* True when s begins with {\rtf (blanks, NUL and U+FEFF before it do not count). */
bool rtf_is(sv s);

/* Appends to text (LF between lines, tabs between cells) and html; either may be NULL. s is text as a reader of this
 * program gives it: \'hh are bytes of the document's code pages, bytes beyond ASCII are UTF-8, or, where they are none,
 * bytes of a code page too. Time and output grow with the input's length; nothing is allocated but the output. Any
 * input gives some text. */
void rtf_read(sv s, buf *text, buf *html, rtf_told *told);
/* The same to a taker of one's own (rich_out.take), with alignment, sizes and pages; what of `out` it leaves to the reader
 * begins as rich_new makes it. */
void rtf_read_to(sv s, rich_out out, rtf_told *told);

#endif
