/* Archives as files: ZIP, 7z, tar and gzip, through libarchive. Members are unpacked one after the other into memory or,
 * when they are too large for it, into a work file that has no name and nobody else can open. Nothing is ever written
 * under a name that an archive gives. */
#ifndef ARCHIVE_UNPACK_H
#define ARCHIVE_UNPACK_H

#include "base/arena.h"
#include "base/byte_source.h"

/* Holds what was unpacked; outlives the byte sources made of it. */
typedef struct archive_store archive_store;

/* folder: where the work file is made when one is needed; NULL: the system's folder for temporary files. NULL when out of
 * memory. */
archive_store *archive_store_new(const char *folder, findings *f);
void archive_store_free(archive_store *s);

/* By the first bytes. */
bool archive_begins(const void *p, size_t n);

/* Who asks for members. */
typedef struct archive_taker {
    /* Shall it be unpacked? `first` are its first bytes. */
    bool (*wanted)(void *ctx, sv path, const void *first, size_t n);
    /* An unpacked member; it is the taker's now and must be closed before the store is freed. */
    status (*take)(void *ctx, byte_source *member);
    /* A member that was not wanted. */
    void (*passed)(void *ctx, sv path);
    void *ctx;
} archive_taker;

/* Unpacks the file. `depth`: archives that it lies in. ST_OK, or ST_FATAL with a finding: the archive is hostile, broken or
 * encrypted, or taking a member failed. */
status archive_unpack(archive_store *s, byte_source *file, unsigned depth, const archive_taker *t);

#endif
