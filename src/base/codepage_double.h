/* Double-byte code pages through the C library's iconv. Internal to codepage.c. */
#ifndef BASE_CODEPAGE_DOUBLE_H
#define BASE_CODEPAGE_DOUBLE_H

#include "base/sv.h"

/* As codepage_to_utf8, for the encoding with this iconv name. glibc's CP932, CP936, CP949 and CP950 agree with the
 * Windows tables in every pair but those of the user-defined areas, which have no meaning without the user's own font:
 * they become U+FFFD and are counted like any other pair without meaning. */
size_t codepage_double_to_utf8(const char *encoding, sv s, char *out, size_t *bad);

#endif
