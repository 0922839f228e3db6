/* The outline of a tooth over the millimetres of a panel. Schematic: what kind of tooth it is, not whose. Internal to this
 * folder. */
#ifndef DRAWING_TOOTH_SHAPE_H
#define DRAWING_TOOTH_SHAPE_H

#include "drawing/arch.h"
#include "pdf/pdf_canvas.h"

/* Where a tooth is drawn: the middle of its column, the height of the cemento-enamel junction, points to a millimetre
 * towards the root's end (negative: downwards), and half the column's width. */
typedef struct tooth_place {
    float x, junction, mm, half;
    bool lingual;
} tooth_place;

enum { CROWN_MM = 5, ROOT_MM = 15 }; /* what a panel shows above and below the junction */

/* t NULL: the exam does not name it. */
void tooth_shape(pdf_canvas *c, tooth which, const chart_tooth *t, const tooth_place *at);

/* Height of a reading in a panel, kept inside it. tenths: of mm from the junction towards the root's end. */
float height_of(const tooth_place *at, int32_t tenths);

#endif
