/* Who pays for whom: patient -> guarantor -> the guarantor's own patient record -> ... A patient who pays for himself has
 * no link to himself, and a circle (A pays for B, B for A) is opened at one place; both are told. */
#ifndef QUALITY_GUARANTOR_H
#define QUALITY_GUARANTOR_H

#include "base/finding.h"
#include "base/status.h"
#include <sqlite3.h>

typedef enum guarantor_tie {
    TIE_SELF,  /* the guarantor is the patient: the link was taken off, the guarantor's relationship is self */
    TIE_CIRCLE /* the link of the oldest patient of a circle was taken off: the older one pays, if anybody does */
} guarantor_tie;

typedef struct guarantor_link {
    sv source_key, src_key; /* of the patient; live during the call */
    sv guarantor;           /* src_key that the link held */
    guarantor_tie tie;
    size_t length; /* patients in the circle; 1 for TIE_SELF */
} guarantor_link;

/* Works on main.patient and main.guarantor; without the two tables, or their columns filled, there is nothing to do.
 * `untied` hears of each link that was taken off, when all are (NULL: nobody does). ST_FATAL with a finding when SQLite
 * or memory fails: some links may be off then, and the work file is of no use. */
status guarantors_untie(sqlite3 *db, findings *f, void (*untied)(void *ctx, const guarantor_link *x), void *ctx);

#endif
