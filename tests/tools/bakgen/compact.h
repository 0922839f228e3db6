/* The short forms of values that ROW and PAGE compression and the vardecimal option store. */
#ifndef BAKGEN_COMPACT_H
#define BAKGEN_COMPACT_H

#include "rowset.h"

enum { COMPACT_MAX = 8100 };

typedef enum compact_kind { COMPACT_NULL, COMPACT_BYTES, COMPACT_TRUE, COMPACT_SYMBOL, COMPACT_COMPLEX } compact_kind;

typedef struct compact {
    const uint8_t *p;
    unsigned n;
    uint8_t kind; /* compact_kind */
    uint8_t symbol;
} compact;

/* The short form of a stored value (not NULL) in out; its length. */
unsigned compact_value(const sql_type *t, const uint8_t *p, size_t n, uint8_t out[COMPACT_MAX]);
/* A decimal as sign, exponent and groups of three digits; 0 bytes for 0. stored: its fixed form. */
unsigned compact_decimal(const sql_type *t, const uint8_t *stored, uint8_t *out);
/* UTF-16 in the Standard Compression Scheme for Unicode, of odd length; 0: it would not be shorter. */
unsigned scsu_pack(const uint8_t *utf16, size_t n, uint8_t out[COMPACT_MAX]);

/* ---- records ---- */

enum { CD_PRIMARY = 0, CD_GHOST = 3 };
/* A record of these columns; its bytes, or 0 when it has more than 8,060. */
unsigned cd_build(const compact *c, unsigned columns, unsigned type, uint8_t *out);

/* Adds a row to a compressed rowset, and completes the page at the end. */
bool compressed_add(rowset *rs, const cell *cells, bool ghost, row_place *at);
bool compressed_finish(rowset *rs);
void compressed_drop(rowset *rs);

#endif
