/* RFC 4180 fields into a buffer: comma, CRLF, a quote doubled, quoted only where needed. NULL is an empty unquoted field,
 * an empty string is "". */
#ifndef CSV_CSV_WRITER_H
#define CSV_CSV_WRITER_H

#include "base/buf.h"

void csv_field(
    buf *out,
    sv text); /* text of any kind: quoted when empty or when it holds , " CR LF or begins or ends with a blank */
static inline void csv_plain(buf *out, sv text)
{
    buf_sv(out, text);
} /* text known to need no quotes: numbers, dates */
static inline void csv_comma(buf *out) { buf_char(out, ','); }
static inline void csv_end_row(buf *out) { buf_add(out, "\r\n", 2); }

#endif
