/* What of a bundle is in: the files that came back from its load, held against it row by row. From a finished bundle and a
 * folder of results a further folder is made: a matrix that adds up, a page for people, and what is not in, ready to be
 * loaded again. */
#ifndef LOADED_RECONCILE_H
#define LOADED_RECONCILE_H

#include "base/finding.h"
#include "base/sv.h"
#include "loaded/after_load_end.h"

typedef struct reconcile_options {
    const char *bundle;  /* folder of a run */
    const char *results; /* folder of what came back */
    const char *to;      /* destination; NULL: the only one */
    const char *out;     /* the new folder is made in it; NULL: beside the bundle */
} reconcile_options;

typedef struct reconcile_result {
    uint64_t rows, created, updated, seen, failed, unknown; /* of the bundle: rows = the sum of the others */
    uint64_t extra;                                         /* keys that the bundle never had */
    uint64_t files;                                         /* that spoke of the load */
    char *folder;                                           /* the new one, zero-terminated; to be freed; NULL: none */
} reconcile_result;

after_load_end reconcile(const reconcile_options *o, reconcile_result *out, findings *f);

#endif
