/* The reader interface: what every source of tables offers (SQL Server backups and data files, running servers, CSV
 * dumps). A reader knows bytes and types; it has never heard of a patient or a tooth.
 *
 * Flow: bid on the first bytes -> open -> catalog -> scan a range of a table -> next, next, ... -> cursor_close ->
 * close. Readers never print and never exit: results are a status, what happened is told by findings. */
#ifndef SOURCE_ROW_SOURCE_H
#define SOURCE_ROW_SOURCE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/byte_source.h"
#include "base/finding.h"
#include "base/status.h"
#include "source/value.h"

typedef struct row_source row_source;
typedef struct row_cursor row_cursor;
typedef struct lob_stream lob_stream;

/* ---- opening ---- */

/* The first bytes of the first file, for bidding. */
typedef struct probe {
    const uint8_t *p;
    size_t n; /* at most PROBE_BYTES */
    uint64_t size;
    sv path;
} probe;
enum { PROBE_BYTES = 4096 };

/* How a running server is logged in to, and how much is asked of the connection. */
typedef enum server_encryption {
    SERVER_CHECKED,   /* encrypted, and the server's certificate proves who it is */
    SERVER_UNCHECKED, /* encrypted with whoever answers */
    SERVER_OLD,       /* the same, with what is no longer safe too */
    SERVER_PLAIN      /* not encrypted */
} server_encryption;

typedef struct server_access {
    server_encryption encryption;
    const char *certificates;                                  /* file of trusted certificates; NULL: the system's */
    unsigned seconds;                                          /* to wait for an answer; 0: the reader's own figure */
    const char *work_folder;                                   /* for small files meanwhile */
    bool (*password)(void *ctx, sv user, sv server, buf *out); /* false: there is none, a finding was added */
    void *ctx;
} server_access;

typedef struct open_args {
    byte_source *const *file; /* the files given, in the user's order; stay the caller's and must outlive the source */
    size_t files;
    unsigned set;            /* backup set to read, from 1; 0: the newest full one */
    bool salvage;            /* go on where a part is missing or damaged, as far as that can be done without guessing */
    sv name;                 /* of the folder or archive that the files were found in; empty: named one by one */
    sv encoding;             /* of text files: "utf-8", "windows-1254" ...; empty: found out */
    sv codepage;             /* of text files in a code page that they do not name: instead of a guess; may be empty */
    char delimiter;          /* of text files; 0: found out */
    const char *work_folder; /* where a nameless work file may be made; NULL: the system's folder for temporary files */
    const server_access *server; /* of an address of a server; NULL: as if all of it were 0 */
    byte_source *const *older;   /* files of an older backup of the same database, which damaged pages are taken from */
    size_t olders;               /* they must outlive the source, too */
    bool account;                /* add up every byte of the files by what it is */
    const struct key_ring *keys; /* certificates and private keys of encrypted backups (keys/key_ring.h); NULL: none */
} open_args;

/* ---- what the source is: filled by open, also as far as possible when open refuses ---- */

typedef struct backup_set_info {
    unsigned number;  /* position in the file, from 1 */
    const char *type; /* "full", "differential", "log", "file or filegroup", ... */
    bool copy_only, checksums;
    sv name; /* the set's own name */
    sv database, server;
    sv started, finished; /* "2017-06-01 12:59:12", server's local time; empty when unknown */
    sv product;           /* "SQL Server 2014 (12.0.2000)" */
    unsigned database_version;
    uint64_t bytes; /* of the set as the server counted it */
    bool chosen;    /* the set that is read */
} backup_set_info;

typedef struct database_file_info {
    unsigned id;
    sv name, path; /* logical name; path on the server */
    sv filegroup;
    uint64_t bytes;
    bool log;
} database_file_info;

/* Whether user tables changed while the backup was made (its pages are then from different moments). */
typedef enum consistency { CONSISTENCY_UNKNOWN, CONSISTENT, CHANGED_DURING_BACKUP } consistency;

