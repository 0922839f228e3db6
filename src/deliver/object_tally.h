/* What was written into the fields of an object: for schema packages, inventories and guides. */
#ifndef DELIVER_OBJECT_TALLY_H
#define DELIVER_OBJECT_TALLY_H

#include "base/arena.h"
#include "template/template.h"

/* Values of a pick list beyond this are not told apart. */
enum { TALLY_OPTIONS_MAX = 1000 };

typedef struct tally_option {
    sv value;
    uint64_t count;
} tally_option;

typedef struct field_tally {
    uint64_t filled;      /* rows that have a value */
    uint64_t given;       /* rows whose record has a value for it */
    uint64_t longest;     /* characters of the longest, in UTF-16 units */
    tally_option *option; /* of pick lists */
    size_t options, room;
    size_t *slot; /* of a hash: 1 + place in option; 0: none */
    size_t slots;
    bool more; /* there were more than TALLY_OPTIONS_MAX */
} field_tally;

typedef struct object_tally {
    arena *mem;         /* of the run */
    field_tally *field; /* one for each of the object's */
    uint64_t rows, skipped, rejected;
    bool begun; /* its entity was staged, or charts came */
} object_tally;

/* False when out of memory. */
bool object_tally_init(object_tally *t, const object_template *o, arena *mem);
/* A cell that is written; n: its characters. */
bool object_tally_cell(object_tally *t, const object_template *o, size_t field, sv text, uint64_t characters);
/* By value, for lists that are the same each time. */
void object_tally_sort(object_tally *t, const object_template *o);

#endif
