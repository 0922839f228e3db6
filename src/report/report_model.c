#include "report/report_model.h"
#include "report/report_text.h"
#include <stdlib.h>

/* Tables left behind that are named; a practice system has a few hundred tables in all. */
enum { LEFT_BEHIND_MAX = 500, SOURCE_FILES_MAX = 500 };

void put(model_maker *m, json_t *o, const char *key, json_t *value)
{
    if (json_object_set_new(o, key, value) != 0) m->failed = true;
}

void push(model_maker *m, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0) m->failed = true;
}

json_t *json_clean(sv s)
{
    buf clean = buf_new((size_t)REPORT_TEXT_MAX * 4);
    add_clean(&clean, s);
    json_t *x = clean.failed ? NULL : json_stringn(clean.n ? clean.p : "", clean.n);
    buf_free(&clean);
    return x;
}

void put_text(model_maker *m, json_t *o, const char *key, sv s) { put(m, o, key, json_clean(s)); }

void put_number(model_maker *m, json_t *o, const char *key, uint64_t n)
{
    put(m, o, key, json_integer(n > INT64_MAX ? INT64_MAX : (json_int_t)n));
}

/* ---- where it comes from ---- */

static void source_files(model_maker *m, json_t *o)
{
    const report_source *s = &m->in->source;
    json_t *all = json_array();
    size_t shown = s->files < SOURCE_FILES_MAX ? s->files : SOURCE_FILES_MAX;
    for (size_t i = 0; i < shown; i++) {
        json_t *x = json_object();
        put_text(m, x, "name", s->file[i].name);
        put_number(m, x, "bytes", s->file[i].bytes);
        put_text(m, x, "sha256", s->file[i].sha256);
        push(m, all, x);
    }
    put(m, o, "files", all);
    put_number(m, o, "files_not_listed", s->files - shown);
}

static json_t *source(model_maker *m)
{
    const report_source *s = &m->in->source;
    json_t *o = json_object();
    put_text(m, o, "kind", s->kind);
    put_text(m, o, "product", s->product);
    put_text(m, o, "database", s->database);
    put_number(m, o, "set", s->set);
    put_text(m, o, "set_type", s->set_type);
    put_text(m, o, "set_name", s->set_name);
    put_text(m, o, "started", s->started);
    put_text(m, o, "finished", s->finished);
    put_number(m, o, "file_bytes", s->file_bytes);
    put_number(m, o, "data_bytes", s->data_bytes);
    put_text(m, o, "consistency_note", s->consistency_note);
    put(m, o, "changed_while_backed_up", json_boolean(s->changed_while_backed_up));
    source_files(m, o);
    return o;
}

/* One text per line. */
static json_t *lines_of(model_maker *m, sv text)
{
    json_t *all = json_array();
    while (text.n) {
        const char *end = sv_find(text, '\n');
        size_t n = end ? (size_t)(end - text.p) : text.n, used = end ? n + 1 : n;
        if (n) push(m, all, json_clean((sv){text.p, n}));
        text = (sv){text.p + used, text.n - used};
    }
    return all;
}

static json_t *profile(model_maker *m)
{
    const report_profile *p = &m->in->profile;
    json_t *o = json_object();
    put_text(m, o, "id", p->id);
    put_text(m, o, "title", p->title);
    put_number(m, o, "score", p->score);
    put(m, o, "missing", lines_of(m, p->missing));
    put_text(m, o, "sha256", p->sha256);
    return o;
}

/* ---- where it goes ---- */

static json_t *files(model_maker *m, const report_file *file, size_t n)
{
    json_t *all = json_array();
    for (size_t i = 0; i < n; i++) {
        json_t *o = json_object();
        put_text(m, o, "path", file[i].path);
        put_text(m, o, "object", file[i].object);
        put_number(m, o, "rows", file[i].rows);
        put_number(m, o, "bytes", file[i].bytes);
        put_text(m, o, "sha256", file[i].sha256);
        push(m, all, o);
    }
    return all;
}

