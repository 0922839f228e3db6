#include "keys/key_file.h"
#include "base/bytes.h"
#include "keys/pvk.h"
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <stdlib.h>

enum { KEY_FILE_BYTES_MAX = 1 << 20, PASSWORD_BYTES_MAX = 1024, ROUNDS_MAX = 10000000 };

typedef struct reading {
    const uint8_t *p;
    size_t n;
    sv path;
    const key_password *password;
    findings *found;
    key_file *out;
    buf secret; /* the password once it was asked for, NUL behind it */
    bool asked, no_password;
} reading;

static status refuse(reading *r, finding_code code, const char *why)
{
    find_at(r->found, code, r->path, sv_from(why));
    return ST_FATAL;
}

/* False when there is none; then a finding was added. */
static bool ask(reading *r)
{
    if (!r->asked) {
        r->asked = true;
        (void)buf_reserve(&r->secret, PASSWORD_BYTES_MAX + 1); /* growing would leave a copy behind */
        r->no_password = !r->password || !r->password->ask(r->password->ctx, r->path, &r->secret);
        buf_char(&r->secret, '\0');
        r->secret.n -= r->secret.failed ? 0 : 1;
        if (r->secret.failed) {
            r->no_password = true;
            (void)refuse(r, F_KEY_FILE, "its password is longer than one can be");
        }
    }
    return !r->no_password;
}

static int password_for_pem(char *room, int size, int writing, void *ctx)
{
    reading *r = ctx;
    (void)writing;
    if (!ask(r) || r->secret.n > (size_t)size) return -1;
    memcpy(room, r->secret.p, r->secret.n);
    return (int)r->secret.n;
}

static status wrong_password(reading *r) { return r->no_password ? ST_FATAL : refuse(r, F_KEY_PASSWORD, ""); }

/* ---- forms ---- */

static status read_pvk(reading *r)
{
    bool wrong = false;
    const char *why = "";
    sv secret = {"", 0};
    if (pvk_has_password(r->p, r->n)) {
        if (!ask(r)) return ST_FATAL;
        secret = buf_view(&r->secret);
    }
    r->out->key = pvk_open(r->p, r->n, secret, &wrong, &why);
    if (r->out->key) return ST_OK;
    return wrong ? wrong_password(r) : refuse(r, F_KEY_FILE, why);
}

static status read_pem(reading *r)
{
    BIO *cert = BIO_new_mem_buf(r->p, (int)r->n), *key = BIO_new_mem_buf(r->p, (int)r->n);
    if (cert) r->out->certificate = PEM_read_bio_X509(cert, NULL, password_for_pem, r);
    if (key && !r->no_password) r->out->key = PEM_read_bio_PrivateKey(key, NULL, password_for_pem, r);
    BIO_free(cert);
    BIO_free(key);
    if (r->no_password) return ST_FATAL;
    if (r->out->key || (r->out->certificate && !r->asked)) return ST_OK;
    return r->asked ? wrong_password(r)
                    : refuse(r, F_KEY_FILE, "there is neither a certificate nor a private key in it");
}

static bool parse_pkcs12(reading *r, PKCS12 *x, const char *password)
{
    STACK_OF(X509) *others = NULL;
    const bool ok = PKCS12_parse(x, password, &r->out->key, &r->out->certificate, &others) == 1;
    sk_X509_pop_free(others, X509_free);
    return ok;
}

static status key_of_pkcs12(reading *r)
{
    return r->out->key ? ST_OK : refuse(r, F_KEY_FILE, "there is no private key in it");
}

/* Nothing tells a wrong password from a damaged file, or an old OpenSSL from both. */
static status read_without_mac(reading *r, PKCS12 *x)
{
    if (parse_pkcs12(r, x, "")) return key_of_pkcs12(r);
    if (!ask(r)) return ST_FATAL;
    if (parse_pkcs12(r, x, r->secret.p)) return key_of_pkcs12(r);
    return refuse(r, F_KEY_FILE,
                  "it has no checksum (MAC) by which a password could be tried, and does not open with the one given; "
                  "make it again with one (openssl pkcs12 -export without -nomac)");
}

