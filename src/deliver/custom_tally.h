/* The account of the practice's own values (custom_value): they are no records of a destination but fields of other records,
 * so no object counts them. A value counts as merged where its record was written by an object with a field for it, once
 * however many objects have one; else as skipped. */
#ifndef DELIVER_CUSTOM_TALLY_H
#define DELIVER_CUSTOM_TALLY_H

#include "deliver/deliver.h"
#include "template/template.h"

typedef struct custom_tally custom_tally;

/* object: of the destination, with the practice's own fields. *out stays NULL where the source has no such values, and for who
 * takes the model as it is: there they are records. ST_FATAL with a finding. */
status custom_tally_begin(const destination *d, object_template *const *object, const deliver_run *run,
                          custom_tally **out);
/* The number by which records of that object are told; SIZE_MAX: they are not to be. t may be NULL. */
size_t custom_tally_object(const custom_tally *t, const object_template *o);
/* A record was written; again, of which nothing more comes: its row may have become several. */
status custom_tally_record(custom_tally *t, size_t object, sv src_key);
/* Its line in the ledger, made where it is not there; SIZE_MAX: out of memory. */
size_t custom_tally_line(const custom_tally *t);
/* When all objects are written: the line of the ledger, and those of the audit list. t may be NULL. */
status custom_tally_finish(custom_tally *t);
/* Once no other destination is being written: drops its table, too. False when it could not; t may be NULL. */
bool custom_tally_free(custom_tally *t);

#endif
