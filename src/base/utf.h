/* UTF-8 and UTF-16LE. */
#ifndef BASE_UTF_H
#define BASE_UTF_H

#include "base/buf.h"

/* Room that utf16_to_utf8 may need for n bytes of UTF-16. */
#define UTF8_ROOM_FOR_UTF16(n) ((n) / 2 * 3 + 3)

/* Writes the UTF-8 form of n bytes of UTF-16LE to out (room: UTF8_ROOM_FOR_UTF16(n)) and returns its length. A lone
 * surrogate or a trailing odd byte becomes U+FFFD; *bad (may be NULL) is increased by their number. */
size_t utf16_to_utf8(const void *utf16, size_t n, char *out, size_t *bad);

/* One code point to UTF-8; returns 1 to 4. A surrogate or a number from 0x110000 on is written as U+FFFD. */
size_t utf8_put(uint32_t code_point, char out[4]);

/* Length in bytes of the valid UTF-8 sequence at s, 0 when there is none. */
size_t utf8_valid_at(sv s);
size_t utf8_ascii_at(sv s); /* bytes below 0x80 that it begins with */

/* The code point of a valid sequence of n bytes. */
uint32_t utf8_code(const char *p, size_t n);

/* Appends text with each invalid byte as U+FFFD; returns the number of those. */
size_t utf8_add_clean(buf *out, sv s);

#endif
