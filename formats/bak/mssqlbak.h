/* The compressed container (files that begin with MSSQLBAK): gives its inner tape-format stream as bytes that can be
 * read anywhere. Opening walks the record headers; a record is unpacked only when something in it is read, and its
 * checksum is verified each time. Costs about two bytes of memory per record of 64 KB (FORMAT.md, Compressed
 * container). */
#ifndef BAK_MSSQLBAK_H
#define BAK_MSSQLBAK_H

#include "base/byte_source.h"
#include "keys/key_ring.h"

typedef struct mssqlbak mssqlbak;

bool mssqlbak_is(const uint8_t *p, size_t n);

/* Bytes 8..15 of the file. */
typedef struct mssqlbak_head {
    uint32_t version, flags;
} mssqlbak_head;

/* ST_OK; ST_FATAL with a finding when nothing of it can be read (encrypted and `keys`, which may be NULL, do not open it;
 * unknown version or compression). A container that breaks off is opened as far as it goes, with its finding. */
status mssqlbak_open(byte_source *file, const key_ring *keys, findings *f, mssqlbak **out);
void mssqlbak_close(mssqlbak *b); /* b may be NULL */

uint64_t mssqlbak_size(const mssqlbak *b);      /* of the inner stream */
uint64_t mssqlbak_end(const mssqlbak *b);       /* byte of the file behind the last piece or mark */
const char *mssqlbak_cipher(const mssqlbak *b); /* "AES-256"; NULL: not encrypted */

/* The file's bytes by what they are; their sum is its size. */
typedef struct mssqlbak_bytes {
    uint64_t head, headers, pieces, marks;
    uint64_t leftovers; /* between the last piece of a run and the file mark behind it */
    uint64_t unknown;   /* behind what was understood */
} mssqlbak_bytes;
void mssqlbak_count(const mssqlbak *b, mssqlbak_bytes *out);

/* Working memory of one thread: mssqlbak_scratch_bytes() of it, 16-byte aligned, prepared by mssqlbak_scratch_start.
 * Keeps the last unpacked piece, so that reads in sequence unpack each piece once. */
size_t mssqlbak_scratch_bytes(void);
void mssqlbak_scratch_start(void *scratch);

/* Exactly n bytes at off of the inner stream. ST_OK; ST_END beyond its end; ST_ROW_LOST with a finding when a piece is
 * damaged; ST_FATAL when the file cannot be read. */
status mssqlbak_read(mssqlbak *b, void *scratch, uint64_t off, void *p, size_t n, findings *f);

/* Checks every piece that was never unpacked so far, by its checksum, or where what that covers is not known by unpacking it; the `share`-th of `shares` parts of the file (so
 * that several threads can do one each). Damaged ones become findings. */
status mssqlbak_verify(mssqlbak *b, void *scratch, unsigned share, unsigned shares, findings *f);

#endif
