#include "base/date.h"
#include "base/digits.h"

/* Both directions count from 0000-03-01, so that a leap day is the last day of its year and months follow one linear
 * rule. date_civil is the multiply-and-shift form of Neri and Schneider, "Euclidean affine functions and their
 * application to calendar algorithms" (2021); the test walks every day there is. */
enum { MARCH_0000 = 306, DAYS_PER_400_YEARS = 146097 };

civil_date date_civil(int32_t days)
{
    uint32_t n = 4 * ((uint32_t)days + MARCH_0000) + 3;
    uint32_t century = n / DAYS_PER_400_YEARS;
    uint32_t n2 = (n % DAYS_PER_400_YEARS) | 3; /* 4 * (day of century) + 3 */
    uint64_t p = (uint64_t)2939745 * n2;        /* 2^32 / 1461, so that the high half is the year of the century */
    uint32_t year = 100 * century + (uint32_t)(p >> 32);
    uint32_t day_of_year = (uint32_t)p / 2939745 / 4;
    uint32_t m = 2141 * day_of_year + 197913; /* 2^16 / 30.6 days a month */
    bool next_year = day_of_year >= 306;      /* January and February */
    uint32_t month = (m >> 16) - (next_year ? 12U : 0U);
    return (civil_date){(int)(year + next_year), (int)month, (int)((m & 0xFFFF) / 2141) + 1};
}

int32_t date_days(int year, int month, int day)
{
    static const uint8_t month_days[13] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return -1;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (day > month_days[month] + (month == 2 && leap)) return -1;
    int y = month <= 2 ? year - 1 : year;
    int m = month <= 2 ? month + 9 : month - 3; /* March is 0 */
    return y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - MARCH_0000;
}

size_t date_text(int32_t days, char *out)
{
    civil_date d = date_civil(days);
    digits_2((unsigned)d.year / 100, out);
    digits_2((unsigned)d.year % 100, out + 2);
    out[4] = '-';
    digits_2((unsigned)d.month, out + 5);
    out[7] = '-';
    digits_2((unsigned)d.day, out + 8);
    return 10;
}

size_t time_text(const date_time *t, char *out)
{
    uint64_t unit = POWER_OF_10[t->scale];
    uint32_t second = (uint32_t)((uint64_t)t->ticks / unit);
    uint64_t fraction = (uint64_t)t->ticks - second * unit;
    digits_2(second / 3600, out);
    out[2] = ':';
    digits_2(second / 60 % 60, out + 3);
    out[5] = ':';
    digits_2(second % 60, out + 6);
    if (t->scale == 0) return 8;
    out[8] = '.';
    digits_padded(fraction, t->scale, out + 9);
    return 9U + t->scale;
}

size_t datetime_text(const date_time *t, char *out)
{
    size_t n = date_text(t->days, out);
    out[n] = ' ';
    return n + 1 + time_text(t, out + n + 1);
}

size_t datetimeoffset_text(const date_time *t, char *out)
{
    size_t n = datetime_text(t, out);
    unsigned minutes = (unsigned)(t->offset < 0 ? -t->offset : t->offset);
    out[n] = ' ';
    out[n + 1] = t->offset < 0 ? '-' : '+';
    digits_2(minutes / 60, out + n + 2);
    out[n + 4] = ':';
    digits_2(minutes % 60, out + n + 5);
    return n + 7;
}
