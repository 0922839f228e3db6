/* The end of a bundle: deleted with everything of it that lies beside it, and a receipt left. */
#ifndef PACK_FORGET_H
#define PACK_FORGET_H

#include "base/arena.h"
#include "base/finding.h"

typedef struct forget_result {
    sv receipt; /* path, in mem */
    uint64_t files, bytes;
    size_t folders, lists; /* folders of stages after the run, and lists of tokens, that went with it */
} forget_result;

/* Deletes the folder of a run, or what an unfinished one has left, the folders of stages that were made from it and lists of
 * tokens, where these lie beside it. Refuses what is not one of chartferry's, holds other files or links, or is being written.
 * Nothing is followed out of it. False with a finding; out->receipt is there as soon as something was deleted. */
bool forget_bundle(const char *folder, arena *mem, findings *f, forget_result *out);

#endif
