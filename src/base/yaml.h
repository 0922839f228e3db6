/* Strict reader of our YAML files over libyaml: a tree of nodes with their places. Scalars stay text: no value is ever
 * taken for a number or a truth by itself. Refused, each with its place and all at once: tabs, anchors, aliases, tags,
 * several documents, duplicate keys, keys that are no plain words. */
#ifndef BASE_YAML_H
#define BASE_YAML_H

#include "base/problem.h"

typedef enum yaml_kind { YAML_TEXT, YAML_LIST, YAML_MAP } yaml_kind;

typedef struct yaml_node yaml_node;
typedef struct yaml_pair {
    sv key;
    unsigned line, column; /* of the key */
    const yaml_node *value;
} yaml_pair;

struct yaml_node {
    yaml_kind kind;
    unsigned line, column;        /* from 1 */
    sv text;                      /* YAML_TEXT */
    const yaml_node *const *item; /* YAML_LIST */
    const yaml_pair *pair;        /* YAML_MAP, in the file's order */
    size_t n;                     /* items or pairs */
};

/* Parses text; everything in the arena. NULL when nothing sensible could be made (problems say why); problems may also
 * be there beside a tree. An empty file gives an empty map. */
const yaml_node *yaml_parse(sv file, sv text, arena *mem, problems *p);

const yaml_node *yaml_get(const yaml_node *map, const char *key); /* NULL: absent, or not a map */

/* What a map may hold: checks keys and kinds, reports unknown keys with a suggestion and missing required ones. */
typedef struct yaml_key {
    const char *name;
    enum { YAML_IS_TEXT = 1, YAML_IS_LIST = 2, YAML_IS_MAP = 4 } kinds; /* or-ed */
    bool required;
} yaml_key;
bool yaml_check(sv file, const yaml_node *map, const char *what, const yaml_key *key, size_t keys, problems *p);

/* Text to values, with a problem when it is none. */
bool yaml_bool(sv file, const yaml_node *n, bool *out, problems *p); /* true, false */
bool yaml_uint(sv file, const yaml_node *n, uint64_t max, uint64_t *out, problems *p);

#endif
