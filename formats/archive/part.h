/* One member of a ZIP file that is a document of several parts (XLSX), as a stream. */
#ifndef ARCHIVE_PART_H
#define ARCHIVE_PART_H

#include "base/byte_source.h"

typedef struct archive_part archive_part;

/* Opens the member of this name (letter case does not matter). ST_OK; ST_END when there is none; ST_FATAL with a finding. */
status archive_part_open(byte_source *file, sv name, findings *f, archive_part **out);
/* ST_OK with *got > 0; ST_END; ST_FATAL with a finding: damaged, or more than such a part may hold. */
status archive_part_read(archive_part *p, void *to, size_t room, size_t *got);
void archive_part_close(archive_part *p); /* p may be NULL */

#endif
