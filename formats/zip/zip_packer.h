/* Deflate for large contents on two threads: two blocks at a time, each with the end of the one before as its dictionary, so that
 * they pack nearly as well as one stream. The same content gives the same bytes, with one processor or two. Internal to this
 * folder. */
#ifndef ZIP_ZIP_PACKER_H
#define ZIP_ZIP_PACKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct zip_packer zip_packer;
typedef bool (*zip_packed)(void *ctx, const void *p, size_t n);

zip_packer *zip_packer_new(void);    /* NULL when out of memory */
void zip_packer_free(zip_packer *p); /* p may be NULL */

/* The level of ZIP_FAST. */
enum { ZIP_FAST_LEVEL = 1 };

/* A content, of zlib's level, whose raw deflate goes to take. False when take returns false, or out of memory. */
void zip_packer_begin(zip_packer *p, int level);
bool zip_packer_add(zip_packer *p, const void *bytes, size_t n, zip_packed take, void *ctx);
bool zip_packer_end(zip_packer *p, zip_packed take, void *ctx);

#endif
