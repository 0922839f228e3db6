#include "bak/bak_log.h"
#include "bak/bak_sum.h"
#include <stdlib.h>

/* Block header. */
enum {
    BLOCK_MARK = 0,    /* u8; 0x10: first sector of a block */
    BLOCK_RECORDS = 2, /* u16 */
    BLOCK_SLOTS = 4,   /* u16, end of the slot array */
    BLOCK_SIZE = 6,    /* u16 */
    BLOCK_VLF = 12,    /* u32 */
    BLOCK_OFFSET = 16, /* u32 */
    BLOCK_SUM = 24,    /* u32 */
    BLOCK_HEADER = 28,
    MARK_FIRST = 0x10,
    MARK_LAST = 0x08,
    MARK_PHASE = 0xC0,
    BLOCK_BYTES_MAX = 61440,
    FIRST_BLOCK = 16 /* of a virtual log file, behind its header */
};
/* Every sector carries the phase of its write; the first and the last one are marked as such. */
static bool marks_agree(const uint8_t *p, size_t size)
{
    for (size_t at = 0; at < size; at += MTF_SECTOR_BYTES) {
        bool first = p[at] & MARK_FIRST, last = p[at] & MARK_LAST;
        if ((p[at] ^ p[0]) & MARK_PHASE || first != (at == 0) || last != (at + MTF_SECTOR_BYTES == size)) return false;
    }
    return true;
}

/* A stored 0 stands for none: databases whose pages have torn-page bits instead of checksums write such blocks. */
static bool sum_is_right(uint8_t *p, size_t size)
{
    uint32_t stored = le32(p + BLOCK_SUM);
    if (stored == 0) return true;
    memset(p + BLOCK_SUM, 0, 4);
    return bak_sum_sectors(p, size) == stored;
}

/* Blocks of one virtual log file follow each other without a gap. What was read before may come again: a log backup
 * begins with blocks that the backup before it holds too. */
static bool continues(const log_result *r, uint32_t vlf, uint32_t number)
{
    if (r->blocks == 0 || vlf < r->end.vlf) return true;
    return vlf == r->end.vlf ? number <= r->end.block : vlf == r->end.vlf + 1 && number <= FIRST_BLOCK;
}

static void note_end(log_result *r, bak_lsn end)
{
    if (bak_lsn_cmp(end, r->end) > 0) r->end = end;
}

/* False, with nothing shown, when a record is not inside the block or not behind the one before it: slots are in the
 * order of the records. */
static bool show_records(const uint8_t *p, size_t slots, size_t records, bak_lsn lsn, log_visit visit, void *ctx,
                         log_result *out)
{
    const size_t end = slots - records * 2;
    size_t from = BLOCK_HEADER;
    for (size_t i = 0; i < records; i++) {
        size_t at = le16(p + slots - 2 * (i + 1));
        if (at < from || at + LOG_RECORD_BYTES > end) return false;
        from = at + LOG_RECORD_BYTES;
    }
    for (size_t i = 0; i < records; i++) {
        size_t at = le16(p + slots - 2 * (i + 1)), next = i + 1 < records ? le16(p + slots - 2 * (i + 2)) : end;
        log_record r = {.lsn = {lsn.vlf, lsn.block, (uint16_t)(i + 1)}};
        log_record_read(p + at, next - at, &r);
        if (!log_record_is_known(&r)) out->unknown++;
        visit(ctx, &r);
    }
    return true;
}

