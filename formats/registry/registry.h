/* The list of readers. Adding one is a folder and a line in registry.c. */
#ifndef REGISTRY_REGISTRY_H
#define REGISTRY_REGISTRY_H

#include "source/row_source.h"

/* Lets every reader bid on the first file and opens with the best bidder. As row_source_ops.open: *out may be set for
 * info and close even with ST_FATAL. Names in a finding what a file is that no reader wants. */
status source_open(const open_args *a, findings *f, row_source **out);

#endif
