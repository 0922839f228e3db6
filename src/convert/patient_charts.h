/* The charts of one patient, folded as a conversion folds them, drawn as PDF. */
#ifndef CONVERT_PATIENT_CHARTS_H
#define CONVERT_PATIENT_CHARTS_H

#include "convert/convert.h"

typedef struct chart_wish {
    const char *patient; /* source key, key in the source, or number on the chart */
    const char *exam;    /* source key or key in the source; NULL: the latest ones */
    unsigned last;       /* how many of those, side by side; 1 to DRAWING_EXAMS_MAX */
    bool show_name;      /* of the patient; else the key and the year of birth stand there alone */
    /* Folder that work files may lie in meanwhile; NULL: nothing touches the disk. */
    const char *work_folder;
} chart_wish;

typedef struct chart_result {
    problems wrong; /* in the arena that was given */
    sv profile_title;
    unsigned profile_score;
    size_t exams; /* that were drawn */
    /* Rows and values of the patient's exams that no certain meaning was found for, as far as the charts were read: they are
     * in no drawing. */
    uint64_t left_out;
} chart_result;

/* Of o: templates, profile, settings, cancelled, ctx. Appends the PDF. CONVERT_DONE; else findings (there is no such
 * patient: CONVERT_NO_SOURCE) or problems. */
convert_end convert_patient_charts(row_source *s, const convert_options *o, const chart_wish *wish, arena *mem,
                                   findings *f, chart_result *result, buf *pdf);

#endif
