#include "database_out.h"
#include "backup.h"
#include "base/platform.h"
#include "edits.h"
#include "value.h"
#include <inttypes.h>
#include <stdlib.h>

enum { SPEC_BYTES_MAX = 1 << 16, PATH_ROOM = 1024, WRITE_BUFFER = 1 << 18, FEEDS_MAX = TABLES };

typedef struct feed {
    gen *g;
    table_id table;
    uint64_t rows;
    stream *stream;
} feed;

/* ---- rows on their way ---- */

static bool start_table(gen *g, table_id t, stream **s, fault *f)
{
    *s = stream_open(g, t, f);
    for (tap *x = g->taps; x && *s; x = x->next)
        if (!x->open(x, &g->tables[t])) return fail(f, "%s: a dump cannot be opened", g->tables[t].name);
    return *s != NULL;
}

static bool end_table(gen *g, table_id t, stream **s, fault *f)
{
    stream_close(*s);
    *s = NULL;
    for (tap *x = g->taps; x; x = x->next)
        if (!x->close(x, &g->tables[t])) return fail(f, "%s: a dump cannot be written", g->tables[t].name);
    return !g->edits || edits_done(g->edits, t, f);
}

static bool pass_row(gen *g, table_id t, const row *r, fault *f)
{
    for (tap *x = g->taps; x; x = x->next)
        if (!x->take(x, &g->tables[t], r)) return fail(f, "%s: a dump cannot be written", g->tables[t].name);
    return true;
}

bool rows_out(gen *g, table_id first, table_id end, fault *f)
{
    for (table_id t = first; t < end; t++) {
        stream *s = NULL;
        const row *r = NULL;
        if (!start_table(g, t, &s, f)) return false;
        while ((r = stream_next(s)))
            if (!pass_row(g, t, r, f)) return false;
        if (!end_table(g, t, &s, f)) return false;
        if (arena_failed(g->mem)) return fail(f, "out of memory");
    }
    return true;
}

/* ---- values ---- */

static size_t units_of(sv text, bool wide)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++)
        n += ((uint8_t)text.p[i] & 0xC0) != 0x80 ? 1U + (wide && (uint8_t)text.p[i] >= 0xF0) : 0;
    return n;
}

static bool set_value(const sql_type *t, sv given, cell_value *v, fault *f)
{
    if (v->bytes.ceiling == 0) v->bytes = buf_new((size_t)1 << 28);
    v->null = given.p == NULL;
    v->coded = NULL;
    if (v->null) return true;
    if (t->cls == TC_INT || t->cls == TC_BIT) {
        bool minus = given.n && given.p[0] == '-';
        v->i = 0;
        for (size_t i = minus; i < given.n; i++) v->i = v->i * 10 + (given.p[i] - '0');
        if (minus) v->i = -v->i;
        return true;
    }
    if (t->fixed || (t->cls != TC_TEXT && t->cls != TC_UTEXT && t->cls != TC_BYTES))
        return value_from_item(t, given.p, v, f);
    buf_clear(&v->bytes);
    buf_sv(&v->bytes, given);
    size_t room = t->max ? SIZE_MAX : t->cls == TC_UTEXT ? (size_t)t->length / 2 : (size_t)t->length;
    return !v->bytes.failed && (t->cls == TC_BYTES ? given.n : units_of(given, t->cls == TC_UTEXT)) <= room;
}

static bool give_row(void *ctx, uint64_t number, cell_value *value, fault *f)
{
    feed *d = ctx;
    if (number == 0 && !start_table(d->g, d->table, &d->stream, f)) return false;
    const source_table *t = &d->g->tables[d->table];
    const row *r = stream_next(d->stream);
    if (!r) return fail(f, "%s: fewer rows than were counted, or out of memory", t->name);
    for (unsigned i = 0; i < t->columns; i++) {
        if (t->column[i].not_null && !r->cell[i].p) return fail(f, "%s.%s: NULL", t->name, t->column[i].name);
        if (!set_value(&t->column[i].sql, r->cell[i], &value[i], f))
            return f->set ? false
                          : fail(f, "%s.%s: a value does not fit: %.*s", t->name, t->column[i].name, (int)r->cell[i].n,
                                 r->cell[i].p);
    }
    if (!pass_row(d->g, d->table, r, f)) return false;
    if (number + 1 < d->rows) return true;
    return stream_next(d->stream) ? fail(f, "%s: more rows than were counted", t->name)
                                  : end_table(d->g, d->table, &d->stream, f);
}

/* ---- the description ---- */

