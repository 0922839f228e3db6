/* The Data Loader's batch mode: process-conf.xml, a bean for each file of the bundle. */
#ifndef SCHEMA_DATA_LOADER_BATCH_H
#define SCHEMA_DATA_LOADER_BATCH_H

#include "deliver/facts.h"
#include "schema/xml_writer.h"

/* What one file is loaded with. */
typedef struct loader_settings {
    const char *operation; /* "upsert"; "update": a second pass; "insert": files, which have no key to be found by */
    bool bulk, serial;     /* Bulk API, and one batch after the other: details of one master lock each other out */
    uint64_t rows_per_batch;
} loader_settings;
loader_settings loader_settings_of(const deliver_facts *facts, const fact_load *load);

/* No secret is in it: user and password are places to fill in. */
xml_writer data_loader_processes(const deliver_facts *facts);

#endif
