/* The bytes of a document, wherever a source keeps them: in the row, as a large value, as the hex text that dumps make of
 * bytes, or in a file beside the dump. Read piece by piece, never whole. */
#ifndef CONTENT_CONTENT_H
#define CONTENT_CONTENT_H

#include "source/row_source.h"

/* Where the content of one record lies. `cell` and `path` belong to the row and are valid as long as it. */
typedef enum content_kind {
    CONTENT_NONE, /* the source has nothing there */
    CONTENT_BYTES,
    CONTENT_TEXT, /* hex text of bytes, or the content itself (RTF in a text column) */
    CONTENT_LARGE /* a locator of the source */
} content_kind;

typedef struct content_place {
    content_kind kind;
    sv cell;     /* CONTENT_BYTES, CONTENT_TEXT */
    lob_ref ref; /* CONTENT_LARGE */
    sv path;     /* as the source has it, of any system; empty: none. Looked at where there is no content */
} content_place;

typedef enum content_end {
    CONTENT_OPEN,    /* there is more */
    CONTENT_WHOLE,   /* all was read */
    CONTENT_EMPTY,   /* there is nothing: no bytes, and no file is named */
    CONTENT_LOST,    /* the dump holds a word instead of the bytes ("System.Byte[]"), or hex text that is none */
    CONTENT_BROKEN,  /* the source breaks off; a finding of its reader says why */
    CONTENT_MISSING, /* the file is not there, or cannot be read */
    CONTENT_HOSTILE  /* the path leads out of the folder that the files are looked for in */
} content_end;

typedef struct content_reader content_reader;

/* folder: where files are looked for; NULL: none are read. Both must outlive it. NULL when out of memory. */
content_reader *content_reader_new(row_source *s, const char *folder);
void content_reader_free(content_reader *r); /* r may be NULL */

/* Begins a content (ends the one before); p must stay valid until the next. CONTENT_OPEN, or why there is none. */
content_end content_begin(content_reader *r, const content_place *p);
/* Up to room bytes, *got > 0 with CONTENT_OPEN; every other end has *got 0. */
content_end content_read(content_reader *r, void *p, size_t room, size_t *got);

#endif