static status read_pkcs12(reading *r, PKCS12 *x)
{
    const ASN1_INTEGER *rounds = NULL;
    PKCS12_get0_mac(NULL, NULL, NULL, &rounds, x);
    if (rounds && (ASN1_INTEGER_get(rounds) < 0 || ASN1_INTEGER_get(rounds) > ROUNDS_MAX))
        return refuse(r, F_KEY_FILE, "its password would take hours to try");
    if (!PKCS12_mac_present(x)) return read_without_mac(r, x);
    const bool open = PKCS12_verify_mac(x, "", 0) || PKCS12_verify_mac(x, NULL, 0);
    if (!open) {
        if (!ask(r)) return ST_FATAL;
        if (!PKCS12_verify_mac(x, r->secret.p, (int)r->secret.n)) return wrong_password(r);
    }
    if (parse_pkcs12(r, x, open ? "" : r->secret.p)) return key_of_pkcs12(r);
    return refuse(r, F_KEY_FILE, "it is sealed by an old method (RC2), or damaged; make it again with AES or 3DES");
}

static status read_der(reading *r)
{
    const uint8_t *p = r->p;
    r->out->certificate = d2i_X509(NULL, &p, (long)r->n);
    if (r->out->certificate) return ST_OK;
    p = r->p;
    PKCS12 *pfx = d2i_PKCS12(NULL, &p, (long)r->n);
    if (pfx) {
        status st = read_pkcs12(r, pfx);
        PKCS12_free(pfx);
        return st;
    }
    p = r->p;
    r->out->key = d2i_AutoPrivateKey(NULL, &p, (long)r->n);
    if (r->out->key) return ST_OK;
    BIO *b = BIO_new_mem_buf(r->p, (int)r->n);
    if (b) r->out->key = d2i_PKCS8PrivateKey_bio(b, NULL, password_for_pem, r);
    BIO_free(b);
    if (r->no_password) return ST_FATAL;
    if (r->out->key) return ST_OK;
    return r->asked
               ? wrong_password(r)
               : refuse(r, F_KEY_FILE,
                        "it is none of these: a certificate (.cer), a private key of SQL Server (.pvk), a .pfx, PEM");
}

/* ---- the file ---- */

static status check_kind(reading *r)
{
    EVP_PKEY *public = r->out->certificate ? X509_get0_pubkey(r->out->certificate) : NULL;
    if (r->out->key && EVP_PKEY_get_base_id(r->out->key) != EVP_PKEY_RSA)
        return refuse(r, F_KEY_FILE, "its key is no RSA key, which SQL Server's are");
    if (r->out->certificate && (!public || EVP_PKEY_get_base_id(public) != EVP_PKEY_RSA))
        return refuse(r, F_KEY_FILE, "its certificate is not for an RSA key, as SQL Server's are");
    return ST_OK;
}

static status read_bytes(reading *r)
{
    static const char dashes[] = "-----BEGIN ";
    size_t skip = r->n >= 3 && memcmp(r->p, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0; /* as editors put it */
    bool pem = false;
    for (size_t at = skip; at + sizeof dashes <= r->n && !pem; at++) /* text may stand before it */
        pem = memcmp(r->p + at, dashes, sizeof dashes - 1) == 0;
    status st = pvk_is(r->p, r->n) ? read_pvk(r) : r->p[0] != 0x30 && pem ? read_pem(r) : read_der(r);
    return st == ST_OK ? check_kind(r) : st;
}

status key_file_read(byte_source *file, const key_password *password, findings *f, key_file *out)
{
    *out = (key_file){NULL, NULL};
    reading r = {.path = byte_source_path(file),
                 .password = password,
                 .found = f,
                 .out = out,
                 .secret = buf_new(PASSWORD_BYTES_MAX + 1)};
    uint64_t size = byte_source_size(file);
    if (size == 0) return refuse(&r, F_KEY_FILE, "it is empty");
    if (size > KEY_FILE_BYTES_MAX) return refuse(&r, F_KEY_FILE, "it is larger than such a file can be");
    uint8_t *p = malloc((size_t)size);
    if (!p) return refuse(&r, F_OUT_OF_MEMORY, "reading a key");
    r.p = p;
    status st = byte_source_read(file, 0, p, (size_t)size, &r.n, f);
    if (st == ST_OK && r.n < size) st = refuse(&r, F_KEY_FILE, "it became shorter while it was read");
    if (st == ST_OK) st = read_bytes(&r);
    OPENSSL_cleanse(p, (size_t)size);
    free(p);
    if (r.secret.p) OPENSSL_cleanse(r.secret.p, r.secret.room);
    buf_free(&r.secret);
    ERR_clear_error();
    return st;
}

void key_file_free(key_file *k)
{
    X509_free(k->certificate);
    EVP_PKEY_free(k->key);
    *k = (key_file){NULL, NULL};
}
