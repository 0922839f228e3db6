/* Exact decimal numbers inside SQL: how SQL Server's decimal and money travel through SQLite, which knows none
 * (SQL.md). */
#ifndef SQL_SQL_EXACT_H
#define SQL_SQL_EXACT_H

#include "base/decimal.h"
#include <sqlite3.h>

__extension__ typedef __int128 sql_i128;
__extension__ typedef unsigned __int128 sql_u128;

/* magnitude * 10^-scale; the magnitude below 10^38, the scale 0..38. */
typedef struct exact {
    sql_u128 magnitude;
    bool negative;
    uint8_t scale;
} exact;

exact exact_from_i64(int64_t x);
exact exact_from_decimal(const decimal *d);
decimal exact_decimal(const exact *x);
/* Optional sign, digits, a point, an exponent; blanks around it. False for anything else and beyond 38 digits. */
bool exact_parse(sv text, exact *out);
/* The decimal number that a double stands for: the one of at most 15 digits that rounds to it. False when there is none
 * (the double is the result of arithmetic, or of a float): then *out is its value rounded to 15 digits, *near tells
 * whether even that could be had. `hint`: the scale to try first. */
bool exact_from_double(double x, unsigned hint, exact *out, bool *near);
int exact_cmp(const exact *a, const exact *b);
/* False when the result has more than 38 digits. */
bool exact_add(const exact *a, const exact *b, exact *out);
bool exact_multiply(const exact *a, const exact *b, exact *out);
void exact_trim(exact *x); /* removes zeros at the end of the fraction */
/* True when the number has at most 15 digits, so that a double stands for it and no other such number. */
bool exact_to_double(const exact *x, double *out);
double exact_near_double(const exact *x);
/* All digits, at least `scale` of them behind the point. Returns the length; no NUL. */
enum { EXACT_TEXT_MAX = 96 };
size_t exact_text(const exact *x, unsigned scale, char out[EXACT_TEXT_MAX]);

/* A REAL that stands for a decimal carries its scale as the subtype EXACT_SUBTYPE + scale, for those who print it. */
enum { EXACT_SUBTYPE = 0x80 };

/* What a decimal is to SQL (SQL.md): an INTEGER, a REAL that stands for it, or a TEXT of all its digits. */
typedef enum exact_form { EXACT_INTEGER, EXACT_REAL, EXACT_DIGITS_ALL } exact_form;
exact_form exact_form_of(const exact *x, unsigned scale, bool always_text, int64_t *integer, double *real);
/* Hands a decimal to SQLite as that. */
void exact_result(sqlite3_context *ctx, const exact *x, unsigned scale, bool always_text);
/* The number nearest to a double, of at most 15 digits; false when it has none. */
bool exact_of_double(double x, exact *out);
/* What a value holds; false when it is no number. */
bool exact_of_value(sqlite3_value *v, exact *out);

/* Collation "decimal": numbers by value, before all that is no number. */
int exact_collate(void *unused, int an, const void *a, int bn, const void *b);
uint64_t exact_hash(const exact *x); /* the same for equal numbers */

#endif
