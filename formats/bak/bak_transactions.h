/* The transactions that are open while a log is read. */
#ifndef BAK_BAK_TRANSACTIONS_H
#define BAK_BAK_TRANSACTIONS_H

#include "bak/bak_log_record.h"

typedef struct open_transaction {
    uint64_t id; /* 0: a free place */
    size_t last; /* for the user of the list: starts at SIZE_MAX */
} open_transaction;

typedef struct transactions {
    open_transaction *list; /* open addressing; NULL: none yet */
    size_t room, n;
    bool full; /* more were open at once than are followed */
} transactions;

/* Follows beginnings and ends. A transaction whose beginning is not in the log counts from its first change on. False:
 * out of memory. */
bool transactions_follow(transactions *t, const log_record *r);
/* NULL: not open. */
open_transaction *transactions_find(const transactions *t, uint64_t id);
void transactions_free(transactions *t);

#endif
