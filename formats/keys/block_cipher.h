/* AES and 3DES in CBC without padding, from several threads at once. */
#ifndef KEYS_BLOCK_CIPHER_H
#define KEYS_BLOCK_CIPHER_H

#include "keys/content_key.h"

typedef struct block_cipher block_cipher;

enum { IV_BYTES = 16 };

block_cipher *block_cipher_new(const content_key *k); /* NULL when out of memory */
void block_cipher_free(block_cipher *c);              /* c may be NULL */

unsigned block_cipher_unit(const block_cipher *c); /* 16, or 8 of 3DES */
const char *block_cipher_name(const block_cipher *c);

/* n is a multiple of the unit; of the iv 3DES takes the first 8 bytes. in and out may be the same place. False when there
 * is no memory. */
bool block_cipher_open(block_cipher *c, const uint8_t iv[IV_BYTES], const uint8_t *in, uint8_t *out, size_t n);

#endif
