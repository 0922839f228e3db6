/* What becomes of one value in a copy by the Safe Harbor method (45 CFR 164.514(b)(2)): the model says the rule of each field
 * (model_field.safe), these functions apply it. Whatever is not of the form that a rule expects is left out. */
#ifndef PACK_SAFE_HARBOR_H
#define PACK_SAFE_HARBOR_H

#include "base/buf.h"
#include "model/model.h"

/* A column of a file and what it holds. */
typedef struct safe_column {
    sv heading;
    safe_rule rule;
    const model_field *field;   /* NULL: a key, or a constant of the template */
    sv constant;                /* what every cell holds; empty: none */
    sv form;                    /* of a date or moment; empty: as the model has it, YYYY-MM-DD ... */
    bool translated;            /* words are those of a template, not the model's */
    bool is_key, is_link;       /* of the record itself, of another one: tokens */
    const model_entity *target; /* of a link by the source's key, not by the key of destinations */
} safe_column;

typedef struct safe_run {
    int year;  /* of the source: ages are counted to its end */
    int shift; /* days that every date is moved by; 0: years only */
    bool home; /* the row at hand is of the USA, by its state: set by safe_row */
} safe_run;

/* Before the cells of a row: whether its ZIP code and state are those of the USA. */
void safe_row(safe_run *r, const safe_column *c, const sv *cell, size_t n);

/* Appends what stands in the copy; nothing: left out. Not for tokens. */
void safe_cell(const safe_run *r, const safe_column *c, sv cell, buf *out);

#endif
