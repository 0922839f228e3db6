#include "csv/sniff/csv_sniff.h"
#include "base/utf.h"
#include "csv/rows/csv_cursor.h"
#include "csv/rows/csv_record.h"
#include "csv/rows/csv_text.h"
#include "source/unique_names.h"
#include <stdlib.h>

enum { SAMPLE_BLOCKS = 2, SAMPLE_RECORDS = 4000, STEP_OVER_BYTES = 64 << 10 };

typedef struct sniffer {
    const csv_hints *h;
    csv_sniffed *out;
    csv_dialect *d;
    arena *mem;
    csv_text text;
    const char *p, *end; /* what is left of the sample */
    uint64_t line;       /* of p */
    bool whole;          /* the sample is the whole file */
    csv_field_text *field;
} sniffer;

/* ---- lines ---- */

static sv line_at(const sniffer *s, const char *p)
{
    const char *q = p;
    char ends = s->d->newline == CSV_CR ? '\r' : '\n';
    while (q < s->end && *q != ends) q++;
    size_t n = (size_t)(q - p);
    if (n && p[n - 1] == '\r') n--;
    return (sv){p, n};
}

static const char *behind(const sniffer *s, sv line)
{
    const char *q = line.p + line.n;
    if (q < s->end && *q == '\r') q++;
    if (q < s->end && *q == '\n' && s->d->newline != CSV_CR) q++;
    return q;
}

static void drop_line(sniffer *s)
{
    s->p = behind(s, line_at(s, s->p));
    s->line++;
}

static void find_newline(sniffer *s)
{
    size_t crlf = 0, lf = 0, cr = 0;
    for (const char *p = s->p; p < s->end; p++) {
        if (*p == '\n') lf++;
        if (*p == '\r') {
            bool pair = p + 1 < s->end && p[1] == '\n';
            crlf += pair;
            cr += !pair;
            p += pair;
        }
    }
    s->d->newline = crlf && crlf >= lf ? CSV_CRLF : lf >= cr ? CSV_LF : CSV_CR;
}

/* ---- walking over records ---- */

/* The next record of the sample from *p on; quotes that do not close within reach are stepped over with their line. */
static bool walk(const sniffer *s, const char **p, csv_record *r)
{
    if (*p >= s->end) return false;
    if (s->d->width) {
        if (!csv_split_fixed(s->d, *p, s->end, s->whole, s->field, CSV_COLUMNS_MAX, r)) return false;
    } else if (!csv_split(s->d, *p, s->end, s->whole, s->field, CSV_COLUMNS_MAX, r) || r->open) {
        bool far = s->end - *p > STEP_OVER_BYTES || s->whole;
        if (!far || !csv_split_line(s->d, *p, s->end, s->whole, s->field, CSV_COLUMNS_MAX, r)) return false;
    }
    *p = r->next;
    return true;
}

static bool is_blank(const csv_record *r) { return r->end == r->p; }

typedef struct tally {
    size_t records, mode, first, at_mode;
    size_t quoted, bare, stray; /* fields with quotes, without (not empty); records with stray quotes */
} tally;