/* A text file or a sheet of a workbook, and how it is read. */
typedef struct text_file_info {
    sv path;      /* as given, or "archive.zip/member" */
    sv table;     /* full_name of the table it became; empty: none */
    sv writer;    /* "SQL Server Management Studio", "sqlcmd" ...; "unknown program" */
    sv encoding;  /* "UTF-8 with BOM", "Windows-1254" */
    sv delimiter; /* "comma", "tab", "fixed columns" */
    sv quoting;   /* "where needed", "all text", "none" */
    sv line_ends; /* "CRLF", "LF", "CR" */
    sv null_rule; /* what counts as NULL and what as empty text: a sentence */
    bool header;  /* its first row names the columns */
    bool guessed; /* encoding or header were decided on weak evidence; a finding says which */
    uint64_t bytes;
} text_file_info;

/* How many bytes of a file are what: the parts add up to all of them. */
typedef struct byte_count {
    sv what;
    uint64_t bytes;
} byte_count;

typedef struct byte_account {
    sv path;
    bool inside; /* of what is in it, unpacked, not of the file itself */
    uint64_t bytes;
    const byte_count *part;
    size_t parts;
} byte_account;

typedef struct source_info {
    sv kind;     /* "SQL Server backup, compressed" */
    sv product;  /* "SQL Server 2014 (12.0.2000)"; from the database version where nothing better is known */
    sv database; /* name; empty when unknown */
    unsigned database_version, created_version; /* 782, 661; 0 unknown */
    unsigned compatibility_level;
    sv collation; /* "1252 (0x3400D008)": code page and id */
    unsigned codepage;
    bool live; /* a running server: set[0] is the moment it was read, files are as allocated */
    bool compressed, encrypted, striped, checksums;
    sv cipher;                         /* of what is encrypted and was opened: "AES-256" */
    unsigned families, families_given; /* stripes */
    uint64_t file_bytes;               /* of all files given */
    uint64_t data_bytes;               /* of the data files as allocated: what the limit of Express counts */
    uint64_t express_bytes;            /* that limit for this version; 0: 10 GB, as from 2008 R2 to 2022 */
    const backup_set_info *set;
    size_t sets;
    const database_file_info *file;
    size_t files;
    const byte_account *account; /* of open_args.account; files of backups and data files */
    size_t accounts;
    consistency consistent;
    sv consistency_note;        /* a sentence */
    const text_file_info *text; /* text files and sheets; none for a database */
    size_t texts;
} source_info;

/* What a database may hold in the free SQL Server Express. */
static inline uint64_t source_express_limit(const source_info *s)
{
    return s->express_bytes ? s->express_bytes : (uint64_t)10 << 30;
}

/* ---- catalog ---- */

typedef enum column_type {
    T_BOOL,
    T_INT,
    T_DECIMAL,
    T_MONEY,
    T_REAL,
    T_TEXT,
    T_BYTES,
    T_DATE,
    T_TIME,
    T_DATETIME,
    T_DATETIMEOFFSET,
    T_GUID,
    T_XML,
    T_HIERARCHYID,
    T_SPATIAL,
    T_VARIANT,
    T_ROWVERSION,
    T_UNKNOWN
} column_type;

typedef struct column_info {
    sv name;
    sv type_name; /* as SQL Server writes it: "decimal(9,2)", "nvarchar(max)" */
    sv alias;     /* "dbo.PhoneNumber" when declared by an alias type; else empty */
    column_type type;
    uint8_t precision, scale;
    int32_t max_bytes; /* -1: max; 0: does not apply */
    unsigned codepage; /* of char, varchar, text; 0 else */
    uint32_t collation;
    bool nullable, identity, computed, sparse;
    sv unreadable; /* why this column cannot be read (FILESTREAM, Always Encrypted ...); empty when it can */
} column_info;

typedef struct key_info {
    sv name;
    enum { KEY_PRIMARY, KEY_UNIQUE, KEY_FOREIGN } kind;
    const uint16_t *column; /* positions in table_info.column */
    size_t columns;
    sv ref_schema, ref_table; /* KEY_FOREIGN */
    const sv *ref_column;     /* KEY_FOREIGN: as many as columns */
} key_info;

