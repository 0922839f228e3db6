/* Letter case and plain forms of Latin, Greek and Cyrillic letters, as far as names of people need them. */
#ifndef NORMALIZE_LETTERS_H
#define NORMALIZE_LETTERS_H

#include "base/buf.h"

/* The code point that s begins with (U+FFFD for a byte that begins none), and its bytes; s is not empty. */
size_t letter_at(sv s, uint32_t *letter);
/* turkish: I and dotless i, dotted I and i are pairs. */
uint32_t letter_small(uint32_t c, bool turkish);
uint32_t letter_capital(uint32_t c, bool turkish);
bool letter_is_small(uint32_t c);
bool letter_is_capital(uint32_t c);
void letter_add(buf *out, uint32_t c);

/* A text as it is compared with words: small letters without accents, Turkish ones as ASCII, what is neither letter
 * nor digit as one blank, none around. False (out is undefined) when it does not fit. */
enum { FOLDED_MAX = 256 };
typedef struct folded {
    char text[FOLDED_MAX];
    size_t n;
} folded;
bool text_fold(sv s, folded *out);
/* True when the folded text is one of the words, separated by '|', themselves folded. */
bool folded_is_one_of(const folded *x, const char *words);

#endif
