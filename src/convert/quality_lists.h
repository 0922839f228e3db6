/* The quality of the data in a run: gathered while records are staged and charts folded, counted over what was staged, and
 * written as lists into quality/ of the run folder. The lists name records by their keys; they stay with the practice. */
#ifndef CONVERT_QUALITY_LISTS_H
#define CONVERT_QUALITY_LISTS_H

#include "chart/chart.h"
#include "decide/merges.h"
#include "deliver/rejects.h"
#include "profile/profile.h"
#include "quality/quality.h"

typedef struct quality_lists quality_lists;

/* folder: of the unfinished run; NULL: dry, nothing is written. NULL with a finding. */
quality_lists *quality_lists_new(const char *folder, findings *f);
void quality_lists_free(quality_lists *q); /* q may be NULL */

/* A record left out or a value held back while staging: dates among them are listed. */
status quality_reject(quality_lists *q, const profile_reject *x);
/* A chart that was folded. */
status quality_chart(quality_lists *q, const exam_chart *x);
/* A row of charts, or an exam, that was left out: what is about its teeth is listed. */
status quality_chart_reject(quality_lists *q, const chart_reject *x);
/* What the source gave for a field. */
status quality_tally(quality_lists *q, const profile_tally *x);
/* A table or column left behind. Texts must outlive q. */
status quality_add_left(quality_lists *q, const quality_left *x);

/* Once everything is staged, before a record is written: takes off the links of guarantors that are circles, looks for
 * duplicates (m: what was decided of them before; may be NULL), takes out national identification numbers unless they are
 * asked for. */
status quality_lists_links(quality_lists *q, sqlite3 *work, const merges *m, bool with_national_id);
/* Counts over the work file, and writes the lists. */
status quality_lists_finish(quality_lists *q, sqlite3 *work, const rejects_file **file, size_t *n);
/* Chooses records to open in the old system beside the new one; wanted as in quality/spot_checks.h. */
status quality_lists_spots(quality_lists *q, sqlite3 *work, spot_wanted wanted, void *ctx);
/* After that: lives as long as q. */
const quality_facts *quality_lists_facts(const quality_lists *q);

#endif
