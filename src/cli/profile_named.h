/* The profile that the command line names. */
#ifndef CLI_PROFILE_NAMED_H
#define CLI_PROFILE_NAMED_H

#include "cli/options.h"

/* Its folder, in mem: the name of a profile among the templates, or a folder that holds a profile.yaml. NULL with a
 * finding. */
const char *profile_folder(const options *o, const char *name, arena *mem, findings *f);

#endif
