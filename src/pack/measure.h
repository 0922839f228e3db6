/* How many bytes each member of a pack takes when it is packed: found out ahead of the packing, on a thread of its own. */
#ifndef PACK_MEASURE_H
#define PACK_MEASURE_H

#include "base/finding.h"

typedef struct measure measure;
typedef struct pack_stream pack_stream;

/* open: the stream of member i (NULL with a finding). It is called on the thread. NULL when out of memory. */
measure *measure_new(size_t members, pack_stream *(*open)(void *ctx, size_t i), void *ctx);
/* Waits for member i. UINT64_MAX: it could not be read. *raw (may be NULL): its bytes as they are. */
uint64_t measure_of(measure *m, size_t i, uint64_t *raw);
void measure_free(measure *m); /* stops it; m may be NULL */

#endif
