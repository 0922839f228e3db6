/* Statements that only name columns of one table, told by the program that SQLite makes of them (EXPLAIN): one table is
 * opened and read from end to end without an argument, and between two rows nothing is done but to take columns. Whatever
 * else stands there (a condition, a limit, an order, a function, or an opcode that another release of SQLite has in its
 * place) leaves the statement to SQLite. */
#include "sql/sql_internal.h"
#include "sql/sql_module.h"
#include <stdlib.h>

enum { OPCODE = 1, P1, P2, P3, P4, P5 }; /* columns of EXPLAIN */

/* What a register holds, beside a column of the table. */
enum { HOLDS_NULL = -1, HOLDS_OTHER = -2, REGISTERS_MAX = 1 << 14 };

typedef struct program {
    sql_plain *out;
    int columns; /* of the result */
    int *holds;  /* of each register */
    int opens, cursor, first, results;
    bool in_rows, ended;
} program;

static bool is_op(sqlite3_stmt *st, const char *name)
{
    const char *text = (const char *)sqlite3_column_text(st, OPCODE);
    return text && strcmp(text, name) == 0;
}

static bool hold(program *p, int at, int what)
{
    if (at < 0 || at >= REGISTERS_MAX || p->results) return false;
    p->holds[at] = what;
    return true;
}

static bool take_nulls(program *p, int from, int to)
{
    bool ok = hold(p, from, HOLDS_NULL);
    for (int i = from + 1; ok && i <= to; i++) ok = hold(p, i, HOLDS_NULL);
    return ok;
}

static bool take_result(program *p, int first, int n)
{
    if (p->results++ || n != p->columns || first < 0 || first > REGISTERS_MAX - n) return false;
    for (int i = 0; i < n; i++) {
        p->out->column[i] = p->holds[first + i];
        if (p->out->column[i] == HOLDS_OTHER) return false;
    }
    return true;
}

/* What stands between one row and the next. */
static bool take_row_op(program *p, sqlite3_stmt *st)
{
    int p1 = sqlite3_column_int(st, P1), p2 = sqlite3_column_int(st, P2), p3 = sqlite3_column_int(st, P3);
    if (is_op(st, "VColumn")) return p1 == p->cursor && sqlite3_column_int(st, P5) == 0 && p2 >= 0 && hold(p, p3, p2);
    if (is_op(st, "Null")) return p1 == 0 && take_nulls(p, p2, p3);
    if (is_op(st, "ResultRow")) return take_result(p, p1, p2);
    if (!is_op(st, "VNext") || p1 != p->cursor || p2 != p->first) return false;
    p->in_rows = false;
    return p->ended = true;
}

static bool take_filter(program *p, sqlite3_stmt *st)
{
    const char *text = (const char *)sqlite3_column_text(st, P4);
    plan x;
    bool good = p->opens == 1 && !p->ended && sqlite3_column_int(st, P1) == p->cursor && text && plan_read(text, &x);
    if (!good || x.keys) return false;
    p->out->used = x.used;
    p->first = sqlite3_column_int(st, 0) + 1;
    return p->in_rows = true;
}

static bool take_op(program *p, sqlite3_stmt *st)
{
    if (p->in_rows) return take_row_op(p, st);
    if (is_op(st, "VFilter")) return take_filter(p, st);
    if (is_op(st, "VOpen")) {
        p->cursor = sqlite3_column_int(st, P1);
        return p->opens++ == 0;
    }
    if (is_op(st, "Goto")) return p->ended && sqlite3_column_int(st, P2) == 1; /* back to the first one, behind Init */
    return is_op(st, "Init") || is_op(st, "Transaction") || is_op(st, "Integer") || (p->ended && is_op(st, "Halt"));
}

/* Not the hidden ones that tell the place of a row. */
static bool are_own_columns(const program *p)
{
    for (int i = 0; i < p->columns; i++)
        if (p->out->column[i] >= 0 && (size_t)p->out->column[i] >= vtab_columns(p->out->table)) return false;
    return true;
}

static bool read_program(sql_db *db, sqlite3_stmt *explain, program *p)
{
    int rc = SQLITE_DONE;
    bool ok = true;
    for (size_t i = 0; i < REGISTERS_MAX; i++) p->holds[i] = HOLDS_OTHER;
    while (ok && (rc = sqlite3_step(explain)) == SQLITE_ROW) ok = take_op(p, explain);
    p->out->table = db->planned;
    return ok && rc == SQLITE_DONE && p->ended && p->results == 1 && db->planned && !db->planned_other &&
           are_own_columns(p);
}

bool sql_plain_read(sql_db *db, sqlite3_stmt *st, sql_plain *out)
{
    sqlite3_stmt *explain = NULL;
    char *sql = sqlite3_mprintf("EXPLAIN %s", sqlite3_sql(st));
    program p = {.out = out, .columns = sqlite3_column_count(st), .holds = malloc(REGISTERS_MAX * sizeof *p.holds)};
    *out = (sql_plain){.column = malloc(((size_t)p.columns + 1) * sizeof *out->column)};
    db->planned = NULL;
    db->planned_other = false;
    bool ok = sql && out->column && p.holds && sqlite3_prepare_v2(db->handle, sql, -1, &explain, NULL) == SQLITE_OK &&
              read_program(db, explain, &p);
    sqlite3_finalize(explain);
    sqlite3_free(sql);
    free(p.holds);
    if (ok) return true;
    free(out->column);
    out->column = NULL;
    return false;
}
