/* What names of an archive's members may be. */
#ifndef ARCHIVE_MEMBER_NAME_H
#define ARCHIVE_MEMBER_NAME_H

#include "base/sv.h"

/* Why a name cannot be that of a file within a folder (a path from a root, out of the folder); NULL: it can. */
const char *archive_unsafe_name(sv name);
/* The same for names that are written under: also none that some system takes for another one, or for a device. */
const char *archive_unwritable_name(sv name);

#endif
