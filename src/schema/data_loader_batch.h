/* The Data Loader's batch mode: process-conf.xml, a bean for each file of the bundle. */
#ifndef SCHEMA_DATA_LOADER_BATCH_H
#define SCHEMA_DATA_LOADER_BATCH_H

#include "deliver/facts.h"
#include "schema/xml_writer.h"

/* What one file is loaded with. */
typedef struct loader_settings {
    bool bulk, serial; /* Bulk API, and one batch after the other: details of one master lock each other out */
    uint64_t rows_per_batch;
} loader_settings;
loader_settings loader_settings_of(const deliver_facts *facts, const fact_load *load);

/* Files wait for the ids of their records: `chartferry link-files` makes what is loaded of them. */
bool loader_waits(const fact_load *load);

/* No secret is in it: user and password are places to fill in. */
xml_writer data_loader_processes(const deliver_facts *facts);

#endif
