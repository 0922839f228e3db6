/* One record of the transaction log: its header and its parts (FORMAT.md, Records). A view of the block it lies
 * in. */
#ifndef BAK_BAK_LOG_RECORD_H
#define BAK_BAK_LOG_RECORD_H

#include "bak/bak_config.h"

/* Operations. */
enum {
    LOG_FORMAT_PAGE = 0x01,
    LOG_INSERT_ROWS = 0x02,
    LOG_DELETE_ROWS = 0x03,
    LOG_MODIFY_ROW = 0x04,
    LOG_MODIFY_HEADER = 0x05,
    LOG_MODIFY_COLUMNS = 0x06,
    LOG_SET_BITS = 0x07,
    LOG_SET_FREE_SPACE = 0x0A,
    LOG_DELETE_SPLIT = 0x0B,
    LOG_EXPUNGE_ROWS = 0x0D,
    LOG_FILE_HEADER = 0x10,
    LOG_CHANGED_EXTENTS = 0x11, /* at the differential map, when a full backup begins */
    LOG_COUNTS = 0x12,
    LOG_FIRST_PAGES = 0x13,
    LOG_BEGIN = 0x80,
    LOG_COMMIT = 0x81,
    LOG_ABORT = 0x82
};

/* What kind of page or row an operation is about. */
enum { CONTEXT_HEAP = 1, CONTEXT_CLUSTERED = 2, CONTEXT_PFS = 11, CONTEXT_MARK_AS_GHOST = 19 };

typedef struct log_record {
    bak_lsn lsn;
    bak_lsn previous;     /* of the same transaction; {0}: none */
    uint64_t transaction; /* 6 bytes; 0: none */
    uint8_t operation, context;
    /* Of operations on a page, 0 else. */
    bool on_page;
    uint16_t file, slot;
    uint32_t page;
    bak_lsn page_before; /* the page's log sequence number before this record changed it */
    uint64_t unit;       /* allocation unit; 0: of the database itself */
    uint64_t rowset;     /* of operations on rows; 0: not said */
    const uint8_t *p;    /* the record, n bytes */
    size_t n;
} log_record;

/* Fills all but `lsn` from a record of n >= LOG_RECORD_BYTES bytes at p. */
enum { LOG_RECORD_BYTES = 24 };
void log_record_read(const uint8_t *p, size_t n, log_record *out);

/* False: of an operation that is not known, or of one on a page without the fields that say which. */
bool log_record_is_known(const log_record *r);

/* The parts behind the fixed piece of a record: rows, old and new bytes, keys. */
typedef struct log_part {
    const uint8_t *p;
    uint16_t n;
} log_part;
enum { LOG_PARTS_MAX = 256 };

/* How many there are, in out[LOG_PARTS_MAX]; SIZE_MAX when they do not fit into the record. */
size_t log_record_parts(const log_record *r, log_part *out);

/* LOG_MODIFY_ROW and LOG_MODIFY_HEADER: where the old bytes begin, in the row or in the page header; how many bytes change. */
static inline unsigned log_record_offset(const log_record *r) { return r->n >= 60 ? le16(r->p + 56) : 0; }
static inline unsigned log_record_size(const log_record *r) { return r->n >= 60 ? le16(r->p + 58) : 0; }

/* LOG_FORMAT_PAGE. */
typedef struct log_format {
    uint8_t type, type_flags, level;
    uint16_t index; /* of the page header: part of the allocation unit id */
    uint32_t object;
    uint16_t row_bytes;     /* pminlen */
    uint32_t interval_page; /* of an IAM page: the first page of what it maps */
    uint16_t interval_file;
} log_format;
bool log_record_format(const log_record *r, log_format *out);

/* LOG_SET_BITS: `count` bits from bit `first` of the record in the slot become `on`. */
typedef struct log_bits {
    uint16_t first, count;
    bool on;
} log_bits;
bool log_record_bits(const log_record *r, log_bits *out);

/* Fields of a catalog row that were set: {offset in the row, bytes of them}. */
typedef struct log_field {
    uint16_t offset, n;
    const uint8_t *p;
} log_field;
enum { LOG_FIELDS_MAX = 4 };
/* LOG_COUNTS and LOG_FIRST_PAGES; how many, SIZE_MAX when the form is not known. */
size_t log_record_fields(const log_record *r, log_field *out);
/* The rowset whose number of rows a LOG_COUNTS record writes down. */
bool log_record_counts_rows(const log_record *r, int64_t *rowset);

#endif
