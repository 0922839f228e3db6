#include "xlsx/sheet_source.h"
#include "base/limits.h"
#include "base/path.h"
#include "source/unique_names.h"
#include "xlsx/sheet_reader.h"
#include <stdio.h>
#include <stdlib.h>

enum { TITLE_ROWS_MAX = 20, ROWS_LOOKED_AT = 2000, TABLES_MAX = 4096, CELLS_OF_BATCH = 32768, NAME_BYTES_MAX = 128 };

typedef struct sheet_table {
    workbook *w;
    sheet_part *sheet;
    size_t columns;
    uint32_t header; /* row of the names; 0: none */
    uint32_t first;  /* row before which nothing is data */
    uint32_t titles; /* rows above */
    bool guessed;
} sheet_table;

typedef struct sheet_source {
    row_source base;
    arena *mem;
    findings *found;
    workbook *book;
    size_t books;
    sheet_table *table;
    table_info *info;
    text_file_info *text;
    size_t tables;
    unique_names names; /* of tables */
    catalog catalog;
    source_info about;
} sheet_source;

struct row_cursor {
    sheet_source *s;
    sheet_table *t;
    size_t table;
    sheet_reader *rows;
    uint16_t *column;
    size_t columns;
    value *cell;
    size_t rows_room;
    scan_counts counts;
    bool over;
};

static status no_memory(sheet_source *s)
{
    find_code(s->found, F_OUT_OF_MEMORY, "reading a workbook");
    return ST_FATAL;
}

/* ---- what a sheet is ---- */

/* A row among the first ones. */
typedef struct look {
    uint32_t row;
    size_t values;
    bool words; /* text only, and none too long for a name */
} look;

typedef struct looks {
    look first[TITLE_ROWS_MAX];
    size_t n;
    size_t columns; /* of the widest row */
    uint64_t rows;
    uint64_t words_only; /* rows of text only, behind the first one */
    bool whole;          /* the sheet was run through to its end */
} looks;

static bool is_words(const sheet_row *r)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->cell[i].kind != CELL_TEXT || r->cell[i].text.n > NAME_BYTES_MAX) return false;
    return true;
}

static size_t values_of(const sheet_row *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++) n += r->cell[i].text.n > 0;
    return n;
}

static status look_at(sheet_source *s, const workbook *w, const sheet_part *part, looks *l)
{
    sheet_reader *rows;
    sheet_row r;
    *l = (looks){0};
    bool all = byte_source_size(w->file) <= XLSX_AUDIT_BYTES_MAX;
    status st = sheet_reader_open(w, part->part, s->found, &rows);
    if (st != ST_OK) return st;
    while ((all || l->rows < ROWS_LOOKED_AT) && (st = sheet_reader_next(rows, &r)) == ST_OK) {
        size_t n = values_of(&r);
        if (!n) continue;
        if (l->n < TITLE_ROWS_MAX) l->first[l->n++] = (look){r.row, n, is_words(&r)};
        if (l->rows++) l->words_only += is_words(&r);
        for (size_t i = r.n; i-- > 0;) {
            if (!r.cell[i].text.n) continue;
            if (r.cell[i].column >= l->columns) l->columns = r.cell[i].column + 1;
            break;
        }
    }
    l->whole = st == ST_END;
    sheet_reader_close(rows);
    return st == ST_END ? ST_OK : st;
}

/* The first row that fills most of the width: the names, when it is words only. Rows above are titles. */
static void find_header(const looks *l, sheet_table *t)
{
    t->columns = l->columns;
    t->first = l->n ? l->first[0].row : 1;
    for (size_t i = 0; i < l->n; i++) {
        if (l->first[i].values * 10 < l->columns * 6) continue;
        if (!l->first[i].words) break;
        t->header = l->first[i].row;
        t->first = t->header + 1;
        t->titles = (uint32_t)i;
        t->guessed = l->rows > i + 1 && l->words_only >= l->rows - 1;
        return;
    }
}

/* ---- names ---- */

