/* The folder of a stage after a run: made beside the run (or in OUT), named after it, with a manifest that verify checks and
 * that says which run it is of. The run itself is only read. */
#ifndef CONVERT_STAGE_FOLDER_H
#define CONVERT_STAGE_FOLDER_H

#include "convert/finished_run.h"
#include "deliver/digest.h"

typedef struct stage_folder stage_folder;

/* out NULL: beside the run. suffix: "-files" makes Practice_2024-files. NULL with a finding. */
stage_folder *stage_folder_new(const finished_run *of, const char *out, const char *suffix);
void stage_folder_free(stage_folder *s); /* removes what is unfinished; s may be NULL */
const char *stage_folder_path(const stage_folder *s);
/* A folder in it, which may be there. False with a finding. */
bool stage_folder_make(stage_folder *s, sv name);

/* A file that was written into it, for the manifest. object: its line in the counts, or empty. path and object must live until
 * the end. rows: of CSV, behind the heading. False when out of memory. */
bool stage_folder_file(stage_folder *s, sv path, sv object, bool csv, uint64_t rows, const file_digest *d);
/* Writes a text into it, and lists it. False with a finding. */
bool stage_folder_text(stage_folder *s, sv path, sv text);

/* Gives it its final name. stage: "files". counts: a list of lines as in a run's manifest, taken over; NULL: none. *path:
 * zero-terminated, to be freed by the caller. False with a finding. */
bool stage_folder_finish(stage_folder *s, const char *stage, json_t *counts, char **path);

#endif
