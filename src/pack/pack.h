/* A bundle made ready to travel: parts that fit into a mail, each a complete sealed ZIP, and a cover note; and made a bundle
 * again. */
#ifndef PACK_PACK_H
#define PACK_PACK_H

#include "base/arena.h"
#include "base/finding.h"

/* Mails take 25 MB as a rule and grow by a third on the way. */
#define PACK_PART_BYTES     ((uint64_t)15 << 20)
#define PACK_PART_BYTES_MIN ((uint64_t)1 << 20)
/* What every opener takes without the larger form of a ZIP. */
#define PACK_PART_BYTES_MAX (((uint64_t)4 << 30) - 1)

typedef struct pack_options {
    const char *bundle; /* folder of a finished run, or of a stage after it */
    const char *out;    /* folder that the parts make; must not exist, or be empty */
    uint64_t part_bytes;
    const char *passphrase;
    const char *label;            /* a line of the cover note that says what this is; NULL: a bundle as it is */
    bool (*cancelled)(void *ctx); /* may be NULL */
    void *ctx;
} pack_options;

typedef enum pack_end {
    PACK_DONE,
    PACK_SOURCE, /* the bundle, or a part, cannot be used */
    PACK_OUTPUT,
    PACK_CANCELLED,
    PACK_FAILED
} pack_end;

typedef struct pack_part {
    sv name;
    uint64_t bytes;
    sv sha256; /* hex */
} pack_part;

/* A member that is in pieces. */
typedef struct pack_cut {
    sv name;
    unsigned pieces;
} pack_cut;

typedef struct pack_result {
    arena *mem;
    sv id; /* of the pack, hex: random */
    pack_part *part;
    size_t parts;
    pack_cut *cut;
    size_t cuts;
    bool nested; /* there is a ZIP of files whose names are private */
    uint64_t files, bytes;
} pack_result;

/* The findings say what went wrong; nothing is left then. pack_result_free in any case. */
pack_end pack_bundle(const pack_options *o, findings *f, pack_result *out);
void pack_result_free(pack_result *r);

typedef struct unpack_options {
    const char *const *part; /* files, or folders of parts */
    size_t parts;
    const char *out; /* folder that becomes the bundle; must not exist, or be empty */
    const char *passphrase;
    bool (*cancelled)(void *ctx);
    void *ctx;
} unpack_options;

typedef struct unpack_result {
    uint64_t files, bytes;
    size_t parts;
} unpack_result;

/* Every part is checked before anything is written, and the bundle against its manifest before it gets its name. */
pack_end unpack_bundle(const unpack_options *o, findings *f, unpack_result *out);

#endif
