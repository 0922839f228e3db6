/* A page for the practice to print, read and sign: what of its database becomes what, and what does not. It holds names,
 * types and counts, and no value. */
#ifndef DRAFT_SCHEMA_MAP_H
#define DRAFT_SCHEMA_MAP_H

#include "profile/profile.h"
#include "snapshot/snapshot.h"

typedef struct schema_map {
    const profile *profile;
    const source_info *info; /* NULL: unknown */
    const catalog *list;
    const source_facts *facts;
    const profile_checked *checked;
    arena *mem;
    findings *found;
} schema_map;

/* Creates the file, which must not exist; false with a finding. */
bool schema_map_write(const schema_map *m, const char *path);

#endif
