/* How alike two names are. Texts are folded (normalize/letters.h): small ASCII letters, as good as always. */
#ifndef QUALITY_SIMILAR_H
#define QUALITY_SIMILAR_H

#include "base/sv.h"

/* American Soundex (the census' rules: H and W part nothing, vowels do) as four characters in one number: Smith and
 * Smyth are "S530". 0: no letter of ASCII in it. */
uint32_t soundex(sv name);

/* Jaro-Winkler similarity, 0 to 1, prefix weight 0.1 of up to four letters: "martha" and "marhta" 0.961. Names over 64
 * bytes are compared up to there. */
double jaro_winkler(sv a, sv b);

/* Groups of first names that one person goes by (william, bill, will, ...), as bits; 0: none. Two names that share a
 * bit may be one person's. */
typedef struct nicknames {
    uint64_t bits[2];
} nicknames;
nicknames nicknames_of(sv name);
static inline bool nicknames_share(nicknames a, nicknames b)
{
    return (a.bits[0] & b.bits[0]) != 0 || (a.bits[1] & b.bits[1]) != 0;
}

#endif
