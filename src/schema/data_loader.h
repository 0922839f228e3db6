/* Maps of the Salesforce Data Loader. */
#ifndef SCHEMA_DATA_LOADER_H
#define SCHEMA_DATA_LOADER_H

#include "base/buf.h"
#include "schema/emitters.h"

/* Appends the map of one load. */
void data_loader_map(const fact_load *load, buf *out);

#endif
