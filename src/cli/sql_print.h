/* Results of SQL statements on a stream: as an aligned table, CSV or JSON. */
#ifndef CLI_SQL_PRINT_H
#define CLI_SQL_PRINT_H

#include "cli/term.h"
#include "sql/sql.h"

typedef struct sql_printer {
    sql_db *db;
    row_source *source;
    const term *out;
    sql_format format;
    bool first; /* of the statements: others are set off from it */
} sql_printer;

typedef enum print_end {
    PRINT_DONE,
    PRINT_SQL_ERROR,
    PRINT_SPOILT,    /* an operator made text of a large value's locator */
    PRINT_LOB_LOST,  /* a large value cannot be read */
    PRINT_NO_READER, /* nobody reads the output any more */
    PRINT_NO_MEMORY
} print_end;

/* Runs the statement. The first row is printed as soon as it is there; of a table, as soon as there are rows enough to
 * choose widths by. */
print_end sql_print(const sql_printer *p, sqlite3_stmt *st);

#endif
