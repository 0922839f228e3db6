/* Where things are in records of either format: slots, live or not, one column's stored bytes. Internal to the record
 * decoder and the LOB text stream. */
#ifndef MDF_MDF_RECORD_PARTS_H
#define MDF_MDF_RECORD_PARTS_H

#include "mdf/mdf_cd.h"
#include "mdf/mdf_fixedvar.h"
#include "mdf/mdf_record.h"

static inline bool rowset_compressed(const mdf_rowset *rs)
{
    return rs->compression == MDF_ROW_COMPRESSED || rs->compression == MDF_PAGE_COMPRESSED;
}

/* Offset of the record in a slot, in [PAGE_HEADER_BYTES, limit - 4]; 0: the slot is empty; UINT_MAX: there is no such
 * slot or it points elsewhere. limit: page_record_limit of the page. */
unsigned record_offset(const uint8_t *page, unsigned limit, uint16_t slot);
record_state record_state_at(const uint8_t *record, bool compressed);

/* The sparse vector of a row: names and values of its sparse columns that are not NULL. */
typedef struct sparse_vector {
    const uint8_t *p; /* NULL: none */
    unsigned columns;
} sparse_vector;

/* Variable columns that the rows of a rowset may have, a sparse vector not counted. */
unsigned declared_variables(const mdf_rowset *rs);

/* Whether the row has a sparse vector, and one that can be read. */
typedef enum sparse_state { SPARSE_ABSENT, SPARSE_WHOLE, SPARSE_BROKEN } sparse_state;

/* Takes the sparse vector off the row, so that its variable column is not met as one of the table's.
 * declared: how many variable columns the table has (the vector is one more). */
sparse_state sparse_vector_take(fixedvar *r, unsigned declared, sparse_vector *out);
/* False: the column is NULL in this row. */
bool sparse_vector_find(const sparse_vector *v, uint32_t column_id, sv *out, bool *complex);

/* The stored bytes of one variable-length column of a live record (sparse and compressed ones included), for re-reading
 * a value that was handed out as a place. complex: they are a LOB root. False when they cannot be had. mem: for the
 * parts of compressed values. */
bool record_stored(const mdf_rowset *rs, uint16_t position, const uint8_t *page, uint16_t slot, arena *mem, sv *out,
                   bool *complex);

#endif
