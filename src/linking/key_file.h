/* Which id the CRM gave to which key: read from success files of the Data Loader, or from any export with both. */
#ifndef LINKING_KEY_FILE_H
#define LINKING_KEY_FILE_H

#include "base/arena.h"
#include "base/finding.h"

typedef struct key_id {
    sv key, id; /* id.p NULL: two exports give it different ids */
} key_id;

typedef struct key_map {
    key_id *item; /* by key */
    size_t n;
} key_map;

/* heading: of the column with the keys, "Source_Key__c"; the other is Id, or what exports call it. Letter case does not
 * count. Ids that are none, and keys with two ids, are findings. False with a finding. In mem. */
bool key_files_read(const char *const *path, size_t n, sv heading, arena *mem, key_map *out, findings *f);
/* p NULL: none, or two. */
sv key_map_id(const key_map *m, sv key);

/* 15 characters, or 18 of which the last three say the case of the others. */
bool salesforce_id_is_one(sv id);

#endif
