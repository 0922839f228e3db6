/* Of which exams the teeth are written (`teeth: latest`, `since:`). The latest exam of a patient is the latest of those that
 * have a chart; of two at one moment it is the one whose source key sorts last. */
#ifndef DELIVER_TEETH_CHOICE_H
#define DELIVER_TEETH_CHOICE_H

#include "deliver/deliver.h"
#include "template/template.h"

typedef struct teeth_choice teeth_choice;

/* NULL with a finding. */
teeth_choice *teeth_choice_new(const destination *d, const deliver_run *run);
void teeth_choice_free(teeth_choice *c); /* and drops its tables; c may be NULL */

/* Before the first teeth_wanted: an exam that has a chart. ST_OK; ST_FATAL with a finding. */
status teeth_choice_exam(teeth_choice *c, sv exam);
/* Its chart will not come: another one may be the patient's latest now. */
status teeth_choice_lost(teeth_choice *c, sv exam);
/* Whether the teeth of that exam, whose chart has come, are written. */
status teeth_wanted(teeth_choice *c, sv exam, bool *out);

#endif
