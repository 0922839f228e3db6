#include "convert/verify_rows.h"
#include "base/ascii.h"
#include "convert/finished_run.h"
#include "deliver/bundle_read.h"
#include "deliver/target_cell.h"
#include "xlsx/sheet_reader.h"
#include <stdlib.h>

/* What the manifest says of a column, and the first cell of it that is otherwise. */
typedef struct column_check {
    sv heading, form, form_local;
    bool required, number;
    uint64_t characters, digits, behind;
    uint64_t wrong, first_row; /* cells; the row of the first one, the heading being row 1 */
    const char *what;          /* of that one */
} column_check;

typedef struct rows_check {
    column_check *column;
    size_t columns;
    uint64_t row; /* that was read last, from 1 */
    bool other_heading;
} rows_check;

/* ---- what a cell is ---- */

/* Letters of a form stand for digits; everything else for itself. */
static bool has_form(sv text, sv form)
{
    if (!form.n || text.n != form.n) return false;
    for (size_t i = 0; i < form.n; i++) {
        bool digit = strchr("YMDhms", form.p[i]) != NULL;
        if (digit ? !is_digit(text.p[i]) : text.p[i] != form.p[i]) return false;
    }
    return true;
}

static bool fits_digits(sv s, uint64_t digits, uint64_t behind)
{
    uint64_t before = 0, after = 0;
    bool point = false, any = false;
    for (size_t i = s.n && *s.p == '-' ? 1 : 0; i < s.n; i++) {
        if (s.p[i] == '.' && !point) {
            point = true;
            continue;
        }
        if (!is_digit(s.p[i])) return false;
        any = true;
        if (point)
            after++;
        else if (before || s.p[i] != '0')
            before++;
    }
    return any && after <= behind && before <= digits - behind;
}

/* What is wrong with it; NULL: nothing. */
static const char *cell_wrong(const column_check *c, sv text)
{
    if (!text.n) return c->required ? "empty, but required" : NULL;
    if (c->characters && text.n > c->characters && target_characters(text) > c->characters) return "too long";
    if (c->number && !fits_digits(text, c->digits, c->behind)) return "no number of the field's digits";
    if (c->form.n && !has_form(text, c->form) && !has_form(text, c->form_local))
        return "no date of the form that was agreed on";
    return NULL;
}

static void look_at(rows_check *g, size_t column, sv text)
{
    column_check *c = &g->column[column];
    const char *what = cell_wrong(c, text);
    if (!what) return;
    if (!c->wrong++) {
        c->first_row = g->row;
        c->what = what;
    }
}

/* ---- rows ---- */

static bool take_record(void *ctx, const sv *cell, size_t n)
{
    rows_check *g = ctx;
    static const sv mark = SV_LIT("\xEF\xBB\xBF");
    g->row++;
    for (size_t i = 0; g->row == 1 && i < n; i++) {
        sv heading = cell[i];
        if (!i && sv_starts(heading, mark)) heading = (sv){heading.p + mark.n, heading.n - mark.n};
        g->other_heading |= n != g->columns || !sv_eq(heading, g->column[i].heading);
    }
    if (n != g->columns) g->other_heading = true;
    for (size_t i = 0; g->row > 1 && !g->other_heading && i < n; i++) look_at(g, i, cell[i]);
    return true;
}

static bool read_csv(rows_check *g, const char *path, char delimiter, const char **why)
{
    const bundle_reader r = {.delimiter = delimiter, .take = take_record, .ctx = g};
    bool ended;
    return bundle_read(&r, path, &ended, why);
}

/* A row of a sheet names its cells; those that are left out are empty. Kinds are those of a sheet: a date is none as text. */
static void take_sheet_row(rows_check *g, const sheet_row *r)
{
    size_t at = 0;
    g->row++;
    for (size_t i = 0; i < g->columns; i++) {
        const sheet_cell *c = at < r->n && r->cell[at].column == i ? &r->cell[at++] : NULL;
        sv text = c ? c->text : (sv){NULL, 0};
        if (g->row == 1)
            g->other_heading |= !sv_eq(text, g->column[i].heading);
        else if (!g->other_heading && c && c->kind == CELL_DATE && g->column[i].form.n)
            continue;
        else if (!g->other_heading)
            look_at(g, i, text);
    }
    g->other_heading |= at < r->n;
}

static bool read_sheet(rows_check *g, const workbook *w, findings *f)
{
    sheet_reader *rows = NULL;
    sheet_row r;
    status s = w->sheets == 1 ? sheet_reader_open(w, w->sheet[0].part, f, &rows) : ST_TABLE_LOST;
    while (s == ST_OK && (s = sheet_reader_next(rows, &r)) == ST_OK) take_sheet_row(g, &r);
    sheet_reader_close(rows);
    return s == ST_END;
}

static bool read_book(rows_check *g, const char *path, arena *mem, findings *f, const char **why)
{
    workbook w = {0};
    byte_source *file = byte_source_file(path, f);
    *why = "it is no workbook of one sheet";
    bool ok = file && workbook_open(file, mem, f, &w) == ST_OK && read_sheet(g, &w, f);
    workbook_free(&w);
    byte_source_close(file);
    return ok;
}

