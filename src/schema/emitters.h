/* The emitters that `packages:` of a template may name. Adding one: a file here that defines it, a line below, a line in
 * emitters.c, a line in README.md. */
#ifndef SCHEMA_EMITTERS_H
#define SCHEMA_EMITTERS_H

#include "deliver/emitter.h"

extern const emitter data_loader, salesforce_metadata, field_sheet;
extern const emitter dataverse_solution, dataverse_map, dataverse_uploads;

const emitter *const *schema_emitters(size_t *n);
/* Their keys, in mem; NULL when out of memory. */
const sv *schema_emitter_keys(arena *mem, size_t *n);

#endif
