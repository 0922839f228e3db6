/* Blocks of the transaction log, their records, and what these do to a page: the first bytes are a page, the rest is log. Blocks
 * carry no checksum (0 stands for none), or the fuzzer would never get past it. */
#include "bak/bak_apply.h"
#include "bak/bak_log.h"
#include "bak/bak_losers.h"
#include "bak/bak_row_counts.h"
#include "bak/bak_split.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { VLF = 0x31, SUM_AT = 24 };

typedef struct target {
    uint8_t page[PAGE_BYTES], other[PAGE_BYTES]; /* other: what page splits move rows to */
    splits splits;
    id_table open;
    losers *losers;
    id_table counts;
} target;

static void put_on(void *ctx, const log_record *r)
{
    target *t = ctx;
    log_field field[LOG_FIELDS_MAX];
    log_format format;
    log_bits bits;
    log_record_fields(r, field);
    log_record_format(r, &format);
    log_record_bits(r, &bits);
    transactions_follow(&t->open, r);
    row_counts_follow(&t->counts, r, 1);
    if (!r->on_page) return;
    losers_move(t->losers, r);
    open_transaction *o = id_table_find(&t->open, r->transaction);
    if (o) losers_keep(t->losers, o, r);
    log_record lost;
    bool any;
    if (apply_is_many(r)) splits_keep(&t->splits, r, true, &lost, &any);
    split_rows *rows = r->operation == LOG_DELETE_SPLIT ? splits_of(&t->splits, r) : NULL;
    if (rows) split_move(rows, t->page, r->slot, t->other);
    apply_record(t->page, r);
}

static void take_back(target *t)
{
    size_t at = SIZE_MAX;
    log_record r;
    unsigned slot;
    while (losers_next(t->losers, &at, &r, &slot)) apply_undo(t->page, &r, slot);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    target *t = calloc(1, sizeof *t);
    uint8_t *log = malloc(size + 1);
    if (t) {
        t->losers = losers_new();
        t->open = NO_TRANSACTIONS;
        t->counts = NO_ROW_COUNTS;
    }
    if (!t || !log || !t->losers) abort();
    size_t head = size < 512 ? size : 512; /* of a page: its header and first row; the rest and the slots are its end */
    memcpy(t->page, data, head / 2);
    memcpy(t->page + PAGE_BYTES - (head - head / 2), data + head / 2, head - head / 2);
    size_t n = size - head;
    memcpy(log, data + head, n);
    log_result r = {0};
    for (size_t at = 0; n - at >= 512;) {
        memset(log + at + SUM_AT, 0, 4);
        size_t block = bak_log_block(log + at, n - at, VLF, put_on, t, &r);
        if (block == 0) break;
        at += block;
    }
    take_back(t);
    losers_free(t->losers);
    splits_free(&t->splits);
    id_table_free(&t->open);
    id_table_free(&t->counts);
    free(log);
    free(t);
    return 0;
}
