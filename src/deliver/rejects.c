#include "deliver/rejects.h"
#include "base/arena.h"
#include "base/platform.h"
#include "csv/csv_writer.h"
#include "deliver/bundle_file.h"
#include <stdlib.h>

/* A list per entity and per object: some dozen. */
enum { LISTS_MAX = 256, LINE_BYTES_MAX = 64 << 20, CODES_MAX = 4096 };

typedef struct list {
    sv name, path;
    bundle_file *out;
    uint64_t rows;
} list;

struct rejects {
    arena *mem;
    findings *found;
    const char *folder; /* NULL: dry */
    list all[LISTS_MAX];
    size_t n;
    list exceptions;
    buf line;
    bool folder_made;
    uint64_t rows;
    rejects_count *count; /* of each list and code */
    size_t counts, count_room, last;
    bool holds; /* only mem and found are used, and: */
    struct held_row *held_first, *held_last;
    size_t held, given, most;
    bool (*full)(void *ctx);
    void *ctx;
};

/* A call of rejects_row, or, without columns, of rejects_value. */
typedef struct held_row {
    sv name, *column, *cell, code, reason;
    size_t cells;
    struct held_row *next;
} held_row;

rejects *rejects_new(const char *folder, findings *f)
{
    rejects *r = calloc(1, sizeof *r);
    if (!r) return NULL;
    r->mem = arena_new(0);
    r->found = f;
    r->line = buf_new(LINE_BYTES_MAX);
    if (r->mem && folder) r->folder = arena_sv(r->mem, sv_from(folder)).p;
    if (r->mem && (r->folder || !folder)) return r;
    rejects_free(r);
    return NULL;
}

void rejects_free(rejects *r)
{
    if (!r) return;
    for (size_t i = 0; i < r->n; i++) bundle_file_abandon(r->all[i].out);
    bundle_file_abandon(r->exceptions.out);
    buf_free(&r->line);
    arena_free(r->mem);
    free(r->count);
    free(r);
}

rejects *rejects_held_new(findings *f, size_t most, bool (*full)(void *ctx), void *ctx)
{
    rejects *r = rejects_new(NULL, f);
    if (!r) return NULL;
    r->holds = true;
    r->most = most;
    r->full = full;
    r->ctx = ctx;
    return r;
}

static status no_memory(rejects *r)
{
    find_code(r->found, F_OUT_OF_MEMORY, "listing a row that was left out");
    return ST_FATAL;
}

/* What is NULL stays an empty cell. */
static void cell(buf *b, sv text)
{
    if (text.p) csv_field(b, text);
}

/* Mostly the same list and code as the time before. Beyond CODES_MAX nothing is counted: the lists have it all. */
static bool count_code(rejects *r, sv path, sv code)
{
    size_t i = r->last;
    if (i >= r->counts || !sv_eq(r->count[i].code, code) || !sv_eq(r->count[i].path, path))
        for (i = 0; i < r->counts && !(sv_eq(r->count[i].code, code) && sv_eq(r->count[i].path, path));) i++;
    if (i == CODES_MAX) return true;
    if (i == r->count_room) {
        size_t room = i ? 2 * i : 64;
        rejects_count *all = realloc(r->count, room * sizeof *all);
        if (!all) return false;
        r->count = all;
        r->count_room = room;
    }
    if (i == r->counts) {
        sv copy = arena_sv(r->mem, code);
        if (!copy.p) return false;
        r->count[r->counts++] = (rejects_count){path, copy, 0};
    }
    r->count[r->last = i].rows++;
    return true;
}

const rejects_count *rejects_counts(const rejects *r, size_t *n)
{
    *n = r->counts;
    return r->count;
}

static status write_line(rejects *r, list *l)
{
    csv_end_row(&r->line);
    if (r->line.failed) return no_memory(r);
    if (l->out) bundle_file_text(l->out, buf_view(&r->line));
    buf_clear(&r->line);
    return l->out && bundle_file_failed(l->out) ? ST_FATAL : ST_OK;
}

static bool open_list(rejects *r, list *l)
{
    l->out = bundle_file_new(r->folder, l->path, r->found);
    return l->out != NULL;
}

static bool make_folder(rejects *r)
{
    const char *why = "";
    if (r->folder_made) return true;
    sv path = arena_printf(r->mem, "%s/rejects", r->folder);
    r->folder_made = path.p && os_make_folder(path.p, &why);
    if (r->folder_made) return true;
    return find_at(r->found, F_OUT_CREATE_FAILED, path, sv_from(why));
}

static list *list_named(rejects *r, sv name, const sv *column, size_t columns)
{
    for (size_t i = 0; i < r->n; i++)
        if (sv_eq(r->all[i].name, name)) return &r->all[i];
    if (r->n == LISTS_MAX) {
        (void)no_memory(r);
        return NULL;
    }
    list *l = &r->all[r->n];
    *l = (list){.name = arena_sv(r->mem, name), .path = arena_printf(r->mem, "rejects/%.*s.csv", (int)name.n, name.p)};
    if (!l->name.p || !l->path.p) {
        (void)no_memory(r);
        return NULL;
    }
    if (r->folder && !(make_folder(r) && open_list(r, l))) return NULL;
    r->n++;
    for (size_t i = 0; i < columns; i++) {
        csv_field(&r->line, column[i]);
        csv_comma(&r->line);
    }
    buf_str(&r->line, "code,reason");
    return write_line(r, l) == ST_OK ? l : NULL;
}

