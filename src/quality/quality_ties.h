/* What a practice's own reports say too, so that old and new can be held against each other: how many patients are active, exams
 * of each year, first and last dates, sums of money. Over all records that were staged. */
#ifndef QUALITY_QUALITY_TIES_H
#define QUALITY_QUALITY_TIES_H

#include "base/amount.h"
#include "base/arena.h"
#include "model/model.h"
#include <sqlite3.h>

typedef enum tie_kind {
    TIE_RECORDS, /* all of them */
    TIE_WORD,    /* those whose field has the word; empty: has none */
    TIE_YEAR,    /* those whose field lies in the year; empty: has none */
    TIE_FIRST,   /* the first day of the field, */
    TIE_LAST,    /* and the last */
    TIE_SUM,     /* of the field, in one currency; empty: no record says which */
    TIE_BALANCE  /* of the field, of each patient's latest record that has it */
} tie_kind;

typedef struct quality_tie {
    tie_kind kind;
    const model_entity *entity;
    const model_field *field; /* NULL: TIE_RECORDS */
    sv value;                 /* word, year, currency */
    uint64_t records;         /* that are counted, or have a value of the field */
    uint64_t unadded;         /* values that had no room in the sum */
    amount sum;
    sv day; /* YYYY-MM-DD */
} quality_tie;

/* Words, years and currencies of one field that are told apart; further ones are counted as "other", and their amounts are
 * not added. */
enum { TIE_VALUES_MAX = 200 };

/* In the order of a sheet to fill in. False when the work file failed, or memory did. In mem. */
bool quality_ties(sqlite3 *work, arena *mem, const quality_tie **out, size_t *n);

#endif
