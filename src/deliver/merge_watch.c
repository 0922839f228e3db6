#include "deliver/merge_watch.h"
#include "deliver/list_file.h"
#include "model/work_file.h"
#include <stdlib.h>

enum { TEXT_BYTES_MAX = 16 << 20 };

struct merge_watch {
    const destination *d;
    const deliver_run *run;
    sqlite3_stmt *insert;
    buf text;
};

/* The table of a destination, by a statement around its name. */
static sqlite3_stmt *prepare(const merge_watch *w, const char *before, const char *behind)
{
    buf sql = buf_new(1024);
    buf_printf(&sql, "%s main.\"merged:%.*s\"%s", before, (int)w->d->id.n, w->d->id.p, behind);
    return work_prepare(w->run->work, &sql);
}

status merge_watch_begin(const destination *d, const deliver_run *run, merge_watch **out)
{
    bool wanted = false;
    *out = NULL;
    for (size_t i = 0; i < d->objects; i++) wanted |= d->object[i]->merges > 0;
    if (!wanted) return ST_OK;
    merge_watch *w = calloc(1, sizeof *w);
    if (!w) {
        find_code(run->found, F_OUT_OF_MEMORY, "writing the bundle");
        return ST_FATAL;
    }
    *w = (merge_watch){.d = d, .run = run, .text = buf_new(TEXT_BYTES_MAX)};
    if (work_once(prepare(w, "CREATE TABLE", " (text TEXT, object TEXT, source_key TEXT)")))
        w->insert = prepare(w, "INSERT INTO", " VALUES (?1, ?2, ?3)");
    *out = w;
    return w->insert ? ST_OK : work_failed(run->work, run->found, "preparing a list of the bundle");
}

/* Letter case does not tell two records apart: import tools differ in that, and a warning too many does no harm. */
static void add_folded(buf *out, sv s)
{
    for (size_t i = 0; i < s.n; i++) buf_char(out, s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + 32) : s.p[i]);
    buf_char(out, '\x1f');
}

static sv cell_of(const object_template *o, sv field, const char *cells, const size_t *end)
{
    for (size_t i = 0; i < o->fields; i++)
        if (sv_eq(o->field[i].name, field)) return (sv){cells + (i ? end[i - 1] : 0), end[i] - (i ? end[i - 1] : 0)};
    return (sv){NULL, 0};
}

static bool bind(sqlite3_stmt *st, int at, sv s)
{
    return sqlite3_bind_text(st, at, s.n ? s.p : "", (int)s.n, SQLITE_STATIC) == SQLITE_OK;
}

status merge_watch_row(merge_watch *w, const object_template *o, const char *cells, const size_t *end, sv key)
{
    for (size_t i = 0; w && i < o->merges; i++) {
        const merge_set *m = &o->merge[i];
        buf_clear(&w->text);
        buf_printf(&w->text, "%.*s\x1f%zu\x1f", (int)o->object.n, o->object.p, i);
        for (size_t k = 0; k < m->fields; k++) add_folded(&w->text, cell_of(o, m->field[k], cells, end));
        if (w->text.failed) {
            find_code(w->run->found, F_OUT_OF_MEMORY, "looking for records that would be merged");
            return ST_FATAL;
        }
        bool ok = bind(w->insert, 1, buf_view(&w->text)) && bind(w->insert, 2, o->name) && bind(w->insert, 3, key) &&
                  sqlite3_step(w->insert) == SQLITE_DONE;
        if (sqlite3_reset(w->insert) != SQLITE_OK || !ok)
            return work_failed(w->run->work, w->run->found, "looking for records that would be merged");
    }
    return ST_OK;
}

/* ---- what was found ---- */

static sv column(sqlite3_stmt *st, int at)
{
    const char *p = (const char *)sqlite3_column_text(st, at);
    return (sv){p, p ? (size_t)sqlite3_column_bytes(st, at) : 0};
}

static status tell(const merge_watch *w, sqlite3_stmt *st, list_file *list, uint64_t *n)
{
    int step;
    while ((step = sqlite3_step(st)) == SQLITE_ROW) {
        const sv cell[] = {column(st, 0), column(st, 1), column(st, 2)};
        finding x = FINDING_OF(F_DEL_WOULD_MERGE);
        x.path = w->d->id;
        x.table = cell[0];
        find_add(w->run->found, &x);
        if (list_file_row(list, cell, 3) != ST_OK) return ST_FATAL;
        ++*n;
    }
    return step == SQLITE_DONE ? ST_OK
                               : work_failed(w->run->work, w->run->found, "looking for records that would be merged");
}

static status list_them(const merge_watch *w, sqlite3_stmt *st, delivered_list *files)
{
    arena *mem = w->run->mem;
    uint64_t n = 0;
    sv path = arena_printf(mem, "%.*s/same_names.csv", (int)w->d->id.n, w->d->id.p);
    list_file *list =
        path.p ? list_file_new(w->run->dry ? NULL : w->run->folder, path, "object,source_key,taken_for", w->run->found)
               : NULL;
    if (!list) return ST_FATAL;
    status s = tell(w, st, list, &n);
    if (s != ST_OK || w->run->dry) {
        list_file_abandon(list);
        return s;
    }
    rejects_file written;
    if (list_file_close(list, &written) != ST_OK) return ST_FATAL;
    delivered_file f = {.path = path, .rows = written.rows, .bytes = written.bytes};
    memcpy(f.sha256, written.sha256, sizeof f.sha256);
    if (delivered_add(files, mem, &f)) return ST_OK;
    find_code(w->run->found, F_OUT_OF_MEMORY, "writing the bundle");
    return ST_FATAL;
}

/* The first of equal records, by key, is the one that the others are taken for. */
#define EQUAL_ONES                                                                                                     \
    "SELECT object, source_key, min(first) FROM (SELECT object, source_key, min(source_key) OVER (PARTITION BY text) " \
    "AS first FROM"
#define BEHIND_FIRST ") WHERE source_key <> first GROUP BY object, source_key ORDER BY object, source_key"

status merge_watch_finish(merge_watch *w, delivered_list *files)
{
    if (!w) return ST_OK;
    sqlite3_stmt *st = prepare(w, EQUAL_ONES, BEHIND_FIRST);
    status s = ST_OK;
    int step = st ? sqlite3_step(st) : SQLITE_ERROR;
    if (step == SQLITE_ROW && sqlite3_reset(st) == SQLITE_OK)
        s = list_them(w, st, files);
    else if (step != SQLITE_DONE)
        s = work_failed(w->run->work, w->run->found, "looking for records that would be merged");
    sqlite3_finalize(st);
    return s;
}

void merge_watch_free(merge_watch *w)
{
    if (!w) return;
    sqlite3_finalize(w->insert);
    (void)work_once(prepare(w, "DROP TABLE IF EXISTS", ""));
    buf_free(&w->text);
    free(w);
}
