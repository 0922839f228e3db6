/* The SELECT that gives the values of an object's rows: staged fields, those of records that they point to, custom values.
 * Values of charts come as NULL and are put in by who has the chart. */
#ifndef DELIVER_ROW_SELECT_H
#define DELIVER_ROW_SELECT_H

#include "deliver/object_writer.h"

typedef enum row_scope {
    ROWS_ALL,     /* every staged record, in the order of the keys */
    ROWS_WITHOUT, /* those of clinical_exam whose chart was not given (charted_table) */
    ROWS_ONE,     /* the record whose src_key is ?1 */
    ROWS_OF_EXAM  /* values of the exam ?1 for records of its chart: the staged columns come as NULL */
} row_scope;

/* A statement with a column for each of o->column; NULL when it cannot be prepared. */
sqlite3_stmt *row_select(const object_template *o, const deliver_run *run, row_scope scope, sv charted_table);
/* The values of the row at hand; valid until the next step. */
void row_read(sqlite3_stmt *rows, sv *value, size_t columns);
/* Makes what the custom values of an object are found by, if it has any. False when the work file failed. */
bool row_select_prepare(const object_template *o, const deliver_run *run);

#endif
