#include "registry/joined.h"
#include "source/unique_names.h"
#include <stdlib.h>

enum { PARTS = 2 };

typedef struct joined {
    row_source base;
    row_source *part[PARTS];
    size_t tables[PARTS];
    arena *mem;
    findings *found;
    catalog catalog;
    source_info info;
} joined;

struct row_cursor {
    const row_source_ops *ops;
    row_cursor *inner;
};

static void joined_close(row_source *source)
{
    joined *j = (joined *)source;
    if (!j) return;
    for (size_t i = 0; i < PARTS; i++)
        if (j->part[i]) j->part[i]->ops->close(j->part[i]);
    arena_free(j->mem);
    free(j);
}

static const source_info *joined_info(row_source *s) { return &((joined *)s)->info; }

static status joined_catalog(row_source *s, const catalog **out)
{
    *out = &((joined *)s)->catalog;
    return ST_OK;
}

static status joined_scan(row_source *source, const scan_request *q, row_cursor **out)
{
    joined *j = (joined *)source;
    size_t i = q->table < j->tables[0] ? 0 : 1;
    scan_request inner = *q;
    row_cursor *c = calloc(1, sizeof *c);
    *out = NULL;
    if (!c) {
        find_code(j->found, F_OUT_OF_MEMORY, "reading a table");
        return ST_FATAL;
    }
    inner.table -= i ? j->tables[0] : 0;
    c->ops = j->part[i]->ops;
    status st = c->ops->scan(j->part[i], &inner, &c->inner);
    if (st == ST_OK)
        *out = c;
    else
        free(c);
    return st;
}

static status joined_next(row_cursor *c, row *out, size_t max, size_t *got)
{
    return c->ops->next(c->inner, out, max, got);
}

static const scan_counts *joined_counts(const row_cursor *c) { return c->ops->counts(c->inner); }

static void joined_cursor_close(row_cursor *c)
{
    if (!c) return;
    c->ops->cursor_close(c->inner);
    free(c);
}

static status joined_lob_open(row_source *s, const lob_ref *ref, lob_stream **out)
{
    row_source *first = ((joined *)s)->part[0];
    return first->ops->lob_open(first, ref, out);
}

static status joined_verify(row_source *s)
{
    joined *j = (joined *)s;
    status a = j->part[0]->ops->verify(j->part[0]), b = j->part[1]->ops->verify(j->part[1]);
    return a > b ? a : b;
}

/* The streams are those of the first source. */
static row_source_ops ops_of(const row_source_ops *first)
{
    row_source_ops ops = {.name = "joined",
                          .title = "text files and workbooks",
                          .info = joined_info,
                          .catalog = joined_catalog,
                          .scan = joined_scan,
                          .next = joined_next,
                          .counts = joined_counts,
                          .cursor_close = joined_cursor_close,
                          .lob_open = joined_lob_open,
                          .lob_read = first->lob_read,
                          .lob_close = first->lob_close,
                          .verify = joined_verify,
                          .close = joined_close};
    return ops;
}

static bool join(joined *j)
{
    const catalog *c[PARTS] = {NULL, NULL};
    const source_info *info[PARTS];
    for (size_t i = 0; i < PARTS; i++) {
        if (j->part[i]->ops->catalog(j->part[i], &c[i]) != ST_OK) return false;
        info[i] = j->part[i]->ops->info(j->part[i]);
        j->tables[i] = c[i]->tables;
    }
    table_info *table = arena_array(j->mem, c[0]->tables + c[1]->tables + 1, sizeof *table);
    text_file_info *text = arena_array(j->mem, info[0]->texts + info[1]->texts + 1, sizeof *text);
    row_source_ops *ops = arena_alloc(j->mem, sizeof *ops);
    if (!table || !text || !ops) return false;
    j->catalog.table = table;
    j->info = *info[0];
    j->info.kind = SV_LIT("text files and workbooks");
    j->info.file_bytes += info[1]->file_bytes;
    j->info.text = text;
    j->info.texts = 0;
    /* A name that both have gets a number, as within one source. */
    unique_names names = unique_names_new(j->mem);
    bool named = true;
    for (size_t i = 0; i < PARTS; i++) {
        for (size_t k = 0; k < c[i]->tables; k++) {
            table[j->catalog.tables] = c[i]->table[k];
            named &= unique_names_table(&names, &table[j->catalog.tables++]);
        }
        for (size_t k = 0; k < info[i]->texts; k++) text[j->info.texts++] = info[i]->text[k];
    }
    unique_names_free(&names);
    *ops = ops_of(j->part[0]->ops);
    j->base.ops = ops;
    return named && !arena_failed(j->mem);
}

row_source *joined_source(row_source *first, row_source *second, findings *f)
{
    joined *j = calloc(1, sizeof *j);
    if (j) *j = (joined){.part = {first, second}, .found = f, .mem = arena_new(0)};
    if (j && j->mem && join(j)) return &j->base;
    find_code(f, F_OUT_OF_MEMORY, "opening files");
    if (j) {
        joined_close(&j->base);
    } else {
        first->ops->close(first);
        second->ops->close(second);
    }
    return NULL;
}