static sv one_line(sv s, arena *mem)
{
    sv copy = arena_sv(mem, sv_trimmed_controls(s));
    for (size_t i = 0; i < copy.n; i++)
        if ((uint8_t)copy.p[i] < 32) ((char *)(uintptr_t)copy.p)[i] = ' ';
    return copy;
}

static void say_duplicate(sheet_source *s, size_t table, size_t column, sv original, sv name)
{
    char number[24];
    finding x = FINDING_OF(F_CSV_DUPLICATE_COLUMN);
    x.table = s->info[table].full_name;
    x.column = original;
    x.a = (sv){number, (size_t)snprintf(number, sizeof number, "%zu", column + 1)};
    x.b = name;
    find_add(s->found, &x);
}

static bool name_columns(sheet_source *s, size_t table, const sv *original)
{
    sheet_table *t = &s->table[table];
    column_info *c = arena_array(s->mem, t->columns + 1, sizeof *c);
    if (!c) return false;
    unique_names names = unique_names_new(s->mem);
    bool all = true;
    for (size_t i = 0; i < t->columns && all; i++) {
        const sv wanted = original[i].n ? original[i] : arena_printf(s->mem, "column_%zu", i + 1);
        const sv name = wanted.p ? unique_names_take(&names, wanted) : wanted;
        all = name.p != NULL;
        if (all && name.p != wanted.p) say_duplicate(s, table, i, wanted, name);
        c[i] = (column_info){.name = name,
                             .type_name = SV_LIT("text"),
                             .type = T_TEXT,
                             .max_bytes = -1,
                             .codepage = 65001,
                             .nullable = true};
    }
    unique_names_free(&names);
    s->info[table].column = c;
    s->info[table].columns = t->columns;
    return all;
}

static status read_header(sheet_source *s, size_t table)
{
    sheet_table *t = &s->table[table];
    sv *name = arena_array(s->mem, t->columns + 1, sizeof *name);
    if (!name) return no_memory(s);
    status st = ST_OK;
    if (t->header) {
        sheet_reader *rows;
        sheet_row r;
        st = sheet_reader_open(t->w, t->sheet->part, s->found, &rows);
        if (st != ST_OK) return st;
        while ((st = sheet_reader_next(rows, &r)) == ST_OK && r.row < t->header) {}
        for (size_t i = 0; st == ST_OK && i < r.n; i++)
            if (r.cell[i].column < t->columns) name[r.cell[i].column] = one_line(r.cell[i].text, s->mem);
        sheet_reader_close(rows);
        if (st != ST_OK) return st;
    }
    return name_columns(s, table, name) ? ST_OK : no_memory(s);
}

static sv stem_of(sv path)
{
    sv leaf = path_leaf(path);
    for (size_t i = leaf.n; i-- > 1;)
        if (leaf.p[i] == '.') return (sv){leaf.p, i};
    return leaf;
}

/* "dbo.Patient" of a file's stem: a schema is one short word before the only dot. */
static void name_after_file(sheet_source *s, sv path, table_info *t)
{
    sv stem = stem_of(path);
    const char *dot = sv_find(stem, '.');
    sv name = dot ? (sv){dot + 1, stem.n - (size_t)(dot - stem.p) - 1} : stem;
    bool schema = dot && dot > stem.p && name.n && !sv_find(name, '.');
    for (const char *p = stem.p; schema && p < dot; p++)
        schema = ((*p | 0x20) >= 'a' && (*p | 0x20) <= 'z') || *p == '_' || (*p >= '0' && *p <= '9' && p > stem.p);
    t->schema = schema ? arena_sv(s->mem, (sv){stem.p, (size_t)(dot - stem.p)}) : (sv){"", 0};
    t->name = arena_sv(s->mem, schema ? name : stem);
    t->full_name = arena_sv(s->mem, stem);
}

/* ---- tables ---- */

