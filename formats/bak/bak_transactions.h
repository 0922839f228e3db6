/* The transactions that are open while a log is read. */
#ifndef BAK_BAK_TRANSACTIONS_H
#define BAK_BAK_TRANSACTIONS_H

#include "bak/bak_log_record.h"
#include "base/id_table.h"

typedef struct open_transaction {
    uint64_t id;
    size_t last; /* for the user of the table: starts at SIZE_MAX */
} open_transaction;

/* A table of open_transaction that begins without any. A server runs some thousand at once at most; more than these are not
 * followed, and the table is `full`. */
enum { OPEN_TRANSACTIONS_MAX = 1 << 20 };
#define NO_TRANSACTIONS ((id_table){.entry_bytes = sizeof(open_transaction), .most = OPEN_TRANSACTIONS_MAX})

/* Follows beginnings and ends. A transaction whose beginning is not in the log counts from its first change on. False:
 * out of memory. */
bool transactions_follow(id_table *open, const log_record *r);

#endif
