/* Who owns the records of a bundle: users of each destination found for the practice's providers, those that are missing
 * listed in quality/unmatched_providers.csv; without an owner for each record nothing is written. */
#ifndef CONVERT_OWNERSHIP_H
#define CONVERT_OWNERSHIP_H

#include "convert/convert.h"
#include "decide/owners.h"
#include "deliver/deliver.h"
#include "deliver/rejects.h"

typedef struct ownership ownership;

/* Reads the lists that the options name, for each of the destinations. NULL with a finding. In mem. */
const ownership *ownership_read(const convert_options *o, const destination *const *d, size_t n, arena *mem,
                                findings *f);

/* Once everything is staged. Name of the destination's work table, for deliver_run. p NULL with a finding. */
sv ownership_apply(const ownership *x, size_t at, sqlite3 *work);

/* Lists the providers without a user, with how many records of each destination are theirs (run: of each destination), when
 * an export of users or who stands in was given; folder NULL (a dry run): only counted. *file: the list; path.n 0: none.
 * ST_OK; ST_END when it was cancelled; ST_FATAL with a finding, also when a record would have no owner. */
status ownership_check(const ownership *x, const deliver_run *run, const char *folder, rejects_file *file);

#endif
