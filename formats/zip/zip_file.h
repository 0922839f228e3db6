/* The file of an archive: written at its end through a buffer; headers that were written are filled in later. Internal to this
 * folder. */
#ifndef ZIP_ZIP_FILE_H
#define ZIP_ZIP_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct zip_file zip_file;

zip_file *zip_file_new(const char *path, const char **why); /* NULL and *why when it cannot be made */
uint64_t zip_file_bytes(const zip_file *f);
/* Overwrites n bytes at `at`, all of which were written before. */
bool zip_file_rewrite(zip_file *f, uint64_t at, const void *p, size_t n);
bool zip_file_append(zip_file *f, const void *p, size_t n);
/* From here on, before anything is written: tell gets all bytes of the file, once, in order, as soon as none of them will be
 * overwritten any more. */
void zip_file_tell(zip_file *f, void (*tell)(void *ctx, const void *p, size_t n), void *ctx);
/* What was written up to now stays as it is. */
bool zip_file_settle(zip_file *f);
const char *zip_file_why(const zip_file *f);        /* what failed; NULL: nothing */
bool zip_file_close(zip_file *f, const char **why); /* and frees it */

#endif
