/* How one text file is written: what csv_sniff finds out and the other files here obey. FORMAT.md says what each writer
 * does. */
#ifndef CSV_CSV_DIALECT_H
#define CSV_CSV_DIALECT_H

#include "base/codepage.h"
#include "base/sv.h"

typedef enum csv_writer {
    CSV_BY_ANYBODY,
    CSV_BY_CHARTFERRY, /* a folder made by "chartferry extract" */
    CSV_BY_SSMS,
    CSV_BY_SQLCMD,
    CSV_BY_BCP,
    CSV_BY_POWERSHELL,
    CSV_BY_EXCEL
} csv_writer;

typedef enum csv_encoding { CSV_UTF8, CSV_UTF16LE, CSV_UTF16BE, CSV_CODEPAGE } csv_encoding;
typedef enum csv_newline { CSV_LF, CSV_CRLF, CSV_CR } csv_newline;

enum { CSV_COLUMNS_MAX = 4096 };

typedef struct csv_dialect {
    csv_writer writer;
    csv_encoding encoding;
    const codepage *page; /* CSV_CODEPAGE */
    bool bom;
    char delimiter; /* ASCII; a line end: there is one column only */
    char quote;     /* 0: the writer knows no quotes, a quotation mark is text */
    csv_newline newline;
    bool header;
    bool null_word;            /* an unquoted NULL is NULL */
    bool empty_is_null;        /* an empty field without quotes is NULL, else empty text */
    bool quoted_empty_is_null; /* "" is NULL: the writer has no other way */
    bool nul_is_empty;         /* a field of one NUL character is empty text (bcp) */
    bool keep_all;             /* NUL and U+FEFF belong to the data */
    bool trim;                 /* blanks behind a value are padding (sqlcmd) */
    bool footers;              /* lines such as "(3 rows affected)" are no rows (sqlcmd, SSMS) */
    const uint32_t *width;     /* fixed columns in characters, else NULL: each followed by one separator */
    size_t widths;
    uint64_t data_at;   /* raw offset of the first row */
    uint64_t data_line; /* its line, from 1 */
} csv_dialect;

static inline bool csv_is_utf16(csv_encoding e) { return e == CSV_UTF16LE || e == CSV_UTF16BE; }

#endif
