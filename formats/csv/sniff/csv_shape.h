/* What the values of a column look like: learnt from rows that are whole, asked when one is broken, and to tell a row of
 * names from a row of data. */
#ifndef CSV_CSV_SHAPE_H
#define CSV_CSV_SHAPE_H

#include "base/sv.h"

typedef enum shape_kind {
    SHAPE_EMPTY = 1,
    SHAPE_INTEGER = 2,
    SHAPE_NUMBER = 4, /* with a point or comma, perhaps an exponent */
    SHAPE_DATE = 8,   /* digits in groups: date, time, both */
    SHAPE_HEX = 16,   /* 0x... */
    SHAPE_GUID = 32,
    SHAPE_WORD = 64, /* could be a name of a column: begins with a letter, letters, digits, _ and few blanks */
    SHAPE_TEXT = 128
} shape_kind;

shape_kind shape_of(sv value);

typedef struct column_shape {
    unsigned kinds;  /* of all values seen */
    uint32_t values; /* seen that are not empty */
    uint32_t shortest, longest;
    bool blank_first; /* some value begins with a blank */
} column_shape;

void shape_learn(column_shape *c, sv value);
/* False when no value seen so far was like this one, and enough were seen to say so. */
bool shape_fits(const column_shape *c, sv value);
/* The column is one of numbers, dates, codes: not of text. */
bool shape_is_strict(const column_shape *c);

#endif
