/* Text files in a folder of the test, opened as the program does, and a table of them printed as one string: cells
 * between bars, NULL as ~, an unreadable cell as !, a line per row. */
#ifndef TESTS_TEXT_FILES_H
#define TESTS_TEXT_FILES_H

#include "base/buf.h"
#include "folder.h"
#include "registry/gather.h"
#include "registry/registry.h"
#include "testing.h"
#include <stdlib.h>

typedef struct dump {
    findings *found;
    gathered from;
    row_source *source;
    const catalog *tables;
    status status;
} dump;

static inline void write_bytes(const char *path, const void *p, size_t n)
{
    const char *why = "";
    (void)os_remove(path);
    os_out *f = os_create(path, &why);
    if (!f) fail_msg("%s: %s", path, why);
    assert_true(os_write(f, p, n, &why));
    assert_true(os_close(f, &why));
}

#define WRITE(path, literal) write_bytes(path, literal, sizeof(literal) - 1)

static inline void new_folder(const char *path)
{
    const char *why = "";
    folder_remove(path);
    assert_true(os_make_folder(path, &why));
}

static inline dump open_with(const char *path, const char *encoding, char delimiter)
{
    dump d = {.found = findings_new()};
    assert_non_null(d.found);
    d.status = gather(&path, 1, NULL, d.found, &d.from);
    if (d.status != ST_OK) return d;
    open_args a = {.file = d.from.file,
                   .files = d.from.files,
                   .name = d.from.name,
                   .encoding = sv_from(encoding),
                   .delimiter = delimiter};
    d.status = source_open(&a, d.found, &d.source);
    if (d.status == ST_OK) d.status = d.source->ops->catalog(d.source, &d.tables);
    return d;
}

static inline dump open_dump(const char *path) { return open_with(path, NULL, 0); }

static inline void close_dump(dump *d)
{
    if (d->source) d->source->ops->close(d->source);
    gathered_free(&d->from);
    findings_free(d->found);
}

static inline size_t table_named(const dump *d, const char *full_name)
{
    if (d->tables)
        for (size_t i = 0; i < d->tables->tables; i++)
            if (sv_eq(d->tables->table[i].full_name, sv_from(full_name))) return i;
    fail_msg("no table %s", full_name);
    return 0;
}

static inline void print_lob(const dump *d, const lob_ref *ref, buf *out)
{
    lob_stream *l;
    char piece[4096];
    size_t got;
    status st = d->source->ops->lob_open(d->source, ref, &l);
    assert_int_equal(st, ST_OK);
    while ((st = d->source->ops->lob_read(l, piece, sizeof piece, &got)) == ST_OK) buf_add(out, piece, got);
    if (st != ST_END) buf_char(out, '!');
    d->source->ops->lob_close(l);
}

static inline void print_rows(const dump *d, size_t table, uint64_t first, uint64_t last, bool lines, buf *out,
                              scan_counts *counts)
{
    row_cursor *c;
    row rows[7];
    size_t got;
    scan_request q = {.table = table, .first = first, .last = last};
    assert_int_equal(d->source->ops->scan(d->source, &q, &c), ST_OK);
    for (status st = ST_OK; st == ST_OK || st == ST_ROW_LOST;) {
        st = d->source->ops->next(c, rows, 7, &got);
        for (size_t r = 0; r < got; r++) {
            if (lines) buf_printf(out, "%u:", (unsigned)rows[r].from.line);
            for (size_t i = 0; i < rows[r].n; i++) {
                const value *v = &rows[r].cell[i];
                if (i) buf_char(out, '|');
                if (v->kind == V_NULL) buf_char(out, '~');
                if (v->kind == V_UNREADABLE) buf_char(out, '!');
                if (v->kind == V_TEXT) buf_sv(out, v->as.text);
                if (v->kind == V_LOB) print_lob(d, &v->as.lob, out);
            }
            buf_char(out, '\n');
        }
    }
    if (counts) *counts = *d->source->ops->counts(c);
    d->source->ops->cursor_close(c);
}

/* The whole table; the string lives until the next call. */
static inline const char *rows_of(const dump *d, const char *full_name)
{
    static buf text;
    buf_free(&text);
    text = buf_new((size_t)64 << 20);
    print_rows(d, table_named(d, full_name), 0, 0, false, &text, NULL);
    buf_char(&text, '\0');
    return text.p;
}

/* With the line that each row begins in: "2:1|a\n". */
static inline const char *lines_of(const dump *d, const char *full_name)
{
    static buf text;
    buf_free(&text);
    text = buf_new((size_t)64 << 20);
    print_rows(d, table_named(d, full_name), 0, 0, true, &text, NULL);
    buf_char(&text, '\0');
    return text.p;
}

static inline const char *columns_of(const dump *d, const char *full_name)
{
    static buf text;
    const table_info *t = &d->tables->table[table_named(d, full_name)];
    buf_free(&text);
    text = buf_new(1 << 20);
    for (size_t i = 0; i < t->columns; i++) {
        if (i) buf_char(&text, '|');
        buf_sv(&text, t->column[i].name);
    }
    buf_char(&text, '\0');
    return text.p;
}

static inline const text_file_info *facts_of(const dump *d, const char *full_name)
{
    const source_info *s = d->source->ops->info(d->source);
    for (size_t i = 0; i < s->texts; i++)
        if (sv_eq(s->text[i].table, sv_from(full_name))) return &s->text[i];
    fail_msg("nothing is told of %s", full_name);
    return NULL;
}

#define ASSERT_SV(view, text)                                                                                          \
    do {                                                                                                               \
        sv seen_ = (view);                                                                                             \
        if (!sv_eq(seen_, sv_from(text))) fail_msg("got \"%.*s\", not \"%s\"", (int)seen_.n, seen_.p, text);           \
    } while (0)

#endif
