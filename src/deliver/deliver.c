/* The bundle of one destination. */
#include "deliver/deliver.h"
#include "base/platform.h"
#include "base/text_file.h"
#include "deliver/bundle_book.h"
#include "deliver/bundle_file.h"
#include "deliver/chart_rows.h"
#include "deliver/object_run.h"
#include <stdio.h>
#include <stdlib.h>

enum { MAP_BYTES_MAX = 1 << 20 };

struct delivery {
    const destination *d;
    deliver_run run;
    delivered_list files;
    uint64_t exams;                    /* whose charts it was given */
    bundle_book *book;                 /* NULL: none */
    chart_rows *charts;                /* NULL: the source has none, or no object is made of them */
    object_writer **object;            /* begun, per object of the destination; else NULL */
    object_writer **of[CHART_RECORDS]; /* those that take these records, NULL behind the last */
};

static status no_memory(const deliver_run *run)
{
    find_code(run->found, F_OUT_OF_MEMORY, "writing the bundle");
    return ST_FATAL;
}

static status make_folder(const destination *d, const deliver_run *run)
{
    const char *why = "out of memory";
    sv path = arena_printf(run->mem, "%s/%.*s", run->folder, (int)d->id.n, d->id.p);
    if (path.p && os_make_folder(path.p, &why)) return ST_OK;
    finding x = FINDING_OF(F_OUT_CREATE_FAILED);
    x.path = path;
    x.a = sv_from(why);
    find_add(run->found, &x);
    return ST_FATAL;
}

static status write_text(const deliver_run *run, sv path, sv text, delivered_list *files)
{
    file_digest digest;
    delivered_file f = {.path = path};
    bundle_file *out = bundle_file_new(run->folder, path, run->found);
    if (!out) return ST_FATAL;
    bundle_file_text(out, text);
    if (!bundle_file_close(out, &digest)) return ST_FATAL;
    f.bytes = digest.bytes;
    memcpy(f.sha256, digest.sha256, sizeof f.sha256);
    return delivered_add(files, run->mem, &f) ? ST_OK : no_memory(run);
}

/* ---- maps ---- */

static status write_map(const destination *d, const object_template *o, const deliver_run *run, delivered_list *files)
{
    map_column *c = arena_array(run->mem, o->fields + 1, sizeof *c);
    sv path =
        arena_printf(run->mem, "%.*s/%.*s%s", (int)d->id.n, d->id.p, (int)o->csv.n - 4, o->csv.p, d->maps->ending);
    if (!c || !path.p) return no_memory(run);
    c[0].heading = o->key;
    for (size_t i = 0; i < o->fields; i++) {
        const target_field *f = &o->field[i];
        c[i + 1].heading = f->name;
        if (f->parent) {
            c[i + 1].object = f->parent->object;
            c[i + 1].key = f->parent->key;
        }
    }
    buf text = buf_new(MAP_BYTES_MAX);
    d->maps->emit(&text, c, o->fields + 1);
    status s = text.failed ? no_memory(run) : write_text(run, path, buf_view(&text), files);
    buf_free(&text);
    return s;
}

static bool was_written(const delivered_list *files, const object_template *o)
{
    for (size_t i = 0; i < files->n; i++)
        if (sv_eq(files->item[i].object, o->label)) return true;
    return false;
}

static status write_maps(const destination *d, const deliver_run *run, delivered_list *files)
{
    status s = ST_OK;
    for (size_t i = 0; s == ST_OK && d->maps && i < d->objects; i++)
        if (was_written(files, d->object[i])) s = write_map(d, d->object[i], run, files);
    return s;
}

/* The steps that a person follows in the target system go with the bundle. */
static status write_guide(const destination *d, const deliver_run *run, delivered_list *files)
{
    if (!d->guide.p) return ST_OK;
    sv path = arena_printf(run->mem, "%.*s/README.md", (int)d->id.n, d->id.p);
    return path.p ? write_text(run, path, d->guide, files) : no_memory(run);
}

/* ---- charts ---- */

static bool takes_charts(const object_template *o) { return chart_record_of(o->entity) != CHART_RECORDS; }

static bool start_charts(delivery *x)
{
    size_t taken[CHART_RECORDS] = {0};
    for (size_t i = 0; i < CHART_RECORDS; i++) {
        x->of[i] = arena_array(x->run.mem, x->d->objects + 1, sizeof(object_writer *));
        if (!x->of[i]) return no_memory(&x->run) == ST_OK;
    }
    for (size_t i = 0; i < x->d->objects; i++) {
        const object_template *o = x->d->object[i];
        if (!takes_charts(o)) continue;
        if (!x->charts) x->charts = chart_rows_new(x->run.system, x->run.chart_table);
        if (!x->charts) return no_memory(&x->run) == ST_OK;
        x->object[i] = object_writer_new(x->d, o, &x->run, &x->files);
        if (!x->object[i]) return false;
        chart_record what = chart_record_of(o->entity);
        x->of[what][taken[what]++] = x->object[i];
    }
    return true;
}

static status take_record(void *ctx, chart_record what, const sv *column)
{
    const delivery *x = ctx;
    status s = ST_OK;
    for (object_writer **w = x->of[what]; s == ST_OK && *w; w++) s = object_writer_row(*w, column);
    return s;
}

