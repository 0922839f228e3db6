/* Patients that may be one person. Nobody is merged: pairs are scored, explained and listed, for the practice to
 * decide. Works on the staged table main.patient and the staged tables that refer to it.
 *
 * Two patients are compared when they share a block: the sound of the last name and the year of birth, a phone, an
 * e-mail address, a national number, or the sound of the whole name and the postal code. Each field that agrees or
 * differs adds a weight (Fellegi and Sunter 1969: the binary logarithm of how much oftener that is seen in one person's
 * records than in two persons'); weights and thresholds stand in duplicate_score.c. Different first names are never a
 * pair (twins, families), nor are Jr and Sr. Memory is linear in the patients; a block of more than
 * DUPLICATE_BLOCK_MAX is sorted by name and only neighbours are compared, and a finding says so. */
#ifndef QUALITY_DUPLICATES_H
#define QUALITY_DUPLICATES_H

#include "base/arena.h"
#include "base/finding.h"
#include "base/status.h"
#include <sqlite3.h>

enum { DUPLICATE_BLOCK_MAX = 200, DUPLICATE_NEIGHBOURS = 20 };

/* What a pair's score is made of, bits; duplicate_words gives them in words. */
enum {
    SAME_LAST = 1 << 0,
    SIMILAR_LAST = 1 << 1,
    OTHER_LAST = 1 << 2,
    SAME_FIRST = 1 << 3,
    NICKNAME = 1 << 4,
    SIMILAR_FIRST = 1 << 5,
    INITIAL_FIRST = 1 << 6,
    SAME_BIRTH = 1 << 7,
    SWAPPED_BIRTH = 1 << 8,
    CLOSE_BIRTH = 1 << 9,
    OTHER_BIRTH = 1 << 10,
    NO_BIRTH = 1 << 11,
    SAME_PHONE = 1 << 12,
    SAME_EMAIL = 1 << 13,
    SAME_POSTAL_CODE = 1 << 14,
    SAME_ADDRESS = 1 << 15,
    SAME_CHART_NUMBER = 1 << 16,
    OTHER_CHART_NUMBER = 1 << 17,
    SAME_NATIONAL_ID = 1 << 18,
    OTHER_MIDDLE = 1 << 19,
    OTHER_SEX = 1 << 20,
    OTHER_NATIONAL_ID = 1 << 21
};

typedef enum duplicate_level { DUPLICATE_POSSIBLE, DUPLICATE_CERTAIN } duplicate_level;

typedef struct duplicate_pair {
    sv a, b;      /* source keys, a before b */
    int score;    /* tenths of a bit */
    unsigned why; /* bits as above */
    duplicate_level level;
    uint32_t group; /* from 0: pairs that share a patient are of one group */
} duplicate_pair;

typedef struct duplicate_patient {
    sv source_key, src_key;
    uint32_t group;
    uint64_t clinical_rows; /* exams, plans, notes and whatever else refers to the patient */
    sv latest;              /* of their dates; empty: none */
    bool primary;           /* proposed to stay: most clinical rows, then the latest, then the first key */
} duplicate_patient;

typedef struct duplicates {
    arena *mem;
    const duplicate_patient *patient; /* of a pair, ordered by group, the primary first, then by source key */
    size_t patients;
    const duplicate_pair *pair; /* ordered by group, then the highest score first */
    size_t pairs, groups;
    uint64_t compared; /* pairs that were looked at */
} duplicates;

/* ST_FATAL with a finding when the database fails or memory ends; nothing has to be freed then. A database without
 * main.patient has no duplicates. */
status duplicates_find(sqlite3 *db, findings *f, duplicates *out);
void duplicates_free(duplicates *d);

/* Appends "same last name; nickname; same date of birth". */
void duplicate_words(unsigned why, buf *out);

#endif
