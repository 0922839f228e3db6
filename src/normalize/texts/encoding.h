/* Texts that were decoded with the wrong code page. Internal to normalize. */
#ifndef NORMALIZE_ENCODING_H
#define NORMALIZE_ENCODING_H

#include "base/buf.h"

bool text_is_ascii(sv s);

/* Appends the text with one encoding too many undone: UTF-8 whose bytes were read as Windows-1252 or 1254 (`ÅŸ` for ş).
 * False, and nothing appended, when the text is ASCII or not all of it comes out as UTF-8. */
bool text_undo_double(sv in, buf *out);

/* `Þahin`, `ýlaç`: the look of Windows-1254 read as 1252. */
bool text_has_turkish_misread(sv s);

#endif
