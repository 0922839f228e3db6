/* What people are shown, on a terminal or a page: numbers with separators, and text from outside, which cannot steer a terminal,
 * turn a line around or hide in it. */
#ifndef BASE_SHOWN_H
#define BASE_SHOWN_H

#include "base/buf.h"

void add_number(buf *out, uint64_t n); /* 12,408 */
/* A decimal number as it is, with separators before its point: "-12,408.5". */
void add_decimal(buf *out, sv digits);
/* "1 row", "12,408 rows": the singular and its plural with s. */
void add_count(buf *out, uint64_t n, const char *what);

/* Controls, marks of direction, byte order marks and what is no character: shown as \x1B, \u{202E}. */
bool is_spelled_out(uint32_t character);
void add_spelled_out(buf *out, uint32_t character);
/* Text with such characters, and bytes that are no UTF-8, spelled out. */
void add_shown(buf *out, sv text);

#endif