size_t bak_log_block(uint8_t *p, size_t n, uint32_t vlf, log_visit visit, void *ctx, log_result *out)
{
    if (n < MTF_SECTOR_BYTES || !(p[BLOCK_MARK] & MARK_FIRST) || le32(p + BLOCK_VLF) != vlf) return 0;
    size_t size = le16(p + BLOCK_SIZE), slots = le16(p + BLOCK_SLOTS), records = le16(p + BLOCK_RECORDS);
    if (size < MTF_SECTOR_BYTES || size % MTF_SECTOR_BYTES || size > BLOCK_BYTES_MAX) return 0;
    if (size > n) {
        out->damage = "its last block is cut off";
        return 0;
    }
    if (!marks_agree(p, size) || !sum_is_right(p, size)) {
        out->damage = "a block does not match its checksum";
        return 0;
    }
    for (size_t i = 0; i < size / MTF_SECTOR_BYTES; i++) p[i * MTF_SECTOR_BYTES] = p[size - 1 - i];
    if (slots > size || records * 2 > slots || slots - records * 2 < BLOCK_HEADER) {
        out->damage = "a block has more records than room for them";
        return 0;
    }
    const uint32_t number = le32(p + BLOCK_OFFSET);
    if (!continues(out, vlf, number)) {
        out->damage = "blocks are missing in it";
        return 0;
    }
    if (!show_records(p, slots, records, (bak_lsn){vlf, number, 0}, visit, ctx, out)) {
        out->damage = "a record lies outside its block, or over another one";
        return 0;
    }
    out->blocks++;
    out->records += records;
    note_end(out, (bak_lsn){vlf, number + (uint32_t)(size / MTF_SECTOR_BYTES), 1});
    return size;
}

enum { WINDOW_BYTES = 1 << 20 };

static status read_vlf(const bak_media *m, const bak_log *l, void *scratch, uint8_t *window, log_visit visit, void *ctx,
                       findings *f, log_result *out)
{
    uint64_t at = 0;
    while (at < l->bytes) {
        size_t n = l->bytes - at < WINDOW_BYTES ? (size_t)(l->bytes - at) : WINDOW_BYTES;
        status st = mtf_read(&m->in, scratch, l->at + at, window, n, f);
        if (st == ST_FATAL) return st;
        if (st != ST_OK) {
            out->damage = "a part of it is missing or damaged";
            return ST_OK;
        }
        size_t done = 0;
        while (done < n && (n - done >= BLOCK_BYTES_MAX || at + n == l->bytes)) {
            size_t size = bak_log_block(window + done, n - done, l->vlf, visit, ctx, out);
            if (size == 0) { /* what the backup announces is filled by blocks to the last byte */
                if (!out->damage) out->damage = "blocks are missing in it";
                return ST_OK;
            }
            done += size;
        }
        at += done;
    }
    if (l->cut) out->damage = "it is cut off";
    return ST_OK;
}

static int by_vlf(const void *a, const void *b)
{
    const bak_log *x = *(const bak_log *const *)a, *y = *(const bak_log *const *)b;
    return x->vlf != y->vlf ? (x->vlf < y->vlf ? -1 : 1) : (x->start > y->start) - (x->start < y->start);
}

/* Virtual log files are used again and again: their places in the log file do not say which is older. */
static const bak_log **in_order(const bak_set *s, size_t *n)
{
    const bak_log **log = malloc((s->logs + 1) * sizeof *log);
    *n = 0;
    for (size_t i = 0; log && i < s->logs; i++)
        if (s->log[i].stored) log[(*n)++] = &s->log[i];
    if (log) qsort(log, *n, sizeof *log, by_vlf);
    return log;
}

status bak_log_read(const bak_media *m, const bak_set *s, uint64_t limit, log_visit visit, void *ctx, findings *f,
                    log_result *out)
{
    size_t n;
    const bak_log **log = in_order(s, &n);
    uint8_t *window = malloc(WINDOW_BYTES);
    void *scratch = malloc(mssqlbak_scratch_bytes());
    status st = log && window && scratch ? ST_OK : ST_FATAL;
    if (st == ST_OK)
        mssqlbak_scratch_start(scratch);
    else
        find_code(f, F_OUT_OF_MEMORY, "reading the log part of a backup");
    for (size_t i = 0; st == ST_OK && i < n && !out->damage; i++) {
        if (log[i]->bytes > limit) {
            out->cut = true;
            break;
        }
        limit -= log[i]->bytes;
        st = read_vlf(m, log[i], scratch, window, visit, ctx, f, out);
    }
    free(log);
    free(window);
    free(scratch);
    return st;
}
