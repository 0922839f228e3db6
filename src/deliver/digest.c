#include "deliver/digest.h"
#include "base/platform.h"
#include "base/text_file.h"
#include "csv/csv_writer.h"
#include <openssl/evp.h>
#include <stdlib.h>

struct sha256 {
    EVP_MD_CTX *ctx;
    bool failed;
};

sha256 *sha256_new(void)
{
    sha256 *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    s->ctx = EVP_MD_CTX_new();
    if (s->ctx && EVP_DigestInit_ex(s->ctx, EVP_sha256(), NULL) == 1) return s;
    sha256_free(s);
    return NULL;
}

void sha256_add(sha256 *s, const void *p, size_t n)
{
    if (n && EVP_DigestUpdate(s->ctx, p, n) != 1) s->failed = true;
}

bool sha256_end(sha256 *s, char hex[SHA256_HEX + 1])
{
    static const char digit[] = "0123456789abcdef";
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    bool ok = EVP_DigestFinal_ex(s->ctx, sum, &n) == 1 && n * 2 == SHA256_HEX && !s->failed;
    for (unsigned i = 0; ok && i < n; i++) {
        hex[2 * i] = digit[sum[i] >> 4];
        hex[2 * i + 1] = digit[sum[i] & 15];
    }
    hex[ok ? SHA256_HEX : 0] = '\0';
    sha256_free(s);
    return ok;
}

void sha256_free(sha256 *s)
{
    if (!s) return;
    EVP_MD_CTX_free(s->ctx);
    free(s);
}

enum { READ_BYTES = 1 << 18 };

/* Every byte of the file to the hash and, where wanted, to the counter. */
static bool feed(const char *path, char *room, sha256 *s, csv_counter *c, uint64_t *bytes, const char **why)
{
    os_file *f = os_open_read(path, why);
    if (!f) return false;
    size_t got = 1;
    bool ok = true;
    for (uint64_t at = 0; ok && got; at += got) {
        ok = os_read_at(f, at, room, READ_BYTES, &got, why);
        if (!ok) break;
        sha256_add(s, room, got);
        if (c) csv_count(c, (sv){room, got});
        *bytes += got;
    }
    os_close_read(f);
    return ok;
}

bool digest_file(const char *path, file_digest *out, const char **why)
{
    *out = (file_digest){0};
    csv_counter c = {0};
    char *room = malloc(READ_BYTES);
    sha256 *s = sha256_new();
    *why = "out of memory";
    bool ok = room && s && feed(path, room, s, &c, &out->bytes, why);
    if (ok)
        ok = sha256_end(s, out->sha256);
    else
        sha256_free(s);
    free(room);
    out->records = c.records;
    return ok;
}

static bool feed_named(sha256 *s, const char *folder, sv name, char *room, arena *mem, const char **why)
{
    uint64_t bytes = 0;
    sv path = arena_printf(mem, "%s/%.*s", folder, (int)name.n, name.p);
    *why = "out of memory";
    if (!path.p) return false;
    if (os_is_folder(path.p)) return true;
    sha256_add(s, name.p, name.n + 1); /* arena texts have a NUL behind them */
    return feed(path.p, room, s, NULL, &bytes, why);
}

bool digest_folder(const char *folder, arena *mem, char hex[SHA256_HEX + 1], const char **why)
{
    sv *name = NULL;
    size_t n = 0;
    if (!text_folder_names(folder, "", mem, &name, &n, why)) return false;
    char *room = malloc(READ_BYTES);
    sha256 *s = sha256_new();
    bool ok = room && s;
    if (!ok) *why = "out of memory";
    for (size_t i = 0; ok && i < n; i++) ok = feed_named(s, folder, name[i], room, mem, why);
    free(room);
    if (ok) return sha256_end(s, hex);
    sha256_free(s);
    return false;
}
