/* Lists of files as CSV: one row a file, with the columns of the template. Internal to this folder. */
#ifndef DOCUMENTS_FILE_LIST_H
#define DOCUMENTS_FILE_LIST_H

#include "base/buf.h"
#include "template/file_rules.h"

enum { FILE_FACTS = 15 };

/* What is told of a file, by the place of its fact in file_facts. */
typedef struct file_told {
    sv fact[FILE_FACTS];
} file_told;

typedef enum file_fact {
    FACT_DOCUMENT, /* source key of the document */
    FACT_PATIENT,  /* source key of the patient */
    FACT_EXAM,
    FACT_KIND, /* "document", "letter", "letter as PDF", "letter template" */
    FACT_CATEGORY,
    FACT_CAPTURED,
    FACT_NAME,     /* for people: as the practice knows it, with the extension of the content */
    FACT_FILE,     /* in the archive or the folder; from the destination's folder where it is in none */
    FACT_ARCHIVE,  /* empty: in none */
    FACT_UNPACKED, /* where it lies when each archive was unpacked into a folder of its own name */
    FACT_BY_HAND,  /* "yes": no loader takes it */
    FACT_BYTES,
    FACT_TYPE,
    FACT_SHA256,
    FACT_PDF_OF /* source key of the letter; kind "letter as PDF" only */
} file_fact;

void file_list_heading(const file_rules *r, buf *out);
void file_list_row(const file_rules *r, const file_told *t, buf *out);

#endif
