/* A folder of results while it is being written: OUT.partial, which becomes OUT at the end. Only its owner can look into it.
 *
 * It is a locked folder (base/locked_folder.h): what a process that died has left of it is removed when the same OUT is
 * wanted again. */
#ifndef BASE_PARTIAL_FOLDER_H
#define BASE_PARTIAL_FOLDER_H

#include "base/arena.h"
#include "base/finding.h"

typedef struct partial_folder partial_folder;

/* NULL with a finding when OUT exists and is not an empty folder, when OUT.partial is another's, or when it cannot be made. */
partial_folder *partial_folder_new(const char *out, findings *f);
const char *partial_folder_path(const partial_folder *p);
/* Gives it its final name. False with a finding; also when memory ran out on the way, whoever noticed (base/memory.h). */
bool partial_folder_finish(partial_folder *p);
/* The same of a folder in it (its path), which alone stays. */
bool partial_folder_finish_with(partial_folder *p, const char *inner);
/* Removes it with everything in it; false, with a finding, when something is left. */
bool partial_folder_discard(partial_folder *p);
/* Removes it when nothing is in it any more but the marker; false with a finding. */
bool partial_folder_discard_empty(partial_folder *p);
void partial_folder_free(partial_folder *p); /* p may be NULL; removes nothing */

#endif
