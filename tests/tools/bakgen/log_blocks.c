/* The log part of a backup: the three records of a checkpoint, each in a block of its own, and where it is wanted a
 * transaction that put a row into the first user table while the backup ran. */
#include "backup.h"

enum { SECTOR = 512, RECORD_MIN = 62 };
enum { INSERT_ROWS = 2, BEGIN_TRANSACTION = 0x80, COMMIT = 0x81 };
enum { BEGIN_CHECKPOINT = 0x96, OPEN_TRANSACTIONS = 0x98, END_CHECKPOINT = 0x99 };

typedef struct log_writer {
    const sql_version *version;
    uint8_t *out;
    size_t n;
    uint32_t block; /* number of the next one */
} log_writer;

static void put_lsn(uint8_t *p, uint32_t block, unsigned slot)
{
    put32(p, LOG_VLF);
    put32(p + 4, block);
    put16(p + 8, slot);
}

/* A block of one record. The first byte of each sector goes to the block's end, a marker takes its place. */
static void put_block(log_writer *w, const uint8_t *record, unsigned n)
{
    uint8_t *b = w->out + w->n;
    const unsigned head = w->version->log_head, end = head + n + 2;
    memset(b, 0, SECTOR);
    b[0] = w->version->log_type;
    put16(b + 2, 1);
    put16(b + 4, end);
    put16(b + 6, SECTOR);
    put16(b + 10, w->n ? SECTOR : 0);
    put32(b + 12, LOG_VLF);
    put32(b + 16, w->block);
    put16(b + 20, 1);
    memcpy(b + head, record, n);
    put16(b + end - 2, head);
    b[SECTOR - 1] = b[0];
    b[0] = 0x58; /* first and last sector at once */
    put32(b + 24, sectors_sum(0, b, SECTOR));
    w->n += SECTOR;
    w->block++;
}

/* One row put into a page of the unit, in a transaction that ended well. */
static void put_insert(log_writer *w, const unit *u)
{
    uint8_t begin[80] = {0}, insert[96] = {0}, commit[80] = {0};
    put16(begin + 2, sizeof begin);
    put16(begin + 16, 77); /* the transaction's number */
    begin[22] = BEGIN_TRANSACTION;
    put_block(w, begin, sizeof begin);
    put16(insert + 2, RECORD_MIN);
    put_lsn(insert + 4, w->block - 1, 1);
    put16(insert + 16, 77);
    insert[22] = INSERT_ROWS;
    insert[23] = 3; /* a leaf of a clustered index */
    put_page_number(insert + 24, u->first);
    put32(insert + 32, u->name.object);
    put64(insert + 48, (uint64_t)u->owner);
    put16(insert + RECORD_MIN, 1);
    put16(insert + RECORD_MIN + 2, 8);
    insert[RECORD_MIN + 6] = 0x10;
    put_block(w, insert, sizeof insert);
    put16(commit + 2, sizeof commit);
    put_lsn(commit + 4, w->block - 1, 1);
    put16(commit + 16, 77);
    commit[22] = COMMIT;
    put_block(w, commit, sizeof commit);
}

static bool has_changes(const backup_set *set, bool changes) { return changes && set->db->spec->tables; }

uint32_t log_block_count(const backup_set *set, bool changes) { return has_changes(set, changes) ? 6 : 3; }

size_t log_build(const backup_set *set, bool changes, uint8_t out[LOG_BYTES_MAX])
{
    const sql_version *v = set->db->spec->version;
    log_writer w = {v, out, 0, log_block_of(set->moment)};
    uint8_t begin[96] = {0}, open[24] = {0}, end[136] = {0};
    put16(begin + 2, sizeof begin);
    begin[22] = BEGIN_CHECKPOINT;
    put32(begin + 24, 300 * 3600 * 9);
    put32(begin + 28, 43500);
    put16(begin + 42, v->number);
    put_block(&w, begin, sizeof begin);
    put16(open + 2, sizeof open);
    open[22] = OPEN_TRANSACTIONS;
    open[23] = 0x17;
    put_block(&w, open, sizeof open);
    put16(end + 2, sizeof end);
    put_lsn(end + 4, log_block_of(set->moment), 1);
    end[22] = END_CHECKPOINT;
    put_lsn(end + 32, log_block_of(set->moment), 1);
    put16(end + 42, v->number);
    put_block(&w, end, sizeof end);
    if (has_changes(set, changes)) put_insert(&w, &set->db->table[0].part[0].data);
    return w.n;
}
