/* The text of a value: the one form in which CSV, XLSX, SQL results and reports show it. NULL and an empty string both
 * have no characters here: the caller tells them apart by kind.
 *
 *   V_BOOL V_INT      digits                       V_DATE            2024-02-29
 *   V_DECIMAL         all digits of the scale      V_TIME            13:05:09.0000000
 *   V_REAL V_REAL32   the shortest text that reads back as the same number of that width (exponent form as 1e+30)
 *   V_GUID            6F9619FF-8B86-D011-B42D-00C04FC964FF
 *   V_BYTES           0x and lower-case hex        V_DATETIME        2024-02-29 13:05:09.123
 *   V_TEXT            itself                       V_DATETIMEOFFSET  2024-02-29 13:05:09.1234567 +01:00
 */
#ifndef SOURCE_VALUE_TEXT_H
#define SOURCE_VALUE_TEXT_H

#include "base/buf.h"
#include "source/value.h"

enum { VALUE_TEXT_MAX = 64 }; /* room that any kind but V_TEXT, V_BYTES and V_LOB may need */

/* Writes a value that is not V_TEXT, V_BYTES, V_LOB or V_UNREADABLE; returns the length (0 for V_NULL). No NUL. */
size_t value_text_fixed(const value *v, char out[VALUE_TEXT_MAX]);

/* Appends any value but V_LOB and V_UNREADABLE (which append nothing). */
void value_text(const value *v, buf *out);

/* Appends 0x-less lower-case hex of n bytes. */
void value_hex(const void *p, size_t n, buf *out);

/* Number texts, also used for the parts of other types. Each returns the length written, without NUL. */
size_t text_of_i64(int64_t x, char out[24]);
size_t text_of_double(double x, char out[32]);
size_t text_of_float(float x, char out[32]);

#endif
