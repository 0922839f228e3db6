/* One backup file (a media family): what it is part of, and the sets in it. */
#ifndef BAK_BAK_MEDIA_H
#define BAK_BAK_MEDIA_H

#include "bak/bak_set.h"

typedef struct bak_media {
    mtf_input in;
    sv path;
    uint32_t block_bytes; /* physical block size */
    uint8_t guid[16];     /* of the media set: equal in all its parts; zero: unknown */
    unsigned families, family, mirrors;
    bak_set *set;
    size_t sets;
    uint64_t unknown_at, unknown_bytes; /* in the file, behind what was understood */
} bak_media;

/* Walks the whole file, with the keys given (may be NULL) where it is encrypted. ST_OK, or ST_FATAL with a finding: no SQL Server backup, encrypted, another product's tape, an
 * old server, reading failed. `m` keeps what was understood then too. scratch: see mssqlbak_scratch_start.
 * bak_media_close in both cases. */
status bak_media_open(byte_source *file, const key_ring *keys, void *scratch, arena *a, findings *f, bak_media *m);
void bak_media_close(bak_media *m);

/* Adds the findings about a set that breaks off or has a gap. */
void bak_set_report(const bak_media *m, const bak_set *s, findings *f);

#endif
