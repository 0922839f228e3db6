/* Everything in a run folder. */
#ifndef CONVERT_TREE_H
#define CONVERT_TREE_H

#include "base/arena.h"

#define TREE_MANIFEST "manifest.json"
#define TREE_LOG      "run.log"
#define TREE_KEY      "state/key.txt"

typedef struct tree {
    sv *file; /* relative paths with '/' between names, sorted; NUL behind each */
    size_t files;
    sv *folder;
    size_t folders;
} tree;

/* In mem. The log of a run (run_log.h) and the key of its state (deliver/load_state.h) are no files of its bundle and are not listed:
 * neither is packed, and nobody misses them elsewhere. False and *why when it cannot be listed, is deeper than five folders or holds more than 2,000,000 entries. */
bool tree_list(const char *folder, arena *mem, tree *out, const char **why);

#endif
