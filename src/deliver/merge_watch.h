/* Records that an import tool would take for one: `merged_by` of a template says which fields it goes by. */
#ifndef DELIVER_MERGE_WATCH_H
#define DELIVER_MERGE_WATCH_H

#include "deliver/object_writer.h"

/* *out: NULL when no object of the destination asks for it. What run points to must outlive it. ST_OK; ST_FATAL with a finding. */
status merge_watch_begin(const destination *d, const deliver_run *run, merge_watch **out);
/* A written row: its cells one behind the other, end[i] where that of field i ends. w may be NULL. */
status merge_watch_row(merge_watch *w, const object_template *o, const char *cells, const size_t *end, sv key);
/* A finding for each record that stands behind an equal one, and the list ID/same_names.csv. */
status merge_watch_finish(merge_watch *w, delivered_list *files);
void merge_watch_free(merge_watch *w); /* w may be NULL; its table is dropped */

#endif
