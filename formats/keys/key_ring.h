/* The certificates and private keys that a user has given, from files of any usual form: .cer (X.509, DER or PEM), .pvk
 * of SQL Server, .pfx (PKCS#12), private keys in PEM or DER. */
#ifndef KEYS_KEY_RING_H
#define KEYS_KEY_RING_H

#include "base/buf.h"
#include "base/byte_source.h"
#include "keys/content_key.h"

typedef struct key_ring key_ring;

/* Asks for the password of a key file; false when there is none to be had (a finding was added). */
typedef struct key_password {
    bool (*ask)(void *ctx, sv path, buf *out);
    void *ctx;
} key_password;

key_ring *key_ring_new(void); /* NULL when out of memory */
void key_ring_free(key_ring *r);

/* Takes what is in the file. ST_OK; ST_FATAL with a finding: it cannot be read, holds neither certificate nor key, is
 * damaged, or the password does not open it. No finding holds anything of a key or a password. */
status key_ring_add(key_ring *r, byte_source *file, const key_password *password, findings *f);
/* When all are in: finds the certificate of each key. ST_FATAL with a finding for a certificate without its key. */
status key_ring_match(key_ring *r, findings *f);

/* Opens a sealed key; content_key_forget(out) when done with it. Keys without a certificate are tried too, and those of another
 * one, which a renewed certificate is (said by a note). ST_FATAL with a
 * finding about `path`, which names the certificate wanted: no key was given at all (r is NULL; the finding is
 * `none_given`, its {a} is `what`), none of those given is the one, or it is and does not open it. */
status key_ring_open(const key_ring *r, const sealed_key *s, sv path, finding_code none_given, const char *what,
                     findings *f, content_key *out);

#endif
