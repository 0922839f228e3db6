/* The columns of an arch: which teeth stand where, from the patient's right to the left. Internal to this folder. */
#ifndef DRAWING_ARCH_H
#define DRAWING_ARCH_H

#include "drawing/drawing.h"

enum { ARCH_COLUMNS_MAX = 53, SITES_OF_SIDE = 3 };

typedef struct arch {
    bool upper;
    tooth column[ARCH_COLUMNS_MAX];
    size_t columns;
} arch;

/* The permanent teeth of the arch, always, but where only their primary one is in an exam; primary and supernumerary ones that
 * are in an exam, beside those of their place. A tooth of unknown place is the upper arch's last. */
arch arch_of(bool upper, const drawn_exam *exam, size_t exams);

/* The tooth in an exam; NULL: the exam does not name it. */
const chart_tooth *tooth_in(const exam_chart *x, tooth t);
/* Whether it bears measurements in the mouth: not missing, unerupted, a pontic. */
bool tooth_stands(const chart_tooth *t);
bool tooth_is_measured(const chart_tooth *t); /* at some site */
bool tooth_is_examined(const chart_tooth *t); /* as a whole: mobility, furcations */

/* The site at a place (0 to 2) of a side, as it lies on the page: distal first on the patient's right. */
tooth_site site_at(tooth t, bool lingual, size_t place);

#endif
