/* SQL functions of this layer. */
#ifndef SQL_SQL_FUNCTIONS_H
#define SQL_SQL_FUNCTIONS_H

#include "sql/sql.h"

bool sql_sum_register(sqlite3 *db); /* sql_sum.c: sum, total, avg */
bool sql_functions_register(
    sql_db *db); /* sql_functions.c: lob_size, lob_head, decimal_..., and SQLite's own that refuse locators */
void sql_functions_close(sql_db *db); /* before the arena goes */

#endif