static void tell(sheet_source *s, size_t table)
{
    const sheet_table *t = &s->table[table];
    sv path = byte_source_path(t->w->file);
    text_file_info *x = &s->text[table];
    *x = (text_file_info){
        .path = arena_printf(s->mem, "%.*s/%.*s", (int)path.n, path.p, (int)t->sheet->name.n, t->sheet->name.p),
        .table = s->info[table].full_name,
        .writer = SV_LIT("a spreadsheet program"),
        .encoding = SV_LIT("UTF-8"),
        .delimiter = SV_LIT("cells"),
        .quoting = SV_LIT("none"),
        .line_ends = SV_LIT("rows"),
        .null_rule = SV_LIT("an empty cell is NULL"),
        .header = t->header > 0,
        .guessed = t->guessed,
        .bytes = byte_source_size(t->w->file)};
    char number[24];
    finding f = FINDING_OF(F_CSV_FILE_READ);
    f.path = x->path;
    f.table = x->table;
    f.a = t->header ? SV_LIT("a sheet whose first row names the columns; an empty cell is NULL")
                    : SV_LIT("a sheet without names of columns; an empty cell is NULL");
    find_add(s->found, &f);
    f.a = SV_LIT("it is not all text");
    f.code = F_CSV_NO_HEADER;
    if (!t->header) find_add(s->found, &f);
    f.code = F_CSV_HEADER_GUESSED;
    if (t->guessed) find_add(s->found, &f);
    f.code = F_XLSX_HIDDEN;
    if (t->sheet->hidden) find_add(s->found, &f);
    f.code = F_XLSX_TITLE_LINES;
    f.a = (sv){number, (size_t)snprintf(number, sizeof number, "%u", (unsigned)t->titles)};
    if (t->titles) find_add(s->found, &f);
}

static status add_sheet(sheet_source *s, workbook *w, sheet_part *part, const looks *l, bool alone)
{
    size_t i = s->tables;
    sheet_table *t = &s->table[i];
    table_info *info = &s->info[i];
    *t = (sheet_table){.w = w, .sheet = part};
    find_header(l, t);
    *info = (table_info){.rows_expected = -1,
                         .bytes = byte_source_size(w->file),
                         .storage = SV_LIT("sheet"),
                         .compression = SV_LIT("none"),
                         .nameless = !t->header};
    if (l->whole) info->rows_expected = (int64_t)(l->rows - t->titles - (t->header > 0));
    if (alone) {
        name_after_file(s, byte_source_path(w->file), info);
    } else {
        info->schema = (sv){"", 0};
        info->name = info->full_name = one_line(part->name, s->mem);
    }
    if (!unique_names_table(&s->names, info)) return no_memory(s);
    status st = read_header(s, i);
    if (st != ST_OK) return st;
    tell(s, i);
    s->tables++;
    return arena_failed(s->mem) ? no_memory(s) : ST_OK;
}

/* Sheets with a value; a workbook that has none is a table without columns, and no table. */
static status add_book(sheet_source *s, workbook *w)
{
    looks *l = calloc(w->sheets + 1, sizeof *l);
    size_t filled = 0;
    status st = l ? ST_OK : no_memory(s);
    for (size_t i = 0; st == ST_OK && i < w->sheets; i++) {
        if (!w->sheet[i].part.n) continue;
        status one = look_at(s, w, &w->sheet[i], &l[i]);
        if (one == ST_FATAL) st = one;
        if (one != ST_OK) l[i].columns = 0;
        filled += l[i].columns > 0;
    }
    for (size_t i = 0; st == ST_OK && i < w->sheets; i++) {
        if (!l[i].columns) continue;
        if (s->tables == TABLES_MAX) {
            find_at(s->found, F_XLSX_WRONG, byte_source_path(w->file),
                    SV_LIT("it has sheets beyond the 4,096 that are read at a time"));
            break;
        }
        st = add_sheet(s, w, &w->sheet[i], &l[i], filled == 1);
        if (st == ST_TABLE_LOST) st = ST_OK; /* told already */
    }
    free(l);
    return st;
}

/* ---- scans ---- */

static void sheet_cursor_close(row_cursor *c)
{
    if (!c) return;
    sheet_reader_close(c->rows);
    free(c->column);
    free(c->cell);
    free(c);
}

