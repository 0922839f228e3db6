#include "keys/key_ring.h"
#include "base/bytes.h"
#include "keys/key_file.h"
#include <openssl/crypto.h>
#include <openssl/rsa.h>
#include <stdlib.h>

enum { KEYS_MAX = 32, TEXT_MAX = 2048 };

typedef struct ring_key {
    EVP_PKEY *key;
    bool certified; /* the certificate was given too: */
    uint8_t thumbprint[THUMBPRINT_BYTES];
} ring_key;

typedef struct ring_certificate {
    X509 *x;
    buf path; /* that it came from */
} ring_certificate;

struct key_ring {
    ring_key key[KEYS_MAX];
    ring_certificate certificate[KEYS_MAX];
    size_t keys, certificates;
};

key_ring *key_ring_new(void) { return calloc(1, sizeof(key_ring)); }

void key_ring_free(key_ring *r)
{
    if (!r) return;
    for (size_t i = 0; i < r->keys; i++) EVP_PKEY_free(r->key[i].key);
    for (size_t i = 0; i < r->certificates; i++) {
        X509_free(r->certificate[i].x);
        buf_free(&r->certificate[i].path);
    }
    free(r);
}

status key_ring_add(key_ring *r, byte_source *file, const key_password *password, findings *f)
{
    key_file k;
    status st = key_file_read(file, password, f, &k);
    if (st == ST_OK && (r->keys == KEYS_MAX || r->certificates == KEYS_MAX)) {
        find_at(f, F_KEY_FILE, byte_source_path(file), SV_LIT("more files of keys are given than anyone has"));
        st = ST_FATAL;
    }
    if (st == ST_OK && k.key) {
        r->key[r->keys++].key = k.key;
        k.key = NULL;
    }
    if (st == ST_OK && k.certificate) {
        ring_certificate *c = &r->certificate[r->certificates++];
        c->x = k.certificate;
        c->path = buf_new(SIZE_MAX);
        buf_sv(&c->path, byte_source_path(file));
        k.certificate = NULL;
    }
    key_file_free(&k);
    return st;
}

status key_ring_match(key_ring *r, findings *f)
{
    for (size_t c = 0; c < r->certificates; c++) {
        unsigned made = 0;
        bool matched = false;
        EVP_PKEY *public = X509_get0_pubkey(r->certificate[c].x);
        for (size_t i = 0; public && i < r->keys && !matched; i++) {
            ring_key *k = &r->key[i];
            matched = EVP_PKEY_eq(public, k->key) == 1;
            if (matched && X509_digest(r->certificate[c].x, EVP_sha1(), k->thumbprint, &made) == 1) k->certified = true;
        }
        if (matched) continue;
        find_at(f, F_KEY_PAIR, buf_view(&r->certificate[c].path),
                r->keys ? SV_LIT("is the key of another certificate") : SV_LIT("was not given"));
        return ST_FATAL;
    }
    return ST_OK;
}

/* ---- opening ---- */

typedef enum padding { PADDING_V15, PADDING_OAEP_256, PADDING_OAEP_1, PADDINGS } padding;

static bool set_padding(EVP_PKEY_CTX *x, padding p)
{
    const EVP_MD *digest = p == PADDING_OAEP_256 ? EVP_sha256() : EVP_sha1();
    if (p == PADDING_V15) return EVP_PKEY_CTX_set_rsa_padding(x, RSA_PKCS1_PADDING) > 0;
    return EVP_PKEY_CTX_set_rsa_padding(x, RSA_PKCS1_OAEP_PADDING) > 0 && EVP_PKEY_CTX_set_rsa_oaep_md(x, digest) > 0 &&
           EVP_PKEY_CTX_set_rsa_mgf1_md(x, digest) > 0;
}

/* SQL Server up to 2022 pads as PKCS#1 1.5 says, 2025 by OAEP with SHA-256. A wrong padding gives an error or bytes drawn
 * by chance: what is inside tells. */
