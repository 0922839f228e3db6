/* The field-level diff of a sample: for each field of each record that a destination is given, the values of the source that it is made of,
 * the value that is written, and what made the one into the other. A line for each value of the source; the key of a record is a
 * field too. Of a chart that is one cell there is a line for the cell and a line for each reading within it.
 *
 *   result   same       the value stands as in the source
 *            changed    it does not, or is made of several, or of none
 *            empty      nothing is written, and nothing that means anything was there
 *            held back  something was there, and stays behind: rejects/ and exceptions.csv of the run have it. What was
 *                     asked to stay, or may not leave (notes, national identification numbers), is not shown here either
 *
 * The files hold patients' values and stay in the practice. */
#ifndef DIFF_DIFF_H
#define DIFF_DIFF_H

#include "deliver/rejects.h"
#include "deliver/row_watch.h"
#include "diff/diff_store.h"

/* Why a line is what it is: words of diff_rule.def. */
typedef enum diff_rule {
#define R(code, words) code,
#include "diff/diff_rule.def"
#undef R
    DIFF_RULES
} diff_rule;
extern const char *const diff_rule_words[DIFF_RULES];

typedef enum diff_result { DIFF_SAME, DIFF_CHANGED, DIFF_EMPTY, DIFF_HELD_BACK, DIFF_RESULTS } diff_result;
extern const char *const diff_result_words[DIFF_RESULTS];

typedef struct diff_counts {
    uint64_t lines, records;
    uint64_t by[DIFF_RULES][DIFF_RESULTS]; /* a line counts for each of its rules */
    uint64_t result[DIFF_RESULTS];         /* and once here */
} diff_counts;

typedef struct diff diff;

/* Of a destination, into folder/path. store is shared by all; what is given must outlive it. NULL with a finding. */
diff *diff_new(diff_store *store, const char *folder, const char *path, arena *mem, findings *f);
const row_watch *diff_watch(const diff *d);
/* Closes the files; *file: two, in the arena given. Frees d in any case. ST_FATAL with a finding. */
status diff_close(diff *d, rejects_file *file, diff_counts *counts);
void diff_free(diff *d); /* without closing; d may be NULL */

#endif
