/* The two files of a diff: diff.csv, whose texts are exact, and diff.xlsx, of text cells. Inside of the diff layer. */
#ifndef DIFF_DIFF_OUT_H
#define DIFF_DIFF_OUT_H

#include "base/arena.h"
#include "base/finding.h"
#include "base/status.h"
#include "deliver/rejects.h"

typedef enum diff_column {
    DIFF_FILE,
    DIFF_OBJECT,
    DIFF_KEY,
    DIFF_LABEL,
    DIFF_FIELD,
    DIFF_WITHIN,
    DIFF_PART,
    DIFF_TABLE,
    DIFF_COLUMN,
    DIFF_ROW,
    DIFF_SOURCE,
    DIFF_VALUE,
    DIFF_RULE,
    DIFF_RESULT,
    DIFF_COLUMNS
} diff_column;

typedef struct diff_out diff_out;

/* folder: of the unfinished run; path: of the diff in it, which is made. NULL with a finding. Texts are kept in mem. */
diff_out *diff_out_new(const char *folder, const char *path, arena *mem, findings *f);
status diff_out_line(diff_out *o, const sv cell[DIFF_COLUMNS]);
/* Closes both; *file: two, in mem. ST_FATAL with a finding. Frees o in any case. */
status diff_out_close(diff_out *o, rejects_file *file);
void diff_out_abandon(diff_out *o); /* o may be NULL */

#endif
