/* The Microsoft Tape Format as SQL Server uses it: descriptor blocks, each with a chain of streams, in a backup file or
 * inside a compressed container. Both kinds of header are believed only with their checksum (FORMAT.md, Tape format).
 * */
#ifndef BAK_MTF_H
#define BAK_MTF_H

#include "bak/bak_layout.h"
#include "bak/mssqlbak.h"
#include "base/arena.h"

/* The bytes of the tape-format stream: the file itself, or what is in its container. */
typedef struct mtf_input {
    byte_source *file;
    mssqlbak *box; /* NULL: not compressed */
} mtf_input;

uint64_t mtf_size(const mtf_input *in);
/* Exactly n bytes. ST_OK; ST_END when the stream ends before; ST_ROW_LOST (compressed piece damaged) and ST_FATAL with
 * a finding. scratch: see mssqlbak_scratch_start. */
status mtf_read(const mtf_input *in, void *scratch, uint64_t at, void *p, size_t n, findings *f);

typedef struct mtf_block {
    uint64_t at;
    uint32_t type; /* TAG_TAPE ... */
    uint32_t attributes;
    uint32_t first_stream; /* offset; of an SFMB the size of the block */
    uint64_t logical;
    uint32_t control_id;
    uint8_t string_type;
} mtf_block;

typedef struct mtf_stream {
    uint64_t at, data; /* header, first byte of data */
    uint64_t length;   /* of the data; not checked against the end of the file */
    uint64_t next;     /* header of the next stream; UINT64_MAX when length is absurd */
    uint32_t id;       /* TAG_MQDA ... */
    uint16_t media;    /* format attributes */
} mtf_stream;

/* ST_OK; ST_END: the stream ends before the header is complete; ST_ROW_LOST: no valid header there; ST_FATAL. Nothing
 * is reported but read errors. */
status mtf_block_at(const mtf_input *in, void *scratch, uint64_t at, mtf_block *out, findings *f);
status mtf_stream_at(const mtf_input *in, void *scratch, uint64_t at, mtf_stream *out, findings *f);

/* What a block or stream header that does not match its checksum says, when what follows it agrees: the block's first
 * stream begins where it says and is right; behind the stream a right stream or block begins. ST_OK or as above. */
status mtf_block_guess(const mtf_input *in, void *scratch, uint64_t at, mtf_block *out, findings *f);
status mtf_stream_guess(const mtf_input *in, void *scratch, uint64_t at, mtf_stream *out, findings *f);

/* "2017-06-01 12:59:12" of a 5-byte MTF date; empty when all bits are zero or it is no date. */
sv mtf_date(arena *a, const uint8_t date[5]);
/* The date as a number that sorts. */
uint64_t mtf_date_key(const uint8_t date[5]);

/* Text of a block (n bytes at p) that the MTF address {u16 size, u16 offset} at `address` names; empty when it does not
 * fit. unicode: UTF-16LE, else ASCII. */
sv mtf_text(arena *a, const uint8_t *p, size_t n, size_t address, bool unicode);

#endif