static bool open_padded(EVP_PKEY *key, padding p, const uint8_t *sealed, size_t n, content_key *out)
{
    uint8_t plain[SEALED_BYTES_MAX];
    size_t got = sizeof plain;
    EVP_PKEY_CTX *x = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    bool ok = x && EVP_PKEY_decrypt_init(x) == 1 && set_padding(x, p) &&
              EVP_PKEY_decrypt(x, plain, &got, sealed, n) == 1 && content_key_parse(plain, got, out);
    EVP_PKEY_CTX_free(x);
    OPENSSL_cleanse(plain, sizeof plain);
    return ok;
}

/* Windows writes the lowest byte first, OpenSSL reads the highest first. */
static bool open_with(EVP_PKEY *key, const sealed_key *s, content_key *out)
{
    uint8_t turned[SEALED_BYTES_MAX];
    bool ok = false;
    if (EVP_PKEY_get_size(key) < 0 || (size_t)EVP_PKEY_get_size(key) != s->sealed_bytes) return false;
    for (size_t i = 0; i < s->sealed_bytes; i++) turned[i] = s->sealed[s->sealed_bytes - 1 - i];
    for (int p = PADDING_V15; p < PADDINGS && !ok; p++) ok = open_padded(key, (padding)p, turned, s->sealed_bytes, out);
    return ok;
}

static void add_thumbprint(buf *out, const uint8_t thumbprint[THUMBPRINT_BYTES])
{
    if (out->n) buf_str(out, ", ");
    for (size_t i = 0; i < THUMBPRINT_BYTES; i++) buf_printf(out, "%02X", thumbprint[i]);
}

static void tell(finding_code code, sv path, sv a, const buf *b, findings *f)
{
    finding x = FINDING_OF(code);
    x.path = path;
    x.a = a;
    x.b = buf_view(b);
    find_add(f, &x);
}

static status refuse(finding_code code, sv path, sv a, const buf *b, findings *f)
{
    tell(code, path, a, b, f);
    return ST_FATAL;
}

static bool is_wanted(const ring_key *k, const sealed_key *s)
{
    return k->certified && memcmp(k->thumbprint, s->thumbprint, THUMBPRINT_BYTES) == 0;
}

/* The key of the certificate that is wanted first, and those without one; then the others: a certificate that was renewed has
 * another thumbprint and may have kept its key. NULL: none opens it. */
static const ring_key *opening_key(const key_ring *r, const sealed_key *s, content_key *out)
{
    for (int renewed = 0; r && renewed < 2; renewed++)
        for (size_t i = 0; i < r->keys; i++) {
            const ring_key *k = &r->key[i];
            const bool now = is_wanted(k, s) || !k->certified;
            if (now != (renewed == 1) && open_with(k->key, s, out)) return k;
        }
    return NULL;
}

static void say_renewed(sv path, const buf *asked, const ring_key *k, findings *f)
{
    buf given = buf_new(TEXT_MAX);
    add_thumbprint(&given, k->thumbprint);
    tell(F_KEY_RENEWED, path, buf_view(asked), &given, f);
    buf_free(&given);
}

status key_ring_open(const key_ring *r, const sealed_key *s, sv path, finding_code none_given, const char *what,
                     findings *f, content_key *out)
{
    bool wanted = false;
    buf given = buf_new(TEXT_MAX), asked = buf_new(TEXT_MAX);
    const ring_key *by = opening_key(r, s, out);
    for (size_t i = 0; r && i < r->keys; i++) {
        wanted = wanted || is_wanted(&r->key[i], s);
        if (r->key[i].certified) add_thumbprint(&given, r->key[i].thumbprint);
    }
    add_thumbprint(&asked, s->thumbprint);
    if (!given.n) buf_str(&given, "a key without a certificate");
    if (by && by->certified && !is_wanted(by, s)) say_renewed(path, &asked, by, f);
    status st = by        ? ST_OK
                : !r      ? refuse(none_given, path, sv_from(what), &asked, f)
                : !wanted ? refuse(F_KEY_OTHER, path, buf_view(&asked), &given, f)
                          : refuse(F_KEY_REFUSED, path, (sv){NULL, 0}, &asked, f);
    buf_free(&given);
    buf_free(&asked);
    return st;
}
