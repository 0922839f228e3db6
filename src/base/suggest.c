#include "base/suggest.h"
#include "base/ascii.h"

enum { COMPARED_MAX = 127 };

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

/* Optimal string alignment: three rows of the usual table are enough. */
size_t edit_distance(sv a, sv b)
{
    size_t rows[3][COMPARED_MAX + 1];
    size_t *before = rows[0], *above = rows[1], *now = rows[2];
    if (a.n > COMPARED_MAX) a.n = COMPARED_MAX;
    if (b.n > COMPARED_MAX) b.n = COMPARED_MAX;
    for (size_t j = 0; j <= b.n; j++) {
        before[j] = 0;
        above[j] = j;
    }
    for (size_t i = 1; i <= a.n; i++) {
        now[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            char x = ascii_lower(a.p[i - 1]), y = ascii_lower(b.p[j - 1]);
            now[j] = least(least(above[j], now[j - 1]) + 1, above[j - 1] + (x != y));
            bool swapped = i > 1 && j > 1 && x == ascii_lower(b.p[j - 2]) && ascii_lower(a.p[i - 2]) == y;
            if (swapped) now[j] = least(now[j], before[j - 2] + 1);
        }
        size_t *spare = before;
        before = above;
        above = now;
        now = spare;
    }
    return above[b.n];
}

bool suggest_plausible(sv typed, sv name, size_t distance)
{
    size_t longer = typed.n > name.n ? typed.n : name.n;
    return distance <= (longer < 6 ? 2 : longer / 3) && distance < longer;
}
