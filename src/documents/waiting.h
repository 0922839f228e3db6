/* A document between the source and the bundle: all that is known of it when it has been read, so that it can be given to the
 * destinations without asking the source or the work file again. Internal to this folder. */
#ifndef DOCUMENTS_WAITING_H
#define DOCUMENTS_WAITING_H

#include "documents/spool.h"
#include "documents/staged.h"

typedef struct waiting {
    arena *one;   /* of its texts */
    spool *spool; /* of its content */
    staged d;
    bool left_out;    /* the run is not about it: it has no content here */
    bool is_template; /* of a letter template only the PDF is given */
    bool in_trial;
    content_end end;
    spooled content;        /* of CONTENT_WHOLE; and then: */
    sv file, extension;     /* "PP-DOC-17.jpg", "jpg": as its content has it */
    bool differs;           /* its name says otherwise */
    content_type type;      /* of the content, and by its name too a program */
    bool is_set, is_packed; /* before it is given: as PDF; for archives */
    enum { LETTER_NONE, LETTER_MADE, LETTER_FAILED } letter;
    buf pdf; /* of LETTER_MADE */
    letter_told told;
} waiting;

#endif
