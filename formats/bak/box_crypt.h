/* What is sealed in a compressed container that was made WITH ENCRYPTION, or of an encrypted database: its keys, and how
 * the records' bytes are made plain (FORMAT.md, Encryption). */
#ifndef BAK_BOX_CRYPT_H
#define BAK_BOX_CRYPT_H

#include "base/byte_source.h"
#include "keys/block_cipher.h"
#include "keys/key_ring.h"

/* Of a record's flags. */
enum { BOX_RECORD_SEALED = 0x10, BOX_RECORD_TDE = 0x40, BOX_RECORD_CRYPT = BOX_RECORD_SEALED | BOX_RECORD_TDE };

typedef struct box_crypt {
    block_cipher *backup, *database; /* either may be NULL */
    unsigned unit;                   /* bytes of a cipher's block; 1: nothing is sealed */
    unsigned rules;                  /* bit r: every record seen so far is as long as rule r says */
    bool sum_known, sum_of_plain;    /* what a record's checksum covers; false: its bytes as they lie */
} box_crypt;

/* Finds and opens the keys of a container whose first n bytes are at p. ST_OK also where there is nothing to open.
 * ST_FATAL with a finding: keys are not given (keys is NULL), are others, or do not open it. To be closed in every
 * case. */
status box_crypt_open(box_crypt *c, const uint8_t *p, size_t n, uint32_t flags, sv path, const key_ring *keys,
                      findings *f);
void box_crypt_close(box_crypt *c);

/* Bytes of the file that a record of `plain` bytes takes, c may be NULL: as many. What is learned later changes nothing for
 * records that were learned from. */
uint32_t box_crypt_stored(const box_crypt *c, uint32_t plain);
/* The other way, for a record whose header is damaged: what it says (`told`) where that gives this length, else the most
 * bytes that do, by every rule that the records leave, so that its length stays what it is whichever comes out; 0: no record
 * is so long. */
uint32_t box_crypt_packed(const box_crypt *c, uint32_t stored, uint32_t told);
/* False when a record's length fits no rule that the records before it leave. */
bool box_crypt_length_fits(const box_crypt *c, uint32_t plain, uint32_t stored);
void box_crypt_learn_length(box_crypt *c, uint32_t plain, uint32_t stored);

/* Makes a record's n stored bytes plain, in place. False: a key is missing for it, or there is no memory. */
bool box_crypt_record(const box_crypt *c, unsigned record_flags, const uint8_t iv[IV_BYTES], uint8_t *p, size_t n);

#endif
