#include "seal.h"
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <stdlib.h>

enum { THUMBPRINT = 20, KEY_MAX = 32, IV = 16, FLAG_SEALED = 8, TYPE_FREE = 0, BOOT = 9, EXTENT_PAGES = 8 };

typedef struct method {
    const char *word;
    uint32_t algorithm;
    unsigned key_bytes;
    const EVP_CIPHER *(*cipher)(void);
} method;

static const method METHODS[] = {{"aes128", 0x660E, 16, EVP_aes_128_cbc},
                                 {"aes192", 0x660F, 24, EVP_aes_192_cbc},
                                 {"aes256", 0x6610, 32, EVP_aes_256_cbc},
                                 {"3des", 0x6603, 24, EVP_des_ede3_cbc}};

typedef struct secret {
    const method *method; /* NULL: not encrypted */
    uint8_t key[KEY_MAX];
} secret;

struct seal {
    X509 *certificate;
    uint8_t thumbprint[THUMBPRINT];
    secret backup, database;
    unsigned forms;
};

static bool choose(secret *s, const char *word, fault *f)
{
    for (size_t i = 0; word && i < sizeof METHODS / sizeof *METHODS; i++)
        if (strcmp(METHODS[i].word, word) == 0) s->method = &METHODS[i];
    if (!word) return true;
    if (!s->method) return fail(f, "%s is no cipher: aes128, aes192, aes256, 3des", word);
    return RAND_bytes(s->key, (int)s->method->key_bytes) == 1 || fail(f, "no random numbers");
}

seal *seal_open(const char *certificate, const char *backup, const char *database, unsigned forms, fault *f)
{
    seal *s = calloc(1, sizeof *s);
    FILE *in = fopen(certificate, "rb");
    if (s && in) {
        s->forms = forms;
        s->certificate = PEM_read_X509(in, NULL, NULL, NULL);
        rewind(in);
        if (!s->certificate) s->certificate = d2i_X509_fp(in, NULL);
    }
    if (in) fclose(in);
    bool ok = (s && s->certificate && X509_digest(s->certificate, EVP_sha1(), s->thumbprint, NULL) == 1) ||
              fail(f, "%s: no certificate", certificate);
    ok = ok && choose(&s->backup, backup, f) && choose(&s->database, database, f);
    if (ok) return s;
    seal_close(s);
    return NULL;
}

void seal_close(seal *s)
{
    if (s) X509_free(s->certificate);
    free(s);
}

bool seal_has_backup(const seal *s) { return s && s->backup.method; }
bool seal_has_database(const seal *s) { return s && s->database.method; }

/* A PLAINTEXTKEYBLOB under the certificate's key, the lowest byte first. */
static size_t put_key(seal *s, const secret *k, uint8_t *out, fault *f)
{
    uint8_t blob[12 + KEY_MAX] = {8, 2}, sealed[1024];
    size_t n = sizeof sealed;
    put32(blob + 4, k->method->algorithm);
    put32(blob + 8, k->method->key_bytes);
    memcpy(blob + 12, k->key, k->method->key_bytes);
    EVP_PKEY_CTX *x = EVP_PKEY_CTX_new_from_pkey(NULL, X509_get0_pubkey(s->certificate), NULL);
    bool ok = x && EVP_PKEY_encrypt_init(x) == 1;
    if (s->forms & SEAL_OAEP)
        ok = ok && EVP_PKEY_CTX_set_rsa_padding(x, RSA_PKCS1_OAEP_PADDING) > 0 &&
             EVP_PKEY_CTX_set_rsa_oaep_md(x, EVP_sha256()) > 0 && EVP_PKEY_CTX_set_rsa_mgf1_md(x, EVP_sha256()) > 0;
    else
        ok = ok && EVP_PKEY_CTX_set_rsa_padding(x, RSA_PKCS1_PADDING) > 0;
    ok = ok && EVP_PKEY_encrypt(x, sealed, &n, blob, 12 + k->method->key_bytes) == 1;
    EVP_PKEY_CTX_free(x);
    if (!ok) return (void)fail(f, "the key cannot be sealed"), 0;
    put32(out, THUMBPRINT);
    memcpy(out + 4, s->thumbprint, THUMBPRINT);
    put32(out + 24, (uint32_t)n);
    for (size_t i = 0; i < n; i++) out[28 + i] = sealed[n - 1 - i];
    return 28 + n;
}

