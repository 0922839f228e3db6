/* The folder of a run: made as OUT/NAME.partial, given its final name when everything in it is on the disk.
 *
 * It is a locked folder (base/locked_folder.h) with manifest.json as its marker, which is begun first and completed last.
 * What a run that died has left is removed when the next run writes into the same OUT. */
#ifndef CONVERT_RUN_FOLDER_H
#define CONVERT_RUN_FOLDER_H

#include "base/arena.h"
#include "base/finding.h"

typedef struct run_folder run_folder;

/* name: as it should be; "-2" and so on is added when that is taken. OUT is made when it does not exist. NULL with
 * a finding. */
run_folder *run_folder_new(const char *out, sv name, findings *f);
const char *run_folder_partial(const run_folder *r); /* path of the unfinished folder */
sv run_folder_name(const run_folder *r);             /* final name */
/* What manifest.json begins with; the rest is given to run_folder_finish. */
sv run_folder_manifest_head(void);
/* Completes the manifest, brings everything to the disk, renames. *path: the final path, in mem. False with a
 * finding. */
bool run_folder_finish(run_folder *r, sv manifest_rest, arena *mem, sv *path);
/* Removes the unfinished folder, and OUT when it was made by this run and is empty; false, with a finding, when
 * something is left. */
bool run_folder_discard(run_folder *r);
void run_folder_free(run_folder *r); /* r may be NULL; discards nothing */

/* A name that every file system takes: letters, digits, `-`, `_` and `.` stay, everything else becomes `_`; at
 * most 80 bytes. */
sv run_folder_safe_name(sv database, sv finished, arena *mem);

#endif