static void tally_records(const sniffer *s, char delimiter, tally *t, uint32_t *count)
{
    csv_record r;
    const char *p = s->p;
    char kept = s->d->delimiter;
    *t = (tally){0};
    memset(count, 0, (CSV_COLUMNS_MAX + 2) * sizeof *count);
    s->d->delimiter = delimiter;
    while (t->records < SAMPLE_RECORDS && walk(s, &p, &r)) {
        if (is_blank(&r)) continue;
        size_t n = r.fields < CSV_COLUMNS_MAX + 1 ? r.fields : CSV_COLUMNS_MAX + 1;
        if (!t->records++) t->first = n;
        count[n]++;
        t->stray += r.stray;
        for (size_t i = 0; i < n && i < CSV_COLUMNS_MAX; i++) {
            t->quoted += (s->field[i].flags & (FIELD_QUOTED | FIELD_STRAY)) == FIELD_QUOTED;
            t->bare += s->field[i].n && !(s->field[i].flags & FIELD_QUOTED);
        }
    }
    for (size_t n = 1; n <= CSV_COLUMNS_MAX; n++)
        if (count[n] > t->at_mode || (count[n] == t->at_mode && n == t->first)) {
            t->at_mode = count[n];
            t->mode = n;
        }
    /* Values with line breaks and no quotes may make more lines than rows: the first row says how many fields there are,
     * where a good part of the others agrees. */
    if (t->first >= 2 && t->first <= CSV_COLUMNS_MAX && count[t->first] >= 2 && count[t->first] * 10 >= t->records) {
        t->mode = t->first;
        t->at_mode = count[t->first];
    }
    s->d->delimiter = kept;
}

/* ---- delimiter ---- */

static bool usable(const tally *t) { return t->mode >= 2 && t->at_mode * (t->mode == t->first ? 10 : 2) >= t->records; }

/* Better: more records of the same number of fields; then a first row (names never hold a decimal comma) that agrees;
 * then more fields; then the one named first. */
static bool better(const tally *a, const tally *b)
{
    if (!usable(a)) return false;
    if (!usable(b)) return true;
    uint64_t x = (uint64_t)a->at_mode * b->records, y = (uint64_t)b->at_mode * a->records;
    bool first_a = a->first == a->mode, first_b = b->first == b->mode;
    if (first_a != first_b && x * 10 > y * 8 && y * 10 > x * 8) return first_a;
    if (x * 100 > y * 103 || y * 100 > x * 103) return x > y;
    return a->mode > b->mode;
}

static bool find_delimiter(sniffer *s, tally *t)
{
    static const char candidates[] = "\t;|,^~\x1F\x01";
    uint32_t *count = malloc((CSV_COLUMNS_MAX + 2) * sizeof *count);
    if (!count) return false;
    if (s->d->delimiter) {
        tally_records(s, s->d->delimiter, t, count);
        free(count);
        return true;
    }
    *t = (tally){0};
    s->d->delimiter = s->d->newline == CSV_CR ? '\r' : '\n';
    for (const char *c = candidates; *c; c++) {
        tally one;
        tally_records(s, *c, &one, count);
        bool usual = c - candidates < 4;
        if (!(t->mode && !usual) && better(&one, t)) {
            *t = one;
            s->d->delimiter = *c;
        }
    }
    if (!t->mode) tally_records(s, s->d->delimiter, t, count);
    free(count);
    return true;
}

/* ---- what stands before the rows ---- */

static bool starts_nocase(sv s, sv prefix) { return s.n >= prefix.n && sv_eq_nocase((sv){s.p, prefix.n}, prefix); }

static bool has_part(sv s, sv part)
{
    for (size_t i = 0; i + part.n <= s.n; i++)
        if (memcmp(s.p + i, part.p, part.n) == 0) return true;
    return false;
}

/* sqlcmd repeats what the server says when a script changes the database; servers speak English and Turkish here. */
static bool is_server_message(sv line)
{
    if (starts_nocase(line, SV_LIT("Changed database context to"))) return true;
    if (starts_nocase(line, SV_LIT("Changed language setting to"))) return true;
    return starts_nocase(line, SV_LIT("Veritaban")) && has_part(line, SV_LIT("olarak de"));
}

static void preamble(sniffer *s)
{
    sv line = line_at(s, s->p);
    if (starts_nocase(line, SV_LIT("#TYPE "))) {
        s->d->writer = CSV_BY_POWERSHELL;
        drop_line(s);
    } else if (line.n == 5 && starts_nocase(line, SV_LIT("sep="))) {
        s->d->writer = CSV_BY_EXCEL;
        if (!s->d->delimiter) s->d->delimiter = line.p[4];
        drop_line(s);
    }
    for (bool more = true; more && s->p < s->end;) {
        line = line_at(s, s->p);
        more = is_server_message(line) || (line.n == 0 && s->line > 1);
        if (more) drop_line(s);
    }
}

