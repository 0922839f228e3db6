/* The file that a path of another machine means, in a folder of this one. Internal to this folder. */
#ifndef CONTENT_CONTENT_FILE_H
#define CONTENT_CONTENT_FILE_H

#include "base/platform.h"
#include "content/content.h"

/* "\\server\share\docs\1.jpg", "C:\docs\1.jpg" and "docs/1.jpg" are looked for below folder with all of their folders, then
 * with fewer of the first ones: docs/1.jpg, 1.jpg. Letter case counts. CONTENT_OPEN and *out; CONTENT_MISSING;
 * CONTENT_HOSTILE: it has "..", a control character, or is longer than any. */
content_end content_file_open(const char *folder, sv path, os_file **out);

#endif
