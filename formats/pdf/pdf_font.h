/* The four faces that every PDF of this program is set in: DejaVu Sans Condensed, part of the program itself. They have
 * Latin with Turkish, Greek, Cyrillic and the symbols of clinical notes. Internal to this folder. */
#ifndef PDF_PDF_FONT_H
#define PDF_PDF_FONT_H

#include "base/sv.h"

enum { PDF_FACES = 4 }; /* regular, bold, oblique, both: bits 1 and 2 */

sv pdf_font_file(unsigned face); /* a TrueType file (truetype.h) */
const char *pdf_font_name(unsigned face);
int pdf_font_stem(unsigned face); /* how thick its stems are, in thousandths of its size */

#endif
