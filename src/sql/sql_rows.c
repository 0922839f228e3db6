/* The rows of a statement: from SQLite, or from the one table that the statement names columns of. */
#include "source/value_text.h"
#include "sql/sql_internal.h"
#include "sql/sql_module.h"
#include <math.h>
#include <stdlib.h>

/* Rows after which the user is asked whether he wants to stop, as SQLite's progress handler does. */
enum { ROWS_PER_CALL = 4096 };

struct sql_rows {
    sql_db *db;
    sqlite3_stmt *st;
    sql_plain plain;
    sql_table *table; /* NULL: SQLite gives the rows */
    sql_scan *scan;
    int *place; /* of each column of the result among the cells; -1: NULL */
    const row *row;
    uint64_t n;
};

/* ---- life ---- */

/* The columns that SQLite would ask for are read, no others: a row is left out when one of those cannot be. */
static bool open_scan(sql_rows *r)
{
    sql_table *t = &r->db->table[r->plain.table->number];
    size_t own = vtab_columns(t), n = 0;
    int columns = sqlite3_column_count(r->st);
    uint16_t *wanted = malloc((own + 1) * sizeof *wanted);
    int *at = malloc((own + 1) * sizeof *at);
    r->place = malloc(((size_t)columns + 1) * sizeof *r->place);
    bool ok = wanted && at && r->place;
    for (size_t i = 0; ok && i < own; i++) {
        at[i] = -1;
        if (!(r->plain.used >> (i < 63 ? i : 63) & 1)) continue;
        at[i] = (int)n;
        wanted[n++] = (uint16_t)i;
    }
    for (int i = 0; ok && i < columns; i++) {
        int column = r->plain.column[i];
        r->place[i] = column < 0 ? -1 : at[column];
    }
    r->scan = ok ? sql_scan_open(r->db, t, wanted, n) : NULL;
    free(wanted);
    free(at);
    if (r->scan) r->table = t;
    return ok;
}

sql_rows *sql_rows_open(sql_db *db, sqlite3_stmt *st)
{
    sql_rows *r = calloc(1, sizeof *r);
    if (!r) return NULL;
    r->db = db;
    r->st = st;
    db->rows_failed = false;
    /* A cell that cannot be read would be an error of the statement, which SQLite tells. */
    if (!db->o.leave_out_unreadable || !sql_plain_read(db, st, &r->plain) || open_scan(r)) return r;
    sql_rows_close(r);
    return NULL;
}

void sql_rows_close(sql_rows *r)
{
    if (!r) return;
    sql_scan_close(r->scan);
    sqlite3_reset(r->st);
    free(r->plain.column);
    free(r->place);
    free(r);
}

/* ---- rows ---- */

static int fail(sql_rows *r, int code)
{
    r->db->rows_failed = true;
    return code;
}

int sql_rows_next(sql_rows *r)
{
    sql_db *db = r->db;
    if (!r->table) return sqlite3_step(r->st);
    if (r->n++ % ROWS_PER_CALL == 0 && db->o.cancelled && db->o.cancelled(db->o.ctx)) {
        sql_say(db, "the statement was stopped");
        return fail(r, SQLITE_INTERRUPT);
    }
    status st = sql_scan_next(r->scan, &r->row);
    if (st == ST_OK) return SQLITE_ROW;
    return st == ST_END ? SQLITE_DONE : fail(r, SQLITE_ERROR);
}

/* ---- values ---- */

static const value *cell(const sql_rows *r, int column)
{
    static const value none = {.kind = V_NULL};
    return r->place[column] < 0 ? &none : &r->row->cell[r->place[column]];
}

static double real_of(const value *v) { return v->kind == V_REAL32 ? sql_double_of_real32(v->as.real) : v->as.real; }

/* A decimal as SQL has it. */
static exact_form decimal_form(const sql_rows *r, int column, exact *x, int64_t *integer, double *real)
{
    const sql_column *c = &r->table->column[r->plain.column[column]];
    *x = exact_from_decimal(&cell(r, column)->as.decimal);
    return exact_form_of(x, x->scale, c->class == CLASS_DECIMAL_TEXT, integer, real);
}

