/* From what the user named (files, folders, archives) to the files that a reader opens together. */
#ifndef REGISTRY_GATHER_H
#define REGISTRY_GATHER_H

#include "base/arena.h"
#include "base/byte_source.h"

typedef struct gathered {
    byte_source **file;
    size_t files;
    sv name;     /* of the folder or archive, without its ending; empty: the files were named one by one */
    bool chosen; /* some were found in a folder or an archive: what is no table and no database was passed over */
    struct gather *inner;
} gathered;

/* ST_OK, or ST_FATAL with a finding for each thing that is wrong. Call gathered_free in any case. work_folder: where an
 * archive may be unpacked that does not fit into memory; NULL: the system's folder for temporary files. */
status gather(const char *const *path, size_t paths, const char *work_folder, findings *f, gathered *out);
void gathered_free(gathered *g);

#endif
