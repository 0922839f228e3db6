#include "cli/sql_print.h"
#include "csv/csv_writer.h"
#include "source/value_text.h"
#include <stdlib.h>

enum { FLUSH_BYTES = 65536, WIDTH_ROWS = 50, CELL_SHOWN_MAX = 60 };
#define OUTPUT_BUFFER_MAX ((size_t)2 << 30)

typedef struct printing {
    const sql_printer *p;
    sqlite3_stmt *st;
    int columns;
    buf out, cell;
    uint64_t rows;
    print_end end;
    char piece[32768];
} printing;

static bool fail(printing *x, print_end why)
{
    x->end = why;
    return false;
}

static bool flush(printing *x, size_t above)
{
    if (x->out.failed || x->cell.failed) return fail(x, PRINT_NO_MEMORY);
    if (x->out.n > above) term_print(x->p->out, &x->out);
    return !os_print_failed(x->p->out->stream) || fail(x, PRINT_NO_READER);
}

/* ---- large values ---- */

typedef void (*take_piece)(printing *x, sv piece);

static bool stream(printing *x, const lob_ref *ref, take_piece take)
{
    const row_source_ops *ops = x->p->source->ops;
    lob_stream *l;
    if (ops->lob_open(x->p->source, ref, &l) != ST_OK) return fail(x, PRINT_LOB_LOST);
    status st = ST_OK;
    bool ok = true;
    while (ok && st == ST_OK) {
        size_t got = 0;
        st = ops->lob_read(l, x->piece, sizeof x->piece, &got);
        if (got) take(x, (sv){x->piece, got});
        ok = flush(x, FLUSH_BYTES);
    }
    ops->lob_close(l);
    return ok && (st == ST_END || fail(x, PRINT_LOB_LOST));
}

static void take_hex(printing *x, sv piece) { value_hex(piece.p, piece.n, &x->out); }
static void take_quoted(printing *x, sv piece) { csv_quoted_piece(&x->out, piece); }

/* ---- CSV ---- */

static bool csv_cell(printing *x, int i)
{
    lob_ref ref;
    if (sql_column_lob(x->p->db, x->st, i, &ref)) {
        bool text = lob_is_text((lob_encoding)ref.encoding);
        buf_str(&x->out, text ? "\"" : "0x");
        if (!stream(x, &ref, text ? take_quoted : take_hex)) return false;
        if (text) buf_char(&x->out, '"');
        return true;
    }
    switch (sqlite3_column_type(x->st, i)) {
    case SQLITE_NULL: break;
    case SQLITE_TEXT:
        buf_clear(&x->cell);
        sql_column_text(x->st, i, &x->cell);
        csv_field(&x->out, buf_view(&x->cell));
        break;
    default: sql_column_text(x->st, i, &x->out);
    }
    return true;
}

static bool csv_row(printing *x)
{
    for (int i = 0; i < x->columns; i++) {
        if (i) csv_comma(&x->out);
        if (!csv_cell(x, i)) return false;
    }
    csv_end_row(&x->out);
    return true;
}

static void csv_head(printing *x)
{
    if (!x->p->first) csv_end_row(&x->out);
    for (int i = 0; i < x->columns; i++) {
        if (i) csv_comma(&x->out);
        csv_field(&x->out, sv_from(sqlite3_column_name(x->st, i)));
    }
    csv_end_row(&x->out);
}

/* ---- JSON ---- */

static void json_piece(printing *x, sv s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\') buf_char(&x->out, '\\');
        if (c == '\n')
            buf_str(&x->out, "\\n");
        else if (c < 0x20 || c == 0x7F)
            buf_printf(&x->out, "\\u%04x", c);
        else
            buf_char(&x->out, (char)c);
    }
}

static void json_string_of(printing *x, sv s)
{
    buf_char(&x->out, '"');
    json_piece(x, s);
    buf_char(&x->out, '"');
}

