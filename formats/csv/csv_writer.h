/* RFC 4180 fields into a buffer: comma, CRLF, a quote doubled, quoted only where needed. NULL is an empty unquoted
 * field, an empty string is "". */
#ifndef CSV_CSV_WRITER_H
#define CSV_CSV_WRITER_H

#include "base/buf.h"

/* Text of any kind: quoted when it is empty, when it holds , " CR LF, or when it begins or ends with a blank. */
void csv_field(buf *out, sv text);

/* The inside of a quoted field, for text that comes in pieces: the caller writes the quotes around it. */
void csv_quoted_piece(buf *out, sv piece);

/* Text known to need no quotes: numbers, dates. */
static inline void csv_plain(buf *out, sv text) { buf_sv(out, text); }
static inline void csv_comma(buf *out) { buf_char(out, ','); }
static inline void csv_end_row(buf *out) { buf_add(out, "\r\n", 2); }

/* Counts records in CSV text that comes in pieces, by its own reading of the quotes: an independent check of what a
 * writer says it has written. A record ends at a line feed outside quotes. */
typedef struct csv_counter {
    uint64_t records;
    bool quoted; /* the text so far ends inside quotes */
} csv_counter;
void csv_count(csv_counter *c, sv piece);

#endif
