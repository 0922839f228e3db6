/* A document on its way: read once from the source, then known (length, type, SHA-256, and that it is whole), then given to
 * each destination. Small ones wait in memory, larger ones in a nameless file beside the output. Internal to this folder. */
#ifndef DOCUMENTS_SPOOL_H
#define DOCUMENTS_SPOOL_H

#include "content/content.h"
#include "content/content_type.h"
#include "deliver/digest.h"
#include "zip/zip_content.h"

typedef struct spool spool;

/* folder: of the nameless file; NULL: nothing is kept, only told. NULL when out of memory. */
spool *spool_new(const char *folder);
void spool_free(spool *s); /* s may be NULL */

typedef struct spooled {
    uint64_t bytes;
    const content_type *type;
    char sha256[SHA256_HEX + 1];
} spooled;

/* Reads the whole content. CONTENT_WHOLE, or why there is none. *why: what failed here, not in the source; NULL else. */
content_end spool_take(spool *s, content_reader *r, const content_place *p, spooled *out, const char **why);
/* A content that is in memory already. */
bool spool_put(spool *s, sv content, spooled *out);

/* Whether it gets smaller when it is compressed, told by its beginning; for who compresses, since trying costs more than all the
 * rest. What waits in memory is packed by the first who asks. */
bool spool_packs(spool *s, const spooled *x);
/* Of one that does: packed, once for all who ask. NULL: it does not wait in memory. */
const zip_content *spool_packed(const spool *s);
/* Gives all of it, piece by piece, until take returns false. False then, or with *why when it could not be read back. */
bool spool_give(spool *s, bool (*take)(void *ctx, const void *p, size_t n), void *ctx, const char **why);
/* The whole, when it waits in memory; p NULL: it does not. Valid until the next content. */
sv spool_view(const spool *s);

#endif
