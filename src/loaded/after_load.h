/* What the commands after a load have in common: a finished bundle with its loads, a folder of their own that is made beside it,
 * a work file in that folder, and one way to end. */
#ifndef LOADED_AFTER_LOAD_H
#define LOADED_AFTER_LOAD_H

#include "convert/stage_folder.h"
#include "deliver/list_file.h"
#include "loaded/after_load_end.h"
#include "loaded/loads.h"
#include "loaded/work.h"

typedef struct after_load {
    const char *doing; /* "comparing an export": what was done when memory ran out */
    arena *mem;
    findings *found; /* borrowed */
    loads l;
    stage_folder *folder; /* NULL before after_load_folder */
    load_work *work;      /* the same; NULL again when it is no longer needed */
    after_load_end end;
} after_load;

/* Reads the loads of the bundle's destination `to` (NULL: the only one). False with a finding and `end` set, as all that
 * follow; after_load_close in any case. */
bool after_load_open(after_load *a, const char *doing, const char *bundle, const char *to, findings *f);
/* The folder, in `out` or beside the bundle, and the work file. below: with one of the destination's own in it. */
bool after_load_folder(after_load *a, const char *out, const char *suffix, bool below);
/* A list of the folder; path must outlive the folder. */
list_file *after_load_list(after_load *a, sv path, const char *heading);
/* Closes it, whole, and puts it into the manifest. */
bool after_load_list_done(after_load *a, list_file *list, sv path);
/* Removes the work file: what follows is written from memory. */
void after_load_work_done(after_load *a);
/* The folder gets its manifest and its name. *path: that of it, to be freed. */
bool after_load_finish(after_load *a, const char *what, char **path);
void after_load_close(after_load *a);

/* Both are false. The first cause stays. */
bool after_load_stop(after_load *a, after_load_end end);
bool after_load_no_memory(after_load *a);

#endif
