/* Forms of dates in a destination: YYYY, MM, DD, hh, mm, ss stand for the parts, everything else for itself. */
#ifndef DELIVER_TARGET_FORMAT_H
#define DELIVER_TARGET_FORMAT_H

#include "base/buf.h"

/* What is wrong with a form; NULL: nothing. has_time: the field has a time of day. */
const char *target_format_wrong(sv form, bool has_time);

/* Appends a canonical date (YYYY-MM-DD) or date-time (YYYY-MM-DD HH:MM:SS[.f]) in that form. False when the text
 * is neither. */
bool target_format_write(buf *out, sv form, sv canonical);

/* 0 when the text is no canonical date. */
unsigned target_format_year(sv canonical);

#endif
