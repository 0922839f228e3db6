/* Real files, which are no part of the repository. */
#ifndef TESTS_CORPUS_H
#define TESTS_CORPUS_H

#include "testing.h"

/* False, and said so, in a clone without them: the test skips itself. */
static inline bool corpus_is_here(void)
{
    FILE *f = fopen(CHARTFERRY_CORPUS "/INDEX.md", "rb");
    if (f) fclose(f);
    if (!f) print_message("skipped: corpus absent\n");
    return f != NULL;
}

#endif
