/* A CSV file of the bundle read back, record by record: what object_writer wrote, nothing else. */
#ifndef DELIVER_BUNDLE_READ_H
#define DELIVER_BUNDLE_READ_H

#include "base/buf.h"

typedef struct bundle_reader {
    char delimiter;
    /* Called for each record, the heading too; false ends the reading. cell: valid during the call. */
    bool (*take)(void *ctx, const sv *cell, size_t n);
    void *ctx;
} bundle_reader;

/* False and *why (static text) when the file cannot be read, or is none that object_writer writes; *ended when take
 * ended it. */
bool bundle_read(const bundle_reader *r, const char *path, bool *ended, const char **why);

#endif
