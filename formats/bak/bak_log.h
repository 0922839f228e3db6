/* The log part of a backup set: blocks, and the records in them (FORMAT.md, Log part). What a record says is
 * bak_log_record.h's. */
#ifndef BAK_BAK_LOG_H
#define BAK_BAK_LOG_H

#include "bak/bak_log_record.h"
#include "bak/bak_media.h"

/* What became of reading it. */
typedef struct log_result {
    uint64_t blocks, records;
    uint64_t unknown;   /* records that log_record_is_known does not know */
    bak_lsn end;        /* where the next block would begin: {virtual log file, block, 1}; {0}: no block was read */
    const char *damage; /* a block that contradicts itself, or one that is missing; NULL: none */
    bool cut;           /* there is more log than `limit` */
} log_result;

typedef void (*log_visit)(void *ctx, const log_record *r);

/* Reads at most `limit` bytes of the set's log in the order of the log sequence numbers and shows every record. Adds to
 * *out, which the caller has zeroed; a further set's log is taken as the continuation of what out->end says. ST_OK, or
 * ST_FATAL (finding added). */
status bak_log_read(const bak_media *m, const bak_set *s, uint64_t limit, log_visit visit, void *ctx, findings *f,
                    log_result *out);

/* One block of n >= 512 bytes at p: undoes the sector marks in place and shows its records. Returns the block's size; 0
 * when no block of this virtual log file begins there; sets out->damage when one does and is damaged. */
size_t bak_log_block(uint8_t *p, size_t n, uint32_t vlf, log_visit visit, void *ctx, log_result *out);

#endif
