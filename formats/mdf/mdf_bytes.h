/* What the bytes of bare data files are: pages by what the PFS page that tells of them says. */
#ifndef MDF_MDF_BYTES_H
#define MDF_MDF_BYTES_H

#include "base/byte_source.h"
#include "mdf/page_reader.h"

/* One account for each file, in mem; the reader's store is of these files. ST_OK; ST_FATAL: no memory, or reading failed (a
 * finding was added). Pages of which no PFS page tells, because it is lost, are unknown. */
status mdf_bytes(page_reader *r, byte_source *const *file, size_t files, arena *mem, findings *f, byte_account *out);

#endif
