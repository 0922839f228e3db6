/* The work file, as this folder asks it. Internal to this folder. */
#ifndef DECIDE_DECIDE_WORK_H
#define DECIDE_DECIDE_WORK_H

#include "base/buf.h"
#include <sqlite3.h>

bool decide_has_table(sqlite3 *work, const char *name);
/* A statement of the text in sql, which is freed; NULL when it cannot be prepared. */
sqlite3_stmt *decide_prepare(sqlite3 *work, buf *sql);

#endif
