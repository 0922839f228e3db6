#include "csv/csv_source.h"
#include "base/digits.h"
#include "base/limits.h"
#include "base/path.h"
#include "csv/csv_audit.h"
#include "csv/csv_columns.h"
#include "csv/csv_extracted.h"
#include "source/unique_names.h"
#include <stdio.h>
#include <stdlib.h>

/* ---- what is told of a file ---- */

static const char *writer_name(csv_writer w)
{
    static const char *const names[] = {"an unknown program",
                                        "chartferry extract",
                                        "SQL Server Management Studio",
                                        "sqlcmd",
                                        "bcp",
                                        "PowerShell Export-Csv",
                                        "Excel"};
    return names[w];
}

static sv delimiter_name(const csv_dialect *d, arena *mem)
{
    if (d->width) return SV_LIT("fixed columns");
    switch (d->delimiter) {
    case ',': return SV_LIT("comma");
    case ';': return SV_LIT("semicolon");
    case '\t': return SV_LIT("tab");
    case '|': return SV_LIT("|");
    case ' ': return SV_LIT("blank");
    case '\n':
    case '\r': return SV_LIT("none: one column");
    default: break;
    }
    uint8_t c = (uint8_t)d->delimiter;
    if (c < 32) return arena_printf(mem, "byte 0x%02X", (unsigned)c);
    return arena_printf(mem, "%c", d->delimiter);
}

static const char *null_rule(const csv_dialect *d)
{
    switch (d->writer) {
    case CSV_BY_CHARTFERRY: return "an empty field is NULL, \"\" is empty text";
    case CSV_BY_SSMS: return "the word NULL without quotes is NULL, an empty field is empty text";
    case CSV_BY_SQLCMD: return "the word NULL is NULL, a blank field is empty text; blanks behind a value are padding";
    case CSV_BY_BCP: return "an empty field is NULL, a NUL character alone is empty text";
    case CSV_BY_POWERSHELL:
        return "an empty field is NULL, with quotes or without: the writer does not tell NULL from empty";
    case CSV_BY_EXCEL:
    case CSV_BY_ANYBODY: break;
    }
    return "an empty field is NULL, and the word NULL without quotes; \"\" is empty text";
}

static void tell(csv_source *s, csv_table *t)
{
    static const char *const ends[] = {"LF", "CRLF", "CR"};
    const csv_dialect *d = &t->s.d;
    text_file_info *x = t->text;
    x->path = arena_sv(s->mem, byte_source_path(t->file));
    x->table = t->info->full_name;
    x->writer = sv_from(writer_name(d->writer));
    x->encoding = arena_sv(s->mem, sv_from(csv_encoding_name(d->encoding, d->page, d->bom)));
    x->delimiter = delimiter_name(d, s->mem);
    x->quoting = sv_from(t->s.quoting);
    x->line_ends = sv_from(ends[d->newline]);
    x->null_rule = sv_from(null_rule(d));
    x->header = d->header;
    x->guessed = t->s.encoding_guessed || t->s.header_guessed;
    x->bytes = byte_source_size(t->file);
}

static void add(csv_source *s, const csv_table *t, finding_code code, const char *a)
{
    finding x = FINDING_OF(code);
    x.path = t->text->path;
    if (t->info) x.table = t->info->full_name;
    x.a = sv_from(a);
    find_add(s->found, &x);
}

static const char *columns_from(const csv_table *t)
{
    if (t->listed) return "a list beside it names the columns";
    return t->s.d.header ? "first row names the columns" : "no names of columns";
}

static void say_how(csv_source *s, const csv_table *t)
{
    const text_file_info *i = t->text;
    buf b = buf_new(4096);
    buf_printf(&b, "%.*s, %.*s, %.*s, %s, line ends %.*s, written by %.*s; %.*s", (int)i->encoding.n, i->encoding.p,
               (int)i->delimiter.n, i->delimiter.p, (int)i->quoting.n, i->quoting.p, columns_from(t),
               (int)i->line_ends.n, i->line_ends.p, (int)i->writer.n, i->writer.p, (int)i->null_rule.n, i->null_rule.p);
    finding x = FINDING_OF(F_CSV_FILE_READ);
    x.path = i->path;
    x.table = t->info->full_name;
    x.a = buf_view(&b);
    find_add(s->found, &x);
    buf_free(&b);
}

