/* The emitters of a template, run. */
#ifndef DELIVER_PACKAGE_WRITE_H
#define DELIVER_PACKAGE_WRITE_H

#include "deliver/emitter.h"
#include "deliver/object_writer.h"

/* In the order of `packages`. ST_OK; ST_FATAL with a finding. */
status packages_write(const deliver_facts *facts, const deliver_run *run, delivered_list *files);
/* One text into the destination's folder. */
status package_text(const destination *d, const deliver_run *run, sv name, sv text, delivered_list *files);

#endif
