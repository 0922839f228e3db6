/* Families over custom values, once the practice's names are known. */
#ifndef DELIVER_CUSTOM_FIELDS_H
#define DELIVER_CUSTOM_FIELDS_H

#include "deliver/deliver.h"
#include "template/template.h"

/* The object with a field for each custom value that its entity's records have, in run->mem; the object itself when it has
 * no such family. NULL with a finding. */
object_template *custom_fields_of(const destination *d, object_template *o, const deliver_run *run);

#endif