static void say_duplicates(csv_source *s, const csv_table *t)
{
    for (size_t i = 0; i < t->s.columns && t->s.duplicates; i++) {
        if (!t->s.original[i].n || sv_eq(t->s.original[i], t->s.name[i])) continue;
        char number[24];
        digits_u64(i + 1, number);
        finding x = FINDING_OF(F_CSV_DUPLICATE_COLUMN);
        x.path = t->text->path;
        x.table = t->info->full_name;
        x.column = t->s.original[i];
        x.a = (sv){number, digits_count(i + 1)};
        x.b = t->s.name[i];
        find_add(s->found, &x);
    }
}

static void say_doubts(csv_source *s, const csv_table *t)
{
    say_how(s, t);
    if (t->s.encoding_guessed) {
        char name[64];
        size_t n = t->text->encoding.n < sizeof name - 1 ? t->text->encoding.n : sizeof name - 1;
        memcpy(name, t->text->encoding.p, n);
        name[n] = '\0';
        add(s, t, F_CSV_ENCODING_GUESSED, name);
    }
    if (t->s.no_names) add(s, t, F_CSV_NO_HEADER, t->s.no_names);
    if (t->s.header_guessed) add(s, t, F_CSV_HEADER_GUESSED, "");
    say_duplicates(s, t);
}

/* ---- tables ---- */

static bool make_columns(csv_source *s, csv_table *t)
{
    column_info *c = arena_array(s->mem, t->s.columns + 1, sizeof *c);
    if (!c) return false;
    for (size_t i = 0; i < t->s.columns; i++)
        c[i] = (column_info){.name = t->s.name[i],
                             .type_name = SV_LIT("text"),
                             .type = T_TEXT,
                             .max_bytes = -1,
                             .codepage = 65001,
                             .nullable = true};
    t->info->column = c;
    t->info->columns = t->s.columns;
    t->info->nameless = !t->s.d.header && !t->listed;
    return true;
}

static bool make_units(csv_source *s, csv_table *t)
{
    uint64_t units = t->info->bytes / CSV_UNIT_BYTES + 1;
    t->start = arena_array(s->mem, (size_t)units + 1, sizeof *t->start);
    t->building = mutex_new();
    if (!t->start || !t->building) return false;
    for (uint64_t i = 0; i <= units; i++) t->start[i].at = UINT64_MAX;
    t->start[0] = (csv_place){t->s.d.data_at, t->s.d.data_line};
    t->info->scan_units = units;
    return true;
}

static status no_memory(csv_source *s)
{
    find_code(s->found, F_OUT_OF_MEMORY, "opening a text file");
    return ST_FATAL;
}

/* What is known of all files before the first one is opened. */
typedef struct beside {
    csv_extracted names;
    csv_columns columns;
} beside;

static void say_misfit(csv_source *s, const csv_table *t, const csv_columns_of *of)
{
    char text[160];
    if (of->why_not)
        snprintf(text, sizeof text, "%s", of->why_not);
    else
        snprintf(text, sizeof text, "it names %zu columns, the file has %zu", of->columns, t->s.columns);
    add(s, t, F_CSV_COLUMNS_MISFIT, text);
}

/* The file's first row is names, or nothing in the file itself speaks for it and the list has other names. */
static bool has_names(const csv_table *t, const csv_columns_of *of)
{
    bool rows = t->s.d.data_at < byte_source_size(t->file);
    bool sure = t->s.d.writer == CSV_BY_SQLCMD || t->s.d.writer == CSV_BY_POWERSHELL;
    if (!t->s.d.header || !of->name) return t->s.d.header;
    if (sure || (rows && !t->s.header_guessed)) return true;
    for (size_t i = 0; i < t->s.columns; i++)
        for (size_t k = 0; k < of->columns; k++)
            if (sv_eq_nocase(t->s.original[i], of->name[k])) return true;
    return false;
}

/* Looks at the file again, knowing that it has no names and how many columns; what was found stays where that is not borne
 * out. */
static status sniff_again(csv_source *s, csv_table *t, const csv_hints *h, const csv_columns_of *of)
{
    csv_hints again = *h;
    csv_sniffed other;
    again.headless = true;
    if (t->s.columns < of->columns) {
        again.columns = of->columns;
        if (!again.delimiter) again.delimiter = '\t'; /* bcp's own */
    }
    status st = csv_sniff(t->file, &again, s->mem, s->found, &other);
    if (st == ST_OK && other.columns == of->columns) t->s = other;
    return st;
}

