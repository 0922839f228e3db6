/* One patient as two are compared, and the comparison. */
#ifndef QUALITY_DUPLICATE_SCORE_H
#define QUALITY_DUPLICATE_SCORE_H

#include "quality/duplicates.h"
#include "quality/similar.h"

enum { PERSON_PHONES = 5 };

typedef struct person {
    sv source_key, src_key;
    sv last, first, nickname, suffix; /* folded */
    nicknames names;                  /* of the first name and the nickname */
    int year, month, day;             /* of birth; year 0: unknown */
    uint64_t phone[PERSON_PHONES];    /* hashes; 0: none, as below */
    uint64_t email, address, postal_code, chart_number, national_id;
    uint32_t last_sound, first_sound;
    char middle, sex; /* first letter; 0: unknown */
} person;

/* False: not reported. */
bool persons_compare(const person *a, const person *b, int *score, unsigned *why, duplicate_level *level);

#endif
