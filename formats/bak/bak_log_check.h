/* What the applied log means for the tables: which were brought to one moment, which are in doubt. */
#ifndef BAK_BAK_LOG_CHECK_H
#define BAK_BAK_LOG_CHECK_H

#include "bak/bak_redo.h"

/* Fills info->consistent and info->consistency_note, adds a finding per table that is in doubt. Never fails: what cannot
 * be told is said. */
void bak_log_check(const bak_files *b, const redo_result *r, const mdf_model *model, source_info *info, findings *f);

#endif
