/* Numbers added up exactly: whole units and billionths, 18 digits before the point. */
#ifndef BASE_AMOUNT_H
#define BASE_AMOUNT_H

#include "base/buf.h"

typedef struct amount {
    int64_t whole, nano; /* both of one sign; |nano| < 10^9 */
} amount;

/* A sign, digits, a point, digits. False when it is none, or has more digits than are added up. */
bool amount_read(sv text, amount *out);
/* False when the sum has no room; *to is then what it was. */
bool amount_add(amount *to, amount x);
int amount_cmp(amount a, amount b);
/* Without zeroes at the end: "1250.5". */
void amount_text(buf *out, amount a);

/* What a column of money, numbers or dates holds in all. */
typedef struct column_total {
    uint64_t filled, odd; /* values; those that are no number or date, or have no room in the sum */
    amount sum, least, most;
    char first[32], last[32]; /* of dates, as YYYY-MM-DD hh:mm:ss */
} column_total;

void total_add_amount(column_total *t, amount x);
void total_add_moment(column_total *t, sv canonical);
/* Puts a second total into the first. */
void total_join(column_total *to, const column_total *from, bool numbers);
bool total_same(const column_total *a, const column_total *b, bool numbers);

#endif
