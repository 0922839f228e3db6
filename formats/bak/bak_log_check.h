/* Whether user tables changed while the backup was made: what the set's log part says about the tables of the catalog.
 * */
#ifndef BAK_BAK_LOG_CHECK_H
#define BAK_BAK_LOG_CHECK_H

#include "bak/bak_files.h"
#include "mdf/mdf_model.h"

/* Fills info->consistent and info->consistency_note, adds a finding per table that changed. Never fails: what cannot be
 * told is said. */
void bak_log_check(const bak_files *b, page_store *store, const mdf_model *model, source_info *info, findings *f);

#endif
