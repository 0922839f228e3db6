#include "schema/emitters.h"

static const emitter *const all[] = {&data_loader,        &salesforce_metadata, &field_sheet,
                                     &dataverse_solution, &dataverse_map,       &dataverse_uploads};

const emitter *const *schema_emitters(size_t *n)
{
    *n = sizeof all / sizeof all[0];
    return all;
}

const sv *schema_emitter_keys(arena *mem, size_t *n)
{
    const emitter *const *e = schema_emitters(n);
    sv *key = arena_array(mem, *n, sizeof *key);
    for (size_t i = 0; key && i < *n; i++) key[i] = sv_from(e[i]->key);
    return key;
}
