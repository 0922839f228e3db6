/* An export taken after the load, held against the bundle value by value. A further folder is made: a line for each
 * difference, without values unless they are asked for, a summary of each field, a page. */
#ifndef LOADED_COMPARE_H
#define LOADED_COMPARE_H

#include "base/finding.h"
#include "base/sv.h"
#include "loaded/after_load_end.h"

typedef struct compare_options {
    const char *bundle;
    const char *const *export;
    size_t exports;
    const char *to, *out;
    bool show_values; /* the list of differences holds both values */
} compare_options;

typedef struct compare_result {
    uint64_t rows;                  /* of the bundle that an export could show */
    uint64_t missing, extra, twice; /* rows */
    uint64_t values, equal, other_form, differ, unchecked, filled;
    uint64_t not_exported; /* rows of the bundle of which no export is about */
    char *folder;          /* the new one, zero-terminated; to be freed; NULL: none */
} compare_result;

after_load_end compare(const compare_options *o, compare_result *out, findings *f);

#endif
