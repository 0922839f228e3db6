/* The way back: the files and the numbered steps that take a load out of a destination again. What the load created is deleted,
 * children before parents; what it only updated gets back the old values of the columns that it wrote. */
#ifndef LOADED_ROLLBACK_H
#define LOADED_ROLLBACK_H

#include "base/finding.h"
#include "base/sv.h"
#include "loaded/after_load_end.h"

typedef struct rollback_options {
    const char *bundle;
    const char *const *key; /* success and error files of the load, exports taken after it: states and ids */
    size_t keys;
    const char *const *before; /* exports taken before the load */
    size_t befores;
    const char *to, *out;
    bool dry; /* only counts: no folder stays */
} rollback_options;

typedef struct rollback_result {
    uint64_t rows; /* of the bundle's records, second passes not counted: the sum of the four */
    uint64_t remove, restore, absent, unknown;
    uint64_t lost; /* values that the load wrote over, and no export before has; not counted by a dry run */
    uint64_t kept; /* rows of files that are not taken back */
    char *folder;  /* the new one, zero-terminated; to be freed; NULL: none */
} rollback_result;

after_load_end rollback(const rollback_options *o, rollback_result *out, findings *f);

#endif