typedef struct table_info {
    sv schema, name;
    sv full_name; /* "schema.name", the name findings use */
    const column_info *column;
    size_t columns;
    const key_info *key;
    size_t keys;
    int64_t rows_expected; /* as the catalog counts them; -1 unknown */
    uint64_t bytes;        /* pages that the table holds, indexes not counted */
    sv storage;            /* "heap", "clustered", "clustered, page compression, 4 partitions" */
    sv compression;        /* "none", "row", "page", "columnstore", "mixed" */
    sv unreadable;         /* why no row of it can be read; empty when rows can */
    bool unproven;         /* uses storage that no real file has shown us yet */
    sv unproven_note;      /* which */
    bool nameless;         /* the source names no columns: they are column_1, column_2 ... by position */
    uint64_t scan_units;   /* the table can be scanned in ranges [a, b) with 0 <= a < b <= scan_units */
} table_info;

typedef struct catalog {
    const table_info *table; /* user tables, by schema and name */
    size_t tables;
} catalog;

/* ---- rows ---- */

/* Where a row came from: page and slot of a database file, or a line of a text file. */
typedef struct origin {
    uint64_t line;
    uint32_t page;
    uint16_t file, slot;
} origin;

typedef struct row {
    const value
        *cell; /* one per requested column; valid, as all that it points to, until the next call on the cursor */
    size_t n;
    origin from;
} row;

typedef struct scan_request {
    size_t table;           /* index into the catalog */
    const uint16_t *column; /* columns wanted, in the order wanted; NULL: all */
    size_t columns;
    uint64_t first, last; /* scan units [first, last); last == 0: all */
    bool no_lobs_inline;  /* hand every off-row value out as V_LOB, whatever its size */
} scan_request;

/* What a cursor has met so far. */
typedef struct scan_counts {
    uint64_t rows;            /* handed out */
    uint64_t rows_unreadable; /* known to have been there and not handed out; each has a finding */
    uint64_t cells_unreadable;
    uint64_t pages; /* read */
} scan_counts;

/* What the check of a whole database met. */
typedef struct page_counts {
    uint64_t pages;                            /* in use; the next four add up to it */
    uint64_t checksum, torn_bits, unprotected; /* whole, by what says so; pages that the log changed: unprotected */
    uint64_t damaged;                          /* each has a finding */
    uint64_t unknown;                          /* pages of which no map says whether they are in use */
} page_counts;

typedef struct row_source_ops {
    const char *name;  /* "bak" */
    const char *title; /* "SQL Server backup" */

    /* 0: not mine ... 100: certain. Looks only at p. */
    int (*bid)(const probe *p);

    /* ST_OK and *out, or ST_FATAL with a finding that says why not. *out is also set, for info and close only, when
     * the file is of this kind but cannot be read (encrypted, a lone stripe). */
    status (*open)(const open_args *a, findings *f, row_source **out);
    const source_info *(*info)(row_source *s); /* lives as long as s */

    /* The user tables; lives as long as s. ST_FATAL when there is none to be had. */
    status (*catalog)(row_source *s, const catalog **out);

    /* Several cursors may be open at once, each used by one thread at a time. The request's arrays are copied. */
    status (*scan)(row_source *s, const scan_request *q, row_cursor **out);
    /* Up to max rows. ST_OK with *got > 0; ST_END; ST_ROW_LOST: a finding was added, call again (rows in *got are
     * good); ST_TABLE_LOST: this cursor is over. */
    status (*next)(row_cursor *c, row *out, size_t max, size_t *got);
    const scan_counts *(*counts)(const row_cursor *c);
    void (*cursor_close)(row_cursor *c); /* c may be NULL */

    /* Streams a V_LOB: text comes as UTF-8, never cut inside a character at the end of the stream. lob_read gives ST_OK
     * with *got > 0, ST_END at the end, ST_ROW_LOST when the value breaks off (a finding says why). */
    status (*lob_open)(row_source *s, const lob_ref *ref, lob_stream **out);
    status (*lob_read)(lob_stream *l, void *p, size_t room, size_t *got);
    void (*lob_close)(lob_stream *l);

    /* Checks that no single table scan makes (whole container, page accounts); call when the scans are done. */
    status (*verify)(row_source *s);
    /* Reads every page in use, on all processors, and verifies its checksum; then verify. Without any scan before it is
     * the check of all checksums that there are. NULL: the format has none. ST_FATAL with a finding. */
    status (*check)(row_source *s, page_counts *out);
    void (*close)(row_source *s); /* s may be NULL */
} row_source_ops;

/* Every source begins with its operations. */
struct row_source {
    const row_source_ops *ops;
};

#endif
