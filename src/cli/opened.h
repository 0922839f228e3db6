/* The sources named on the command line, opened together. */
#ifndef CLI_OPENED_H
#define CLI_OPENED_H

#include "cli/options.h"
#include "registry/registry.h"

typedef struct opened {
    byte_source **file;
    size_t files;
    row_source *source;    /* may be there, for info only, when status is not ST_OK */
    const catalog *tables; /* NULL when there is none to be had */
    findings *found;
    status status;
} opened;

/* Opens and reads the catalog. False when out of memory; everything else is told by status and found. */
bool opened_from(const options *o, opened *out);
void opened_close(opened *x);
const source_info *opened_info(const opened *x); /* NULL when nothing is known */

#endif
