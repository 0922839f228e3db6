/* A copy of a bundle in which nobody can be known, packed: Safe Harbor (45 CFR 164.514(b)(2)), or test data with dates that are
 * moved, which is not. */
#ifndef PACK_DEIDENTIFY_H
#define PACK_DEIDENTIFY_H

#include "pack/pack.h"

typedef struct deidentify_result {
    size_t files, left_out; /* of the bundle */
    sv tokens;              /* path of the list that stays; in pack.mem */
    pack_result pack;
} deidentify_result;

/* o->label is not used. test_data: dates are moved, not cut to years. pack_result_free(&out->pack) in any case. */
pack_end deidentify_bundle(const pack_options *o, bool test_data, findings *f, deidentify_result *out);

#endif
