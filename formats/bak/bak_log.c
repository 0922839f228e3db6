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
    BLOCK_BYTES_MAX = 61440
};
/* Record. */
enum {
    RECORD_FIXED = 2,        /* u16 */
    RECORD_TRANSACTION = 16, /* 6 bytes */
    RECORD_OPERATION = 22,
    RECORD_CONTEXT = 23,
    RECORD_PAGE = 24,
    RECORD_FILE = 28,
    RECORD_ROWSET = 48, /* u64 */
    RECORD_SHORT = 24,
    RECORD_ON_PAGE = 56
};

static void show(const uint8_t *p, size_t left, log_record *r, log_visit visit, void *ctx)
{
    r->transaction = le48(p + RECORD_TRANSACTION);
    r->operation = p[RECORD_OPERATION];
    r->context = p[RECORD_CONTEXT];
    r->page = 0;
    r->file = 0;
    r->rowset = 0;
    bool on_page = r->operation <= LOG_DELETE_SPLIT || r->operation == 0x0D;
    if (on_page && left >= RECORD_ON_PAGE && le16(p + RECORD_FIXED) >= RECORD_ON_PAGE) {
        r->page = le32(p + RECORD_PAGE);
        r->file = le16(p + RECORD_FILE);
        r->rowset = le64(p + RECORD_ROWSET);
    }
    visit(ctx, r);
}

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
    log_record r = {.lsn = {le32(p + BLOCK_VLF), le32(p + BLOCK_OFFSET), 0}};
    for (size_t i = 0; i < records; i++) {
        size_t at = le16(p + slots - 2 * (i + 1));
        if (at < BLOCK_HEADER || at + RECORD_SHORT > slots - records * 2) {
            out->damage = "a record lies outside its block";
            return 0;
        }
        r.lsn.slot = (uint16_t)(i + 1);
        show(p + at, slots - records * 2 - at, &r, visit, ctx);
    }
    out->blocks++;
    out->records += records;
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
            if (size == 0) return ST_OK; /* behind the last block of a virtual log file lie remains of older ones */
            done += size;
        }
        at += done;
    }
    return ST_OK;
}

status bak_log_read(const bak_media *m, const bak_set *s, uint64_t limit, log_visit visit, void *ctx, findings *f,
                    log_result *out)
{
    memset(out, 0, sizeof *out);
    uint8_t *window = malloc(WINDOW_BYTES);
    void *scratch = malloc(mssqlbak_scratch_bytes());
    status st = window && scratch ? ST_OK : ST_FATAL;
    if (st == ST_OK)
        mssqlbak_scratch_start(scratch);
    else
        find_code(f, F_OUT_OF_MEMORY, "reading the log part of a backup");
    for (size_t i = 0; i < s->logs && st == ST_OK && !out->damage; i++) {
        const bak_log *l = &s->log[i];
        if (!l->stored) continue;
        if (l->bytes > limit) {
            out->cut = true;
            break;
        }
        limit -= l->bytes;
        st = read_vlf(m, l, scratch, window, visit, ctx, f, out);
    }
    free(window);
    free(scratch);
    return st;
}
