/* The folder that a run writes: made under the name OUT.partial, renamed to OUT at the end, removed when the run fails.
 * Only files made here are ever removed. Every failure adds a finding. */
#ifndef EXTRACT_OUT_FOLDER_H
#define EXTRACT_OUT_FOLDER_H

#include "base/arena.h"
#include "base/finding.h"

typedef struct out_folder out_folder;
typedef struct out_file out_file;

/* NULL when OUT exists and is not an empty folder, when OUT.partial is in use or is not ours (base/partial_folder.h), or when it cannot be made. */
out_folder *out_folder_new(const char *out, findings *f);
const char *out_folder_partial(const out_folder *o);
/* Gives the folder its final name. */
bool out_folder_commit(out_folder *o);
/* Removes what was written; false (and a finding) when something is left. */
bool out_folder_discard(out_folder *o);
void out_folder_free(out_folder *o); /* o may be NULL */

/* Creates a file, remembers it for out_folder_discard. name may be "folder/file" with a folder of out_folder_sub. Safe
 * from several threads. NULL with a finding. */
out_file *out_file_new(out_folder *o, sv name);
bool out_file_write(out_file *f, sv text);
bool out_file_close(out_file *f);   /* and frees it; false: what was written may not be on the disk */
void out_file_abandon(out_file *f); /* f may be NULL */
/* Removes a file that was made and closed. */
void out_folder_remove(out_folder *o, sv name);

/* A folder below, made when first asked for. */
bool out_folder_sub(out_folder *o, sv name);
/* Appends the path of a name in the folder, NUL behind it (not counted), and remembers it as ours. */
bool out_folder_path(out_folder *o, sv name, buf *path);

#endif