/* ---- held back ---- */

/* NULL stays NULL. */
static sv copy(arena *mem, sv text) { return text.p ? arena_sv(mem, text) : text; }

static sv *copies(arena *mem, const sv *text, size_t n)
{
    sv *all = arena_array(mem, n, sizeof *all);
    for (size_t i = 0; all && i < n; i++) all[i] = copy(mem, text[i]);
    return all;
}

static status hold(rejects *r, sv name, const sv *column, const sv *cell, size_t cells, sv code, sv reason)
{
    held_row *h = arena_alloc(r->mem, sizeof *h);
    if (!h) return no_memory(r);
    *h = (held_row){.name = copy(r->mem, name),
                    .column = column ? copies(r->mem, column, cells) : NULL,
                    .cell = copies(r->mem, cell, cells),
                    .code = copy(r->mem, code),
                    .reason = copy(r->mem, reason),
                    .cells = cells};
    if (arena_failed(r->mem)) return no_memory(r);
    *(r->held_last ? &r->held_last->next : &r->held_first) = h;
    r->held_last = h;
    r->held++;
    return arena_used(r->mem) < r->most || r->full(r->ctx) ? ST_OK : ST_FATAL;
}

size_t rejects_held(const rejects *held) { return held->held; }

status rejects_give(rejects *held, size_t upto, rejects *to)
{
    status s = ST_OK;
    for (; s == ST_OK && held->given < upto && held->held_first; held->given++) {
        const held_row *h = held->held_first;
        const sv *c = h->cell;
        s = h->column ? rejects_row(to, h->name, h->column, c, h->cells, h->code, h->reason)
                      : rejects_value(to, h->name, c[0], c[1], c[2], c[3], h->code, h->reason);
        held->held_first = h->next;
    }
    if (held->held_first) return s;
    held->held_last = NULL;
    held->held = held->given = 0;
    arena_reset(held->mem);
    return s;
}

/* ---- rows ---- */

status rejects_row(rejects *r, sv name, const sv *column, const sv *value, size_t columns, sv code, sv reason)
{
    if (r->holds) return hold(r, name, column, value, columns, code, reason);
    list *l = list_named(r, name, column, columns);
    if (!l) return ST_FATAL;
    for (size_t i = 0; i < columns; i++) {
        cell(&r->line, value[i]);
        csv_comma(&r->line);
    }
    csv_field(&r->line, code);
    csv_comma(&r->line);
    csv_field(&r->line, reason);
    l->rows++;
    r->rows++;
    return count_code(r, l->path, code) ? write_line(r, l) : no_memory(r);
}

static bool open_exceptions(rejects *r)
{
    list *l = &r->exceptions;
    if (l->path.p) return true;
    l->path = SV_LIT("exceptions.csv");
    if (r->folder && !open_list(r, l)) return false;
    buf_str(&r->line, "entity,src_table,src_key,field,value,code,reason");
    return write_line(r, l) == ST_OK;
}

status rejects_value(rejects *r, sv entity, sv src_table, sv src_key, sv field, sv value, sv code, sv reason)
{
    const sv cells[] = {entity, src_table, src_key, field, value, code, reason};
    if (r->holds) return hold(r, entity, NULL, cells + 1, 4, code, reason);
    if (!open_exceptions(r)) return ST_FATAL;
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        if (i) csv_comma(&r->line);
        cell(&r->line, cells[i]);
    }
    r->exceptions.rows++;
    return count_code(r, r->exceptions.path, code) ? write_line(r, &r->exceptions) : no_memory(r);
}

static int by_path(const void *a, const void *b)
{
    return sv_cmp(((const rejects_file *)a)->path, ((const rejects_file *)b)->path);
}

static bool close_list(list *l, rejects_file *out)
{
    file_digest d;
    if (!l->out) return false;
    bool ok = bundle_file_close_csv(l->out, l->rows, &d);
    l->out = NULL;
    *out = (rejects_file){.path = l->path, .rows = l->rows, .bytes = d.bytes};
    memcpy(out->sha256, d.sha256, sizeof out->sha256);
    return ok;
}

status rejects_finish(rejects *r, const rejects_file **file, size_t *n)
{
    rejects_file *all = arena_array(r->mem, r->n + 1, sizeof *all);
    bool ok = all != NULL;
    *file = all;
    *n = 0;
    if (!all) return no_memory(r);
    if (!r->folder) return ST_OK;
    for (size_t i = 0; i < r->n; i++) ok = close_list(&r->all[i], &all[(*n)++]) && ok;
    if (*n) qsort(all, *n, sizeof *all, by_path);
    if (r->exceptions.path.p) ok = close_list(&r->exceptions, &all[(*n)++]) && ok;
    return ok ? ST_OK : ST_FATAL;
}

uint64_t rejects_rows(const rejects *r) { return r->rows; }
uint64_t rejects_values(const rejects *r) { return r->exceptions.rows; }
