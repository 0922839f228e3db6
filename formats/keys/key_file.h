/* One file with a certificate, a private key, or both. */
#ifndef KEYS_KEY_FILE_H
#define KEYS_KEY_FILE_H

#include "keys/key_ring.h"
#include <openssl/x509.h>

typedef struct key_file {
    X509 *certificate; /* either may be NULL */
    EVP_PKEY *key;     /* RSA */
} key_file;

/* As key_ring_add. *out is to be freed in every case. */
status key_file_read(byte_source *file, const key_password *password, findings *f, key_file *out);
void key_file_free(key_file *k);

#endif