static status sheet_scan(row_source *source, const scan_request *q, row_cursor **out)
{
    sheet_source *s = (sheet_source *)source;
    row_cursor *c = calloc(1, sizeof *c);
    *out = NULL;
    if (!c) return no_memory(s);
    *c = (row_cursor){.s = s, .t = &s->table[q->table], .table = q->table};
    c->columns = q->column ? q->columns : c->t->columns;
    c->rows_room = CELLS_OF_BATCH / (c->columns + 1) + 1;
    c->column = calloc(c->columns + 1, sizeof *c->column);
    c->cell = malloc((c->rows_room * c->columns + 1) * sizeof *c->cell);
    if (!c->column || !c->cell) {
        sheet_cursor_close(c);
        return no_memory(s);
    }
    for (size_t i = 0; i < c->columns; i++) c->column[i] = q->column ? q->column[i] : (uint16_t)i;
    status st = sheet_reader_open(c->t->w, c->t->sheet->part, s->found, &c->rows);
    if (st == ST_OK)
        *out = c;
    else
        sheet_cursor_close(c);
    return st;
}

static const sheet_cell *cell_at(const sheet_row *r, uint32_t column)
{
    size_t low = 0, high = r->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (r->cell[middle].column < column)
            low = middle + 1;
        else
            high = middle;
    }
    return low < r->n && r->cell[low].column == column ? &r->cell[low] : NULL;
}

static value value_of(row_cursor *c, const sheet_row *r, size_t column)
{
    const sheet_cell *x = cell_at(r, (uint32_t)column);
    if (!x) return (value){.kind = V_NULL};
    if (x->kind != CELL_ERROR) return (value){.kind = V_TEXT, .as.text = x->text};
    finding f = FINDING_OF(F_XLSX_ERROR_CELL);
    f.path = c->s->text[c->table].path;
    f.table = c->s->info[c->table].full_name;
    f.column = c->s->info[c->table].column[column].name;
    f.line = r->row;
    f.a = x->text;
    find_add(c->s->found, &f);
    c->counts.cells_unreadable++;
    return (value){.kind = V_UNREADABLE, .as.why = F_XLSX_ERROR_CELL};
}

static bool too_wide(row_cursor *c, const sheet_row *r)
{
    size_t i = r->n;
    while (i && !r->cell[i - 1].text.n) i--;
    if (i == 0 || r->cell[i - 1].column < c->t->columns) return false;
    char a[24], b[24];
    finding f = FINDING_OF(F_XLSX_ROW_WIDE);
    f.path = c->s->text[c->table].path;
    f.table = c->s->info[c->table].full_name;
    f.line = r->row;
    f.a = (sv){a, (size_t)snprintf(a, sizeof a, "%u", (unsigned)r->cell[i - 1].column + 1)};
    f.b = (sv){b, (size_t)snprintf(b, sizeof b, "%zu", c->t->columns)};
    f.rows = 1;
    find_add(c->s->found, &f);
    c->counts.rows_unreadable++;
    return true;
}

static status sheet_next(row_cursor *c, row *out, size_t max, size_t *got)
{
    sheet_row r;
    bool lost = false;
    *got = 0;
    if (max > c->rows_room) max = c->rows_room;
    while (*got < max && !c->over && (*got == 0 || sheet_reader_ready(c->rows))) {
        status st = sheet_reader_next(c->rows, &r);
        if (st == ST_END) c->over = true;
        if (st == ST_TABLE_LOST || st == ST_FATAL) return st;
        if (st != ST_OK || r.row < c->t->first || !values_of(&r)) continue;
        if (too_wide(c, &r)) {
            lost = true;
            continue;
        }
        value *cell = c->cell + *got * c->columns;
        for (size_t i = 0; i < c->columns; i++) cell[i] = value_of(c, &r, c->column[i]);
        out[(*got)++] = (row){cell, c->columns, {.line = r.row}};
        c->counts.rows++;
    }
    c->counts.pages = sheet_reader_done(c->rows) / 8192;
    if (lost) return ST_ROW_LOST;
    return *got ? ST_OK : ST_END;
}

static const scan_counts *sheet_counts(const row_cursor *c) { return &c->counts; }

