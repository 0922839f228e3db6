/* Parts as they came: what each says it is, checked before anything is taken from it. Everything in them may be made to harm. */
#ifndef PACK_PART_READER_H
#define PACK_PART_READER_H

#include "archive/opened.h"
#include "base/arena.h"
#include "pack/part_form.h"

typedef struct part_file {
    const char *path;
    uint64_t bytes;
    sv sha256;     /* of the whole file, hex */
    sv pack;       /* of which pack it says it is */
    unsigned part; /* from 1 */
} part_file;

typedef struct part_cut {
    sv name;
    unsigned pieces;
} part_cut;

/* What the last part tells of all. */
typedef struct part_index {
    sv pack;
    unsigned parts;
    uint64_t files, bytes;
    sv *sha256; /* of all parts but the last one */
    part_cut *cut;
    size_t cuts;
    sv *empty; /* folders without files */
    size_t empties;
} part_index;

/* Whole by the hash in its comment, opened by the passphrase, and what it says of itself; in mem. False with a finding. */
bool part_file_check(const char *path, const char *passphrase, arena *mem, findings *f, part_file *out);

/* The index in a part, in mem. *there false: it has none. False with a finding. */
bool part_index_read(const part_file *p, const char *passphrase, arena *mem, findings *f, part_index *out, bool *there);

/* The finding that says how reading a part ended; always false. name: of the member. */
bool part_says(const char *path, archive_in_state s, const archive_in *a, findings *f);

#endif
