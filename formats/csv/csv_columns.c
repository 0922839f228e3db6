#include "csv/csv_columns.h"
#include "base/ascii.h"
#include "base/path.h"
#include "csv/csv_audit.h"
#include "csv/rows/csv_cursor.h"
#include <stdlib.h>

enum { ROWS = 64, HEAD = 2048, LIST_BYTES_MAX = 16 << 20 };
enum { SCHEMA, TABLE, COLUMN, POSITION, PARTS };

static const char *const part_name[PARTS] = {"TABLE_SCHEMA", "TABLE_NAME", "COLUMN_NAME", "ORDINAL_POSITION"};

struct csv_listed {
    sv folder, schema, table, column;
    uint32_t position; /* 0: could not be read */
};

static int cmp_nocase(sv a, sv b)
{
    for (size_t i = 0; i < a.n && i < b.n; i++) {
        int d = (uint8_t)ascii_lower(a.p[i]) - (uint8_t)ascii_lower(b.p[i]);
        if (d) return d;
    }
    return (a.n > b.n) - (a.n < b.n);
}

static sv folder_of(sv path) { return (sv){path.p, path.n - path_leaf(path).n}; }

/* ---- which file is a list ---- */

bool csv_columns_likely(byte_source *file, findings *f)
{
    char raw[HEAD], text[HEAD];
    size_t got = 0, n = 0;
    uint64_t size = byte_source_size(file);
    if (size > LIST_BYTES_MAX) return false;
    if (byte_source_read(file, 0, raw, size < HEAD ? (size_t)size : HEAD, &got, f) != ST_OK) return false;
    for (size_t i = 0; i < got; i++)
        if (raw[i]) text[n++] = raw[i]; /* UTF-16 without its zeros */
    for (int part = TABLE; part < PARTS; part++) {
        sv want = sv_from(part_name[part]);
        bool there = false;
        for (size_t i = 0; i + want.n <= n && !there; i++) there = sv_eq_nocase((sv){text + i, want.n}, want);
        if (!there) return false;
    }
    return true;
}

/* The places of the parts among the columns; t->s.columns: not there. */
static void find_parts(const csv_table *t, size_t at[PARTS])
{
    for (int part = 0; part < PARTS; part++) {
        at[part] = 0;
        while (at[part] < t->s.columns && !sv_eq_nocase(t->s.name[at[part]], sv_from(part_name[part]))) at[part]++;
    }
}

bool csv_columns_is_list(const csv_table *t)
{
    size_t at[PARTS];
    find_parts(t, at);
    return t->s.d.header && at[TABLE] < t->s.columns && at[COLUMN] < t->s.columns && at[POSITION] < t->s.columns;
}

/* ---- its lines ---- */

static sv text_at(const row *r, size_t column)
{
    return column < r->n && r->cell[column].kind == V_TEXT ? r->cell[column].as.text : (sv){"", 0};
}

static uint32_t number_of(sv s)
{
    uint32_t x = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9' || x > CSV_COLUMNS_MAX) return 0;
        x = x * 10 + (uint32_t)(s.p[i] - '0');
    }
    return x;
}

static bool add_line(const row *r, const size_t at[PARTS], sv folder, arena *mem, csv_columns *out)
{
    if (out->lines == out->room) {
        size_t room = out->room ? out->room * 2 : 256;
        csv_listed *more = realloc(out->line, room * sizeof *more);
        if (!more) return false;
        out->line = more;
        out->room = room;
    }
    out->line[out->lines++] = (csv_listed){.folder = folder,
                                           .schema = arena_sv(mem, text_at(r, at[SCHEMA])),
                                           .table = arena_sv(mem, text_at(r, at[TABLE])),
                                           .column = arena_sv(mem, text_at(r, at[COLUMN])),
                                           .position = number_of(text_at(r, at[POSITION]))};
    return !arena_failed(mem);
}

bool csv_columns_add(csv_source *s, size_t table, csv_columns *out)
{
    size_t at[PARTS];
    const csv_table *t = &s->table[table];
    row_cursor *c = csv_audit_cursor(s, table);
    row rows[ROWS];
    status st = c ? ST_OK : ST_FATAL;
    bool ok = true;
    find_parts(t, at);
    while (ok && (st == ST_OK || st == ST_ROW_LOST)) {
        size_t got = 0;
        st = csv_next(c, rows, ROWS, &got);
        for (size_t i = 0; i < got && ok; i++) ok = add_line(&rows[i], at, folder_of(t->text->path), s->mem, out);
    }
    csv_cursor_close(c);
    return ok && st != ST_FATAL;
}

static int by_place(const void *a_, const void *b_)
{
    const csv_listed *a = a_, *b = b_;
    int d = sv_cmp(a->folder, b->folder);
    if (!d) d = cmp_nocase(a->table, b->table);
    if (!d) d = cmp_nocase(a->schema, b->schema);
    return d ? d : (a->position > b->position) - (a->position < b->position);
}

void csv_columns_sort(csv_columns *c)
{
    if (c->lines) qsort(c->line, c->lines, sizeof *c->line, by_place);
}

void csv_columns_free(csv_columns *c)
{
    free(c->line);
    *c = (csv_columns){0};
}

/* ---- what they say of a table ---- */

/* The first line of the table's group, or the one behind all lines before it. */
static size_t first_of(const csv_columns *c, sv folder, sv table)
{
    size_t low = 0, high = c->lines;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int d = sv_cmp(c->line[mid].folder, folder);
        if (!d) d = cmp_nocase(c->line[mid].table, table);
        if (d < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static bool is_of(const csv_listed *x, sv folder, sv table)
{
    return sv_eq(x->folder, folder) && sv_eq_nocase(x->table, table);
}

/* Positions 1, 2, 3 ... and names that differ: else a line is missing, or there twice. */
static bool whole(const csv_listed *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (x[i].position != i + 1 || !x[i].column.n) return false;
        for (size_t k = 0; k < i; k++)
            if (sv_eq_nocase(x[k].column, x[i].column)) return false;
    }
    return true;
}

bool csv_columns_find(const csv_columns *c, const csv_table *t, arena *mem, csv_columns_of *out)
{
    sv folder = folder_of(t->text->path), table = t->info->name, schema = t->info->schema;
    const csv_listed *found = NULL;
    size_t n = 0, schemas = 0;
    *out = (csv_columns_of){0};
    for (size_t i = first_of(c, folder, table); i < c->lines && is_of(&c->line[i], folder, table);) {
        const csv_listed *x = &c->line[i];
        size_t run = 0;
        while (i < c->lines && is_of(&c->line[i], folder, table) && sv_eq_nocase(c->line[i].schema, x->schema)) {
            i++;
            run++;
        }
        if (schema.n && x->schema.n && !sv_eq_nocase(schema, x->schema)) continue;
        schemas++;
        found = x;
        n = run;
    }
    if (!schemas) return true;
    if (schemas > 1) {
        out->why_not = "two schemas of the list have a table of this name, and the file's name does not say which";
    } else if (!whole(found, n)) {
        out->why_not = "the list has no unbroken sequence of positions and names for it";
    } else {
        sv *name = arena_array(mem, n, sizeof *name);
        for (size_t i = 0; name && i < n; i++) name[i] = found[i].column;
        out->name = name;
        out->columns = n;
        return name != NULL;
    }
    return true;
}