/* ---- the source ---- */

static void sheet_close(row_source *source)
{
    sheet_source *s = (sheet_source *)source;
    if (!s) return;
    for (size_t i = 0; i < s->books; i++) workbook_free(&s->book[i]);
    unique_names_free(&s->names);
    arena_free(s->mem);
    free(s);
}

static sheet_source *new_source(size_t files, findings *f)
{
    sheet_source *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    *s = (sheet_source){.base = {&xlsx_ops}, .found = f, .mem = arena_new(0)};
    if (s->mem) {
        s->names = unique_names_new(s->mem);
        s->book = arena_array(s->mem, files, sizeof *s->book);
        s->table = arena_array(s->mem, TABLES_MAX, sizeof *s->table);
        s->info = arena_array(s->mem, TABLES_MAX, sizeof *s->info);
        s->text = arena_array(s->mem, TABLES_MAX, sizeof *s->text);
        if (s->book && s->table && s->info && s->text) return s;
    }
    sheet_close(&s->base);
    return NULL;
}

static status sheet_open(const open_args *a, findings *f, row_source **out)
{
    sheet_source *s = new_source(a->files, f);
    *out = NULL;
    if (!s) {
        find_code(f, F_OUT_OF_MEMORY, "opening a workbook");
        return ST_FATAL;
    }
    status st = ST_OK;
    for (size_t i = 0; i < a->files && st == ST_OK; i++) {
        workbook *w = &s->book[s->books++];
        st = workbook_open(a->file[i], s->mem, f, w);
        s->about.file_bytes += byte_source_size(a->file[i]);
        if (st == ST_OK) st = add_book(s, w);
        if (st == ST_TABLE_LOST) st = ST_OK; /* one workbook of several; told already */
    }
    s->catalog = (catalog){s->info, s->tables};
    s->about.kind = a->files > 1 ? SV_LIT("workbooks") : SV_LIT("workbook");
    s->about.database = arena_sv(s->mem, a->name);
    s->about.text = s->text;
    s->about.texts = s->tables;
    if (st == ST_OK && s->tables == 0) {
        find_code(f, F_XLSX_WRONG, "no sheet of it holds a value");
        st = ST_FATAL;
    }
    *out = &s->base;
    return st;
}

/* A ZIP archive of that ending, or one whose first member only office documents have. */
static int bid(const probe *p)
{
    static const char first[] = "[Content_Types].xml";
    if (p->n < 4 || memcmp(p->p, "PK\x03\x04", 4) != 0) return 0;
    if (sv_ends_nocase(p->path, SV_LIT(".xlsx")) || sv_ends_nocase(p->path, SV_LIT(".xlsm"))) return 60;
    bool office = p->n >= 30 + sizeof first && memcmp(p->p + 30, first, sizeof first - 1) == 0;
    return office && !sv_ends_nocase(p->path, SV_LIT(".docx")) && !sv_ends_nocase(p->path, SV_LIT(".pptx")) &&
                   !sv_ends_nocase(p->path, SV_LIT(".bacpac")) && !sv_ends_nocase(p->path, SV_LIT(".dacpac")) &&
                   !sv_ends_nocase(p->path, SV_LIT(".vsdx"))
               ? 30
               : 0;
}

static const source_info *sheet_info(row_source *s) { return &((sheet_source *)s)->about; }

static status sheet_catalog(row_source *s, const catalog **out)
{
    *out = &((sheet_source *)s)->catalog;
    return ST_OK;
}

static status sheet_verify(row_source *s)
{
    (void)s;
    return ST_OK;
}

const row_source_ops xlsx_ops = {.name = "xlsx",
                                 .title = "Excel workbook",
                                 .bid = bid,
                                 .open = sheet_open,
                                 .info = sheet_info,
                                 .catalog = sheet_catalog,
                                 .scan = sheet_scan,
                                 .next = sheet_next,
                                 .counts = sheet_counts,
                                 .cursor_close = sheet_cursor_close,
                                 .verify = sheet_verify,
                                 .close = sheet_close};
