/* Everything in a run folder. */
#ifndef CONVERT_TREE_H
#define CONVERT_TREE_H

#include "base/arena.h"

#define TREE_MANIFEST "manifest.json"
#define TREE_LOG      "run.log"

typedef struct tree {
    sv *file; /* relative paths with '/' between names, sorted; NUL behind each */
    size_t files;
    sv *folder;
    size_t folders;
} tree;

/* In mem. The log of a run (run_log.h) is no file of its bundle and is not listed. False and *why when it cannot be listed, is deeper than five folders or holds more than 2,000,000 entries. */
bool tree_list(const char *folder, arena *mem, tree *out, const char **why);

#endif
