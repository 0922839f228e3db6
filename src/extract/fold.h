/* Letter case set aside, for comparing names. Coarser than any one file system: what differs here differs everywhere.
 * */
#ifndef EXTRACT_FOLD_H
#define EXTRACT_FOLD_H

#include "base/buf.h"

/* Appends s with upper- and lower-case letters of the Latin, Greek, Cyrillic and Armenian scripts made one. In corners
 * of these scripts where the pairs are irregular, further letters are taken for the same: two names that fold alike may
 * still differ, two names that a file system takes for one always fold alike. */
void fold_case(buf *out, sv s);

#endif
