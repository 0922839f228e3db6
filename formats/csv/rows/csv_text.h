/* A text file as UTF-8, block after block: a window over the text that slides forward. The window knows where in the
 * file it lies, so that a place in the text can be found again in the file.
 *
 * A character that is not valid in the file's encoding comes as bytes that are not valid UTF-8: whoever checks a value
 * sees it there, and nowhere else. */
#ifndef CSV_CSV_TEXT_H
#define CSV_CSV_TEXT_H

#include "base/byte_source.h"
#include "csv/csv_dialect.h"

typedef struct csv_text {
    byte_source *file; /* borrowed */
    findings *found;
    csv_encoding encoding;
    const codepage *page;
    char *p; /* the window */
    size_t n, room;
    uint64_t raw_at;   /* offset in the file of p[0] */
    uint64_t raw_next; /* of the next byte to be read */
    uint64_t raw_end;  /* nothing is read from here on */
    uint8_t *raw;
    bool end; /* the window holds the text up to raw_end */
} csv_text;

/* From the raw offset on, up to raw_end (UINT64_MAX: the end of the file). Call csv_text_free in any case. */
void csv_text_start(csv_text *t, byte_source *file, findings *found, const csv_dialect *d, uint64_t at,
                    uint64_t raw_end);
void csv_text_free(csv_text *t);

/* Drops `used` bytes of the window's front and adds at least one block behind, as many as the window held when nothing
 * was dropped. ST_OK; ST_END when nothing was added (t->end is set); ST_FATAL with a finding. */
status csv_text_more(csv_text *t, size_t used);

/* The raw offset of a place in the window (at a character's beginning). Its cost grows with `at`. */
uint64_t csv_text_raw(const csv_text *t, size_t at);
/* The place in the window whose raw offset this is; SIZE_MAX when it is behind the window. raw >= t->raw_at. */
size_t csv_text_place(const csv_text *t, uint64_t raw);

#endif
