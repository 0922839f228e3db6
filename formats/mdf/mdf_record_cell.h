/* Stored bytes of one column to a value: the part of record decoding that does not depend on how records are laid out.
 * Internal to the record decoder and the LOB text stream. */
#ifndef MDF_MDF_RECORD_CELL_H
#define MDF_MDF_RECORD_CELL_H

#include "mdf/mdf_lob.h"
#include "sqltype/sqltype.h"

/* How a column's stored bytes become a value. */
typedef enum cell_form {
    FORM_STREAM, /* text or bytes: may be handed out piece by piece, as `encoding` says */
    FORM_XML,    /* likewise, through the binary XML reader */
    FORM_WHOLE,  /* must be there in one piece to be converted */
    FORM_VARDECIMAL
} cell_form;

typedef struct cell_column {
    const mdf_column *column;
    uint16_t position; /* in rowset->column */
    sv name;           /* for findings */
    sqltype type;      /* text as varchar, ntext as nvarchar, image as varbinary: their bytes are the same */
    cell_form form;
    lob_encoding encoding;
} cell_column;

void cell_column_init(cell_column *c, const mdf_model *m, const mdf_rowset *rs, uint16_t position);

/* What converting a cell needs and reports to. One per decoder. */
typedef struct cell_context {
    lob_reader *lobs;
    findings *found;
    sv table;
    uint32_t rowset; /* position in the model: owner of V_LOB */
    bool no_lobs_inline;
    page_id page; /* of the row */
    uint16_t slot;
    buf text;      /* of inline XML */
    uint64_t *bad; /* cells_bad of the caller */
} cell_context;

/* Adds a finding about this cell and makes it V_UNREADABLE. `fact` becomes {a}. */
void cell_unreadable(cell_context *x, const cell_column *c, finding_code code, const char *fact, value *out);

/* The uncompressed in-row form. */
void cell_in_row(cell_context *x, const cell_column *c, sv in, arena *mem, value *out);
/* The compressed in-row form; (max) types, XML and CLR types have the same as uncompressed. */
void cell_compressed(cell_context *x, const cell_column *c, sv in, arena *mem, value *out);
/* A LOB root or overflow pointer. */
void cell_off_row(cell_context *x, const cell_column *c, sv root, arena *mem, value *out);

#endif