/* Names from a list of columns beside the file, where the file has none. */
static status name_by_list(csv_source *s, csv_table *t, const csv_hints *h, const csv_columns *lists)
{
    csv_columns_of of;
    if (h->ours || !lists->lines) return ST_OK;
    if (!csv_columns_find(lists, t, s->mem, &of)) return no_memory(s);
    if (has_names(t, &of) || (!of.name && !of.why_not)) return ST_OK;
    if (of.name && (t->s.d.header || t->s.columns < of.columns)) {
        status st = sniff_again(s, t, h, &of);
        if (st != ST_OK) return st;
    }
    if (t->s.d.header) return ST_OK; /* CSV-1104 says that it is doubtful */
    if (!of.name || of.columns != t->s.columns) {
        say_misfit(s, t, &of);
        return ST_OK;
    }
    t->s.name = t->s.original = of.name;
    t->s.no_names = NULL;
    t->listed = true;
    return ST_OK;
}

/* bcp writes no byte of a table without rows: where a list beside the file names its columns, that is what it is. */
static status empty_by_list(csv_source *s, csv_table *t, const csv_columns *lists, bool *named)
{
    csv_columns_of of;
    *named = false;
    if (!lists->lines) return ST_OK;
    if (!csv_columns_find(lists, t, s->mem, &of)) return no_memory(s);
    if (!of.name) return ST_OK;
    t->s = (csv_sniffed){.d = {.writer = CSV_BY_BCP, .delimiter = '\t', .empty_is_null = true, .nul_is_empty = true},
                         .name = of.name,
                         .original = of.name,
                         .columns = of.columns,
                         .shape = arena_array(s->mem, of.columns + 1, sizeof(column_shape)),
                         .quoting = "no quotes"};
    t->listed = *named = true;
    return t->s.shape ? ST_OK : no_memory(s);
}

/* A file that is no table takes no place in the catalog, and is told as a loss. */
static status add_table(csv_source *s, byte_source *file, const csv_hints *h, const beside *b)
{
    csv_table *t = &s->table[s->tables];
    table_info *info = (table_info *)s->catalog.table + s->tables;
    *t = (csv_table){.file = file, .text = (text_file_info *)s->info.text + s->info.texts};
    t->text->path = arena_sv(s->mem, byte_source_path(file));
    status st = csv_sniff(file, h, s->mem, s->found, &t->s);
    if (st != ST_OK) return st;
    if (t->s.refused) {
        add(s, t, F_CSV_NOT_TEXT, t->s.refused);
        return ST_OK;
    }
    bool empty = t->s.empty, named = false;
    t->info = info;
    *info = (table_info){.rows_expected = -1, .bytes = byte_source_size(file), .compression = SV_LIT("none")};
    if (!csv_extracted_name(&b->names, path_leaf(t->text->path), info)) csv_table_name(t->text->path, s->mem, info);
    st = empty ? empty_by_list(s, t, &b->columns, &named) : name_by_list(s, t, h, &b->columns);
    if (st != ST_OK) return st;
    if (empty) {
        if (!named) t->info = NULL; /* it became no table */
        add(s, t, named ? F_CSV_EMPTY_BY_LIST : F_CSV_FILE_EMPTY, "");
        if (!named) return ST_OK;
    }
    if (!make_columns(s, t) || !make_units(s, t)) return no_memory(s);
    tell(s, t);
    info->storage = arena_printf(s->mem, "%.*s, %.*s", (int)t->text->encoding.n, t->text->encoding.p,
                                 (int)t->text->delimiter.n, t->text->delimiter.p);
    s->tables++;
    s->info.texts++;
    return arena_failed(s->mem) ? no_memory(s) : ST_OK;
}

/* Two files of one name in different folders of an archive. */
static bool make_unique(csv_source *s)
{
    table_info *info = (table_info *)s->catalog.table;
    unique_names names = unique_names_new(s->mem);
    bool all = true;
    for (size_t i = 0; i < s->tables && all; i++) {
        all = unique_names_table(&names, &info[i]);
        s->table[i].text->table = info[i].full_name;
    }
    unique_names_free(&names);
    return all;
}

static int by_name(const void *a_, const void *b_)
{
    sv a = path_leaf(byte_source_path(*(byte_source *const *)a_)),
       b = path_leaf(byte_source_path(*(byte_source *const *)b_));
    int c = sv_cmp(a, b);
    return c ? c : sv_cmp(byte_source_path(*(byte_source *const *)a_), byte_source_path(*(byte_source *const *)b_));
}

/* Writers that cut, drop or change values: whatever the size of their files, it must be known what is gone. */
static bool loses(csv_writer w) { return w == CSV_BY_SQLCMD || w == CSV_BY_POWERSHELL || w == CSV_BY_EXCEL; }