/* ---- what the manifest says ---- */

static uint64_t member_number(const json_t *o, const char *key)
{
    json_int_t n = json_integer_value(json_object_get(o, key));
    return n > 0 ? (uint64_t)n : 0;
}

static bool take_columns(rows_check *g, const json_t *columns, arena *mem)
{
    g->columns = json_array_size(columns);
    g->column = arena_array(mem, g->columns + 1, sizeof *g->column);
    for (size_t i = 0; g->column && i < g->columns; i++) {
        const json_t *c = json_array_get(columns, i);
        g->column[i] = (column_check){.heading = json_member_text(c, "heading"),
                                      .form = json_member_text(c, "form"),
                                      .form_local = json_member_text(c, "form_local"),
                                      .required = json_is_true(json_object_get(c, "required")),
                                      .number = json_object_get(c, "digits") != NULL,
                                      .characters = member_number(c, "characters"),
                                      .digits = member_number(c, "digits"),
                                      .behind = member_number(c, "behind")};
        if (g->column[i].behind > g->column[i].digits) g->column[i].number = false;
    }
    return g->column != NULL;
}

/* "salesforce/00_trial/02_Contact_3.csv": destination, and the stem with and without the number of its part. Files of other
 * folders have their names of files of the load and are none: lists of what is gone, of keys. */
typedef struct file_name {
    sv destination, stem, first;
    bool book;
} file_name;

static bool name_of(sv path, file_name *out)
{
    const char *slash = sv_find(path, '/');
    if (!slash) return false;
    out->destination = (sv){path.p, (size_t)(slash - path.p)};
    size_t at = path.n, dot = path.n;
    while (at && path.p[at - 1] != '/') at--;
    sv folder = {slash + 1, at - out->destination.n - 1};
    if (folder.n && !sv_eq(folder, SV_LIT("00_trial/"))) return false;
    while (dot > at && path.p[dot - 1] != '.') dot--;
    if (dot == at) return false;
    sv ending = {path.p + dot, path.n - dot};
    out->stem = out->first = (sv){path.p + at, dot - 1 - at};
    out->book = sv_eq(ending, SV_LIT("xlsx"));
    size_t n = out->stem.n;
    while (n && is_digit(out->stem.p[n - 1])) n--;
    if (n > 1 && n < out->stem.n && out->stem.p[n - 1] == '_') out->first.n = n - 1;
    return out->book || sv_eq(ending, SV_LIT("csv"));
}

/* NULL: the manifest does not say. */
static const json_t *promise_for(const json_t *manifest, const file_name *name)
{
    const json_t *all = json_object_get(manifest, "destinations"), *part = NULL;
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *d = json_array_get(all, i), *holds = json_object_get(d, "holds");
        if (!sv_eq(json_member_text(d, "id"), name->destination)) continue;
        for (size_t k = 0; k < json_array_size(holds); k++) {
            const json_t *x = json_array_get(holds, k);
            if (sv_eq(json_member_text(x, "file"), name->stem)) return x;
            if (sv_eq(json_member_text(x, "file"), name->first)) part = x;
        }
    }
    return part;
}

/* ---- findings ---- */

static void say(findings *f, finding_code code, sv path, sv text)
{
    find_at(f, code, path, text.p ? text : SV_LIT("out of memory"));
}

static bool say_columns(const rows_check *g, sv path, arena *mem, findings *f)
{
    bool ok = true;
    for (size_t i = 0; i < g->columns; i++) {
        const column_check *c = &g->column[i];
        if (!c->wrong) continue;
        say(f, F_DEL_VERIFY_CELL, path,
            arena_printf(mem, "%llu cells of the column %.*s, the first in row %llu: %s", (unsigned long long)c->wrong,
                         (int)c->heading.n, c->heading.p, (unsigned long long)c->first_row, c->what));
        ok = false;
    }
    return ok;
}

bool verify_rows(const json_t *manifest, const char *folder, sv path, arena *mem, findings *f, uint64_t *rows)
{
    rows_check g = {0};
    file_name name;
    const char *why = "out of memory";
    *rows = UINT64_MAX;
    const json_t *promise = name_of(path, &name) ? promise_for(manifest, &name) : NULL;
    if (!promise) return true;
    sv full = arena_printf(mem, "%s/%.*s", folder, (int)path.n, path.p),
       delimiter = json_member_text(promise, "delimiter");
    bool ok = full.p && take_columns(&g, json_object_get(promise, "columns"), mem);
    ok = ok && (name.book ? read_book(&g, full.p, mem, f, &why)
                          : read_csv(&g, full.p, delimiter.n ? *delimiter.p : ',', &why));
    if (!ok) {
        say(f, F_DEL_VERIFY_CHANGED, path, sv_from(why));
        return false;
    }
    if (g.other_heading) {
        say(f, F_DEL_VERIFY_CHANGED, path, SV_LIT("its headings, or the width of a row, differ"));
        return false;
    }
    *rows = g.row ? g.row - 1 : 0;
    return say_columns(&g, path, mem, f);
}
