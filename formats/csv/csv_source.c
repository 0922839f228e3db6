#include "csv/csv_source.h"
#include "base/digits.h"
#include "base/limits.h"
#include "csv/csv_audit.h"
#include "csv/csv_extracted.h"
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

static void say_how(csv_source *s, const csv_table *t)
{
    const text_file_info *i = t->text;
    buf b = buf_new(4096);
    buf_printf(&b, "%.*s, %.*s, %.*s, %s, line ends %.*s, written by %.*s; %.*s", (int)i->encoding.n, i->encoding.p,
               (int)i->delimiter.n, i->delimiter.p, (int)i->quoting.n, i->quoting.p,
               i->header ? "first row names the columns" : "no names of columns", (int)i->line_ends.n, i->line_ends.p,
               (int)i->writer.n, i->writer.p, (int)i->null_rule.n, i->null_rule.p);
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
    t->info->nameless = !t->s.d.header;
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

/* A file that is no table takes no place in the catalog, and is told as a loss. */
static status add_table(csv_source *s, byte_source *file, const csv_hints *h, const csv_extracted *names)
{
    csv_table *t = &s->table[s->tables];
    table_info *info = (table_info *)s->catalog.table + s->tables;
    *t = (csv_table){.file = file, .text = (text_file_info *)s->info.text + s->info.texts};
    t->text->path = arena_sv(s->mem, byte_source_path(file));
    status st = csv_sniff(file, h, s->mem, s->found, &t->s);
    if (st != ST_OK) return st;
    if (t->s.empty || t->s.refused) {
        add(s, t, t->s.empty ? F_CSV_FILE_EMPTY : F_CSV_NOT_TEXT, t->s.refused ? t->s.refused : "");
        return ST_OK;
    }
    t->info = info;
    *info = (table_info){.rows_expected = -1, .bytes = byte_source_size(file), .compression = SV_LIT("none")};
    if (!csv_extracted_name(names, csv_leaf(t->text->path), info)) csv_table_name(t->text->path, s->mem, info);
    if (!make_columns(s, t) || !make_units(s, t)) return no_memory(s);
    tell(s, t);
    info->storage = arena_printf(s->mem, "%.*s, %.*s", (int)t->text->encoding.n, t->text->encoding.p,
                                 (int)t->text->delimiter.n, t->text->delimiter.p);
    s->tables++;
    s->info.texts++;
    return arena_failed(s->mem) ? no_memory(s) : ST_OK;
}

/* Two files of one name in different folders of an archive. */
static void make_unique(csv_source *s)
{
    table_info *info = (table_info *)s->catalog.table;
    for (size_t i = 1; i < s->tables; i++) {
        unsigned same = 0;
        for (size_t k = 0; k < i; k++)
            same += sv_eq_nocase(info[k].schema, info[i].schema) && sv_eq_nocase(info[k].name, info[i].name);
        if (!same) continue;
        info[i].full_name = arena_printf(s->mem, "%.*s~%u", (int)info[i].full_name.n, info[i].full_name.p, same + 1);
        info[i].name = arena_printf(s->mem, "%.*s~%u", (int)info[i].name.n, info[i].name.p, same + 1);
        s->table[i].text->table = info[i].full_name;
    }
}

static int by_name(const void *a_, const void *b_)
{
    sv a = csv_leaf(byte_source_path(*(byte_source *const *)a_)),
       b = csv_leaf(byte_source_path(*(byte_source *const *)b_));
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

static status learn_sisters(csv_source *s, byte_source *const *file, size_t files, sv named, csv_sisters *out)
{
    status st = ST_OK;
    for (size_t i = 0; i < files && files > 1 && st == ST_OK; i++) {
        csv_encoding_found e;
        st = csv_encoding_find(file[i], named, s->found, &e);
        if (st == ST_OK) csv_sisters_learn(out, &e);
    }
    return st;
}

static status add_tables(csv_source *s, const open_args *a)
{
    byte_source **file = arena_array(s->mem, a->files, sizeof(byte_source *));
    csv_extracted names = {0};
    csv_sisters sisters = {0};
    if (!file) return no_memory(s);
    for (size_t i = 0; i < a->files; i++) file[i] = a->file[i];
    qsort(file, a->files, sizeof(byte_source *), by_name);
    status st = csv_extracted_read(file, a->files, s->mem, s->found, &names);
    if (st == ST_OK) st = learn_sisters(s, file, a->files, a->encoding, &sisters);
    for (size_t i = 0; i < a->files && st == ST_OK; i++) {
        sv leaf = csv_leaf(byte_source_path(file[i]));
        s->info.file_bytes += byte_source_size(file[i]);
        if (csv_extracted_sidecar(&names, leaf)) continue;
        table_info ignored;
        csv_hints h = {a->encoding, a->delimiter, sisters, csv_extracted_name(&names, leaf, &ignored)};
        st = add_table(s, file[i], &h, &names);
    }
    if (st != ST_OK) return st;
    make_unique(s);
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