size_t seal_put_backup_key(seal *s, uint8_t out[SEAL_KEY_MAX], fault *f) { return put_key(s, &s->backup, out, f); }
size_t seal_put_database_key(seal *s, uint8_t out[SEAL_KEY_MAX], fault *f) { return put_key(s, &s->database, out, f); }

static bool encrypt(const secret *k, const uint8_t iv[IV], const uint8_t *in, uint8_t *out, size_t n, fault *f)
{
    int got = 0;
    EVP_CIPHER_CTX *x = EVP_CIPHER_CTX_new();
    bool ok = x && EVP_EncryptInit_ex(x, k->method->cipher(), NULL, k->key, iv) == 1 &&
              EVP_CIPHER_CTX_set_padding(x, 0) == 1 && EVP_EncryptUpdate(x, out, &got, in, (int)n) == 1 &&
              (size_t)got == n;
    EVP_CIPHER_CTX_free(x);
    return ok || fail(f, "cannot encrypt");
}

/* ---- records ---- */

size_t seal_record(seal *s, bool database, const uint8_t *p, size_t n, uint8_t head[28], uint8_t out[SEAL_RECORD_MAX],
                   fault *f)
{
    const secret *outer = seal_has_backup(s) ? &s->backup : &s->database;
    size_t unit = (size_t)EVP_CIPHER_get_block_size(outer->method->cipher());
    size_t stored = s->forms & SEAL_FILLED ? (n / unit + 1) * unit : (n + unit - 1) / unit * unit;
    memcpy(out, p, n);
    memset(out + n, s->forms & SEAL_FILLED ? (int)(stored - n) : 0, stored - n);
    if (RAND_bytes(head + 4, IV) != 1) fail(f, "no random numbers");
    if (database) encrypt(&s->database, head + 4, out, out, stored, f);
    if (seal_has_backup(s)) encrypt(&s->backup, head + 4, out, out, stored, f);
    put32(head + 20, (uint32_t)stored);
    const uint32_t sum = s->forms & SEAL_SUM_SEALED ? words_sum(out, stored) : words_sum(p, n);
    put32(head + 24, s->forms & SEAL_SUM_OTHER ? sum ^ 0x5A5A5A5A : sum);
    return stored;
}

/* ---- pages ---- */

static bool seal_page(seal *s, uint8_t *page, page_guard guard, bool boot_clear, fault *f)
{
    uint8_t iv[IV] = {0};
    put16(page + 4, get_n(page + 4, 2) | FLAG_SEALED);
    bool boot = boot_clear && get_n(page + 32, 4) == BOOT && get_n(page + 36, 2) == 1;
    if (boot) {
        size_t at = PAGE_HEADER + 2048; /* behind the boot record */
        if (!put_key(s, &s->database, page + at, f)) return false;
    }
    page_protect(page, guard);
    memcpy(iv, page + 32, 6);
    const size_t number = get_n(page + 32, 4);
    if (s->forms & SEAL_HALF && number >= EXTENT_PAGES && number % 2) return true;
    if (!boot && !encrypt(&s->database, iv, page + PAGE_HEADER, page + PAGE_HEADER, PAGE - PAGE_HEADER, f))
        return false;
    if (s->forms & SEAL_PAGE_SUM_SEALED) page_protect(page, guard);
    return true;
}

bool seal_pages(seal *s, uint8_t *pages, unsigned n, page_guard guard, bool boot_clear, fault *f)
{
    if (guard == GUARD_TORN) return fail(f, "torn bits and encryption are not written together");
    for (unsigned i = 0; i < n; i++) {
        uint8_t *page = pages + (size_t)i * PAGE;
        if (page[0] == 1 && !seal_page(s, page, guard, boot_clear, f)) return false;
    }
    return true;
}
