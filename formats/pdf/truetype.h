/* A TrueType file as strip_font.py leaves it: glyphs of characters, their widths, and a smaller file of some of them. No
 * state of its own: every answer is read from the file. Internal to this folder. */
#ifndef PDF_TRUETYPE_H
#define PDF_TRUETYPE_H

#include "base/buf.h"

typedef struct truetype {
    sv cmap, glyf, head, hhea, hmtx, loca, maxp, post; /* its tables */
    unsigned glyphs;
    unsigned units;     /* of the size of letters */
    unsigned cmap_half; /* ranges of characters */
} truetype;

/* False when a table is missing or too short. file must outlive t. */
bool truetype_open(sv file, truetype *t);

/* 0: no glyph, the box. */
unsigned truetype_glyph(const truetype *t, uint32_t character);
/* All measures are in thousandths of the size of letters. */
int truetype_width(const truetype *t, unsigned glyph);

typedef struct truetype_measures {
    int box[4]; /* left, lower, right, upper edge of all glyphs */
    int ascent, descent, cap_height;
    int slant; /* degrees; negative leans right */
} truetype_measures;

truetype_measures truetype_measure(const truetype *t);

/* Appends a TrueType file of these glyphs: number i of it is glyph[i]; parts of composed ones follow behind. False when
 * there are too many, or a part is damaged. */
bool truetype_subset(const truetype *t, const uint16_t *glyph, size_t n, buf *out);

#endif
