/* Every ceiling of the program, each with the reason for its number. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/* An arena that names no ceiling of its own. A catalog of 10,000 tables with 100 columns each needs about 200 MB; no
 * practice system comes near a tenth of that, and hostile input must not get more. */
#define ARENA_BYTES_MAX ((size_t)256 << 20)

/* Values up to this size come inside a row; larger ones as a locator that is streamed (V_LOB). 64 KB is one extent:
 * a batch of rows then stays within a few megabytes. */
#define LOB_INLINE_BYTES_MAX ((size_t)65536)

/* Findings kept in full per code and table; further ones are only counted. Enough for a person to see the pattern. */
#define FINDINGS_KEPT_PER_KIND 20
/* Kinds (code and table) kept apart; beyond them findings are counted per code only. Bounds memory on hostile input. */
#define FINDING_KINDS_MAX 20000

#endif