static status audit_all(csv_source *s)
{
    uint64_t budget = CSV_AUDIT_BYTES_MAX;
    for (size_t i = 0; i < s->tables; i++) {
        say_doubts(s, &s->table[i]);
        uint64_t bytes = s->table[i].info->bytes;
        bool fits = bytes <= CSV_AUDIT_FILE_BYTES_MAX && bytes <= budget;
        if (!fits && !loses(s->table[i].s.d.writer)) continue;
        if (fits) budget -= bytes;
        status st = csv_audit(s, i);
        if (st != ST_OK) return st;
    }
    return ST_OK;
}

static csv_encoding_said said_in(const open_args *a) { return (csv_encoding_said){a->encoding, a->codepage}; }

static status learn_sisters(csv_source *s, byte_source *const *file, const open_args *a, csv_sisters *out)
{
    status st = ST_OK;
    const csv_encoding_said said = said_in(a);
    for (size_t i = 0; i < a->files && a->files > 1 && st == ST_OK; i++) {
        csv_encoding_found e;
        st = csv_encoding_find(file[i], &said, s->found, &e);
        if (st == ST_OK) csv_sisters_learn(out, &e);
    }
    return st;
}

/* A list of columns is opened as a table, read, and taken out of the catalog again. *is_list: it was one. */
static status add_list(csv_source *s, byte_source *file, const csv_hints *h, beside *b, bool *is_list)
{
    size_t at = s->tables;
    findings *real = s->found, *doubts = findings_new();
    if (!doubts) return no_memory(s);
    s->found = doubts; /* what is doubtful of a file that is no list after all is told when it is opened as a table */
    status st = add_table(s, file, h, b);
    *is_list = st == ST_OK && s->tables > at && csv_columns_is_list(&s->table[at]);
    bool read = !*is_list || csv_columns_add(s, at, &b->columns);
    s->found = real;
    findings_free(doubts);
    if (st != ST_OK || !read) {
        *is_list = false; /* as a table it has its finding */
        st = ST_OK;
    }
    if (*is_list) add(s, &s->table[at], F_CSV_FILE_SKIPPED, "it is the list of the columns of the files beside it");
    if (s->tables > at) {
        mutex_free(s->table[at].building);
        s->tables--;
        s->info.texts--;
    }
    return st;
}

static csv_hints hints_of(const open_args *a, const csv_sisters *sisters, const beside *b, byte_source *file)
{
    table_info ignored;
    sv leaf = path_leaf(byte_source_path(file));
    return (csv_hints){.encoding = said_in(a),
                       .delimiter = a->delimiter,
                       .sisters = *sisters,
                       .ours = csv_extracted_name(&b->names, leaf, &ignored)};
}

static status add_files(csv_source *s, const open_args *a, byte_source *const *file, beside *b, bool *is_list)
{
    csv_sisters sisters = {0};
    status st = csv_extracted_read(file, a->files, s->mem, s->found, &b->names);
    if (st == ST_OK) st = learn_sisters(s, file, a, &sisters);
    /* A list alone is a table: there is nothing that it could name. */
    for (size_t i = 0; i < a->files && a->files > 1 && !b->names.there && st == ST_OK; i++) {
        csv_hints h = {.encoding = said_in(a), .sisters = sisters};
        if (csv_columns_likely(file[i], s->found)) st = add_list(s, file[i], &h, b, &is_list[i]);
    }
    csv_columns_sort(&b->columns);
    for (size_t i = 0; i < a->files && st == ST_OK; i++) {
        s->info.file_bytes += byte_source_size(file[i]);
        if (is_list[i] || csv_extracted_sidecar(&b->names, path_leaf(byte_source_path(file[i])))) continue;
        csv_hints h = hints_of(a, &sisters, b, file[i]);
        st = add_table(s, file[i], &h, b);
    }
    return st;
}

static status add_tables(csv_source *s, const open_args *a)
{
    byte_source **file = arena_array(s->mem, a->files, sizeof(byte_source *));
    bool *is_list = arena_array(s->mem, a->files + 1, sizeof *is_list);
    beside b = {.columns = {.lines = 0}};
    if (!file || !is_list) return no_memory(s);
    for (size_t i = 0; i < a->files; i++) {
        file[i] = a->file[i];
        is_list[i] = false;
    }
    qsort(file, a->files, sizeof(byte_source *), by_name);
    status st = add_files(s, a, file, &b, is_list);
    csv_columns_free(&b.columns);
    if (st != ST_OK) return st;
    if (!make_unique(s)) return no_memory(s);
    s->catalog.tables = s->tables;
    return arena_failed(s->mem) ? no_memory(s) : audit_all(s);
}

/* ---- the source ---- */

