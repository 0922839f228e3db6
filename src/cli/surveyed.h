/* A source looked at as a whole (src/survey), with progress on a terminal. */
#ifndef CLI_SURVEYED_H
#define CLI_SURVEYED_H

#include "cli/commands.h"
#include "snapshot/snapshot.h"

/* The facts of an opened source, in mem. ST_END: interrupted. */
status surveyed(const options *o, const console *c, const opened *x, arena *mem, const source_facts **out);

#endif
