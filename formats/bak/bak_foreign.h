/* Files that are called .bak and are something else: what they are, and what to do with them. */
#ifndef BAK_BAK_FOREIGN_H
#define BAK_BAK_FOREIGN_H

#include "source/row_source.h"

/* True when the first bytes (or the size) show a kind of file that is known: *what completes "FILE is ...", *advice is
 * one or two sentences. Both are static text. */
bool bak_name_foreign(const probe *p, sv *what, sv *advice);

#endif
