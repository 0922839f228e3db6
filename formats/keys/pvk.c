#include "keys/pvk.h"
#include "base/bytes.h"
#include "base/utf.h"
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/sha.h>
#include <stdlib.h>

/* File: {magic, 0, use, encryption, bytes of salt, bytes of key} (six u32), salt, PRIVATEKEYBLOB. With encryption 1 the blob
 * is RC4 behind its first eight bytes, under the first 16 bytes of SHA-1(salt, password); exports of the last century
 * used five of them and zeros. */
enum { PVK_HEAD = 24, PVK_ENCRYPTION = 12, PVK_SALT_BYTES = 16, PVK_KEY_BYTES = 20, PVK_RC4 = 1 };
#define PVK_MAGIC 0xB0B5F11Eu
/* Blob: {7, 2, u16, algorithm}, "RSA2", u32 bits, u32 exponent, then the numbers, the lowest byte first. */
enum { BLOB_HEAD = 8, BLOB_BITS = 12, BLOB_EXPONENT = 16, BLOB_NUMBERS = 20, PRIVATE_KEY_BLOB = 7 };
enum { BITS_MIN = 512, BITS_MAX = 8192, BLOB_BYTES_MAX = BLOB_NUMBERS + BITS_MAX / 16 * 9 + 64, PASSWORD_MAX = 1024 };
enum { RC4_BYTES = 16, RC4_EXPORT_BYTES = 5 };

typedef struct parts {
    const uint8_t *salt, *blob;
    size_t salt_bytes, blob_bytes;
    uint32_t encryption;
} parts;

bool pvk_is(const uint8_t *p, size_t n) { return n >= PVK_HEAD && le32(p) == PVK_MAGIC; }
bool pvk_has_password(const uint8_t *p, size_t n) { return pvk_is(p, n) && le32(p + PVK_ENCRYPTION) != 0; }

static bool split(const uint8_t *p, size_t n, parts *out, const char **why)
{
    size_t salt = le32(p + PVK_SALT_BYTES), key = le32(p + PVK_KEY_BYTES);
    *out = (parts){p + PVK_HEAD, p + PVK_HEAD + salt, salt, key, le32(p + PVK_ENCRYPTION)};
    *why = "it is cut off, or its lengths are wrong";
    if (salt > n - PVK_HEAD || key > n - PVK_HEAD - salt || key < BLOB_NUMBERS) return false;
    *why = "its key is longer than any that SQL Server takes";
    if (key > BLOB_BYTES_MAX) return false;
    *why = "it is encrypted in a way that SQL Server does not use";
    return out->encryption <= PVK_RC4;
}

/* OpenSSL has it in a module of its own that need not be there (the program for Windows is linked without it). */
static void rc4(const uint8_t *key, size_t key_bytes, uint8_t *p, size_t n)
{
    uint8_t s[256], swap;
    for (unsigned i = 0; i < 256; i++) s[i] = (uint8_t)i;
    for (unsigned i = 0, j = 0; i < 256; i++) {
        j = (j + s[i] + key[i % key_bytes]) % 256;
        swap = s[i];
        s[i] = s[j];
        s[j] = swap;
    }
    uint8_t i = 0, j = 0;
    for (size_t k = 0; k < n; k++) {
        j = (uint8_t)(j + s[++i]);
        swap = s[i];
        s[i] = s[j];
        s[j] = swap;
        p[k] ^= s[(uint8_t)(s[i] + s[j])];
    }
    OPENSSL_cleanse(s, sizeof s);
}

static BIGNUM *number(const uint8_t **p, size_t n)
{
    BIGNUM *x = BN_secure_new();
    if (x) x = BN_lebin2bn(*p, (int)n, x);
    *p += n;
    return x;
}

static EVP_PKEY *key_of(OSSL_PARAM_BLD *build)
{
    EVP_PKEY *key = NULL;
    OSSL_PARAM *given = OSSL_PARAM_BLD_to_param(build);
    EVP_PKEY_CTX *x = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    if (!given || !x || EVP_PKEY_fromdata_init(x) != 1 || EVP_PKEY_fromdata(x, &key, EVP_PKEY_KEYPAIR, given) != 1)
        key = NULL;
    EVP_PKEY_CTX_free(x);
    OSSL_PARAM_free(given);
    return key;
}

