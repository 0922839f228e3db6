/* A face in one document: the characters that are set in it, numbered as they come, and at the end the objects of its font
 * with the outlines of just these. Internal to this folder. */
#ifndef PDF_PDF_FACE_H
#define PDF_PDF_FACE_H

#include "pdf/pdf_pack.h"
#include "pdf/truetype.h"
#include <hpdf.h>
#include <hpdf_doc.h>

typedef struct pdf_letter {
    uint16_t character, glyph; /* glyph 0: the face has none, its box is shown */
    uint16_t width;            /* thousandths of the size */
} pdf_letter;

typedef struct pdf_face {
    unsigned number; /* of pdf_font_file */
    truetype file;
    pdf_pack *pack;
    HPDF_Dict font;      /* NULL: no letter is set in it */
    uint16_t *code[256]; /* by the character's high byte, then its low one; 0: not yet used */
    pdf_letter *letter;  /* by code; 0 is no character's */
    size_t letters, room;
} pdf_face;

/* pack must outlive it. False when out of memory. */
bool pdf_face_begin(pdf_face *f, unsigned number, HPDF_Doc pdf, pdf_pack *pack);
/* What stands for a character in strings; 0: out of memory. What lies behind U+FFFF is U+FFFD. */
unsigned pdf_face_code(pdf_face *f, uint32_t character);
/* All letters are known: the font can be written. False when out of memory. */
bool pdf_face_finish(pdf_face *f, HPDF_Doc pdf);
void pdf_face_free(pdf_face *f); /* but not the font, which is the document's */

#endif
