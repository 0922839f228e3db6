/* Fix-back files: rows of a part that are not in, with all of its columns in its order, ready to be corrected and loaded
 * again. */
#ifndef LOADED_FIX_BACK_H
#define LOADED_FIX_BACK_H

#include "convert/stage_folder.h"
#include "deliver/bundle_file.h"
#include "loaded/loads.h"

/* Heading of the column of reasons, which the importer leaves unmapped. */
#define FIX_BACK_REASON "Load error"

/* A file that is made when its first row comes. */
typedef struct fix_back {
    const loads *l;
    stage_folder *folder;
    const char *below, *suffix; /* "fix-back", "_failed" */
    bool reasons;               /* with the column of reasons */
    bundle_file *file;
    sv path;
    uint64_t rows;
    bool mark; /* the part begins with a byte order mark */
    buf line;
    uint64_t files, rows_in_all;
} fix_back;

/* For the next part. False with a finding, as what follows. */
bool fix_back_part(fix_back *f, const bundle_load *l, const load_part *p);
bool fix_back_row(fix_back *f, const bundle_load *l, const sv *cell, size_t n, sv reason);
/* Closes the file of the part, if there is one. */
bool fix_back_end(fix_back *f);
void fix_back_abandon(fix_back *f);

#endif
