/* A document read: found among the staged ones, its content spooled and told in the work file; then a letter set as PDF, a content
 * packed. Internal to this folder. */
#ifndef DOCUMENTS_DOCUMENT_READ_H
#define DOCUMENTS_DOCUMENT_READ_H

#include "deliver/scope.h"
#include "documents/waiting.h"

typedef struct document_reading {
    staged_work work;
    content_reader *content;
    record_scope *scope; /* NULL: nothing is left out, and there is no trial */
    findings *found;
    const char *folder; /* of the run; NULL: dry */
    bool wanted;        /* some destination takes files */
    bool letters;       /* some destination takes letters as PDF */
    bool archives;      /* some destination takes files in archives, which are written */
} document_reading;

/* Into w, which is new. ST_OK: it is to be given; ST_END: there is nothing to be given; ST_FATAL with a finding. */
status document_read(document_reading *r, sv src_key, const content_place *p, waiting *w);
status document_read_template(document_reading *r, sv src_key, const content_place *p, waiting *w);

/* Of what was read, without the reading: the PDF of a letter; its content packed for archives. */
void document_ready(waiting *w);

#endif