/* ---- sqlcmd ---- */

/* A line of runs of "-" with one character between them. */
static size_t dash_runs(sv line, char *separator, uint32_t *width)
{
    size_t runs = 0, dashes = 0;
    *separator = 0;
    for (size_t i = 0; i < line.n;) {
        size_t start = i;
        while (i < line.n && line.p[i] == '-') i++;
        if (i == start || runs == CSV_COLUMNS_MAX) return 0;
        dashes += i - start;
        width[runs++] = (uint32_t)(i - start);
        if (i == line.n) break;
        if (*separator && line.p[i] != *separator) return 0;
        *separator = line.p[i++];
        if (i == line.n) return 0;
    }
    return dashes >= 2 ? runs : 0;
}

static uint32_t characters(sv s)
{
    uint32_t n = 0;
    for (size_t i = 0; i < s.n; i++) n += ((uint8_t)s.p[i] & 0xC0) != 0x80;
    return n;
}

/* Most rows of the sample are as wide as the dashes: -W writes no padding, and then the dashes say nothing. */
static bool rows_are_padded(const sniffer *s, const char *p)
{
    csv_record r;
    size_t padded = 0, others = 0;
    while (padded + others < 100 && p < s->end &&
           csv_split_fixed(s->d, p, s->end, s->whole, s->field, CSV_COLUMNS_MAX, &r)) {
        p = r.next;
        if (r.end == r.p || csv_is_footer(s->d, (sv){r.p, (size_t)(r.end - r.p)})) continue;
        padded += r.fields == s->d->widths;
        others += r.fields != s->d->widths;
    }
    return padded > others;
}

/* Names over dashes. Unpadded (-W) output is cut by its separator, padded output by its widths. */
static bool find_dashes(sniffer *s)
{
    sv names = line_at(s, s->p), dashes = line_at(s, behind(s, names));
    uint32_t *width = arena_array(s->mem, CSV_COLUMNS_MAX, sizeof *width);
    char separator;
    if (!width) return false;
    size_t runs = names.n && dashes.n < CSV_COLUMNS_MAX * (size_t)256 ? dash_runs(dashes, &separator, width) : 0;
    if (!runs) return true;
    csv_dialect *d = s->d;
    d->writer = CSV_BY_SQLCMD;
    d->footers = true;
    d->quote = 0;
    d->delimiter = separator ? separator : s->d->newline == CSV_CR ? '\r' : '\n';
    uint64_t total = runs - 1;
    for (size_t i = 0; i < runs; i++) total += width[i];
    if (characters(names) != total) return true; /* -W: nothing is padded */
    d->width = width;
    d->widths = runs;
    if (!rows_are_padded(s, behind(s, dashes))) d->width = NULL;
    return true;
}

/* ---- names of columns ---- */

sv csv_unquoted(const csv_dialect *d, const struct csv_field *field, arena *mem)
{
    sv s = {field->p, field->n};
    if (!(field->flags & FIELD_DOUBLED)) return s;
    char *out = arena_alloc(mem, s.n + 1);
    if (!out) return (sv){NULL, 0};
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        out[n++] = s.p[i];
        if (s.p[i] == d->quote && i + 1 < s.n && s.p[i + 1] == d->quote) i++;
    }
    return (sv){out, n};
}

static sv trimmed(sv s)
{
    s = sv_trimmed(s);
    while (s.n >= 3 && memcmp(s.p, "\xEF\xBB\xBF", 3) == 0) s = (sv){s.p + 3, s.n - 3};
    return s;
}

