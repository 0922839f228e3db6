/* What befell the practice until its second backup: rows of its tables changed, deleted, added (README.md). */
#ifndef PRACTICE_EDITS_H
#define PRACTICE_EDITS_H

#include "gen.h"

typedef struct edits edits;

/* Lines of words with a tab between: "set TABLE KEY COLUMN VALUE", "delete TABLE KEY", "add TABLE KEY LIKE"; a value \N is NULL. In
 * mem. NULL with a fault. */
edits *edits_read(const char *path, const source_table *tables, arena *mem, fault *f);
/* How many more rows a table has. */
int64_t edits_rows(const edits *e, table_id t);
/* Before the first row of a table. */
void edits_begin(edits *e);
/* A row as it is made, changed where it is to be; NULL: it is gone. */
const row *edits_row(edits *e, row *r);
/* Behind the last one: the nth that was added; NULL: no more of them. */
const row *edits_added(edits *e, table_id t, size_t n);
/* Once a table was written: whether every line found its row. */
bool edits_done(const edits *e, table_id t, fault *f);

#endif
