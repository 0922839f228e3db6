/* One backup set in a media file: from its SSET block to the file mark behind its ESET. */
#ifndef BAK_BAK_SET_H
#define BAK_BAK_SET_H

#include "bak/bak_config.h"
#include "keys/content_key.h"
#include <stdatomic.h>

/* One MQDA stream: extents back to back. */
typedef struct bak_data {
    uint64_t at;      /* first byte of the first extent in the tape-format stream */
    uint64_t first;   /* position of that extent in the pass */
    uint64_t extents; /* as the stream's length says; the file may end before */
    bool summed;      /* a CSUM stream follows; then: */
    uint32_t sum;
    atomic_uint_fast32_t so_far; /* XOR of the checksums of the extents marked in `seen` */
    atomic_uint_fast64_t *seen;  /* one bit per extent; NULL: not summed */
} bak_data;

/* One MSDA block: the extents that one pass of the server over its files copied into this media file. */
typedef struct bak_pass {
    bak_data *data;
    size_t streams;
    uint64_t extents; /* sum, fillers included */
} bak_pass;

/* One MSTL block: a piece of the transaction log. */
typedef struct bak_log {
    uint64_t at;     /* of its first byte in the stream */
    uint64_t bytes;  /* that count */
    uint64_t stored; /* with filling; 0: nothing included */
    uint64_t start;  /* in the log file */
    bool cut;        /* the stream is shorter than the block announces; bytes: as the stream's */
    uint32_t file, vlf;
    bool summed;
    uint32_t sum;
} bak_log;

typedef struct bak_set {
    uint64_t at, end;    /* in the stream; end: behind what was understood */
    uint32_t attributes; /* SSET_COPY_ONLY ... */
    uint16_t number;
    uint8_t software; /* major version */
    uint8_t guid[16]; /* equal in all parts of a striped set */
    uint8_t date[5];
    sv name;
    bool has_begin, has_finish; /* MSCI, MSLS were there */
    bak_config begin, finish;
    sealed_key page_key; /* of an encrypted database, in the arena; sealed_bytes 0: none */
    bak_pass *pass;
    size_t passes;
    bak_log *log;
    size_t logs;
    bool closed;                           /* its ESET and the file mark behind it were reached */
    const char *broken;                    /* what ended the walk early; NULL: nothing did */
    uint64_t broken_at;                    /* in the stream */
    uint64_t expected_id, found_id, id_at; /* first break in the control block ids; id_at 0: none */
} bak_set;

/* Walks the set that begins at `at` (an SSET block). ST_OK also for a set that breaks off (set->broken); ST_END: no
 * SSET there; ST_FATAL: reading failed, memory, or absurd numbers (finding added). */
status bak_set_walk(const mtf_input *in, void *scratch, uint64_t at, arena *a, findings *f, bak_set *out);

/* Looks in front of the set's data for the key of an encrypted database: set->page_key. ST_OK, also where there is
 * none; ST_FATAL. */
status bak_set_find_page_key(const mtf_input *in, void *scratch, arena *a, findings *f, bak_set *set);

/* 'D', 'I', 'L' ... ; 0 when the set does not say. */
char bak_set_type(const bak_set *s);
/* The configuration that holds: the closing one where it is there. */
const bak_config *bak_set_config(const bak_set *s);

#endif