/* A name from the file must be valid text without control characters: it goes to screens and statements. */
static sv clean_name(sv s, arena *mem)
{
    buf b = buf_new((size_t)1 << 20);
    (void)utf8_add_clean(&b, s);
    for (size_t i = 0; i < b.n; i++)
        if ((uint8_t)b.p[i] < 32 || b.p[i] == 127) b.p[i] = ' ';
    sv copy = b.failed ? (sv){NULL, 0} : arena_sv(mem, trimmed(buf_view(&b)));
    buf_free(&b);
    return copy;
}

static bool name_columns(sniffer *s, const sv *text)
{
    csv_sniffed *o = s->out;
    sv *name = arena_array(s->mem, o->columns + 1, sizeof *name);
    sv *original = arena_array(s->mem, o->columns + 1, sizeof *original);
    if (!name || !original) return false;
    unique_names names = unique_names_new(s->mem);
    bool all = true;
    for (size_t i = 0; i < o->columns && all; i++) {
        original[i] = text ? clean_name(text[i], s->mem) : (sv){"", 0};
        const sv wanted = original[i].n ? original[i] : arena_printf(s->mem, "column_%zu", i + 1);
        name[i] = wanted.p ? unique_names_take(&names, wanted) : wanted;
        o->duplicates += name[i].p != wanted.p;
        all = name[i].p != NULL;
    }
    unique_names_free(&names);
    o->name = name;
    o->original = original;
    return all;
}

/* ---- is the first row a row of names? ---- */

static const char *no_header(const sv *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        switch (shape_of(text[i])) {
        case SHAPE_EMPTY:
            if (n > 1) return "a value is empty";
            break;
        case SHAPE_INTEGER:
        case SHAPE_NUMBER: return "a value is a number";
        case SHAPE_DATE: return "a value is a date";
        case SHAPE_HEX:
        case SHAPE_GUID: return "a value is a code";
        default: break;
        }
        if (sv_eq(text[i], SV_LIT("NULL"))) return "a value is NULL";
        if (text[i].n > 128) return "a value is too long for a name";
    }
    return NULL;
}

/* ---- learning from the rows ---- */

typedef struct seen {
    size_t rows, null_words, empties, quoted_empties, nul_fields, decimal_commas, booleans, bytes_words;
    bool repeats; /* a word of the first row stands below it in its column */
    size_t contrasts;
} seen;

static bool is_decimal_comma(sv s)
{
    const char *comma = sv_find(s, ',');
    if (!comma || s.n > 20 || shape_of(s) != SHAPE_NUMBER) return false;
    return !sv_find(s, '.') || sv_find(s, '.') < comma;
}

static void see(sniffer *s, seen *x, size_t column, const csv_field_text *field, const sv *first)
{
    sv v = {field->p, field->n};
    bool quoted = (field->flags & FIELD_QUOTED) != 0;
    if (s->d->width || s->d->writer == CSV_BY_SQLCMD) v = trimmed(v);
    if (v.n == 0) {
        x->empties += !quoted;
        x->quoted_empties += quoted;
    } else if (v.n == 1 && v.p[0] == '\0') {
        x->nul_fields++;
        v.n = 0;
    } else {
        x->null_words += !quoted && sv_eq(v, SV_LIT("NULL"));
        x->decimal_commas += is_decimal_comma(v);
        x->booleans += sv_eq(v, SV_LIT("True")) || sv_eq(v, SV_LIT("False"));
        x->bytes_words += sv_eq(v, SV_LIT("System.Byte[]"));
        if (first && sv_eq(first[column], v)) x->repeats = true;
    }
    shape_learn(&s->out->shape[column], v);
}

static void learn(sniffer *s, const char *p, const sv *first, seen *x)
{
    csv_record r;
    while (x->rows < SAMPLE_RECORDS && walk(s, &p, &r)) {
        if (r.fields != s->out->columns || r.stray) continue;
        x->rows++;
        for (size_t i = 0; i < r.fields; i++) see(s, x, i, &s->field[i], first);
    }
}

