/* How an export of a destination's users is read: `owners:` of its template. */
#ifndef TEMPLATE_OWNER_RULES_H
#define TEMPLATE_OWNER_RULES_H

#include "base/yaml.h"

/* Names of columns, the first that is there counts; words that say a user is not active. */
typedef struct owner_rules {
    const sv *email, *active, *inactive, *write;
    size_t emails, actives, inactives;
    size_t writes; /* of what columns of owners hold, such as an id; none: the e-mail address */
} owner_rules;

/* file: the template's, for problems. NULL, with problems, when it cannot be used. In mem. */
const owner_rules *owner_rules_read(sv file, const yaml_node *map, arena *mem, problems *p);

#endif
