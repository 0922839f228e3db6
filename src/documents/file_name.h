/* Names of the bundle's files: the record's key and the extension of the content. Keys hold no person's name, are plain
 * ASCII, and no two differ by letter case alone (model_source_key). Internal to this folder. */
#ifndef DOCUMENTS_FILE_NAME_H
#define DOCUMENTS_FILE_NAME_H

#include "base/buf.h"
#include "content/content_type.h"

/* What stands behind the last dot, when it looks like an extension (letters and digits, at most eight). */
sv file_extension(sv name);

/* The extension that a content gets, lower case, in room; *differs: its name says otherwise than its content.
 * *executable: no destination should get it. */
enum { FILE_EXTENSION_MAX = 8 };
sv file_extension_for(const content_type *t, sv claimed, char room[FILE_EXTENSION_MAX], bool *differs,
                      bool *executable);

/* The name for people: as the practice knows it, with that extension. */
void file_name_for_people(sv name, sv extension, buf *out);

#endif
