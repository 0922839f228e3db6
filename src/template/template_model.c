/* The objects of a destination that takes the model as it is: an entity each, every staged column by its own name, files
 * numbered in the order of the model, in which no record needs one of a later file. */
#include "template/reader.h"

static const yaml_node nothing = {.kind = YAML_MAP};

static bool add_columns(template_reader *r, object_template *o)
{
    size_t n = o->entity->fields + STAGED_FIELDS;
    row_column *all = arena_array(r->mem, n, sizeof *all);
    for (size_t i = 0; all && i < n; i++)
        all[i] = (row_column){.name = staged_name(o->entity, i),
                              .field = staged_field(o->entity, i),
                              .at = i,
                              .tooth = TEETH,
                              .site = SITES};
    o->column = all;
    o->columns = o->column_room = n;
    return all != NULL;
}

static bool add_fields(template_reader *r, object_template *o)
{
    size_t n = o->entity->fields + STAGED_FIELDS - 1;
    target_field *all = arena_array(r->mem, n, sizeof *all);
    size_t *from = arena_array(r->mem, n, sizeof *from);
    for (size_t i = 0; all && from && i < n; i++) {
        from[i] = i + 1;
        all[i] = (target_field){.name = staged_name(o->entity, i + 1),
                                .label = staged_name(o->entity, i + 1),
                                .from = &from[i],
                                .froms = 1,
                                .tooth = TEETH,
                                .site = SITES};
    }
    o->field = all;
    o->fields = n;
    return all && from;
}

void template_model_objects(template_reader *r, destination *d)
{
    size_t n = model_entities();
    d->object = arena_array(r->mem, n, sizeof(object_template *));
    for (size_t i = 0; d->object && i < n; i++) {
        object_template *o = arena_alloc(r->mem, sizeof *o);
        if (!o) break;
        o->entity = model_entity_at(i);
        o->id = o->object = o->label = o->plural = o->table = sv_from(o->entity->name);
        o->charted = strcmp(o->entity->name, "tooth_record") == 0 || strcmp(o->entity->name, "site_measure") == 0 ||
                     strcmp(o->entity->name, "custom_finding") == 0;
        o->xlsx = d->xlsx;
        o->file = d->file;
        o->root = &nothing;
        o->key = staged_name(o->entity, 0);
        o->csv = arena_printf(r->mem, "%02zu_%s.csv", i + 1, o->entity->name);
        o->as_staged = true;
        if (!o->csv.p || !add_columns(r, o) || !add_fields(r, o)) break;
        d->object[d->objects++] = o;
    }
    if (d->objects < n) r->failed = true;
}
