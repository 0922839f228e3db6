/* SipHash: a hash that tells nothing of what was hashed to who lacks the key. By OpenSSL. */
#ifndef DELIVER_KEYED_HASH_H
#define DELIVER_KEYED_HASH_H

#include "base/sv.h"
#include <stdint.h>

enum { HASH_KEY_BYTES = 16 };
typedef struct hash_key {
    uint8_t byte[HASH_KEY_BYTES];
} hash_key;

typedef struct keyed_hash keyed_hash;
keyed_hash *keyed_hash_new(const hash_key *key); /* NULL when it cannot be had */
void keyed_hash_free(keyed_hash *h);             /* h may be NULL */

/* Of the two texts with what tells where the first one ends. False when a step failed. */
bool keyed_hash_of(keyed_hash *h, sv a, sv b, uint64_t out[2]);

#endif