status delivery_chart(delivery *x, const exam_chart *chart)
{
    x->exams++;
    if (!x->charts) return ST_OK;
    status s = chart_rows_of(x->charts, chart, take_record, x);
    /* What a writer could not do has a finding; keys without memory have none. */
    if (s == ST_FATAL && chart_rows_failed(x->charts)) (void)no_memory(&x->run);
    return s;
}

static void say_charts_absent(const delivery *x)
{
    char room[32];
    int n = snprintf(room, sizeof room, "%llu", (unsigned long long)x->exams);
    finding f = FINDING_OF(F_DEL_CHARTS_ABSENT);
    f.path = x->d->id;
    f.a = (sv){room, n > 0 ? (size_t)n : 0};
    find_add(x->run.found, &f);
}

/* ---- the whole ---- */

static status drop_tables(const destination *d, const deliver_run *run)
{
    bool ok = true;
    for (size_t i = 0; i < d->objects; i++) {
        if (!d->object[i]->linked) continue;
        buf sql = buf_new(512);
        buf_str(&sql, "DROP TABLE IF EXISTS main.");
        written_table_name(d, d->object[i], &sql);
        buf_char(&sql, '\0');
        ok = !sql.failed && sqlite3_exec(run->work, sql.p, NULL, NULL, NULL) == SQLITE_OK && ok;
        buf_free(&sql);
    }
    return ok ? ST_OK : work_failed(run, "clearing the work file");
}

static void say_absent(const object_template *o, const deliver_run *run)
{
    finding x = FINDING_OF(F_DEL_ENTITY_ABSENT);
    x.table = o->label;
    x.a = sv_from(o->entity->title);
    find_add(run->found, &x);
}

/* Of charts the staged records come behind: findings that the practice keeps in a table of their own. */
static status write_object(delivery *x, size_t at)
{
    const object_template *o = x->d->object[at];
    bool staged = work_has_table(&x->run, sv_from(o->entity->name));
    if (!staged && !x->object[at]) {
        /* Who takes the model as it is takes what there is of it. */
        if (!x->d->model) say_absent(o, &x->run);
        return ST_OK;
    }
    if (!x->object[at]) x->object[at] = object_writer_new(x->d, o, &x->run, &x->files);
    if (!x->object[at]) return ST_FATAL;
    size_t before = x->files.n;
    status s = staged ? object_run_staged(o, &x->run, x->object[at]) : ST_OK;
    if (s == ST_OK) s = object_writer_finish(x->object[at]);
    if (s == ST_OK && x->book) s = bundle_book_add(x->book, o, x->files.item + before, x->files.n - before);
    object_writer_free(x->object[at]);
    x->object[at] = NULL;
    return s;
}

static status write_objects(delivery *x)
{
    status s = ST_OK;
    if (sqlite3_exec(x->run.work, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
        return work_failed(&x->run, "opening the work file");
    for (size_t i = 0; s == ST_OK && i < x->d->objects; i++) s = write_object(x, i);
    bool ended = sqlite3_exec(x->run.work, s == ST_OK ? "COMMIT" : "ROLLBACK", NULL, NULL, NULL) == SQLITE_OK;
    if (s != ST_OK) return s;
    return ended ? drop_tables(x->d, &x->run) : work_failed(&x->run, "writing the work file");
}

delivery *delivery_begin(const destination *d, const deliver_run *run)
{
    delivery *x = calloc(1, sizeof *x);
    if (x) x->object = calloc(d->objects ? d->objects : 1, sizeof(object_writer *));
    if (!x || !x->object) {
        (void)no_memory(run);
        delivery_free(x);
        return NULL;
    }
    x->d = d;
    x->run = *run;
    bool ok = run->dry || make_folder(d, run) == ST_OK;
    if (ok && (!run->chart_table.n || start_charts(x))) return x;
    delivery_free(x);
    return NULL;
}

status delivery_finish(delivery *x)
{
    const deliver_run *run = &x->run;
    if (!run->dry && x->d->workbook.n) {
        x->book = bundle_book_begin(x->d, run);
        if (!x->book) return ST_FATAL;
    }
    status s = write_objects(x);
    if (s == ST_OK && x->book) bundle_book_complete(x->book);
    if (s == ST_OK && !run->dry) s = write_maps(x->d, run, &x->files);
    if (s == ST_OK && !run->dry) s = write_guide(x->d, run, &x->files);
    if (s == ST_OK && x->exams && !x->charts) say_charts_absent(x);
    return s;
}

status delivery_files(delivery *x, const delivered_file **out, size_t *n)
{
    status s = ST_OK;
    if (x->book) {
        delivered_file f;
        s = bundle_book_wait(x->book, &f);
        f.path = arena_sv(x->run.mem, f.path);
        if (s == ST_OK && !(f.path.p && delivered_add(&x->files, x->run.mem, &f))) s = no_memory(&x->run);
        bundle_book_free(x->book);
        x->book = NULL;
    }
    *out = x->files.item;
    *n = x->files.n;
    return s;
}

void delivery_free(delivery *x)
{
    if (!x) return;
    for (size_t i = 0; x->object && x->d && i < x->d->objects; i++) object_writer_free(x->object[i]);
    free(x->object);
    bundle_book_free(x->book);
    chart_rows_free(x->charts);
    free(x);
}
