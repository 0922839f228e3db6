/* The log part of a backup of a quiet database: the three records of a checkpoint, each in a block of its own. */
#include "backup.h"

enum { HEAD_TYPE = 5, RECORDS_AT = 48, SECTOR = 512 };
enum { BEGIN_CHECKPOINT = 0x96, OPEN_TRANSACTIONS = 0x98, END_CHECKPOINT = 0x99 };

static void put_lsn(uint8_t *p, uint32_t block, unsigned slot)
{
    put32(p, LOG_VLF);
    put32(p + 4, block);
    put16(p + 8, slot);
}

/* A block of one record. The first byte of each sector goes to the block's end, a marker takes its place. */
static size_t build_block(uint8_t *b, const uint8_t *record, unsigned n, uint32_t block, unsigned before)
{
    unsigned end = RECORDS_AT + n + 2, bytes = SECTOR;
    memset(b, 0, bytes);
    b[0] = HEAD_TYPE;
    put16(b + 2, 1);
    put16(b + 4, end);
    put16(b + 6, bytes);
    put16(b + 10, before);
    put32(b + 12, LOG_VLF);
    put32(b + 16, block);
    put16(b + 20, 1);
    memcpy(b + RECORDS_AT, record, n);
    put16(b + end - 2, RECORDS_AT);
    b[bytes - 1] = b[0];
    b[0] = 0x58; /* first and last sector at once */
    put32(b + 24, sectors_sum(0, b, bytes));
    return bytes;
}

size_t log_build(uint8_t out[LOG_BYTES_MAX])
{
    uint8_t begin[96] = {0}, open[24] = {0}, end[136] = {0};
    put16(begin + 2, sizeof begin);
    begin[22] = BEGIN_CHECKPOINT;
    put32(begin + 24, 300 * 3600 * 9);
    put32(begin + 28, 43500);
    put16(begin + 42, DATABASE_VERSION);
    put16(open + 2, sizeof open);
    open[22] = OPEN_TRANSACTIONS;
    open[23] = 0x17;
    put16(end + 2, sizeof end);
    put_lsn(end + 4, LOG_FIRST_BLOCK, 1);
    end[22] = END_CHECKPOINT;
    put_lsn(end + 32, LOG_FIRST_BLOCK, 1);
    put16(end + 42, DATABASE_VERSION);
    size_t n = build_block(out, begin, sizeof begin, LOG_FIRST_BLOCK, 0);
    n += build_block(out + n, open, sizeof open, LOG_FIRST_BLOCK + 1, SECTOR);
    n += build_block(out + n, end, sizeof end, LOG_FIRST_BLOCK + 2, SECTOR);
    return n;
}
