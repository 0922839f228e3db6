/* What of a bundle's files goes into a copy, column by column: by the rule of the model's field that a column holds. A column
 * of which nobody says so is left out. */
#ifndef PACK_COPY_PLAN_H
#define PACK_COPY_PLAN_H

#include "convert/finished_run.h"
#include "pack/safe_harbor.h"

typedef struct copy_file {
    sv path;
    const json_t *entry; /* of the manifest */
    char delimiter;
    const model_entity *entity;
    const safe_column *column; /* as they stand in the file */
    size_t columns;
} copy_file;

/* Files of records of the canonical model, and those of destinations that their loads.json tells of; in mem. False with a
 * finding. */
bool copy_plan_read(const finished_run *run, arena *mem, const copy_file **out, size_t *n);
/* Whether any record that is copied points to one of this kind. */
bool copy_is_referred(const model_entity *e);
const char *copy_rule_text(const safe_column *c); /* for people */

#endif
