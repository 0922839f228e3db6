/* Text for people: safe on any terminal, aligned, wrapped, coloured where wanted. Everything is built in a buffer and
 * printed at once. */
#ifndef CLI_TERM_H
#define CLI_TERM_H

#include "base/buf.h"
#include "base/platform.h"
#include "base/shown.h"
#include "cli/options.h"

typedef enum style { PLAIN, BOLD, DIM, RED, YELLOW, GREEN } style;

/* How one of the two streams is to be written to. */
typedef struct term {
    os_stream stream;
    bool color;
    bool terminal;  /* a person sees it and lines can be redrawn */
    unsigned width; /* columns to wrap at; 0: lines are not wrapped */
} term;

term term_of(os_stream stream, when color);
void term_print(const term *t, buf *text); /* prints and clears */

size_t text_width(
    sv s); /* columns that a text takes as it is shown (base/shown.h), by a fair guess: one per character, two for East Asian ones */

void styled(buf *out, const term *t, style s, const char *format, ...) __attribute__((format(printf, 4, 5)));
void pad(buf *out, size_t have, size_t want); /* blanks */

/* Appends a text that is safe to show as a paragraph: each line indented, wrapped at the terminal's width. */
void paragraph(buf *out, const term *t, unsigned indent, sv text);

void size_text(buf *out, uint64_t bytes);  /* 3.4 MB: 1 MB = 1,048,576 bytes */
void duration_text(buf *out, uint64_t ms); /* 3.2 s, 1:05, 2:03:40 */

#endif