/* Lines bear out that there are n columns though most have fewer, as where notes of many lines stand without quotes: none has
 * more values, and a tenth of those that have several, at least three, have n. */
static bool lines_allow(sniffer *s, size_t n)
{
    csv_record r;
    size_t several = 0, exact = 0, records = 0;
    for (const char *p = s->p; records < SAMPLE_RECORDS && walk(s, &p, &r); records++) {
        if (r.fields > n) return false;
        several += r.fields > 1;
        exact += r.fields == n;
    }
    return n > 1 && exact >= 3 && exact * 10 >= several;
}

static bool find_header(sniffer *s, const tally *t, seen *x)
{
    csv_sniffed *o = s->out;
    csv_record r;
    const char *p = s->p;
    if (!walk(s, &p, &r)) {
        o->columns = 1;
        return name_columns(s, NULL);
    }
    size_t n = r.fields < CSV_COLUMNS_MAX ? r.fields : CSV_COLUMNS_MAX;
    sv *first = arena_array(s->mem, n + 1, sizeof *first);
    if (!first) return false;
    for (size_t i = 0; i < n; i++) {
        sv text = csv_unquoted(s->d, &s->field[i], s->mem);
        first[i] = text.p ? arena_sv(s->mem, trimmed(text)) : (sv){"", 0};
    }
    bool sure = s->h->ours || s->d->writer == CSV_BY_POWERSHELL || s->d->writer == CSV_BY_SQLCMD;
    o->no_names = sure ? NULL : s->h->headless ? "its words are not those of the list of columns" : no_header(first, n);
    o->columns = o->no_names && t->mode ? t->mode : n;
    if (!sure && !o->no_names && t->mode && n != t->mode && t->at_mode > 1) {
        o->no_names = "it has another number of values than the rows below it";
        o->columns = t->mode;
    }
    if (s->h->headless && s->h->columns && lines_allow(s, s->h->columns)) o->columns = s->h->columns;
    o->shape = arena_array(s->mem, o->columns + 1, sizeof *o->shape);
    if (!o->shape) return false;
    const char *rows = p;
    uint64_t lines = r.lines;
    if (s->d->writer == CSV_BY_SQLCMD) {
        sv dashes = line_at(s, rows);
        rows = behind(s, dashes);
        lines++;
    }
    learn(s, o->no_names ? s->p : rows, o->no_names ? NULL : first, x);
    for (size_t i = 0; i < o->columns; i++)
        x->contrasts += o->shape[i].values && !(o->shape[i].kinds & (SHAPE_WORD | SHAPE_TEXT));
    if (!sure && !o->no_names && x->repeats && !x->contrasts) {
        o->no_names = "its words stand in the rows below it too";
        memset(o->shape, 0, o->columns * sizeof *o->shape);
        *x = (seen){0};
        learn(s, s->p, NULL, x);
    }
    s->d->header = o->no_names == NULL;
    o->header_guessed = s->d->header && !sure && !x->contrasts && x->rows;
    s->d->data_line = s->line;
    if (s->d->header) {
        s->d->data_line += lines;
        s->p = rows;
    }
    return name_columns(s, s->d->header ? first : NULL);
}

/* ---- who wrote it ---- */

