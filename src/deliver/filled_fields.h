/* Which fields of a row have a value, as text: 8 hex digits that stand for the fields' names, then a digit for each four of them, the
 * first the highest bit. It says nothing of the values. */
#ifndef DELIVER_FILLED_FIELDS_H
#define DELIVER_FILLED_FIELDS_H

#include "base/sv.h"
#include <stdint.h>

enum { FILLED_LAYOUT = 8, FILLED_FIELDS_MAX = 4096, FILLED_MAX = FILLED_LAYOUT + FILLED_FIELDS_MAX / 4 };

/* Begins the text with what stands for the names. */
void filled_layout(const sv *field, size_t fields, char out[FILLED_LAYOUT]);
/* The digits behind it; end: where each field ends, one behind the other. Returns the length of the whole text; 0: too many fields. */
size_t filled_digits(const size_t *end, size_t fields, char out[FILLED_MAX]);
/* Whether the text can be asked about a layout's fields. */
bool filled_is_of(sv text, sv other, size_t fields);
bool filled_has(sv text, size_t field);

#endif
