/* Takes off what no text holds, before any concern sees a value. */
#ifndef NORMALIZE_CLEAN_H
#define NORMALIZE_CLEAN_H

#include "base/buf.h"

/* True when s has to be cleaned: not valid UTF-8, or with NUL, another control character but tab and line breaks, or
 * U+FEFF, U+FFFE, U+FFFF. C1 controls stay: they are letters of a wrong code page, and without them nobody could tell.
 */
bool text_is_dirty(sv s);
/* Appends s without those; a byte that is no UTF-8 becomes U+FFFD. */
void text_add_cleaned(buf *out, sv s);

#endif
