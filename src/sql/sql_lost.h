/* Rows of a table that were left out because a used cell could not be read: each counts once, however often and for whatever columns
 * the table is scanned. */
#ifndef SQL_SQL_LOST_H
#define SQL_SQL_LOST_H

#include "source/row_source.h"

typedef struct lost_rows {
    origin *slot; /* hash table; used says which slots hold one */
    bool *used;
    size_t n, room;
} lost_rows;

/* True when the row was not in the set before; also when there is no memory to remember it. */
bool lost_rows_add(lost_rows *l, const origin *from);
void lost_rows_free(lost_rows *l);

#endif
