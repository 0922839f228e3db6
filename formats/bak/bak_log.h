/* The log part of a backup set: blocks and records (FORMAT.md, Log). */
#ifndef BAK_BAK_LOG_H
#define BAK_BAK_LOG_H

#include "bak/bak_media.h"

enum {
    LOG_FORMAT_PAGE = 1,
    LOG_INSERT_ROWS = 2,
    LOG_DELETE_ROWS = 3,
    LOG_MODIFY_ROW = 4,
    LOG_MODIFY_COLUMNS = 6,
    LOG_DELETE_SPLIT = 0x0B,
    LOG_BEGIN = 0x80,
    LOG_COMMIT = 0x81,
    LOG_ABORT = 0x82
};

typedef struct log_record {
    bak_lsn lsn;
    uint64_t transaction; /* 6 bytes; 0: none */
    uint64_t rowset;      /* of operations on a page; 0 else */
    uint32_t page;
    uint16_t file;
    uint8_t operation, context;
} log_record;

/* What became of reading it. */
typedef struct log_result {
    uint64_t blocks, records;
    const char *damage; /* a block that contradicts itself; NULL: none */
    bool cut;           /* there is more log than `limit` */
} log_result;

typedef void (*log_visit)(void *ctx, const log_record *r);

/* Reads at most `limit` bytes of the set's log in order and shows every record. ST_OK, or ST_FATAL (finding added). */
status bak_log_read(const bak_media *m, const bak_set *s, uint64_t limit, log_visit visit, void *ctx, findings *f,
                    log_result *out);

/* One block of n >= 512 bytes at p: undoes the sector marks in place and shows its records. Returns the block's size; 0
 * when no block of this virtual log file begins there; sets out->damage when one does and is damaged. */
size_t bak_log_block(uint8_t *p, size_t n, uint32_t vlf, log_visit visit, void *ctx, log_result *out);

#endif
