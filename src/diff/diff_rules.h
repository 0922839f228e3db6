/* What made a cell out of its values, in the words of diff_rule.def. Inside of the diff layer. */
#ifndef DIFF_DIFF_RULES_H
#define DIFF_DIFF_RULES_H

#include "diff/diff_gather.h"

enum { RULES_MAX = 8 };
typedef struct rules {
    diff_rule rule[RULES_MAX];
    size_t n;
    uint64_t most; /* characters, of RULE_TRUNCATED */
    sv code;       /* of RULE_HELD_BACK; in the arena of the sources */
    bool held;     /* something stays behind */
    bool fixed;    /* also where the value stands as in the source: a key, a link */
} rules;

rules rules_of_cell(diff_store *s, const written_row *r, size_t field, const gathered *g, sv written);
rules rules_of_staged(diff_store *s, const written_row *r, const gathered *g, sv written);

#endif
