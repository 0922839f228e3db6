/* How the work file of a conversion is asked: the SQLite database in which each entity that was staged is a table of main, named
 * as the entity. */
#ifndef MODEL_WORK_FILE_H
#define MODEL_WORK_FILE_H

#include "base/buf.h"
#include "base/finding.h"
#include "base/status.h"
#include <sqlite3.h>

/* Whether main has the table; false when the work file failed. */
bool work_look(sqlite3 *work, sv table, bool *there);
/* The same where a failure shows in the next statement anyway: it counts as no table. */
bool work_has(sqlite3 *work, sv table);

/* A statement of the text in sql, which is freed; NULL when it is none or memory ended. */
sqlite3_stmt *work_prepare(sqlite3 *work, buf *sql);

/* A finding that says what could not be done, in SQLite's own words; work == NULL: there was no memory for it. Returns
 * ST_FATAL. */
status work_failed(sqlite3 *work, findings *f, const char *doing);

/* Runs and ends a statement that gives no rows; NULL, as work_prepare returns it, has failed. */
bool work_once(sqlite3_stmt *st);

#endif
