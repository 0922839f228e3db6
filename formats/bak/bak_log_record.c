#include "bak/bak_log_record.h"

/* Record header. */
enum {
    FIXED = 2,        /* u16: bytes of the fixed piece */
    PREVIOUS = 4,     /* 10 bytes */
    TRANSACTION = 16, /* 6 bytes */
    OPERATION = 22,
    CONTEXT = 23,
    PAGE = 24,
    FILE_ID = 28,
    SLOT = 30,
    UNIT_OBJECT = 32, /* u32 */
    PAGE_BEFORE = 36, /* 10 bytes */
    UNIT_INDEX = 46,  /* u16 */
    ON_PAGE_BYTES = 48,
    ROWSET = 48, /* u64, of operations on rows */
    ROWSET_BYTES = 56
};
/* FORMAT_PAGE. */
enum {
    FORMAT_TYPE = 48,
    FORMAT_TYPE_FLAGS = 49,
    FORMAT_LEVEL = 50,
    FORMAT_ROW_BYTES = 58, /* u16 */
    FORMAT_INTERVAL = 68,  /* u32 page, u16 file */
    FORMAT_BYTES = 80
};
/* SET_BITS. */
enum { BITS_FIRST = 48, BITS_COUNT = 50, BITS_ON = 52, BITS_BYTES = 54 };
/* COUNTS: what is counted, then {u64 value, u32 field, u32 bytes}. FIRST_PAGES: new page, old page, field. */
enum {
    COUNTS_KIND = 48,
    COUNTS_OF = 56, /* i64 allocation unit or rowset */
    COUNTS_FIRST = 80,
    COUNTS_ENTRY = 16,
    COUNTS_BYTES = 128,
    KIND_PAGES = 0, /* three fields of sysallocunits */
    KIND_ROWS = 1,  /* one of sysrowsets */
    KIND_COLUMN = 2 /* one of sysrscols; the column's number stands before it */
};
enum { FIRST_NEW = 72, FIRST_FIELD = 88, FIRST_BYTES = 92, PAGE_ID_BYTES = 6 };

static bool is_on_page(uint8_t operation)
{
    switch (operation) {
    case LOG_FORMAT_PAGE:
    case LOG_INSERT_ROWS:
    case LOG_DELETE_ROWS:
    case LOG_MODIFY_ROW:
    case LOG_MODIFY_HEADER:
    case LOG_MODIFY_COLUMNS:
    case LOG_SET_BITS:
    case LOG_SET_FREE_SPACE:
    case LOG_DELETE_SPLIT:
    case LOG_EXPUNGE_ROWS:
    case LOG_FILE_HEADER:
    case LOG_CHANGED_EXTENTS:
    case LOG_COUNTS:
    case LOG_FIRST_PAGES: return true;
    default: return false;
    }
}

bool log_record_is_known(const log_record *r)
{
    switch (r->operation) {
    case LOG_BEGIN:
    case LOG_COMMIT:
    case LOG_ABORT:
    case 0x83: /* a transaction that is about to end */
    case 0x8C: /* locks */
    case 0x8D:
    case 0x96: /* checkpoint: beginning, open transactions, end */
    case 0x98:
    case 0x99:
    case 0xB0: return true;
    default: return r->on_page;
    }
}

static bool has_rowset(uint8_t operation)
{
    return operation >= LOG_INSERT_ROWS && operation <= LOG_DELETE_SPLIT && operation != LOG_SET_BITS &&
           operation != LOG_SET_FREE_SPACE;
}

