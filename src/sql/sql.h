/* SQL over a row source: its tables as read-only SQLite virtual tables, answered by scans and, for equality on key columns, by an
 * index built on first use. Types and collations mean what they mean in SQL Server (SQL.md has the table). */
#ifndef SQL_SQL_H
#define SQL_SQL_H

#include "base/ledger.h"
#include "source/row_source.h"
#include <sqlite3.h>

typedef struct sql_db sql_db;

typedef struct sql_options {
    /* Folder for the work file and for indexes that outgrow memory; NULL: nothing touches the disk, and what does not fit in
     * memory_bytes is an error that says so. The folder is the user's own output folder, never a shared one for temporary files. */
    const char *work_folder;
    size_t memory_bytes; /* cap of SQLite's cache, sorter and our indexes together; 0: SQL_MEMORY_BYTES of limits.h */
    /* True: a row with an unreadable cell among the columns that a query uses never reaches SQL; it is counted and listed
     * (convert). False: the cell is an SQL error that names the place (sql). */
    bool leave_out_unreadable;
    ledger *
        counts; /* rows read, decoded and unreadable per table go here once the table was scanned from end to end; may be NULL */
} sql_options;

/* Opens an SQLite database whose schema "main" is empty (the work file, or memory) and attaches every readable table of s: as
 * "sales.orders" always, as "orders" too where that name is the only one of its kind. Unreadable tables exist and give an error that
 * says why. ST_FATAL with a finding when it cannot. s must outlive it. */
status sql_open(row_source *s, const sql_options *o, findings *f, sql_db **out);
void sql_close(sql_db *db); /* removes the work file */
sqlite3 *sql_handle(sql_db *db);

/* From here on statements may only read the source's tables, and nothing else (authorizer: no write, ATTACH, PRAGMA, no function
 * that reaches out), with a limit on steps. `sql_free` gives it back to the program's own statements. */
void sql_restrict(sql_db *db);
void sql_free(sql_db *db);

/* A large value in a result is a locator (a blob with a subtype): the value behind it. False when the SQLite value is none. */
bool sql_lob_ref(sqlite3_value *v, lob_ref *out);
bool sql_column_lob(sqlite3_stmt *st, int column, lob_ref *out);

/* The last error of a statement as a person needs it: the reader's own words where the reader failed. */
sv sql_error(sql_db *db);

#endif
