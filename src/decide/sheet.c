#include "decide/sheet.h"
#include "base/byte_source.h"
#include "registry/gather.h"
#include "registry/registry.h"
#include "source/value_text.h"

enum { ROWS_AT_ONCE = 64, FIRST_ROOM = 256 };

typedef struct reading {
    const char *path;
    arena *mem;
    findings *found; /* the caller's */
    buf text;
    sv *cell;
    size_t n, room;
} reading;

static status refuse(const reading *r, const char *why)
{
    find_at(r->found, F_DEC_SHEET, sv_from(r->path), sv_from(why));
    return ST_FATAL;
}

static bool add_cell(reading *r, const value *v)
{
    if (r->n == r->room) {
        size_t room = r->room ? 2 * r->room : FIRST_ROOM;
        sv *more = arena_array(r->mem, room, sizeof *more);
        if (!more) return false;
        if (r->n) memcpy(more, r->cell, r->n * sizeof *more);
        r->cell = more;
        r->room = room;
    }
    buf_clear(&r->text);
    if (v->kind != V_NULL) value_text(v, &r->text);
    if (r->text.failed) return false;
    sv s = sv_trimmed(buf_view(&r->text));
    r->cell[r->n++] = s.n ? arena_sv(r->mem, s) : (sv){NULL, 0};
    return !s.n || r->cell[r->n - 1].p;
}

static status read_rows(reading *r, row_source *source, size_t table, sheet *out)
{
    row_cursor *c = NULL;
    const scan_request all = {.table = table};
    status s = source->ops->scan(source, &all, &c);
    while (s == ST_OK) {
        row rows[ROWS_AT_ONCE];
        size_t got = 0;
        s = source->ops->next(c, rows, ROWS_AT_ONCE, &got);
        for (size_t i = 0; i < got && (s == ST_OK || s == ST_ROW_LOST); i++, out->rows++) {
            if (out->rows == SHEET_ROWS_MAX_READ) s = refuse(r, "it has too many rows");
            for (size_t k = 0; k < out->columns && s != ST_FATAL; k++)
                if (k < rows[i].n && !add_cell(r, &rows[i].cell[k])) s = refuse(r, "it is too large");
        }
    }
    source->ops->cursor_close(c);
    out->cell = r->cell;
    if (s == ST_FATAL) return s;
    return s == ST_END ? ST_OK : refuse(r, "a row of it cannot be read");
}

/* The only table with columns: a workbook's other sheets are empty. */
static bool one_table(const catalog *tables, size_t *at)
{
    size_t n = 0;
    for (size_t i = 0; i < tables->tables; i++) {
        if (!tables->table[i].columns) continue;
        *at = i;
        n++;
    }
    return n == 1;
}

static status read_source(reading *r, row_source *source, sheet *out)
{
    const catalog *tables = NULL;
    size_t at = 0;
    if (source->ops->catalog(source, &tables) != ST_OK) return refuse(r, "it holds no table");
    if (!one_table(tables, &at)) return refuse(r, "it holds none or several tables");
    const table_info *t = &tables->table[at];
    if (t->nameless) return refuse(r, "its first row does not name the columns");
    sv *heading = arena_array(r->mem, t->columns, sizeof *heading);
    if (!heading) return refuse(r, "it is too large");
    for (size_t i = 0; i < t->columns; i++) heading[i] = arena_sv(r->mem, t->column[i].name);
    out->heading = heading;
    out->columns = t->columns;
    return read_rows(r, source, at, out);
}

status sheet_read(const char *path, arena *mem, sheet *out, findings *f)
{
    /* How a reader came to its view of a small list is of no interest to who filled it in: only that it could not. */
    findings *own = findings_new();
    reading r = {.path = path, .mem = mem, .found = f, .text = buf_new(SHEET_BYTES_MAX)};
    gathered from = {0};
    row_source *source = NULL;
    *out = (sheet){.path = arena_sv(mem, sv_from(path))};
    status s = own && out->path.p ? gather(&path, 1, NULL, own, &from) : ST_FATAL;
    if (s == ST_OK && from.files && byte_source_size(from.file[0]) > SHEET_BYTES_MAX) {
        s = refuse(&r, "it is too large");
    } else {
        const open_args args = {.file = from.file, .files = from.files, .name = from.name};
        if (s == ST_OK) s = source_open(&args, own, &source);
        if (s != ST_OK)
            s = refuse(&r, "there is no such file, or it is neither CSV nor XLSX");
        else
            s = read_source(&r, source, out);
    }
    if (source) source->ops->close(source);
    gathered_free(&from);
    findings_free(own);
    buf_free(&r.text);
    return s;
}

/* ---- looking things up ---- */

/* Of a heading. */
static bool counts(char c) { return c != ' ' && c != '_' && c != '-'; }

static bool same_heading(sv a, sv b)
{
    size_t i = 0, k = 0;
    for (;;) {
        while (i < a.n && !counts(a.p[i])) i++;
        while (k < b.n && !counts(b.p[k])) k++;
        if (i == a.n || k == b.n) return i == a.n && k == b.n;
        if (!sv_eq_nocase((sv){a.p + i++, 1}, (sv){b.p + k++, 1})) return false;
    }
}

size_t sheet_column(const sheet *s, const sv *name, size_t names)
{
    for (size_t n = 0; n < names; n++)
        for (size_t i = 0; i < s->columns; i++)
            if (same_heading(s->heading[i], name[n])) return i;
    return SIZE_MAX;
}

sv sheet_cell(const sheet *s, size_t line, size_t column)
{
    return column < s->columns && line < s->rows ? s->cell[line * s->columns + column] : (sv){NULL, 0};
}
