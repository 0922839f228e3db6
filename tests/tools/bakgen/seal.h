/* Encryption of what bakgen writes: backups WITH ENCRYPTION, databases with TDE (README.md, Encryption). It needs the
 * certificate only: whoever has its private key opens the file. */
#ifndef BAKGEN_SEAL_H
#define BAKGEN_SEAL_H

#include "image.h"

typedef struct seal seal;

/* Where descriptions of the format leave open how it is, and a reader must take both. */
enum {
    SEAL_FILLED = 1,          /* records are always filled up, as PKCS#7 does */
    SEAL_SUM_SEALED = 2,      /* a record's checksum is that of its sealed bytes */
    SEAL_PAGE_SUM_SEALED = 4, /* and a page's */
    SEAL_OAEP = 8,            /* keys are sealed as SQL Server 2025 does */
    SEAL_HALF = 16,           /* encryption is being switched off: every other page is plain and still has the mark */
    SEAL_SUM_OTHER = 32       /* a record's checksum is of something else */
};

enum { SEAL_KEY_MAX = 28 + 1024, SEAL_RECORD_MAX = 65536 + 16 };

/* backup, database: "aes128", "aes192", "aes256", "3des", NULL: not encrypted. NULL when it fails. */
seal *seal_open(const char *certificate, const char *backup, const char *database, unsigned forms, fault *f);
void seal_close(seal *s);

bool seal_has_backup(const seal *s); /* s may be NULL, as in all of these */
bool seal_has_database(const seal *s);

/* {u32 20, thumbprint, u32 n, n sealed bytes}; returns its length. */
size_t seal_put_backup_key(seal *s, uint8_t out[SEAL_KEY_MAX], fault *f);
size_t seal_put_database_key(seal *s, uint8_t out[SEAL_KEY_MAX], fault *f);

/* A record's n bytes made stored ones in out, its header's IV, length and checksum set. database: sealed by that key
 * too. Returns the stored length. */
size_t seal_record(seal *s, bool database, const uint8_t *p, size_t n, uint8_t head[28], uint8_t out[SEAL_RECORD_MAX],
                   fault *f);

/* Seals pages in place; the boot page of a data file stays readable and gets the database's key. */
bool seal_pages(seal *s, uint8_t *pages, unsigned n, page_guard guard, bool boot_clear, fault *f);

uint32_t words_sum(const uint8_t *p, size_t n);

#endif