static json_t *destinations(model_maker *m)
{
    json_t *all = json_array();
    for (size_t i = 0; i < m->in->destinations; i++) {
        const report_destination *d = &m->in->destination[i];
        json_t *o = json_object();
        put_text(m, o, "id", d->id);
        put_text(m, o, "title", d->title);
        put_text(m, o, "sha256", d->sha256);
        put(m, o, "files", files(m, d->file, d->files));
        put(m, o, "fill", model_fills(m, d));
        push(m, all, o);
    }
    return all;
}

/* ---- what stays behind ---- */

/* The largest first, those of unknown size last: what matters is at the top. */
static int by_rows(const void *a_, const void *b_)
{
    const report_table *a = a_, *b = b_;
    if (a->rows != b->rows) return a->rows > b->rows ? -1 : 1;
    return sv_cmp(a->name, b->name);
}

static json_t *left_behind_list(model_maker *m, const report_table *table, size_t n)
{
    json_t *all = json_array();
    for (size_t i = 0; i < n; i++) {
        json_t *o = json_object();
        put_text(m, o, "name", table[i].name);
        put(m, o, "rows", table[i].rows < 0 ? json_null() : json_integer(table[i].rows));
        push(m, all, o);
    }
    return all;
}

static json_t *left_behind(model_maker *m)
{
    size_t n = m->in->unreads, shown = n < LEFT_BEHIND_MAX ? n : LEFT_BEHIND_MAX;
    uint64_t rows = 0, unknown = 0;
    report_table *table = calloc(n ? n : 1, sizeof *table);
    if (!table) return NULL;
    for (size_t i = 0; i < n; i++) {
        table[i] = m->in->unread[i];
        if (table[i].rows < 0)
            unknown++;
        else
            rows += (uint64_t)table[i].rows;
    }
    qsort(table, n, sizeof *table, by_rows);
    json_t *o = json_object();
    put_number(m, o, "tables", n);
    put_number(m, o, "rows", rows);
    put_number(m, o, "tables_of_unknown_rows", unknown);
    put_number(m, o, "not_listed", n - shown);
    put(m, o, "list", left_behind_list(m, table, shown));
    free(table);
    return o;
}

/* ---- how it was asked for ---- */

static json_t *options(model_maker *m)
{
    json_t *all = json_array();
    for (size_t i = 0; i < m->in->options; i++) {
        json_t *o = json_object();
        put_text(m, o, "name", m->in->option[i].name);
        put_text(m, o, "value", m->in->option[i].value);
        push(m, all, o);
    }
    return all;
}

/* ---- the whole ---- */

static uint64_t open_lines(const json_t *counts)
{
    json_int_t n = json_integer_value(json_object_get(counts, "open"));
    return n < 0 ? 0 : (uint64_t)n;
}

json_t *report_model(const report_input *in)
{
    model_maker m = {.in = in};
    json_t *o = json_object(), *counts = model_counts(&m);
    put(&m, o, "schema", json_integer(REPORT_SCHEMA));
    put_text(&m, o, "version", in->version);
    put_text(&m, o, "run", in->run);
    put(&m, o, "verdict", model_verdict(&m, open_lines(counts)));
    put(&m, o, "source", source(&m));
    put(&m, o, "profile", profile(&m));
    put(&m, o, "counts", counts);
    put(&m, o, "destinations", destinations(&m));
    put(&m, o, "stays_in_the_practice", files(&m, in->left, in->lefts));
    put(&m, o, "findings", model_findings(&m));
    put(&m, o, "quality", model_quality(&m));
    put(&m, o, "left_behind", left_behind(&m));
    put(&m, o, "tie_out", model_ties(&m));
    put(&m, o, "pictures", model_pictures(&m));
    put(&m, o, "spot_checks", model_spots(&m));
    put(&m, o, "options", options(&m));
    if (in->sample) put(&m, o, "sample", model_sample(&m));
    if (!m.failed) return o;
    json_decref(o);
    return NULL;
}
