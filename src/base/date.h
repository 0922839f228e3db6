/* Calendar maths on the proleptic Gregorian calendar, years 1 to 9999. No time zones. */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include "base/sv.h"

enum {
    DATE_DAYS_MAX = 3652058, /* 9999-12-31 as days since 0001-01-01 */
    DATE_1900 = 693595,      /* 1900-01-01 */
    DATETIME_TEXT_MAX = 40
};

typedef struct civil_date {
    int year, month, day;
} civil_date;

civil_date date_civil(int32_t days);             /* 0 <= days <= DATE_DAYS_MAX */
int32_t date_days(int year, int month, int day); /* -1 when there is no such day */

/* A moment or a part of one. Which fields count is told by the value's kind (source/value.h). */
typedef struct date_time {
    int64_t ticks;  /* since midnight, units of 10^-scale seconds; 0 <= ticks < 86400 * 10^scale */
    int32_t days;   /* since 0001-01-01 */
    int16_t offset; /* minutes; local = UTC + offset. days and ticks of a V_DATETIMEOFFSET are LOCAL */
    uint8_t scale;  /* digits of the fraction of a second, 0..7 */
} date_time;

/* "2024-02-29", "13:05:09.0000000" (scale digits, no point when scale is 0), both with a blank between, and with
 * " +01:00" behind. Each returns the length; no NUL is written. */
size_t date_text(int32_t days, char *out);
size_t time_text(const date_time *t, char *out);
size_t datetime_text(const date_time *t, char *out);
size_t datetimeoffset_text(const date_time *t, char *out);

#endif
