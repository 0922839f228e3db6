/* Values of a bundle and of an export, brought to one form so that they can be held against each other. */
#ifndef LOADED_NORMAL_FORM_H
#define LOADED_NORMAL_FORM_H

#include "base/buf.h"
#include "loaded/loads.h"

/* A date or moment by its form in the bundle, else in one of the forms of exports (YYYY-MM-DD, M/D/YYYY, D.M.YYYY; T or a
 * blank before hh:mm[:ss[.fff]] [AM|PM]; Z, +hh:mm or +hhmm behind it, which is turned to UTC). day_first: D/M/YYYY instead.
 * Appends "YYYY-MM-DD" or "YYYY-MM-DD hh:mm:ss"; false and nothing when it is none. *zoned: it said its zone. */
bool normal_moment(buf *out, sv text, sv form, bool day_first, bool *zoned);

/* A number without blanks, currency signs, groups of thousands and zeroes that say nothing. comma: the decimal mark is one. */
bool normal_number(buf *out, sv text, bool comma);

/* Line ends become line feeds, blanks at the ends of lines and of the text go. */
void normal_text(buf *out, sv text);

/* Pieces between semicolons, sorted. */
void normal_words(buf *out, sv text);

#endif
