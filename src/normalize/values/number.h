/* Numbers as people write them. Internal to normalize. */
#ifndef NORMALIZE_NUMBER_H
#define NORMALIZE_NUMBER_H

#include "base/sv.h"

enum { NUMBER_TEXT_MAX = 60 /* 38 digits, as decimal columns hold, and marks between */ };
enum { NUMBER_CURRENCY = 1, NUMBER_PERCENT = 2 };

typedef struct number {
    bool negative;                                            /* -5, 5-, (5) */
    char whole[2 * NUMBER_TEXT_MAX], behind[NUMBER_TEXT_MAX]; /* digits, without zeros in front */
    size_t whole_n, behind_n;
    char mark;            /* the decimal mark that the text shows, by a fraction or by the thousands' sign; 0: none */
    bool either;          /* 1.250: behind the mark may be thousands; whole and behind are parted at it */
    const char *currency; /* ISO 4217, "$" for a dollar of no country; NULL: none is named */
} number;

/* accept: NUMBER_* that may stand beside the digits. False: no number. */
bool number_read(sv in, unsigned accept, number *out);

/* The code of a currency's name or sign; "$" for the bare sign; NULL: not known. */
const char *currency_named(sv text);

#endif
