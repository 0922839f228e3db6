/* Compressed records (row and page compression) and what the rows of a page share (FORMAT-records.md, Compressed
 * records). Views into the page. */
#ifndef MDF_MDF_CD_H
#define MDF_MDF_CD_H

#include "base/arena.h"
#include "mdf/mdf_layout.h"

/* Record types, bits 2 to 4 of the first byte. */
typedef enum cd_type {
    CD_PRIMARY,
    CD_GHOST_EMPTY,
    CD_STUB,
    CD_GHOST,
    CD_FORWARDED,
    CD_GHOST_FORWARDED,
    CD_INDEX,
    CD_GHOST_INDEX
} cd_type;

enum { CD_VERSIONED = 0x02, CD_VERSION_TAG_BYTES = 14 };
static inline bool cd_is(const uint8_t *record) { return (record[0] & 1) != 0; }
static inline cd_type cd_type_of(const uint8_t *record) { return (cd_type)(record[0] >> 2 & 7); }

typedef enum cd_kind {
    CD_NULL,
    CD_BYTES,  /* p, n; n == 0: zero, empty or, where the page has an anchor for the column, the anchor's value */
    CD_TRUE,   /* a bit that is 1 */
    CD_SYMBOL, /* symbol: an entry of the page's dictionary */
    CD_COMPLEX /* p, n: a LOB root or overflow pointer */
} cd_kind;

typedef struct cd_cell {
    const uint8_t *p;
    uint16_t n;
    uint8_t kind; /* cd_kind */
    uint8_t symbol;
} cd_cell;

typedef struct cd_record {
    unsigned columns; /* in this row */
    size_t n;         /* bytes, the versioning tag not counted */
} cd_record;

/* Parses the compressed record in the `room` bytes at p (its type is not looked at). The cells of its first `cells`
 * columns are put into cell; columns beyond are walked over. False when a part does not fit or a column's form is
 * unknown. */
bool cd_parse(const uint8_t *p, size_t room, cd_cell *cell, unsigned cells, cd_record *out);

/* The compression information of one page: the anchor record and the dictionary. */
typedef struct cd_page {
    cd_cell *anchor; /* the owner's, room for anchor_room */
    unsigned anchor_room;
    unsigned anchors; /* in use; a column beyond has no anchor */
    const uint8_t *dictionary;
    unsigned symbols;
} cd_page;

/* Reads the page's compression information, or sets that it has none. NULL, or what is wrong with it in a few words. */
const char *cd_page_read(const uint8_t *page, cd_page *out);

/* The stored bytes of a cell of kind CD_BYTES or CD_SYMBOL of `column`: symbol looked up, prefix of the anchor put
 * before (in mem). False when they point outside anchor or dictionary, or without memory. */
bool cd_value(const cd_page *page, unsigned column, const cd_cell *c, arena *mem, sv *out);

#endif
