#include "keys/block_cipher.h"
#include "base/memory.h"
#include <openssl/evp.h>
#include <stdatomic.h>
#include <stdlib.h>

/* Contexts with the key schedule made, waiting for a thread; more threads than this make one anew each time. */
enum { IDLE_MAX = 64 };

struct block_cipher {
    const EVP_CIPHER *kind;
    const char *name;
    unsigned unit;
    content_key key;
    _Atomic(EVP_CIPHER_CTX *) idle[IDLE_MAX];
};

static const EVP_CIPHER *kind_of(content_cipher c)
{
    switch (c) {
    case CIPHER_AES_128: return EVP_aes_128_cbc();
    case CIPHER_AES_192: return EVP_aes_192_cbc();
    case CIPHER_AES_256: return EVP_aes_256_cbc();
    case CIPHER_3DES: break;
    }
    return EVP_des_ede3_cbc();
}

block_cipher *block_cipher_new(const content_key *k)
{
    block_cipher *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    c->kind = kind_of(k->cipher);
    c->name = content_cipher_name(k->cipher);
    c->unit = (unsigned)EVP_CIPHER_get_block_size(c->kind);
    c->key = *k;
    return c;
}

void block_cipher_free(block_cipher *c)
{
    if (!c) return;
    for (size_t i = 0; i < IDLE_MAX; i++) EVP_CIPHER_CTX_free(atomic_load(&c->idle[i]));
    content_key_forget(&c->key);
    free(c);
}

unsigned block_cipher_unit(const block_cipher *c) { return c->unit; }
const char *block_cipher_name(const block_cipher *c) { return c->name; }

static EVP_CIPHER_CTX *take(block_cipher *c)
{
    for (size_t i = 0; i < IDLE_MAX; i++) {
        EVP_CIPHER_CTX *x = atomic_exchange(&c->idle[i], NULL);
        if (x) return x;
    }
    EVP_CIPHER_CTX *x = EVP_CIPHER_CTX_new();
    if (x && EVP_DecryptInit_ex(x, c->kind, NULL, c->key.key, NULL) == 1) return x;
    EVP_CIPHER_CTX_free(x);
    memory_ran_out(); /* with a key of the right length it fails for nothing else */
    return NULL;
}

static void give_back(block_cipher *c, EVP_CIPHER_CTX *x)
{
    for (size_t i = 0; i < IDLE_MAX; i++) {
        EVP_CIPHER_CTX *none = NULL;
        if (atomic_compare_exchange_strong(&c->idle[i], &none, x)) return;
    }
    EVP_CIPHER_CTX_free(x);
}

bool block_cipher_open(block_cipher *c, const uint8_t iv[IV_BYTES], const uint8_t *in, uint8_t *out, size_t n)
{
    EVP_CIPHER_CTX *x = take(c);
    int got = 0;
    if (!x) return false;
    bool ok = EVP_DecryptInit_ex(x, NULL, NULL, NULL, iv) == 1 && EVP_CIPHER_CTX_set_padding(x, 0) == 1 &&
              EVP_DecryptUpdate(x, out, &got, in, (int)n) == 1 && (size_t)got == n;
    give_back(c, x);
    return ok;
}
