/* How many rows came to each rowset, or went, since the catalog's own number of them was written down: a server does that
 * at checkpoints only. */
#ifndef BAK_BAK_ROW_COUNTS_H
#define BAK_BAK_ROW_COUNTS_H

#include "bak/bak_log_record.h"
#include "mdf/mdf_source.h"

typedef struct row_counts {
    mdf_count_change *list; /* open addressing by rowset; 0: a free place */
    size_t room, n;
} row_counts;

/* Follows a record of the log; by: 1, or -1 when it is taken back. False: out of memory. */
bool row_counts_follow(row_counts *c, const log_record *r, int by);
void row_counts_free(row_counts *c);

#endif
