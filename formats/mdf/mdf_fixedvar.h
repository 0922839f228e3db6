/* The parts of one uncompressed record (FORMAT-records.md, Uncompressed records). Shared by the catalog reader and the
 * record decoder. A view: it points into the page and is valid as long as the page is. */
#ifndef MDF_MDF_FIXEDVAR_H
#define MDF_MDF_FIXEDVAR_H

#include "base/sv.h"
#include "mdf/mdf_layout.h"

typedef struct fixedvar {
    const uint8_t *p;
    uint16_t n;           /* bytes, up to the end of the variable data; the versioning tag not counted */
    uint16_t fixed_end;   /* offset of the end of the fixed part; its first byte is at 4 */
    uint16_t columns;     /* in this row; 0 without a null bitmap */
    uint16_t variable;    /* variable columns in this row, a forwarded record's back pointer not counted */
    const uint8_t *nulls; /* null bitmap; NULL: the row has none */
    const uint8_t *ends;  /* end offsets of the variable columns; NULL: none */
    uint16_t data;        /* offset of the first variable column's data */
    uint8_t type;         /* RECORD_PRIMARY, RECORD_FORWARDED or RECORD_GHOST */
    bool ghost_forwarded;
    bool versioned; /* 14 bytes of versioning tag follow the record */
} fixedvar;

/* First byte behind the room that records of the page may use: its slot array; 0 when the slot count cannot be. */
unsigned page_record_limit(const uint8_t *page);

/* Parses the record at `offset` of the page. False when it is of a type without this form (stub, index, LOB, version
 * ghost) or when one of its parts does not lie between the page header and the slot array. */
bool fixedvar_parse(const uint8_t *page, unsigned offset, fixedvar *out);

/* null_bit from 1. True only for a column that the row has and whose bit is set: a column beyond the row's count
 * (fixedvar_lacks) is not "null" here, its value is what rows older than the column have. */
static inline bool fixedvar_is_null(const fixedvar *r, unsigned null_bit)
{
    return null_bit - 1u < r->columns && (r->nulls[(null_bit - 1) / 8] >> ((null_bit - 1) % 8) & 1) != 0;
}

/* The row is older than the column with this null bit. Never so for null_bit 0 or in a row without a null bitmap. */
static inline bool fixedvar_lacks(const fixedvar *r, unsigned null_bit) { return r->nulls && null_bit > r->columns; }

/* n bytes at `offset` of the fixed part; false when they do not lie wholly in it. */
static inline bool fixedvar_fixed(const fixedvar *r, unsigned offset, unsigned n, const uint8_t **p)
{
    if (offset < 4 || offset > r->fixed_end || n > r->fixed_end - offset) return false;
    *p = r->p + offset;
    return true;
}

/* Variable column `ordinal` (from 0). One that the row does not reach is empty: {non-NULL, 0}. *complex: the bytes are
 * a LOB root, an overflow pointer or a sparse vector. False when its end offsets descend or leave the record. */
bool fixedvar_variable(const fixedvar *r, unsigned ordinal, sv *out, bool *complex);

#endif