static bool count_rows(gen *g, feed *d, fault *f)
{
    stream *s = stream_open(g, d->table, f);
    if (!s) return false;
    bool telling = g->telling;
    g->counting = true;
    g->telling = false;
    while (stream_next(s)) continue;
    int64_t more = g->edits ? edits_rows(g->edits, d->table) : 0;
    if (more < 0 && (uint64_t)-more > g->made)
        return fail(f, "%s: more rows are deleted than there are", g->tables[d->table].name);
    d->rows = g->made + (uint64_t)more;
    g->counting = false;
    g->telling = telling;
    stream_close(s);
    return !arena_failed(g->mem) || fail(f, "out of memory");
}

static void describe(const gen *g, const feed *d, buf *out)
{
    const source_table *t = &g->tables[d->table];
    buf_printf(out, "table dbo.%s %" PRIu64 "\n", t->name, d->rows);
    for (unsigned i = 0; i < t->columns; i++)
        buf_printf(out, "column %s %s %s\n", t->column[i].name, t->column[i].type,
                   t->column[i].not_null ? "not null" : "null");
    buf_printf(out, "primary %s\n", t->column[0].name);
}

static bool make_spec(gen *g, feed *d, arena *mem, database_spec *spec, fault *f)
{
    buf text = buf_new(SPEC_BYTES_MAX);
    buf_printf(&text, "database PandaPerio\nseed %" PRIu64 "\n", g->seed % 1000000);
    for (unsigned i = 0; i < PANDA_TABLES; i++) {
        d[i] = (feed){.g = g, .table = (table_id)i};
        if (!count_rows(g, &d[i], f)) break;
        describe(g, &d[i], &text);
    }
    buf_char(&text, 0);
    bool ok = !f->set && !text.failed && spec_parse(text.p, mem, spec, f) && spec_check(spec, f);
    for (unsigned i = 0; ok && i < PANDA_TABLES; i++) spec->table[i].feed = (row_feed){give_row, &d[i]};
    buf_free(&text);
    return ok || f->set || fail(f, "out of memory");
}

/* ---- files ---- */

static FILE *create(const char *path, fault *f)
{
    FILE *out = os_exists(path) ? NULL : fopen(path, "w+b");
    if (!out) fail(f, "%s: exists, or cannot be made", path);
    if (out) setvbuf(out, NULL, _IOFBF, WRITE_BUFFER);
    return out;
}

static bool write_files(const database_spec *spec, const char *folder, bool mdf, fault *f)
{
    char bak[PATH_ROOM], data[PATH_ROOM], csv[PATH_ROOM];
    const char *why = "", *list[] = {bak};
    snprintf(bak, sizeof bak, "%s/practice.bak", folder);
    snprintf(data, sizeof data, "%s/practice.mdf", folder);
    snprintf(csv, sizeof csv, "%s/csv-extract", folder);
    if (mdf && !os_make_folder(csv, &why)) return fail(f, "%s: %s", csv, why);
    backup_options o = {.path = list, .stripes = 1, .block = 4096, .log = true, .in_place = !mdf};
    uint64_t base = mdf ? 0 : backup_data_start(spec, &o, f);
    database *db = calloc(1, sizeof *db);
    FILE *file[1] = {db && !f->set ? create(mdf ? data : bak, f) : NULL};
    if (!db || !file[0]) {
        free(db);
        return f->set || fail(f, "out of memory");
    }
    const database_options how = {.file = file, .backup_base = base, .truth_dir = mdf ? csv : NULL};
    const backup_set set = {.kind = SET_FULL, .db = db, .data = file};
    bool ok = database_write(db, spec, &how, f) && fflush(file[0]) == 0 && backup_write(&set, 1, &o, f);
    database_free(db);
    free(db);
    if (fclose(file[0]) != 0) ok = fail(f, "%s: cannot be written", folder);
    return ok;
}

bool database_out(gen *g, const char *folder, bool mdf, fault *f)
{
    arena *mem = arena_new(0);
    feed *d = calloc(FEEDS_MAX, sizeof *d);
    database_spec spec;
    bool ok = (mem && d) || fail(f, "out of memory");
    ok = ok && make_spec(g, d, mem, &spec, f) && write_files(&spec, folder, mdf, f);
    for (unsigned i = 0; ok && i < PANDA_TABLES; i++)
        if (d[i].rows == 0) ok = rows_out(g, d[i].table, (table_id)(d[i].table + 1), f);
    for (unsigned i = 0; d && i < FEEDS_MAX; i++)
        if (d[i].stream) stream_close(d[i].stream);
    free(d);
    arena_free(mem);
    return ok && !f->set;
}
