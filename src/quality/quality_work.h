/* Inside of the quality layer: asking the work file. */
#ifndef QUALITY_WORK_H
#define QUALITY_WORK_H

#include "model/work_file.h"

enum { SQL_BYTES_MAX = 1 << 16 };

/* Of the statement's row; NULL is an empty text. Lives until the next step. */
sv quality_text(sqlite3_stmt *st, int column);

#endif