static void find_writer(sniffer *s, const tally *t, const seen *x)
{
    csv_dialect *d = s->d;
    bool all_quoted = t->quoted && t->bare * 100 < t->quoted;
    if (s->h->ours)
        d->writer = CSV_BY_CHARTFERRY;
    else if (d->writer == CSV_BY_ANYBODY && all_quoted && (x->bytes_words || x->booleans))
        d->writer = CSV_BY_POWERSHELL;
    else if (d->writer == CSV_BY_ANYBODY && !d->header && !t->quoted && (d->delimiter == '\t' || x->nul_fields))
        d->writer = CSV_BY_BCP;
    else if (d->writer == CSV_BY_ANYBODY && x->null_words)
        d->writer = CSV_BY_SSMS;
    else if (d->writer == CSV_BY_ANYBODY && d->delimiter == ';' && x->decimal_commas)
        d->writer = CSV_BY_EXCEL;
    if (d->writer == CSV_BY_BCP) d->quote = 0;
    d->keep_all = d->writer == CSV_BY_CHARTFERRY;
    d->null_word = d->writer != CSV_BY_CHARTFERRY && d->writer != CSV_BY_BCP;
    d->empty_is_null = d->writer != CSV_BY_SSMS && d->writer != CSV_BY_SQLCMD;
    d->quoted_empty_is_null = d->writer == CSV_BY_POWERSHELL;
    d->nul_is_empty = d->writer != CSV_BY_CHARTFERRY && (d->writer == CSV_BY_BCP || x->nul_fields);
    d->trim = d->writer == CSV_BY_SQLCMD;
    d->footers |= d->writer == CSV_BY_SSMS;
    s->out->quoting = !d->quote || !t->quoted ? "no quotes"
                      : all_quoted            ? "all values in quotes"
                                              : "quotes where needed";
}

/* ---- all of it ---- */

static status take_sample(sniffer *s, byte_source *file, unsigned bom, findings *f)
{
    status st = ST_OK;
    csv_text_start(&s->text, file, f, s->d, bom, UINT64_MAX);
    for (int i = 0; i < SAMPLE_BLOCKS && st == ST_OK; i++) st = csv_text_more(&s->text, 0);
    if (!s->text.p) return st == ST_END ? ST_OK : st; /* nothing but a mark */
    s->p = s->text.p;
    s->end = s->text.p + s->text.n;
    s->whole = s->text.end;
    s->line = 1;
    return st == ST_END ? ST_OK : st;
}

static bool conclude(sniffer *s)
{
    tally t = {0};
    seen x = {0};
    s->d->quote = '"';
    s->d->delimiter = s->h->delimiter;
    find_newline(s);
    preamble(s);
    if (!s->h->ours && !find_dashes(s)) return false;
    if (!find_delimiter(s, &t)) return false;
    if (s->d->width) t.mode = s->d->widths;
    if (!find_header(s, &t, &x)) return false;
    find_writer(s, &t, &x);
    s->d->data_at = csv_text_raw(&s->text, (size_t)(s->p - s->text.p));
    return !arena_failed(s->mem);
}

status csv_sniff(byte_source *file, const csv_hints *h, arena *mem, findings *f, csv_sniffed *out)
{
    static const csv_encoding_said ours = {.named = {"utf-8", 5}};
    csv_encoding_found e;
    *out = (csv_sniffed){.quoting = "no quotes"};
    out->empty = byte_source_size(file) == 0;
    status st = csv_encoding_find(file, h->ours ? &ours : &h->encoding, f, &e);
    if (st != ST_OK || out->empty) return st;
    csv_encoding_of_sisters(&e, &h->sisters);
    if (e.binary) {
        out->refused = "binary data, such as bcp writes with -n";
        return ST_OK;
    }
    out->d = (csv_dialect){.encoding = e.encoding, .page = e.page, .bom = e.bom != 0};
    out->encoding_guessed = e.guessed;
    sniffer s = {.h = h, .out = out, .d = &out->d, .mem = mem};
    s.field = malloc((CSV_COLUMNS_MAX + 1) * sizeof *s.field);
    if (s.field) st = take_sample(&s, file, e.bom, f);
    out->empty = s.field && st == ST_OK && !s.text.p;
    if (!s.field || (st == ST_OK && s.text.p && !conclude(&s))) {
        find_code(f, F_OUT_OF_MEMORY, "looking at a text file");
        st = ST_FATAL;
    }
    csv_text_free(&s.text);
    free(s.field);
    return st;
}
