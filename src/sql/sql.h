/* SQL over a row source: its tables as read-only SQLite virtual tables, answered by scans and, for equality, by an
 * index built on first use. Types and collations mean what they mean in SQL Server (SQL.md has the table). One thread
 * uses a sql_db. */
#ifndef SQL_SQL_H
#define SQL_SQL_H

#include "base/ledger.h"
#include "source/row_source.h"
#include <sqlite3.h>

typedef struct sql_db sql_db;

typedef struct sql_options {
    /* Folder for the work file and for indexes that outgrow memory; NULL: nothing touches the disk, and what does not
     * fit in memory_bytes is an error that says so. The folder is the user's own output folder, never a shared one for
     * temporary files. */
    const char *work_folder;
    size_t cache_bytes;  /* of those, pages of `main` that are kept; 0: SQL_CACHE_BYTES of limits.h */
    bool shared;         /* several threads use the handle, each with statements of its own */
    bool main_in_memory; /* no work file: only indexes may touch the disk */
    size_t memory_bytes; /* cap of SQLite's cache, sorter and our indexes together; 0: SQL_MEMORY_BYTES of limits.h */
    /* What becomes of an unreadable cell that a query uses. SQL_CELL_ERROR: an SQL error that names the place.
     * SQL_CELL_NULL: NULL. leave_out_unreadable goes before both: a row with such a cell never reaches SQL; it is
     * counted and listed. */
    enum { SQL_CELL_ERROR, SQL_CELL_NULL } unreadable_cell;
    bool leave_out_unreadable;
    /* Rows read, decoded and unreadable of a table go here when it was first scanned from end to end; may be NULL. */
    ledger *counts;
    bool (*cancelled)(void *ctx); /* asked while statements run; may be NULL */
    void *ctx;
} sql_options;

/* Opens an SQLite database whose schema "main" is empty (the work file, or memory) and attaches every table of s in the
 * schema "source": as "sales.orders" always, as "orders" too where that name is the only one of its kind. Unreadable
 * tables exist and give an error that says why. ST_FATAL with a finding when it cannot. s must outlive it. A name
 * without its schema that "main" has too means main's table: profiles write "dbo.patient". */
status sql_open(row_source *s, const sql_options *o, findings *f, sql_db **out);
void sql_close(sql_db *db); /* removes the work file; statements must be finalized; db may be NULL */
sqlite3 *sql_handle(sql_db *db);

/* From here on statements may only read the source's tables, and nothing else (authorizer: no write, ATTACH, PRAGMA, no
 * function that reaches out), with a limit on steps. It counts when a statement is prepared; a prepared one stays what
 * it was. `sql_free` gives the handle back to the program's own statements. */
void sql_restrict(sql_db *db);
void sql_free(sql_db *db);
/* Views in the schema "temp", which only the program makes, may be read too. Tells which columns the restricted
 * statements prepared from here on read: of the source (schema "source") and of views (schema "temp"); `inner` is the
 * view or subquery whose body reads them, or empty. The authorizer of a USING clause is silent: ON is not. NULL: no
 * more. */
typedef void sql_column_read(void *ctx, sv schema, sv table, sv column, sv inner);
void sql_watch(sql_db *db, sql_column_read *read, void *ctx);

/* The source behind it, its catalog, and the name that a column of one of its tables has in SQL. */
row_source *sql_source(const sql_db *db);
const catalog *sql_catalog(const sql_db *db);
void sql_column_name(const table_info *t, size_t column, buf *out);

/* A large value in a result is a locator (a blob that functions refuse): the value behind it. False when the SQLite
 * value is none. */
bool sql_lob_ref(sql_db *db, sqlite3_value *v, lob_ref *out);
bool sql_column_lob(sql_db *db, sqlite3_stmt *st, int column, lob_ref *out);

/* Appends a result as the program writes it (value_text.h): decimals with all digits of their scale where it is known,
 * floats in their shortest form, binary as 0x and hex. Appends nothing for NULL; locators are for sql_column_lob, asked
 * first. */
void sql_column_text(sqlite3_stmt *st, int column, buf *out);
/* The exact decimal number in a result: INTEGER, TEXT of digits, or REAL by its 15 digits. False when it is none. */
bool sql_column_decimal(sqlite3_stmt *st, int column, decimal *out);
/* True for a text or blob that was made of a locator's bytes by an operator (such as ||): an error of the statement. */
bool sql_column_spoilt(sql_db *db, sqlite3_stmt *st, int column);

/* ---- rows of a statement ---- */

/* The rows of a prepared SELECT, once. One that only names columns of one table is read from that table without SQLite's
 * machine: the same values in the same order, counted the same way, in a fraction of the time. */
typedef struct sql_rows sql_rows;
/* NULL: out of memory. */
sql_rows *sql_rows_open(sql_db *db, sqlite3_stmt *st);
void sql_rows_close(sql_rows *r); /* r may be NULL; resets the statement */
/* SQLITE_ROW, SQLITE_DONE, or an error: sql_error. */
int sql_rows_next(sql_rows *r);
/* Of a column of the row at hand, as the functions above: */
int sql_rows_type(const sql_rows *r, int column); /* SQLITE_NULL ... */
bool sql_rows_lob(const sql_rows *r, int column, lob_ref *out);
bool sql_rows_decimal(const sql_rows *r, int column, decimal *out);
void sql_rows_text(const sql_rows *r, int column, buf *out);
bool sql_rows_spoilt(const sql_rows *r, int column);

/* How often a table ("schema.name") was scanned from end to end, and how many rows the newest such scan gave to SQL: those without an
 * unreadable cell among the columns that were used. False when there is no such table. */
bool sql_scanned(const sql_db *db, sv table, uint64_t *scans, uint64_t *rows);

/* The last error of a statement as a person needs it: the reader's own words where the reader failed. */
sv sql_error(sql_db *db);

#endif
