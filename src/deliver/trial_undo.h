/* How the trial is taken back: in its folder `undo` a list of keys for each object that it loads, numbered so that children come
 * before their parents. */
#ifndef DELIVER_TRIAL_UNDO_H
#define DELIVER_TRIAL_UNDO_H

#include "deliver/bundle_file.h"
#include "deliver/object_writer.h"

typedef struct trial_undo trial_undo;

/* "salesforce/00_trial/undo/03_Event_keys.csv", in mem; empty: the object makes no records, they are kept, or the template says
 * nothing of undoing. */
sv trial_undo_path(const destination *d, const object_template *o, arena *mem);
/* Its folder must exist. NULL with a finding. */
trial_undo *trial_undo_new(const destination *d, const object_template *o, const deliver_run *run, sv path);
void trial_undo_key(trial_undo *u, sv key);
/* Closes and frees it. ST_FATAL with a finding. */
status trial_undo_close(trial_undo *u, delivered_list *files);
void trial_undo_abandon(trial_undo *u); /* u may be NULL */

#endif
