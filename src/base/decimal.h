/* Exact decimal numbers up to 38 digits, as SQL Server keeps them: sign, 128-bit magnitude, scale. No double anywhere.
 * */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include "base/sv.h"

typedef struct decimal {
    uint64_t lo, hi; /* magnitude, an integer; value = magnitude * 10^-scale */
    uint8_t scale;   /* 0..38 */
    bool negative;   /* never set when the magnitude is 0 */
} decimal;

enum { DECIMAL_TEXT_MAX = 42 }; /* sign, 38 digits, point, a zero before the point, NUL */

decimal decimal_from_i64(int64_t units, uint8_t scale);
/* True when the magnitude has at most `precision` digits. */
bool decimal_fits(const decimal *d, unsigned precision);
/* All digits of the scale: "-12.50" for scale 2, "0.07", "5" for scale 0. Returns the length; no NUL is written. */
size_t decimal_text(const decimal *d, char out[DECIMAL_TEXT_MAX]);

#endif
