/* quality/duplicates.csv: pairs of patients that may be one person, with their names, for the practice to decide: it fills in
 * the last column, corrects the one before, and gives the list to the next run (decide/merges.h). */
#ifndef CONVERT_QUALITY_DUPLICATES_H
#define CONVERT_QUALITY_DUPLICATES_H

#include "decide/merges.h"
#include "deliver/list_file.h"
#include "quality/duplicates.h"

#define DUPLICATES_HEADING                                                                                             \
    "group,level,score,evidence,source_key,name,birth_date,other_source_key,other_name,other_birth_date,primary,"      \
    "decision"

/* m: what was decided before; NULL: nothing. Pairs of which nothing was are findings. ST_FATAL with a finding. */
status quality_duplicates(sqlite3 *work, const duplicates *d, const merges *m, findings *f, list_file *list);

#endif
