/* Inside of the quality layer: asking the work file. */
#ifndef QUALITY_WORK_H
#define QUALITY_WORK_H

#include "base/buf.h"
#include <sqlite3.h>

enum { SQL_BYTES_MAX = 1 << 16 };

/* Frees sql. NULL when it is no statement or memory ended. */
sqlite3_stmt *quality_prepare(sqlite3 *work, buf *sql);

/* Whether an entity was staged; false when the work file failed. */
bool quality_has(sqlite3 *work, const char *table, bool *there);

/* Of the statement's row; NULL is an empty text. Lives until the next step. */
sv quality_text(sqlite3_stmt *st, int column);

#endif
