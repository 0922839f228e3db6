/* quality/duplicates.csv: pairs of patients that may be one person, with their names, for the practice to decide. */
#ifndef CONVERT_QUALITY_DUPLICATES_H
#define CONVERT_QUALITY_DUPLICATES_H

#include "deliver/list_file.h"
#include "quality/duplicates.h"

#define DUPLICATES_HEADING                                                                                             \
    "group,level,score,evidence,source_key,name,birth_date,other_source_key,other_name,other_birth_date,proposed_"     \
    "primary"

/* ST_FATAL with a finding. */
status quality_duplicates(sqlite3 *work, const duplicates *d, findings *f, list_file *list);

#endif
