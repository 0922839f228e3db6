/* What stands in the text of a date, before anybody says what it means. Internal to normalize. */
#ifndef NORMALIZE_DATE_READ_H
#define NORMALIZE_DATE_READ_H

#include "base/sv.h"
#include "normalize/letters.h"

typedef enum date_kind {
    DATE_CERTAIN,    /* year, month and day are known: ISO, with a month's name, with dots (day first) */
    DATE_TWO_FIGURES /* first/second/year: which is the month must be told */
} date_kind;

typedef struct date_read {
    date_kind kind;
    int year, month, day; /* of DATE_TWO_FIGURES: month is the first figure, day the second */
    bool short_year;      /* two digits: 0 to 99 */
    bool has_time;
    int hour, minute, second; /* 24 hours */
    sv fraction;              /* digits behind the second, without zeros at the end; borrowed from the text */
    bool has_offset;
    int offset; /* minutes ahead of UTC */
} date_read_result;

/* False when the text is no date (a time behind it allowed). Figures are within what a calendar has, but the day may be
 * one that the month lacks. */
bool date_read(sv in, date_read_result *out);

/* 1 to 12 for a month's name or its usual abbreviation in English or Turkish; 0: none. */
int date_month_named(const folded *word);

#endif
