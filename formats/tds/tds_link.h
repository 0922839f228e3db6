/* One connection to a server through FreeTDS's db-lib: statements out, rows of bytes in. The only user of that library.
 * A link is used by one thread at a time. Nothing here adds a finding: what went wrong stands in tds_trouble, and
 * tds_failure.h says what it means. */
#ifndef TDS_TDS_LINK_H
#define TDS_TDS_LINK_H

#include "base/status.h"
#include "base/sv.h"
#include <stdint.h>

typedef struct tds_link tds_link;

typedef struct tds_trouble {
    int library; /* db-lib's number of the first thing that failed; 0: none */
    int system;  /* the operating system's number that came with it */
    int server;  /* number of the server's first error (severity over 10); 0: none */
    int state, severity;
    bool timed_out; /* nothing came for as long as the user lets it */
    bool interrupted;
    bool answered;  /* the server said something: it is one, and it can be reached */
    char text[512]; /* the server's own words of that error */
} tds_trouble;

/* How much a connection is worth: the first is asked for unless the user says otherwise. */
typedef enum tds_encryption {
    TDS_CHECKED,   /* TLS, and the certificate proves who the server is */
    TDS_UNCHECKED, /* TLS with whoever answers */
    TDS_OLD,       /* the same, TLS 1.0 too */
    TDS_PLAIN      /* nothing is encrypted, not even the login */
} tds_encryption;

typedef struct tds_login {
    const char *host; /* all end in NUL; instance and port are settled */
    unsigned port;
    const char *database; /* "" : the login's own */
    const char *user;     /* "": a Windows (Kerberos) login of whoever runs this */
    const char *password;
    tds_encryption encryption;
    const char *certificates; /* file of trusted certificates (PEM); NULL: those of the system */
    const char *work_folder;  /* for a file of settings that lasts as long as tds_connect */
    unsigned connect_seconds, answer_seconds;
} tds_login;

/* Once, before anything else: starts the library and takes from the environment what would make it write its traffic (logins
 * and patients' records) to a file or go to another server. False: no memory. */
bool tds_start(void);

/* NULL and *t. A password is handed to nothing but the library. */
tds_link *tds_connect(const tds_login *login, tds_trouble *t);
void tds_link_close(tds_link *l); /* l may be NULL */

/* Sends statements of which at most one gives rows (sql ends in NUL). ST_OK: tds_row follows; ST_TABLE_LOST: see
 * tds_trouble_of. */
status tds_ask(tds_link *l, const char *sql);
/* The same for statements that give no rows. */
status tds_do(tds_link *l, const char *sql);
size_t tds_columns(const tds_link *l);

/* ST_OK, ST_END (the server has said how many rows there were, and it were these), ST_TABLE_LOST. */
status tds_row(tds_link *l);
/* Gives up the rest of the answer; false: the link is of no more use. */
bool tds_cancel(tds_link *l);
bool tds_usable(const tds_link *l);
const tds_trouble *tds_trouble_of(const tds_link *l);

/* What a column of the present row is, as it came. Valid until the next call. */
typedef enum tds_form {
    TDS_NULL,
    TDS_INTEGER, /* 1, 2, 4 or 8 bytes */
    TDS_BIT,
    TDS_FLOAT, /* 4 or 8 bytes */
    TDS_MONEY, /* 4 or 8 bytes, the high half first */
    TDS_NUMERIC,
    TDS_DATETIME, /* 4 or 8 bytes, days first */
    TDS_MOMENT,   /* date, time, datetime2, datetimeoffset */
    TDS_GUID,
    TDS_BYTES,
    TDS_OTHER /* nothing that is asked for */
} tds_form;

typedef struct tds_numeric {
    uint64_t lo, hi;
    uint8_t precision, scale;
    bool negative, fits;
} tds_numeric;

typedef struct tds_moment {
    uint64_t time; /* units of 100 ns */
    int32_t date;  /* days since 1900-01-01 */
    int16_t offset;
} tds_moment;

tds_form tds_column(tds_link *l, size_t i, sv *bytes);
/* bytes of TDS_NUMERIC and TDS_MOMENT taken apart. */
tds_numeric tds_numeric_of(sv bytes);
tds_moment tds_moment_of(sv bytes);

#endif
