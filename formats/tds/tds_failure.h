/* What a tds_trouble means to people. */
#ifndef TDS_TDS_FAILURE_H
#define TDS_TDS_FAILURE_H

#include "base/finding.h"
#include "tds/tds_link.h"

/* The server cannot be reached, or refuses: kinds that the connection itself tells apart. */
typedef enum tds_refusal {
    TDS_REFUSED_OTHER,
    TDS_REFUSED_HOST,
    TDS_REFUSED_PORT,   /* nobody listens, or nothing comes */
    TDS_REFUSED_SILENT, /* it is reached, and ends the talk before it has said anything: TLS, or no SQL Server */
    TDS_REFUSED_LOGIN,
    TDS_REFUSED_LOCKED,
    TDS_REFUSED_EXPIRED,
    TDS_REFUSED_WINDOWS,
    TDS_REFUSED_DATABASE
} tds_refusal;

tds_refusal tds_refusal_of(const tds_trouble *t, bool windows_login);

/* The fact of a finding: the server's words where they can hold no value of a record, else its number alone. Returns
 * out. */
enum { TDS_WORDS_MAX = 400 };
const char *tds_words(const tds_trouble *t, char out[TDS_WORDS_MAX]);

/* Why a table could not be read to its end, as a finding of it. rows: read so far; seconds: how long was waited. */
void tds_say_lost(findings *f, const tds_trouble *t, sv path, sv table, uint64_t rows, unsigned seconds);

#endif
