/* SQL Server's types: the stored bytes of a cell to a value. Used by the data-file reader; the parts that travel the
 * network in the same form (CLR types, binary XML) will serve a live server too.
 *
 * All functions: `in` is hostile, every length is checked; results that need memory use `mem`; `notes` is never NULL
 * and only ever added to; false means that the bytes are no value of this type (or that memory ran out). */
#ifndef SQLTYPE_SQLTYPE_H
#define SQLTYPE_SQLTYPE_H

#include "base/arena.h"
#include "base/codepage.h"
#include "source/row_source.h"

/* System type ids (sys.types.system_type_id). */
enum {
    XT_IMAGE = 34,
    XT_TEXT = 35,
    XT_GUID = 36,
    XT_DATE = 40,
    XT_TIME = 41,
    XT_DATETIME2 = 42,
    XT_DATETIMEOFFSET = 43,
    XT_TINYINT = 48,
    XT_SMALLINT = 52,
    XT_INT = 56,
    XT_SMALLDATETIME = 58,
    XT_REAL = 59,
    XT_MONEY = 60,
    XT_DATETIME = 61,
    XT_FLOAT = 62,
    XT_VARIANT = 98,
    XT_NTEXT = 99,
    XT_BIT = 104,
    XT_DECIMAL = 106,
    XT_NUMERIC = 108,
    XT_SMALLMONEY = 122,
    XT_BIGINT = 127,
    XT_VARBINARY = 165,
    XT_VARCHAR = 167,
    XT_BINARY = 173,
    XT_CHAR = 175,
    XT_ROWVERSION = 189,
    XT_NVARCHAR = 231,
    XT_NCHAR = 239,
    XT_UDT = 240,
    XT_XML = 241,
    XT_JSON = 244
};
enum { UDT_HIERARCHYID = 128, UDT_GEOMETRY = 129, UDT_GEOGRAPHY = 130 };

/* What a decoder must know of a column. */
typedef struct sqltype {
    uint8_t xtype, precision, scale;
    uint16_t max_bytes; /* of fixed-length strings and binary: the declared length */
    uint32_t udt;
    const codepage *cp; /* char, varchar, text */
} sqltype;

/* Bytes of a fixed-length type in the fixed part of a record; 0: variable length. decimal by precision, time by scale.
 * */
unsigned sqltype_fixed_bytes(const sqltype *t);

/* What a decode met besides a value. */
typedef struct sqltype_notes {
    size_t bad_text; /* characters without meaning, written as U+FFFD */
} sqltype_notes;

/* Any type but (max) roots and bit: the uncompressed stored form. char and nchar keep their blanks. V_TEXT points into
 * mem or, where the bytes already are UTF-8 (ASCII in any code page), into `in`. */
bool sqltype_decode(const sqltype *t, sv in, arena *mem, value *out, sqltype_notes *notes);

/* sql_variant: its base type decides the kind. */
bool sqltype_variant(sv in, arena *mem, value *out, sqltype_notes *notes);

/* Bytes at the end of p[0..n) that begin a character which the next piece of the text goes on with. cp: of LOB_CODEPAGE. */
size_t sqltype_split(lob_encoding e, const codepage *cp, const char *p, size_t n);

/* Human names: "decimal(9,2)", "nvarchar(max)"; max_bytes as sys.columns.max_length (-1 max). */
sv sqltype_name(const sqltype *t, int max_length, arena *mem);
column_type sqltype_column_type(const sqltype *t);

/* Code page of a collation id (FORMAT-collation.md); 0 when it is not known or Unicode only. */
unsigned collation_codepage(uint32_t collation);
/* For people: "SQL_Latin1_General_CP1_CI_AS" where the name is certain, else "0x0003D108 (code page 1252)". Lives as
 * long as mem or for ever; {NULL, 0} when out of memory. */
sv collation_describe(uint32_t collation, arena *mem);
/* The id of a name as a server writes it ("Turkish_CI_AS"), with everything that comparing needs: case, accents, binary,
 * Turkish letters. A locale that has no name here is left out. */
uint32_t collation_of_name(sv name);

/* ---- compressed forms (ROW and PAGE compression) ---- */

/* A value as stored in a compressed record: trimmed integers, biased, SCSU text ... `in` empty means zero/empty, never
 * NULL. A (max) column is stored there as it is elsewhere: sqltype_decode. V_TEXT and V_BYTES may point into `in` here
 * too. */
bool sqltype_decode_compressed(const sqltype *t, sv in, arena *mem, value *out, sqltype_notes *notes);
/* The digits of a vardecimal. */
bool vardecimal_decode(sv in, unsigned precision, unsigned scale, decimal *out);

/* ---- CLR types ---- */
bool hierarchyid_text(sv in, buf *out);             /* "/1/2/" */
bool spatial_text(sv in, bool geography, buf *out); /* WKT, as STAsText prints it, with Z and M; "" for none */

/* ---- binary XML (MS-BINXML), streamed: bytes in through `read`, UTF-8 out ---- */
typedef struct binxml binxml;
typedef status (*binxml_read)(void *ctx,
                              sv *piece); /* next piece of stored bytes: ST_OK, ST_END or the failure to pass on */
binxml *binxml_new(binxml_read read, void *ctx); /* NULL when out of memory */
/* Up to `room` bytes of text. ST_OK with *got > 0, ST_END, ST_ROW_LOST: not binary XML, or broken (no finding is added:
 * the caller knows the place), or what read() returned. */
status binxml_next(binxml *x, char *out, size_t room, size_t *got);
void binxml_free(binxml *x);

#endif
