/* A large value as its reader wants it: bytes as they are, text and XML as UTF-8. */
#ifndef MDF_MDF_LOB_TEXT_H
#define MDF_MDF_LOB_TEXT_H

#include "mdf/mdf_model.h"

typedef struct lob_text lob_text;

/* Opens a value that the record decoder handed out as V_LOB. ST_OK and *out; ST_END and NULL: the value is NULL;
 * ST_ROW_LOST (finding added) when its row or root cannot be had again; ST_FATAL when memory is out (finding added).
 * Model, store and findings are borrowed. */
status lob_text_open(const mdf_model *m, page_store *store, findings *f, const lob_ref *ref, lob_text **out);
/* Up to `room` (> 0) bytes. ST_OK with *got > 0, ST_END, ST_ROW_LOST when the value breaks off (finding added). */
status lob_text_read(lob_text *t, void *p, size_t room, size_t *got);
void lob_text_close(lob_text *t); /* t may be NULL */

#endif
