/* Exams that were entered twice: one patient, one day, one provider, and the same values. Two exams of a day with other
 * values are two exams. */
#ifndef QUALITY_EXAM_REPEATS_H
#define QUALITY_EXAM_REPEATS_H

#include "base/arena.h"
#include "base/finding.h"

typedef struct exam_digest {
    sv src_key;           /* of the exam */
    sv patient, provider; /* src_keys; no provider is a provider */
    sv exam_at;           /* canonical: its first ten characters are the day */
    uint64_t digest[2];   /* of teeth and values, whatever their order in the source */
    uint64_t values;      /* how many the digest was made of; exams without any are never a pair */
} exam_digest;

typedef struct exam_repeat {
    sv first, again; /* src_keys; the first is the earliest, then the smallest key */
} exam_repeat;

/* Sorts the list. Each exam but the first of its kind is one repeat, told by a finding; both stay. False when memory
 * ended. */
bool exam_repeats(exam_digest *list, size_t n, arena *mem, findings *f, exam_repeat **out, size_t *repeats);

#endif
