/* Contents packed before any archive is there to take them: whether that is worth it is known then, and several archives may
 * have the same bytes. */
#ifndef ZIP_ZIP_CONTENT_H
#define ZIP_ZIP_CONTENT_H

#include "base/sv.h"

typedef struct zip_content zip_content;

zip_content *zip_content_new(void);    /* NULL when out of memory */
void zip_content_free(zip_content *c); /* c may be NULL */

/* Packs one, instead of that before. False: it gets smaller by less than a twentieth (of a large one its beginning is tried), or
 * out of memory: it is better stored. The same content gives the same bytes. */
bool zip_content_pack(zip_content *c, sv content);
/* Of what was packed: raw deflate, the length and CRC-32 of the content. */
sv zip_content_packed(const zip_content *c);
uint64_t zip_content_bytes(const zip_content *c);
uint32_t zip_content_crc(const zip_content *c);

/* Whether a content that begins so gets smaller when it is compressed: by a twentieth at least. Forgets what was packed. */
bool zip_content_gains(zip_content *c, sv sample);

#endif
