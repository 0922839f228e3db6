/* The changes of transactions that have no end in the log, kept to be taken back: copies of their records, with the slot
 * in which each one's row is by now. */
#ifndef BAK_BAK_LOSERS_H
#define BAK_BAK_LOSERS_H

#include "bak/bak_log_record.h"
#include "bak/bak_transactions.h"

typedef struct losers losers;

losers *losers_new(void); /* NULL: out of memory */
void losers_free(losers *l);

/* Every record of the log in its order, whether or not it is applied: rows that come and go move the slots of those
 * that are kept. */
void losers_move(losers *l, const log_record *r);

/* Keeps a record of an open transaction; one that takes the last one back takes it away instead. False: out of
 * memory. */
bool losers_keep(losers *l, open_transaction *t, const log_record *r);

/* The kept records, the newest first: SIZE_MAX before the first call. False: there is none left. slot: see above. */
bool losers_next(const losers *l, size_t *at, log_record *out, unsigned *slot);

/* There is more than can be kept (64 MB) or followed: some are missing, or in another slot than is said. */
bool losers_overflowed(const losers *l);

#endif
