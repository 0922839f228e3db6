/* Names of columns with the tooth, the site or the entrance of a furcation in them: PocketDepth_{site},
 * T{tooth}_PD_{site}, Furcation_{entrance}. Inside of the chart layer. */
#ifndef CHART_CHART_PATTERN_H
#define CHART_CHART_PATTERN_H

#include "chart/chart.h"

typedef struct pattern_match {
    sv tooth; /* label, within the column's name; empty: none */
    tooth_site site;
    char entrance;
} pattern_match;

/* NULL when the pattern can be read, else what is wrong with it. *holes: whether it has any. */
const char *pattern_check(sv pattern, bool *holes);
/* In how many ways the name fits: 0, 1 or 2 (several). Letters of any case fit; sites that the profile names go before
 * those that everybody knows. */
unsigned pattern_fits(sv pattern, sv name, const struct chart_site_word *words, size_t n, pattern_match *out);
/* A site by the profile's words, then by its own. */
tooth_site pattern_site(sv name, const struct chart_site_word *words, size_t n);

#endif
