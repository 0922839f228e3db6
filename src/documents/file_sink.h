/* The files of one destination: archives in parts, folders, and the lists of them. Internal to this folder. */
#ifndef DOCUMENTS_FILE_SINK_H
#define DOCUMENTS_FILE_SINK_H

#include "documents/documents.h"
#include "documents/file_list.h"
#include "documents/spool.h"

typedef struct file_sink file_sink;

typedef enum sink_end { SINK_WRITTEN, SINK_BY_HAND, SINK_FORBIDDEN, SINK_FAILED } sink_end;

/* folder: of the run, NULL when dry: then all is decided and nothing written. What it is given must outlive it. NULL when
 * out of memory. */
file_sink *file_sink_new(sv id, const file_rules *rules, const char *folder, arena *mem, findings *f);
/* One file. told: everything but file, archive, unpacked and by_hand, which are filled in; the texts stay valid until the
 * next. counted: its row goes into the list of documents, else into that of what was made of them. */
sink_end file_sink_take(file_sink *s, spool *from, const spooled *x, sv file, file_told *told, bool counted);
/* Closes archives and lists. False with a finding. */
bool file_sink_finish(file_sink *s);
const document_file *file_sink_files(const file_sink *s, size_t *n);
/* Labels of the two lists: "salesforce/Files", "salesforce/Files (made)". */
sv file_sink_label(const file_sink *s, bool counted);
const file_rules *file_sink_rules(const file_sink *s);
void file_sink_free(file_sink *s); /* s may be NULL */

#endif