static EVP_PKEY *build(const uint8_t *blob, uint32_t bits)
{
    enum { NUMBERS = 7 };
    static const char *const name[NUMBERS] = {OSSL_PKEY_PARAM_RSA_N,         OSSL_PKEY_PARAM_RSA_FACTOR1,
                                              OSSL_PKEY_PARAM_RSA_FACTOR2,   OSSL_PKEY_PARAM_RSA_EXPONENT1,
                                              OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
                                              OSSL_PKEY_PARAM_RSA_D};
    const uint8_t *p = blob + BLOB_NUMBERS;
    BIGNUM *x[NUMBERS] = {0};
    OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
    bool ok = b && OSSL_PARAM_BLD_push_ulong(b, OSSL_PKEY_PARAM_RSA_E, le32(blob + BLOB_EXPONENT)) == 1;
    for (size_t i = 0; i < NUMBERS; i++) {
        x[i] = number(&p, i == 0 || i == NUMBERS - 1 ? bits / 8 : bits / 16);
        ok = ok && x[i] && OSSL_PARAM_BLD_push_BN(b, name[i], x[i]) == 1;
    }
    EVP_PKEY *key = ok ? key_of(b) : NULL;
    OSSL_PARAM_BLD_free(b);
    for (size_t i = 0; i < NUMBERS; i++) BN_clear_free(x[i]);
    return key;
}

static bool is_rsa(const uint8_t *blob)
{
    return blob[0] == PRIVATE_KEY_BLOB && memcmp(blob + BLOB_HEAD, "RSA2", 4) == 0;
}

static EVP_PKEY *read_blob(const uint8_t *blob, size_t n, const char **why)
{
    *why = "its key is no RSA key that SQL Server takes";
    uint32_t bits = le32(blob + BLOB_BITS);
    if (bits < BITS_MIN || bits > BITS_MAX || bits % 16) return NULL;
    if (n - BLOB_NUMBERS < bits / 8 * 2 + bits / 16 * 5) {
        *why = "its key breaks off";
        return NULL;
    }
    return build(blob, bits);
}

/* Opens the blob with a password in these bytes; false when the result is no key. */
static bool try_password(const parts *f, const uint8_t *password, size_t n, size_t key_bytes, uint8_t *out)
{
    uint8_t sum[SHA_DIGEST_LENGTH] = {0};
    unsigned made = 0;
    EVP_MD_CTX *x = EVP_MD_CTX_new();
    bool ok = x && EVP_DigestInit_ex(x, EVP_sha1(), NULL) == 1 && EVP_DigestUpdate(x, f->salt, f->salt_bytes) == 1 &&
              EVP_DigestUpdate(x, password, n) == 1 && EVP_DigestFinal_ex(x, sum, &made) == 1;
    EVP_MD_CTX_free(x);
    memset(sum + key_bytes, 0, sizeof sum - key_bytes);
    memcpy(out, f->blob, f->blob_bytes);
    if (ok) rc4(sum, RC4_BYTES, out + BLOB_HEAD, f->blob_bytes - BLOB_HEAD);
    OPENSSL_cleanse(sum, sizeof sum);
    return ok && is_rsa(out);
}

/* UTF-16 of it; characters beyond the first plane are left out: no tool of the time takes them. */
static size_t widen(sv s, uint8_t *out)
{
    size_t n = 0;
    for (size_t k; s.n && (k = utf8_valid_at(s)) != 0; s = (sv){s.p + k, s.n - k}) {
        uint32_t c = utf8_code(s.p, k);
        if (c > UINT16_MAX) continue;
        out[n++] = (uint8_t)c;
        out[n++] = (uint8_t)(c >> 8);
    }
    return n;
}

/* The password's bytes as tools of Windows take them: single bytes, or UTF-16. */
static bool decrypt(const parts *f, sv password, uint8_t *out)
{
    uint8_t wide[PASSWORD_MAX * 2];
    bool ok = false;
    if (password.n > PASSWORD_MAX) return false;
    size_t n = widen(password, wide);
    for (int form = 0; form < 4 && !ok; form++) {
        const uint8_t *p = form < 2 ? (const uint8_t *)password.p : wide;
        ok = try_password(f, p, form < 2 ? password.n : n, form % 2 ? RC4_EXPORT_BYTES : RC4_BYTES, out);
    }
    OPENSSL_cleanse(wide, sizeof wide);
    return ok;
}

EVP_PKEY *pvk_open(const uint8_t *p, size_t n, sv password, bool *wrong_password, const char **why)
{
    parts f;
    *wrong_password = false;
    if (!split(p, n, &f, why)) return NULL;
    uint8_t *blob = malloc(f.blob_bytes);
    EVP_PKEY *key = NULL;
    *why = "there is no memory for it";
    if (blob && f.encryption == PVK_RC4)
        *wrong_password = !decrypt(&f, password, blob);
    else if (blob)
        memcpy(blob, f.blob, f.blob_bytes);
    if (blob && !*wrong_password) {
        if (is_rsa(blob))
            key = read_blob(blob, f.blob_bytes, why);
        else
            *why = "its key is no RSA key that SQL Server takes";
    }
    if (blob) OPENSSL_cleanse(blob, f.blob_bytes);
    free(blob);
    return key;
}
