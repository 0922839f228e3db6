/* How many rows came to each rowset, or went, since the catalog's own number of them was written down: a server does that
 * at checkpoints only. */
#ifndef BAK_BAK_ROW_COUNTS_H
#define BAK_BAK_ROW_COUNTS_H

#include "bak/bak_log_record.h"
#include "mdf/mdf_source.h"

/* A table of mdf_count_change that begins without any. */
#define NO_ROW_COUNTS ((id_table){.entry_bytes = sizeof(mdf_count_change)})

/* Follows a record of the log; by: 1, or -1 when it is taken back. False: out of memory. */
bool row_counts_follow(id_table *counts, const log_record *r, int by);

#endif
