/* Private key files of Microsoft (.pvk), as BACKUP CERTIFICATE ... WITH PRIVATE KEY writes them. */
#ifndef KEYS_PVK_H
#define KEYS_PVK_H

#include "base/sv.h"
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdint.h>

bool pvk_is(const uint8_t *p, size_t n);
bool pvk_has_password(const uint8_t *p, size_t n);

/* The key, to be freed with EVP_PKEY_free. NULL: *wrong_password says whether another password may open it; else *why
 * says in words what is wrong with the file. password is UTF-8; of a file without one it is not looked at. */
EVP_PKEY *pvk_open(const uint8_t *p, size_t n, sv password, bool *wrong_password, const char **why);

#endif
