/* Numbers and lists as a report says them. */
#ifndef REPORT_REPORT_TEXT_H
#define REPORT_REPORT_TEXT_H

#include "base/buf.h"

/* The longest text from outside that a report shows; the rest is cut and marked by an ellipsis. Names of tables have
 * 128 characters, sentences of findings a few hundred: only hostile input is longer. */
enum { REPORT_TEXT_MAX = 4000 };

void add_number(buf *out, uint64_t n); /* 12,408 */
/* A decimal number as it is, with separators before its point: "-12,408.5". */
void add_decimal(buf *out, sv digits);
/* "1 row", "12,408 rows": the singular and its plural with s. */
void add_count(buf *out, uint64_t n, const char *what);
/* Comma, " and " or nothing: what stands before item i of n. */
const char *between(size_t i, size_t n);
/* Characters that a page cannot hold, and marks that would turn around what stands beside them: shown as \x1B, \u{202E}. */
bool is_spelled_out(uint32_t character);
void add_spelled_out(buf *out, uint32_t character);
/* Appends s as a page shows it: such characters spelled out, what is no UTF-8 replaced. */
void add_shown(buf *out, sv s);
/* Appends s as valid UTF-8 of at most REPORT_TEXT_MAX bytes and an ellipsis. */
void add_clean(buf *out, sv s);

#endif
