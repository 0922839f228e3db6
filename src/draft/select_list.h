/* What a SELECT's columns are made of, read from its text: enough to tell a person, not to run it. */
#ifndef DRAFT_SELECT_LIST_H
#define DRAFT_SELECT_LIST_H

#include "base/arena.h"

typedef struct select_item {
    sv field;        /* its name behind AS, or the column's own */
    sv expression;   /* within the text */
    unsigned points; /* of a draft's remark behind it ("-- 95: ..."); 0: none */
} select_item;

/* The columns of the first SELECT outside of parentheses, in mem; NULL when out of memory. */
const select_item *select_items(sv sql, arena *mem, size_t *n);

/* Calls visit for each name in an expression that may be a column: `a.b`, "a"."b" or b alone (qualifier empty). */
typedef void (*select_visit)(void *ctx, sv qualifier, sv name);
void select_names(sv expression, select_visit visit, void *ctx);

/* The table that an alias stands for in a text (FROM or JOIN name AS alias; the name itself is one too); {NULL, 0}:
 * none. */
sv select_table_of(sv sql, sv alias);
/* Calls visit (qualifier empty) for each table behind FROM, JOIN or a comma of them. */
void select_tables(sv sql, select_visit visit, void *ctx);

#endif
