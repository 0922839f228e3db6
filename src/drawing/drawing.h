/* The periodontal chart as a picture: an exam on a page, and up to five exams side by side on one. As on paper: the
 * patient's right is on the left, both arches, six sites a tooth, lines of the gingival margin and of the pocket's base over
 * the roots. What was not measured is left blank; what was measured as 0 is 0. Nothing is computed but what the exam's
 * scores hold; depths of DRAWING_DEEP and more stand out in red, bold and underlined, so that they do without colour too.
 * The same exams give the same bytes. */
#ifndef DRAWING_DRAWING_H
#define DRAWING_DRAWING_H

#include "chart/chart.h"

enum {
    DRAWING_EXAMS_MAX = 5,
    DRAWING_DEEP = 40,  /* tenths of mm */
    DRAWING_CHANGE = 20 /* from one exam to the next, side by side */
};

/* Texts are UTF-8 and cut where there is no room for them; empty ones are left out. */
typedef struct drawn_patient {
    sv key;
    sv name; /* only where it is asked for */
    sv birth_year;
} drawn_patient;

typedef struct drawn_exam {
    const exam_chart *chart;
    sv key;
    sv day; /* YYYY-MM-DD */
    sv provider, charting_type;
    sv diagnosis; /* what the clinician wrote: stage, grade, extent */
} drawn_exam;

/* Appends a PDF: exams (1 to DRAWING_EXAMS_MAX) from the latest to the earliest; where there are two and more, they stand side
 * by side on the first page, before a page of each. False when it could not be made: out of memory. */
bool drawing_pdf(const drawn_patient *patient, const drawn_exam *exam, size_t exams, buf *out);

#endif
