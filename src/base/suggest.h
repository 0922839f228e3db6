/* "Did you mean": the nearest of some names by edit distance. */
#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H

#include "base/sv.h"

/* Insertions, deletions, replacements and swaps of neighbours that turn a into b, letter case aside; names over 127
 * bytes are only compared up to there. */
size_t edit_distance(sv a, sv b);

/* True when the distance is small enough for a person to have meant it: at most a third of the longer name. */
bool suggest_plausible(sv typed, sv name, size_t distance);

#endif
