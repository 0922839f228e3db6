/* Mistakes in files that people write (profiles, templates): all of them at once, each with file, line and column. */
#ifndef BASE_PROBLEM_H
#define BASE_PROBLEM_H

#include "base/arena.h"
#include "base/buf.h"

typedef struct problem {
    sv file;
    unsigned line, column; /* from 1; 0: the file as a whole */
    sv text;               /* a sentence without a full stop, with a suggestion where there is one */
} problem;

typedef struct problems {
    arena *mem; /* borrowed */
    problem *item;
    size_t n, room;
    bool failed; /* out of memory: some may be missing */
} problems;

/* Beyond PROBLEMS_MAX only counted, and the last one says so. */
enum { PROBLEMS_MAX = 1000 };

void problem_add(problems *p, sv file, unsigned line, unsigned column, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* By file, line, column. */
void problems_sort(problems *p);
/* "contact.yaml:14:9: unknown key ..." and a newline each. */
void problems_text(const problems *p, buf *out);

/* The candidate that differs least from a misspelt word; {NULL, 0} when none is near. */
sv problem_suggest(sv word, const sv *candidate, size_t n);

#endif
