/* Double-byte code pages by the system's tables. Internal to codepage.c. */
#ifndef BASE_CODEPAGE_DOUBLE_H
#define BASE_CODEPAGE_DOUBLE_H

#include "base/sv.h"

/* As codepage_to_utf8, for 932, 936, 949 and 950. What glibc and Windows say of these agrees in every pair but those of
 * the user-defined areas, which have no meaning without the user's own font: they become U+FFFD and are counted like any
 * other pair without meaning. */
size_t codepage_double_to_utf8(unsigned page, sv s, char *out, size_t *bad);

#endif
