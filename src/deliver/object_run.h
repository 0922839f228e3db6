/* The writing of one object: its rows selected, converted, checked, and each put into a file of the bundle or into
 * the rejects. */
#ifndef DELIVER_OBJECT_RUN_H
#define DELIVER_OBJECT_RUN_H

#include "deliver/template.h"

/* Files written so far, of the whole destination. */
typedef struct delivered_list {
    delivered_file *item;
    size_t n, room;
} delivered_list;
bool delivered_add(delivered_list *l, arena *mem, const delivered_file *f);

/* Name of the work table that holds which records of an object were written, for links to it. */
void written_table_name(const destination *d, const object_template *o, buf *out);

/* ST_OK, ST_END when cancelled, ST_FATAL with a finding. */
status object_run(const destination *d, const object_template *o, const deliver_run *run, delivered_list *files);

/* A finding for a failure of the work file. */
status work_failed(const deliver_run *run, const char *doing);

#endif
