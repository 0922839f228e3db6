/* Words of declarations and charts. Inside of the chart layer. */
#ifndef CHART_CHART_WORDS_H
#define CHART_CHART_WORDS_H

#include "chart/chart.h"

/* "pd", "probing_depth"; false: no measurement. */
bool chart_measure_named(sv name, chart_measure *out);
size_t chart_measure_names(const char *const **out); /* all of them, for suggestions */
/* A canonical word of a tooth's state. */
bool tooth_status_word(sv name, tooth_status *out);
/* Entrance of a furcation: 'B' 'M' 'D' 'L' by letter or word; 0: none. */
char chart_entrance_named(sv name);
/* The entrance that lies at a site. */
char chart_entrance_at(tooth_site site);
bool chart_measure_has_site(chart_measure m); /* of each site, not of the tooth */
/* In capitals and digits only, as words of a state are compared; out has room for room characters. */
size_t chart_plain(sv text, char *out, size_t room);

#endif
