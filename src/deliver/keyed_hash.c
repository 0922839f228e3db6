#include "deliver/keyed_hash.h"
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <stdlib.h>

struct keyed_hash {
    EVP_MAC *mac;
    EVP_MAC_CTX *ctx;
    hash_key key;
};

void keyed_hash_free(keyed_hash *h)
{
    if (!h) return;
    EVP_MAC_CTX_free(h->ctx);
    EVP_MAC_free(h->mac);
    free(h);
}

keyed_hash *keyed_hash_new(const hash_key *key)
{
    keyed_hash *h = calloc(1, sizeof *h);
    if (!h) return NULL;
    h->key = *key;
    h->mac = EVP_MAC_fetch(NULL, "SIPHASH", NULL);
    h->ctx = h->mac ? EVP_MAC_CTX_new(h->mac) : NULL;
    if (h->ctx) return h;
    keyed_hash_free(h);
    return NULL;
}

bool keyed_hash_of(keyed_hash *h, sv a, sv b, uint64_t out[2])
{
    unsigned size = 2 * sizeof(uint64_t);
    uint64_t n = a.n;
    size_t got = 0;
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_uint(OSSL_MAC_PARAM_SIZE, &size), OSSL_PARAM_construct_end()};
    return EVP_MAC_init(h->ctx, h->key.byte, HASH_KEY_BYTES, params) == 1 &&
           EVP_MAC_update(h->ctx, (const unsigned char *)&n, sizeof n) == 1 &&
           (!a.n || EVP_MAC_update(h->ctx, (const unsigned char *)a.p, a.n) == 1) &&
           (!b.n || EVP_MAC_update(h->ctx, (const unsigned char *)b.p, b.n) == 1) &&
           EVP_MAC_final(h->ctx, (unsigned char *)out, &got, size) == 1 && got == size;
}
