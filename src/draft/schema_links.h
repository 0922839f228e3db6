/* Which column of a source becomes which field, by a profile's SELECTs and charts. */
#ifndef DRAFT_SCHEMA_LINKS_H
#define DRAFT_SCHEMA_LINKS_H

#include "draft/schema_map.h"

typedef struct schema_link {
    sv field;        /* "patient.first" */
    sv rule;         /* the expression; empty: the value as it is */
    unsigned points; /* of a draft; 0: a person's word */
    struct schema_link *next;
} schema_link;

typedef struct schema_links {
    schema_link ***of; /* of each table and column: the first */
    size_t count;
} schema_links;

/* In m->mem; false when memory is out. */
bool schema_links_find(const schema_map *m, schema_links *out);

#endif
