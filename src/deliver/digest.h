/* What is said of a file in a manifest: its size, its SHA-256, and the records it holds when it is CSV. */
#ifndef DELIVER_DIGEST_H
#define DELIVER_DIGEST_H

#include "base/arena.h"

enum { SHA256_HEX = 64 };

typedef struct sha256 sha256;
sha256 *sha256_new(void); /* NULL when it cannot be had */
void sha256_add(sha256 *s, const void *p, size_t n);
bool sha256_end(sha256 *s, char hex[SHA256_HEX + 1]); /* and frees it; false when a step failed */
void sha256_free(sha256 *s);                          /* s may be NULL */

typedef struct file_digest {
    uint64_t bytes, records; /* records: by reading the quotes, the header counted too */
    char sha256[SHA256_HEX + 1];
} file_digest;

/* Reads the file once. False and *why when it cannot. */
bool digest_file(const char *path, file_digest *out, const char **why);

/* One hash over names and contents of the files of a folder (not of folders in it), in the order of their names. */
bool digest_folder(const char *folder, arena *mem, char hex[SHA256_HEX + 1], const char **why);

#endif
