/* What charts hold in all: for the report's pictures, and for the practice to hold against the old system. Numbers only; of two
 * counts of different charts the sum is the count of both. */
#ifndef QUALITY_CHART_COUNTS_H
#define QUALITY_CHART_COUNTS_H

#include <stdint.h>

enum {
    /* Depths are counted by whole millimetres, 3.5 with 3; the last one is of this depth and more. */
    CHART_DEPTHS = 16,
    /* Exams by the number of their sites that have a depth: none, 1 to 24, 25 to 48 ... 169 to 192, and more. */
    CHART_SITE_STEP = 24,
    CHART_SITE_STEPS = 10
};

typedef enum chart_reading {
    READING_PD,
    READING_RECESSION,
    READING_CAL,
    READING_BOP,
    READING_SUPPURATION,
    READING_PLAQUE,
    READING_CALCULUS,
    CHART_READINGS
} chart_reading;
extern const char *const chart_reading_name[CHART_READINGS]; /* field of site_measure */

typedef struct chart_counts {
    uint64_t exams;                    /* with a chart */
    uint64_t teeth_there, teeth_away;  /* away: missing, unerupted, replaced by a pontic */
    uint64_t recorded[CHART_READINGS]; /* of the six sites of each tooth that is there: how many have it */
    uint64_t depths_away;              /* sites with a depth of teeth that are charted as away */
    uint64_t depth[CHART_DEPTHS];      /* all sites with a depth */
    uint64_t exam_sites[CHART_SITE_STEPS];
} chart_counts;

/* The step that an exam of so many sites belongs to. */
unsigned chart_site_step(unsigned sites);

#endif
