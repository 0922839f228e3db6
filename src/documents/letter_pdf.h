/* Letters and letter templates as PDF: the text with its form; pictures stay in the original. Internal to this folder. */
#ifndef DOCUMENTS_LETTER_PDF_H
#define DOCUMENTS_LETTER_PDF_H

#include "base/buf.h"

typedef struct letter_facts {
    sv title, date, key; /* what the line on top of each page tells */
    bool is_template;    /* these stand above the text */
    sv conditions, signature, merge_fields, codes;
} letter_facts;

typedef struct letter_told {
    bool left_out; /* the original shows more than the PDF */
    bool broken;
    uint64_t unset; /* characters that could not be set */
} letter_told;

/* Appends the PDF of an RTF, an HTML or a plain text. False when none could be made. */
bool letter_pdf(const letter_facts *facts, sv body, buf *out, letter_told *told);

#endif