void log_record_read(const uint8_t *p, size_t n, log_record *out)
{
    bak_lsn lsn = out->lsn;
    *out = (log_record){.lsn = lsn, .p = p, .n = n};
    out->previous = bak_lsn_at(p + PREVIOUS);
    out->transaction = le48(p + TRANSACTION);
    out->operation = p[OPERATION];
    out->context = p[CONTEXT];
    if (!is_on_page(out->operation) || n < ON_PAGE_BYTES || le16(p + FIXED) < ON_PAGE_BYTES) return;
    out->on_page = true;
    out->page = le32(p + PAGE);
    out->file = le16(p + FILE_ID);
    out->slot = le16(p + SLOT);
    out->page_before = bak_lsn_at(p + PAGE_BEFORE);
    if (le16(p + UNIT_INDEX)) out->unit = (uint64_t)le16(p + UNIT_INDEX) << 48 | (uint64_t)le32(p + UNIT_OBJECT) << 16;
    if (has_rowset(out->operation) && n >= ROWSET_BYTES && le16(p + FIXED) >= ROWSET_BYTES)
        out->rowset = le64(p + ROWSET);
}

size_t log_record_parts(const log_record *r, log_part *out)
{
    cur c = cur_from(r->p, r->n);
    cur_skip(&c, le16(r->p + FIXED));
    size_t parts = cur_u16(&c);
    if (c.bad || parts > LOG_PARTS_MAX) return SIZE_MAX;
    for (size_t i = 0; i < parts; i++) out[i].n = cur_u16(&c);
    for (size_t i = 0; i < parts && !c.bad; i++) {
        if (out[i].n) cur_skip(&c, (4 - c.at % 4) % 4);
        out[i].p = cur_take(&c, out[i].n);
    }
    return c.bad ? SIZE_MAX : parts;
}

bool log_record_format(const log_record *r, log_format *out)
{
    if (r->operation != LOG_FORMAT_PAGE || !r->on_page || r->n < FORMAT_BYTES || le16(r->p + FIXED) < FORMAT_BYTES)
        return false;
    const uint8_t *p = r->p;
    *out = (log_format){.type = p[FORMAT_TYPE],
                        .type_flags = p[FORMAT_TYPE_FLAGS],
                        .level = p[FORMAT_LEVEL],
                        .index = le16(p + UNIT_INDEX),
                        .object = le32(p + UNIT_OBJECT),
                        .row_bytes = le16(p + FORMAT_ROW_BYTES),
                        .interval_page = le32(p + FORMAT_INTERVAL),
                        .interval_file = le16(p + FORMAT_INTERVAL + 4)};
    return true;
}

bool log_record_bits(const log_record *r, log_bits *out)
{
    if (r->operation != LOG_SET_BITS || !r->on_page || r->n < BITS_BYTES) return false;
    *out = (log_bits){le16(r->p + BITS_FIRST), le16(r->p + BITS_COUNT), (r->p[BITS_ON] & 1) != 0};
    return true;
}

static size_t count_fields(const log_record *r, log_field *out)
{
    if (r->n < COUNTS_BYTES) return SIZE_MAX;
    const uint8_t *e = r->p + COUNTS_FIRST;
    const uint32_t kind = le32(r->p + COUNTS_KIND);
    if (kind > KIND_COLUMN) return SIZE_MAX;
    if (kind == KIND_COLUMN) e += 8;
    size_t n = kind == KIND_PAGES ? 3 : 1;
    for (size_t i = 0; i < n; i++, e += COUNTS_ENTRY) {
        if (le32(e + 8) > UINT16_MAX) return SIZE_MAX;
        out[i] = (log_field){(uint16_t)le32(e + 8), 8, e};
    }
    return n;
}

size_t log_record_fields(const log_record *r, log_field *out)
{
    if (!r->on_page) return SIZE_MAX;
    if (r->operation == LOG_COUNTS) return count_fields(r, out);
    if (r->operation != LOG_FIRST_PAGES || r->n < FIRST_BYTES || le32(r->p + FIRST_FIELD) > UINT16_MAX) return SIZE_MAX;
    out[0] = (log_field){(uint16_t)le32(r->p + FIRST_FIELD), PAGE_ID_BYTES, r->p + FIRST_NEW};
    return 1;
}

bool log_record_counts_rows(const log_record *r, int64_t *rowset)
{
    if (r->operation != LOG_COUNTS || r->n < COUNTS_BYTES || le32(r->p + COUNTS_KIND) != KIND_ROWS) return false;
    *rowset = (int64_t)le64(r->p + COUNTS_OF);
    return true;
}