static bool json_cell(printing *x, int i)
{
    lob_ref ref;
    if (sql_column_lob(x->p->db, x->st, i, &ref)) {
        bool text = lob_is_text((lob_encoding)ref.encoding);
        buf_str(&x->out, text ? "\"" : "\"0x");
        if (!stream(x, &ref, text ? json_piece : take_hex)) return false;
        buf_char(&x->out, '"');
        return true;
    }
    buf_clear(&x->cell);
    sql_column_text(x->st, i, &x->cell);
    int type = sqlite3_column_type(x->st, i);
    bool infinite = type == SQLITE_FLOAT && x->cell.n && (x->cell.p[x->cell.n - 1] > '9');
    if (type == SQLITE_NULL)
        buf_str(&x->out, "null");
    else if ((type == SQLITE_INTEGER || type == SQLITE_FLOAT) && !infinite)
        buf_sv(&x->out, buf_view(&x->cell));
    else
        json_string_of(x, buf_view(&x->cell));
    return true;
}

static bool json_row(printing *x)
{
    buf_char(&x->out, '{');
    for (int i = 0; i < x->columns; i++) {
        if (i) buf_char(&x->out, ',');
        json_string_of(x, sv_from(sqlite3_column_name(x->st, i)));
        buf_char(&x->out, ':');
        if (!json_cell(x, i)) return false;
    }
    buf_str(&x->out, "}\n");
    return true;
}

/* ---- table ---- */

/* Cells of the first rows are kept until their widths are known; later rows are cut or padded to those. */
typedef struct grid {
    buf text; /* of the cells kept, one behind the other */
    size_t *end, *width;
    bool *right; /* a column of numbers */
    size_t rows;
} grid;

/* One line, safe on a terminal, and not too long. */
static void shown_cell(printing *x, int i, buf *out)
{
    lob_ref ref;
    if (sql_column_lob(x->p->db, x->st, i, &ref)) {
        buf_printf(out, "(%llu bytes)", (unsigned long long)ref.bytes);
        return;
    }
    if (sqlite3_column_type(x->st, i) == SQLITE_NULL) {
        buf_str(out, "NULL");
        return;
    }
    buf_clear(&x->cell);
    sql_column_text(x->st, i, &x->cell);
    sv s = buf_view(&x->cell);
    bool cut = false;
    while (s.n > 4 * (size_t)CELL_SHOWN_MAX || text_width(s) > CELL_SHOWN_MAX) {
        s.n = s.n > 4 * (size_t)CELL_SHOWN_MAX ? 4 * (size_t)CELL_SHOWN_MAX : s.n - 1;
        while (s.n && ((unsigned char)s.p[s.n] & 0xC0) == 0x80) s.n--;
        cut = true;
    }
    add_shown(out, s);
    if (cut) buf_str(out, "...");
}

static void padded(printing *x, sv cell, size_t width, bool right, bool last)
{
    size_t w = text_width(cell);
    if (right) pad(&x->out, w, width);
    buf_sv(&x->out, cell);
    if (!right && !last) pad(&x->out, w, width);
    buf_str(&x->out, last ? "\n" : "  ");
}

static void print_grid(printing *x, grid *g)
{
    for (int i = 0; i < x->columns; i++) {
        buf_clear(&x->cell);
        add_shown(&x->cell, sv_from(sqlite3_column_name(x->st, i)));
        size_t w = text_width(buf_view(&x->cell));
        if (w > g->width[i]) g->width[i] = w;
    }
    if (!x->p->first) buf_char(&x->out, '\n');
    for (int i = 0; i < x->columns; i++) {
        buf_clear(&x->cell);
        add_shown(&x->cell, sv_from(sqlite3_column_name(x->st, i)));
        padded(x, buf_view(&x->cell), g->width[i], g->right[i], i + 1 == x->columns);
    }
    for (int i = 0; i < x->columns; i++) {
        for (size_t k = 0; k < g->width[i]; k++) buf_char(&x->out, '-');
        buf_str(&x->out, i + 1 == x->columns ? "\n" : "  ");
    }
    size_t at = 0;
    for (size_t c = 0; c < g->rows * (size_t)x->columns; c++) {
        size_t column = c % (size_t)x->columns;
        sv cell = {g->text.p + at, g->end[c] - at};
        padded(x, cell, g->width[column], g->right[column], column + 1 == (size_t)x->columns);
        at = g->end[c];
    }
}

