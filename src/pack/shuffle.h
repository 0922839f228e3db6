/* Rows of a file brought into a random order, with little memory: the order of a practice's records tells who they are to
 * whoever has a list of its patients. */
#ifndef PACK_SHUFFLE_H
#define PACK_SHUFFLE_H

#include "base/finding.h"

typedef struct shuffle shuffle;

/* folder: for nameless work files. NULL with a finding. */
shuffle *shuffle_new(const char *folder, findings *f);
void shuffle_free(shuffle *s); /* s may be NULL */
bool shuffle_add(shuffle *s, sv row);
/* All rows, each once, in random order. take false ends it. False with a finding, or when take was false. */
bool shuffle_give(shuffle *s, bool (*take)(void *ctx, sv row), void *ctx);

#endif
