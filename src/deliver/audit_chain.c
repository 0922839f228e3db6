#include "deliver/audit_chain.h"
#include <openssl/evp.h>
#include <stdlib.h>

enum { SUM_BYTES = AUDIT_HASH_WHOLE / 2 };

struct audit_chain {
    EVP_MD_CTX *ctx;
    unsigned char last[SUM_BYTES];
};

/* The context keeps its algorithm: to look it up again for each line would cost more than the hash. */
static bool sum(audit_chain *c, const void *before, size_t n, sv line)
{
    unsigned got = 0;
    return EVP_DigestInit_ex(c->ctx, NULL, NULL) == 1 && (!n || EVP_DigestUpdate(c->ctx, before, n) == 1) &&
           EVP_DigestUpdate(c->ctx, line.p, line.n) == 1 && EVP_DigestFinal_ex(c->ctx, c->last, &got) == 1 &&
           got == SUM_BYTES;
}

audit_chain *audit_chain_new(sv heading)
{
    audit_chain *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    c->ctx = EVP_MD_CTX_new();
    if (c->ctx && EVP_DigestInit_ex(c->ctx, EVP_sha256(), NULL) == 1 && sum(c, NULL, 0, heading)) return c;
    audit_chain_free(c);
    return NULL;
}

bool audit_chain_add(audit_chain *c, sv line, char hex[AUDIT_HASH_WHOLE])
{
    static const char digit[] = "0123456789abcdef";
    if (!sum(c, c->last, SUM_BYTES, line)) return false;
    for (size_t i = 0; i < SUM_BYTES; i++) {
        hex[2 * i] = digit[c->last[i] >> 4];
        hex[2 * i + 1] = digit[c->last[i] & 15];
    }
    return true;
}

void audit_chain_free(audit_chain *c)
{
    if (!c) return;
    EVP_MD_CTX_free(c->ctx);
    free(c);
}