int sql_rows_type(const sql_rows *r, int column)
{
    if (!r->table) return sqlite3_column_type(r->st, column);
    const value *v = cell(r, column);
    exact x;
    int64_t i;
    double real;
    switch (v->kind) {
    case V_NULL: return SQLITE_NULL;
    case V_BOOL:
    case V_INT: return SQLITE_INTEGER;
    case V_REAL:
    case V_REAL32: return isnan(real_of(v)) ? SQLITE_NULL : SQLITE_FLOAT;
    case V_DECIMAL:
        switch (decimal_form(r, column, &x, &i, &real)) {
        case EXACT_INTEGER: return SQLITE_INTEGER;
        case EXACT_REAL: return SQLITE_FLOAT;
        case EXACT_DIGITS_ALL: break;
        }
        return SQLITE_TEXT;
    case V_BYTES:
    case V_LOB: return SQLITE_BLOB;
    default: return SQLITE_TEXT;
    }
}

bool sql_rows_lob(const sql_rows *r, int column, lob_ref *out)
{
    if (!r->table) return sql_column_lob(r->db, r->st, column, out);
    const value *v = cell(r, column);
    if (v->kind != V_LOB) return false;
    *out = v->as.lob;
    return true;
}

bool sql_rows_decimal(const sql_rows *r, int column, decimal *out)
{
    if (!r->table) return sql_column_decimal(r->st, column, out);
    const value *v = cell(r, column);
    exact x;
    int64_t i;
    double real = 0;
    bool ok = true;
    switch (v->kind) {
    case V_BOOL:
    case V_INT: x = exact_from_i64(v->as.integer); break;
    case V_REAL:
    case V_REAL32: ok = exact_of_double(real_of(v), &x); break;
    case V_TEXT: ok = exact_parse(v->as.text, &x); break;
    case V_DECIMAL: ok = decimal_form(r, column, &x, &i, &real) != EXACT_REAL || exact_of_double(real, &x); break;
    default: ok = false; break;
    }
    if (ok) *out = exact_decimal(&x);
    return ok;
}

/* Digits behind the point of a column that is declared as decimal; -1: it is not. */
static int declared_scale(const sql_rows *r, int column)
{
    const sql_column *c = &r->table->column[r->plain.column[column]];
    bool is = c->class == CLASS_DECIMAL || c->class == CLASS_DECIMAL_LONG || c->class == CLASS_DECIMAL_TEXT;
    return is ? c->scale : -1;
}

static void decimal_to_text(const sql_rows *r, int column, buf *out)
{
    char text[EXACT_TEXT_MAX];
    exact x;
    int64_t i;
    double real;
    switch (decimal_form(r, column, &x, &i, &real)) {
    case EXACT_INTEGER: buf_add(out, text, text_of_i64(i, text)); break;
    case EXACT_REAL: sql_real_text(real, x.scale, out); break;
    case EXACT_DIGITS_ALL: buf_add(out, text, exact_text(&x, x.scale, text)); break;
    }
}

void sql_rows_text(const sql_rows *r, int column, buf *out)
{
    if (!r->table) {
        sql_column_text(r->st, column, out);
        return;
    }
    const value *v = cell(r, column);
    char text[VALUE_TEXT_MAX];
    switch (v->kind) {
    case V_NULL:
    case V_LOB:
    case V_UNREADABLE: break;
    case V_BOOL:
    case V_INT: buf_add(out, text, text_of_i64(v->as.integer, text)); break;
    case V_REAL:
    case V_REAL32:
        if (!isnan(real_of(v))) sql_real_text(real_of(v), declared_scale(r, column), out);
        break;
    case V_DECIMAL: decimal_to_text(r, column, out); break;
    case V_TEXT: buf_sv(out, v->as.text); break;
    case V_BYTES:
        buf_str(out, "0x");
        value_hex(v->as.text.p, v->as.text.n, out);
        break;
    default: buf_add(out, text, value_text_fixed(v, text)); break;
    }
}

bool sql_rows_spoilt(const sql_rows *r, int column) { return !r->table && sql_column_spoilt(r->db, r->st, column); }
