/* Lists and long texts as a report says them. */
#ifndef REPORT_REPORT_TEXT_H
#define REPORT_REPORT_TEXT_H

#include "base/shown.h"

/* The longest text from outside that a report shows; the rest is cut and marked by an ellipsis. Names of tables have
 * 128 characters, sentences of findings a few hundred: only hostile input is longer. */
enum { REPORT_TEXT_MAX = 4000 };

/* Comma, " and " or nothing: what stands before item i of n. */
const char *between(size_t i, size_t n);
/* Appends s as valid UTF-8 of at most REPORT_TEXT_MAX bytes and an ellipsis. */
void add_clean(buf *out, sv s);

#endif
