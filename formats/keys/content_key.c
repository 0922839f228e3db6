#include "keys/content_key.h"
#include "base/bytes.h"
#include <openssl/crypto.h>

enum { PLAIN_KEY_BLOB = 8, BLOB_VERSION = 2, BLOB_ALGORITHM = 4, BLOB_LENGTH = 8, BLOB_KEY = 12 };

static const struct {
    uint32_t algorithm; /* ALG_ID of Windows */
    unsigned bytes;
    const char *name;
} ciphers[] = {[CIPHER_AES_128] = {0x660E, 16, "AES-128"},
               [CIPHER_AES_192] = {0x660F, 24, "AES-192"},
               [CIPHER_AES_256] = {0x6610, 32, "AES-256"},
               [CIPHER_3DES] = {0x6603, 24, "3DES"}};

bool sealed_key_at(const uint8_t *p, size_t n, size_t at, sealed_key *out)
{
    enum { HEAD = 4 + THUMBPRINT_BYTES + 4 };
    if (at > n || n - at < HEAD || le32(p + at) != THUMBPRINT_BYTES) return false;
    size_t bytes = le32(p + at + HEAD - 4);
    if (bytes < SEALED_BYTES_MIN || bytes > SEALED_BYTES_MAX || bytes % 8 || bytes > n - at - HEAD) return false;
    *out = (sealed_key){p + at + 4, p + at + HEAD, bytes, at + HEAD + bytes};
    return true;
}

/* Bytes drawn by chance: of n of them, no value comes often. */
static bool looks_drawn(const uint8_t *p, size_t n)
{
    unsigned count[256] = {0};
    for (size_t i = 0; i < n; i++)
        if (++count[p[i]] > 4 + n / 32) return false;
    return true;
}

bool sealed_key_find(const uint8_t *p, size_t n, size_t from, sealed_key *out)
{
    for (size_t at = from; at < n && n - at > SEALED_BYTES_MIN; at++) {
        if (p[at] != THUMBPRINT_BYTES || !sealed_key_at(p, n, at, out)) continue;
        if (looks_drawn(out->thumbprint, THUMBPRINT_BYTES) && looks_drawn(out->sealed, out->sealed_bytes)) return true;
    }
    return false;
}

bool content_key_parse(const uint8_t *p, size_t n, content_key *out)
{
    if (n < BLOB_KEY || p[0] != PLAIN_KEY_BLOB || p[1] != BLOB_VERSION) return false;
    for (size_t i = 0; i < sizeof ciphers / sizeof ciphers[0]; i++) {
        unsigned bytes = ciphers[i].bytes;
        if (le32(p + BLOB_ALGORITHM) != ciphers[i].algorithm) continue;
        if (le32(p + BLOB_LENGTH) != bytes || n - BLOB_KEY < bytes) return false;
        out->cipher = (content_cipher)i;
        memcpy(out->key, p + BLOB_KEY, bytes);
        return true;
    }
    return false;
}

void content_key_forget(content_key *k) { OPENSSL_cleanse(k, sizeof *k); }

const char *content_cipher_name(content_cipher c) { return ciphers[c].name; }
