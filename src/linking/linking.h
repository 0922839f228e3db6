/* The second stage of a load: files need the ids that the CRM gave to the records they belong to. From a finished bundle and
 * exports of ids (success files of a loader) a further folder is made, in which each file stands with its record's id; the
 * bundle itself is only read. */
#ifndef LINKING_LINKING_H
#define LINKING_LINKING_H

#include "base/finding.h"
#include "base/sv.h"

typedef struct link_options {
    const char *bundle;     /* folder of a run */
    const char *const *key; /* exports with an Id and the key, each a CSV file with a heading */
    size_t keys;
    const char *out;  /* the new folder is made in it; NULL: beside the bundle */
    const char *base; /* where the bundle's folder of the destination will lie when it is loaded; NULL: where it lies */
} link_options;

typedef struct link_result {
    uint64_t files, linked; /* of the bundle; written with an id */
    uint64_t ids;           /* keys that the exports give an id */
    char *folder;           /* the new one, zero-terminated; to be freed; NULL: none */
} link_result;

typedef enum link_end { LINK_DONE, LINK_BUNDLE, LINK_KEYS, LINK_OUTPUT, LINK_MEMORY } link_end;
/* Anything but LINK_DONE has a finding. */
link_end link_files(const link_options *o, link_result *out, findings *f);

#endif
