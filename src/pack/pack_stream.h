/* The bytes of a member of a pack, in order: a file of the bundle, held against the hash that the manifest has of it, or the
 * plain ZIP of files whose names are private. */
#ifndef PACK_PACK_STREAM_H
#define PACK_PACK_STREAM_H

#include "base/finding.h"

/* A file of the bundle. */
typedef struct pack_file {
    sv path;   /* relative */
    sv sha256; /* hex; empty: of the manifest itself */
    uint64_t bytes;
} pack_file;

typedef struct pack_stream pack_stream;

/* NULL with a finding. file, and what it points to, must outlive it; n files become one ZIP. */
pack_stream *pack_stream_file(const char *bundle, const pack_file *file, findings *f);
pack_stream *pack_stream_nest(const char *bundle, const pack_file *file, size_t n, findings *f);
void pack_stream_free(pack_stream *s); /* s may be NULL */
/* *got 0: the end. False with a finding: it cannot be read, or is not what the manifest says. */
bool pack_stream_read(pack_stream *s, void *to, size_t room, size_t *got);

#endif
