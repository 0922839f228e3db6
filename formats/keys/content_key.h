/* Keys that SQL Server seals for a certificate: that of a backup made WITH ENCRYPTION, and the database encryption key of
 * TDE. How they lie in a file, what is inside once they are opened, and the block cipher that they are for
 * (bak/FORMAT.md, Encryption). */
#ifndef KEYS_CONTENT_KEY_H
#define KEYS_CONTENT_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    THUMBPRINT_BYTES = 20,     /* SHA-1 of a certificate */
    SEALED_BYTES_MIN = 64,     /* RSA of 512 bits */
    SEALED_BYTES_MAX = 1024,   /* and of 8192 */
    CONTENT_KEY_BYTES_MAX = 32 /* AES-256 */
};

/* {u32 20, thumbprint, u32 n, n bytes of RSA, the lowest first}: borrowed from the bytes it was found in. */
typedef struct sealed_key {
    const uint8_t *thumbprint;
    const uint8_t *sealed;
    size_t sealed_bytes;
    size_t end; /* behind it, from the start of those bytes */
} sealed_key;

/* One that lies exactly at `at`. */
bool sealed_key_at(const uint8_t *p, size_t n, size_t at, sealed_key *out);
/* The first one from `from` on that can be one: its length is that of an RSA key, its bytes look drawn by chance. */
bool sealed_key_find(const uint8_t *p, size_t n, size_t from, sealed_key *out);

typedef enum content_cipher { CIPHER_AES_128, CIPHER_AES_192, CIPHER_AES_256, CIPHER_3DES } content_cipher;

typedef struct content_key {
    content_cipher cipher;
    uint8_t key[CONTENT_KEY_BYTES_MAX];
} content_key;

/* The inside of a sealed key: a PLAINTEXTKEYBLOB of Windows. False: it is none, or of a cipher that is not known. */
bool content_key_parse(const uint8_t *p, size_t n, content_key *out);
void content_key_forget(content_key *k);
/* "AES-256" */
const char *content_cipher_name(content_cipher c);

#endif