static void keep_row(printing *x, grid *g)
{
    for (int i = 0; i < x->columns; i++) {
        size_t start = g->text.n;
        shown_cell(x, i, &g->text);
        size_t w = text_width((sv){g->text.p + start, g->text.n - start});
        if (w > g->width[i]) g->width[i] = w;
        int type = sqlite3_column_type(x->st, i);
        if (type == SQLITE_TEXT || type == SQLITE_BLOB) g->right[i] = false;
        g->end[g->rows * (size_t)x->columns + (size_t)i] = g->text.n;
    }
    g->rows++;
}

static void table_row(printing *x, const grid *g)
{
    buf cell = buf_new(65536);
    for (int i = 0; i < x->columns; i++) {
        buf_clear(&cell);
        shown_cell(x, i, &cell);
        padded(x, buf_view(&cell), g->width[i], g->right[i], i + 1 == x->columns);
    }
    buf_free(&cell);
}

static bool spoilt(printing *x)
{
    for (int i = 0; i < x->columns; i++)
        if (sql_column_spoilt(x->p->db, x->st, i)) return true;
    return false;
}

static print_end ended(printing *x, int rc)
{
    if (x->end != PRINT_DONE) return x->end;
    return rc == SQLITE_DONE ? PRINT_DONE : PRINT_SQL_ERROR;
}

static print_end print_table(printing *x)
{
    size_t n = (size_t)x->columns;
    grid g = {.text = buf_new(OUTPUT_BUFFER_MAX),
              .end = calloc(n * WIDTH_ROWS + 1, sizeof *g.end),
              .width = calloc(n + 1, sizeof *g.width),
              .right = malloc(n + 1)};
    int rc = SQLITE_DONE;
    if (g.end && g.width && g.right) {
        memset(g.right, 1, n + 1);
        bool begun = false;
        while ((rc = sqlite3_step(x->st)) == SQLITE_ROW) {
            if (spoilt(x) && !fail(x, PRINT_SPOILT)) break;
            x->rows++;
            if (!begun) keep_row(x, &g);
            if (begun) table_row(x, &g);
            if (!begun && g.rows == WIDTH_ROWS) {
                print_grid(x, &g);
                begun = true;
            }
            if (begun && !flush(x, FLUSH_BYTES)) break;
        }
        if (!begun && rc == SQLITE_DONE) print_grid(x, &g);
        if (rc == SQLITE_DONE)
            buf_printf(&x->out, "(%llu %s)\n", (unsigned long long)x->rows, x->rows == 1 ? "row" : "rows");
    } else
        fail(x, PRINT_NO_MEMORY);
    buf_free(&g.text);
    free(g.end);
    free(g.width);
    free(g.right);
    return ended(x, rc);
}

static print_end print_rows(printing *x, bool csv)
{
    int rc;
    bool ok = true;
    if (csv) csv_head(x);
    while (ok && (rc = sqlite3_step(x->st)) == SQLITE_ROW) {
        ok = spoilt(x) ? fail(x, PRINT_SPOILT) : csv ? csv_row(x) : json_row(x);
        /* The first row goes out at once. */
        ok = ok && flush(x, x->rows++ ? FLUSH_BYTES : 0);
    }
    return ended(x, ok ? rc : SQLITE_DONE);
}

print_end sql_print(const sql_printer *p, sqlite3_stmt *st)
{
    printing *x = malloc(sizeof *x);
    if (!x) return PRINT_NO_MEMORY;
    *x = (printing){.p = p,
                    .st = st,
                    .columns = sqlite3_column_count(st),
                    .out = buf_new(OUTPUT_BUFFER_MAX),
                    .cell = buf_new(OUTPUT_BUFFER_MAX)};
    print_end end = p->format == SQL_FORMAT_TABLE ? print_table(x) : print_rows(x, p->format == SQL_FORMAT_CSV);
    flush(x, 0);
    if (x->end != PRINT_DONE) end = x->end;
    buf_free(&x->out);
    buf_free(&x->cell);
    free(x);
    return end;
}
