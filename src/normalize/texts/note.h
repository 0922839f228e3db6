/* Notes as a source has them. Internal to normalize. */
#ifndef NORMALIZE_NOTE_H
#define NORMALIZE_NOTE_H

#include "base/buf.h"

typedef struct note_told {
    bool rich;       /* it was RTF or HTML */
    bool broken;     /* best effort */
    bool left_out;   /* pictures and the like */
    bool unreadable; /* characters became U+FFFD */
    bool nested;     /* wrapped over and over: nothing was read */
} note_told;

/* Appends plain text (LF between lines) and simple HTML of RTF, HTML or plain text; html may be NULL. Text that is itself
 * RTF or HTML is read again, so that the result never is. */
bool note_read(sv in, buf *text, buf *html, note_told *told);

#endif