static bool any_text(const probe *p)
{
    size_t odd = 0, nul[2] = {0, 0};
    if (p->size == 0) return false;
    for (size_t i = 0; i < p->n; i++) {
        uint8_t c = p->p[i];
        if (c == 0) nul[i & 1]++;
        odd += c < 32 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0 && c != 0x1A && c < 0x1C;
    }
    bool utf16 = p->n >= 4 && (nul[0] * 10 < nul[1] || nul[1] * 10 < nul[0]) && (nul[0] + nul[1]) * 3 > p->n;
    return utf16 ? odd * 20 <= p->n : (odd + nul[0] + nul[1]) * 20 <= p->n;
}

bool csv_ending(sv path)
{
    static const char *const endings[] = {".csv", ".tsv", ".tab", ".txt", ".psv",
                                          ".dat", ".bcp", ".out", ".rpt", ".prn"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        sv e = sv_from(endings[i]);
        if (path.n > e.n && sv_eq_nocase((sv){path.p + path.n - e.n, e.n}, e)) return true;
    }
    return false;
}

/* The first two lines have the same number of one of the usual delimiters, and some. */
static bool tabular(const probe *p)
{
    static const char delimiters[] = "\t;,|";
    for (const char *d = delimiters; *d; d++) {
        size_t count[3] = {0, 0, 0}, line = 0;
        for (size_t i = 0; i < p->n && line < 2; i++) {
            line += p->p[i] == '\n';
            count[line] += p->p[i] == (uint8_t)*d;
        }
        if (count[0] && count[0] == count[1]) return true;
    }
    return false;
}

/* A file of a table's ending is never anything else, whatever is in it: then the reader says what is wrong with it. */
static int bid(const probe *p)
{
    bool ending = csv_ending(p->path);
    if (!any_text(p)) return ending ? 10 : 0;
    return ending ? 20 : tabular(p) ? 15 : 0;
}

static void csv_close(row_source *source)
{
    csv_source *s = (csv_source *)source;
    if (!s) return;
    for (size_t i = 0; s->table && i < s->tables; i++) mutex_free(s->table[i].building);
    mutex_free(s->lock);
    arena_free(s->mem);
    free(s);
}

static csv_source *new_source(const open_args *a, findings *f)
{
    csv_source *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    *s = (csv_source){.base = {&csv_ops}, .found = f, .lock = mutex_new(), .mem = arena_new(0)};
    if (s->lock && s->mem) {
        s->table = arena_array(s->mem, a->files + 1, sizeof *s->table);
        s->catalog.table = arena_array(s->mem, a->files + 1, sizeof *s->catalog.table);
        s->info.text = arena_array(s->mem, a->files + 1, sizeof *s->info.text);
        if (s->table && s->catalog.table && s->info.text) return s;
    }
    csv_close(&s->base);
    return NULL;
}

static status csv_open(const open_args *a, findings *f, row_source **out)
{
    csv_encoding_found ignored;
    *out = NULL;
    if (a->encoding.n && !csv_encoding_named(a->encoding, &ignored)) {
        finding x = FINDING_OF(F_CSV_ENCODING_UNKNOWN);
        x.a = a->encoding;
        find_add(f, &x);
        return ST_FATAL;
    }
    csv_source *s = new_source(a, f);
    if (!s) {
        find_code(f, F_OUT_OF_MEMORY, "opening a text file");
        return ST_FATAL;
    }
    s->info.kind = a->files > 1 ? SV_LIT("text files") : SV_LIT("text file");
    s->info.database = arena_sv(s->mem, a->name);
    s->info.consistency_note = SV_LIT("Files that were exported one after the other may be from different moments.");
    status st = add_tables(s, a);
    if (st == ST_OK && s->tables == 0) st = ST_FATAL; /* every file has its finding */
    *out = &s->base;
    return st;
}

static const source_info *csv_info(row_source *s) { return &((csv_source *)s)->info; }

static status csv_catalog(row_source *s, const catalog **out)
{
    *out = &((csv_source *)s)->catalog;
    return ST_OK;
}

static status csv_verify(row_source *s)
{
    csv_say_late((csv_source *)s);
    return ST_OK;
}

const row_source_ops csv_ops = {.name = "csv",
                                .title = "CSV files",
                                .bid = bid,
                                .open = csv_open,
                                .info = csv_info,
                                .catalog = csv_catalog,
                                .scan = csv_scan,
                                .next = csv_next,
                                .counts = csv_counts,
                                .cursor_close = csv_cursor_close,
                                .lob_open = csv_lob_open,
                                .lob_read = csv_lob_read,
                                .lob_close = csv_lob_close,
                                .verify = csv_verify,
                                .close = csv_close};
