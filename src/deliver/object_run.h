/* The records of an object as they were staged, in the order of their keys. */
#ifndef DELIVER_OBJECT_RUN_H
#define DELIVER_OBJECT_RUN_H

#include "deliver/object_writer.h"

/* Gives every staged record of the object's entity to w; with charted_table only those that are not in it. ST_OK, ST_END
 * when cancelled, ST_FATAL with a finding. */
status object_run_staged(const object_template *o, const deliver_run *run, object_writer *w, sv charted_table);

#endif
