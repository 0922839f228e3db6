/* The bundle of one destination. */
#include "deliver/deliver.h"
#include "base/platform.h"
#include "deliver/bundle_book.h"
#include "deliver/chart_delivery.h"
#include "deliver/child_select.h"
#include "deliver/custom_fields.h"
#include "deliver/custom_tally.h"
#include "deliver/latest_chart.h"
#include "deliver/merge_watch.h"
#include "deliver/object_run.h"
#include "deliver/package_write.h"
#include "deliver/promise.h"
#include "deliver/row_select.h"
#include "model/work_file.h"
#include <stdio.h>
#include <stdlib.h>

struct delivery {
    const destination *d;
    deliver_run run;
    delivered_list files;
    uint64_t exams;           /* whose charts it was given */
    bundle_book *book;        /* NULL: none */
    object_template **object; /* of the destination, with the practice's own fields */
    object_tally *tally;
    object_writer **writer; /* begun, per object; else NULL */
    bool *written;          /* per object: finished */
    chart_delivery *charts; /* NULL: the source has none */
    latest_chart *latest;   /* NULL: no object asks for it */
    const deliver_facts *facts;
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
    find_at(run->found, F_OUT_CREATE_FAILED, path, sv_from(why));
    return ST_FATAL;
}

/* ---- what goes with the files ---- */

/* What the load takes. */
static void say_cost(const delivery *x, const deliver_facts *f)
{
    const uint64_t *most = x->d->limit.most;
    finding c = FINDING_OF(F_DEL_COST);
    if (!most[LIMIT_ROWS_PER_MINUTE] && !most[LIMIT_SECONDS_PER_UPLOAD] && !most[LIMIT_BYTES_PER_RECORD]) return;
    c.path = x->d->id;
    c.a = arena_printf(x->run.mem, "%llu uploads with %llu rows, about %llu minutes, %llu MB of the system's storage",
                       (unsigned long long)f->uploads, (unsigned long long)f->rows, (unsigned long long)f->minutes,
                       (unsigned long long)((f->storage_bytes + 999999) / 1000000));
    find_add(x->run.found, &c);
    if (!most[LIMIT_STORAGE_BYTES] || f->storage_bytes <= most[LIMIT_STORAGE_BYTES]) return;
    c = FINDING_OF(F_DEL_STORAGE);
    c.path = x->d->id;
    c.a = arena_printf(x->run.mem, "%llu MB", (unsigned long long)(f->storage_bytes / 1000000));
    c.b = arena_printf(x->run.mem, "%llu MB", (unsigned long long)(most[LIMIT_STORAGE_BYTES] / 1000000));
    find_add(x->run.found, &c);
}

/* Packages, and the steps that a person follows in the target system. */
static status write_packages(delivery *x)
{
    const facts_input in = {x->d, x->run.zone != NULL, x->object, x->tally, x->files.item, x->files.n, x->run.mem};
    const deliver_facts *facts = x->d->model ? NULL : deliver_facts_make(&in);
    if (!facts && !x->d->model) return no_memory(&x->run);
    x->facts = facts;
    if (facts) say_cost(x, facts);
    if (x->run.dry) return ST_OK;
    status s = facts ? packages_write(facts, &x->run, &x->files) : ST_OK;
    if (s == ST_OK && x->d->guide.p) s = package_text(x->d, &x->run, SV_LIT("README.md"), x->d->guide, &x->files);
    return s;
}

/* Files as they are loaded: those of objects that were written early stand in their place. */
static status sort_files(delivery *x)
{
    delivered_file *sorted = arena_array(x->run.mem, x->files.room + 1, sizeof *sorted);
    if (!sorted) return no_memory(&x->run);
    size_t n = 0;
    for (size_t i = 0; i < x->d->objects; i++)
        for (size_t k = 0; k < x->files.n; k++)
            if (sv_eq(x->files.item[k].object, x->object[i]->name)) sorted[n++] = x->files.item[k];
    if (n == x->files.n) x->files.item = sorted;
    return ST_OK;
}

/* ---- charts ---- */

status delivery_exam(delivery *x, sv exam)
{
    if (x->latest && latest_chart_exam(x->latest, exam) != ST_OK) return ST_FATAL;
    return x->charts ? chart_delivery_exam(x->charts, exam) : ST_OK;
}

status delivery_exam_lost(delivery *x, sv exam) { return x->charts ? chart_delivery_lost(x->charts, exam) : ST_OK; }

status delivery_chart(delivery *x, const exam_chart *chart)
{
    x->exams++;
    if (x->latest && latest_chart_take(x->latest, chart) != ST_OK) return ST_FATAL;
    return x->charts ? chart_delivery_take(x->charts, chart) : ST_OK;
}

static bool takes_charts(const delivery *x)
{
    for (size_t i = 0; i < x->d->objects; i++)
        if (x->object[i]->charted) return true;
    return false;
}

static void say_zone(const delivery *x)
{
    bool moments = false;
    for (size_t i = 0; i < x->d->objects; i++)
        for (size_t k = 0; k < x->object[i]->fields; k++) moments |= x->object[i]->field[k].type == TARGET_DATETIME;
    if (!x->d->utc || x->run.zone || !moments) return;
    finding f = FINDING_OF(F_DEL_ZONE_UNKNOWN);
    f.path = x->d->id;
    find_add(x->run.found, &f);
}

static void say_charts_absent(const delivery *x)
{
    char room[32];
    int n = snprintf(room, sizeof room, "%llu", (unsigned long long)x->exams);
    find_at(x->run.found, F_DEL_CHARTS_ABSENT, x->d->id, (sv){room, n > 0 ? (size_t)n : 0});
}

/* ---- the whole ---- */

static status drop_tables(const destination *d, const deliver_run *run)
{
    buf charted = buf_new(512);
    buf_printf(&charted, "DROP TABLE IF EXISTS main.\"charted:%.*s\"", (int)d->id.n, d->id.p);
    buf_char(&charted, '\0');
    bool ok = !charted.failed && sqlite3_exec(run->work, charted.p, NULL, NULL, NULL) == SQLITE_OK;
    buf_free(&charted);
    for (size_t i = 0; i < d->objects; i++) {
        if (!d->object[i]->linked) continue;
        buf sql = buf_new(512);
        buf_str(&sql, "DROP TABLE IF EXISTS main.");
        written_table_name(d, d->object[i], &sql);
        buf_char(&sql, '\0');
        ok = !sql.failed && sqlite3_exec(run->work, sql.p, NULL, NULL, NULL) == SQLITE_OK && ok;
        buf_free(&sql);
    }
    return ok ? ST_OK : work_failed(run->work, run->found, "clearing the work file");
}

static void say_absent(const object_template *o, const deliver_run *run)
{
    finding x = FINDING_OF(F_DEL_ENTITY_ABSENT);
    x.table = o->name;
    x.a = sv_from(o->entity->title);
    find_add(run->found, &x);
}

static bool is_exam(const object_template *o) { return strcmp(o->entity->name, "clinical_exam") == 0; }

static status finish_object(delivery *x, size_t at)
{
    const object_template *o = x->object[at];
    sv charted = x->charts && o->charted && is_exam(o) ? chart_delivery_written(x->charts) : (sv){NULL, 0};
    status s = ST_OK;
    if (work_has(x->run.work, sv_from(o->entity->name))) s = object_run_staged(o, &x->run, x->writer[at], charted);
    if (s == ST_OK && strcmp(o->entity->name, "patient") == 0)
        s = object_writer_merged(x->writer[at], x->run.merged, x->run.merged_n);
    if (s == ST_OK) s = object_writer_finish(x->writer[at]);
    object_writer_free(x->writer[at]);
    x->writer[at] = NULL;
    x->written[at] = s == ST_OK;
    return s;
}

static status add_to_book(const delivery *x, size_t at)
{
    size_t first = 0, n = 0;
    for (size_t i = 0; i < x->files.n; i++) {
        if (!sv_eq(x->files.item[i].object, x->object[at]->name)) continue;
        if (!n++) first = i;
    }
    return x->book ? bundle_book_add(x->book, x->object[at], x->files.item + first, n) : ST_OK;
}

/* Of charts the staged records come behind: findings that the practice keeps in a table of their own, exams without a
 * chart. */
static status write_object(delivery *x, size_t at)
{
    const object_template *o = x->object[at];
    if (!x->writer[at] && !work_has(x->run.work, sv_from(o->entity->name))) {
        /* Who takes the model as it is takes what there is of it. */
        if (!x->d->model) say_absent(o, &x->run);
        x->written[at] = true;
        return object_tally_init(&x->tally[at], o, x->run.mem) ? ST_OK : no_memory(&x->run);
    }
    if (!x->writer[at]) x->writer[at] = object_writer_new(x->d, o, &x->run, &x->tally[at], &x->files);
    return x->writer[at] ? finish_object(x, at) : ST_FATAL;
}

/* What is not written yet, of the objects that are wanted. */
static status write_objects(delivery *x, const bool *wanted)
{
    status s = ST_OK;
    for (size_t i = 0; s == ST_OK && i < x->d->objects; i++) {
        if (wanted && !wanted[i]) continue;
        bool before = x->written[i];
        size_t files = x->files.n;
        if (!before) s = write_object(x, i);
        if (s == ST_OK && (before || x->files.n > files)) s = add_to_book(x, i);
    }
    return s;
}

bool delivery_lines(delivery *x)
{
    for (size_t i = 0; i < x->d->objects; i++) {
        const object_template *o = x->object[i];
        bool opens = !x->written[i] && !x->writer[i] && work_has(x->run.work, sv_from(o->entity->name));
        if (opens && object_writer_line(o, &x->run) == SIZE_MAX) return no_memory(&x->run) == ST_OK;
    }
    if (x->run.customs && custom_tally_line(x->run.customs) == SIZE_MAX) return no_memory(&x->run) == ST_OK;
    return true;
}

static size_t index_of(const destination *d, const object_template *o)
{
    size_t i = 0;
    while (i < d->objects && d->object[i] != o) i++;
    return i;
}

/* What charts' records come after: written before the first of them, for their links. Objects stand in the order of
 * loading, so one pass from the end reaches all. */
static status write_before_charts(delivery *x)
{
    bool *wanted = arena_array(x->run.mem, x->d->objects + 1, sizeof *wanted);
    if (!wanted) return no_memory(&x->run);
    for (size_t i = x->d->objects; i-- > 0;) {
        const object_template *o = x->d->object[i];
        if (!wanted[i] && !o->charted) continue;
        for (size_t k = 0; k < o->afters; k++) {
            size_t at = index_of(x->d, o->after[k]);
            wanted[at] |= at < x->d->objects && !o->after[k]->charted;
        }
    }
    if (sqlite3_exec(x->run.work, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
        return work_failed(x->run.work, x->run.found, "opening the work file");
    status s = write_objects(x, wanted);
    /* Nothing is taken back, there is no journal: the run is over, and its work file with it. */
    if (s != ST_OK) return s;
    bool ended = sqlite3_exec(x->run.work, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
    return ended ? ST_OK : work_failed(x->run.work, x->run.found, "writing the work file");
}

/* The limits again, with the fields that the practice's own values become. */
static status check_limits(const delivery *x)
{
    destination d = *x->d;
    d.object = x->object;
    sv wrong = destination_breaks(&d, x->run.mem);
    if (!wrong.p) return ST_OK;
    finding f = FINDING_OF(F_DEL_LIMIT_BROKEN);
    f.path = x->d->id;
    f.a = wrong;
    f.b = SV_LIT("another --edition, or no family of custom values in the template");
    find_add(x->run.found, &f);
    return ST_FATAL;
}

static status resolve_objects(delivery *x)
{
    size_t n = x->d->objects + 1;
    x->object = arena_array(x->run.mem, n, sizeof(object_template *));
    x->tally = arena_array(x->run.mem, n, sizeof *x->tally);
    x->written = arena_array(x->run.mem, n, sizeof *x->written);
    x->writer = arena_array(x->run.mem, n, sizeof(object_writer *));
    if (!x->object || !x->tally || !x->written || !x->writer) return no_memory(&x->run);
    for (size_t i = 0; i < x->d->objects; i++) {
        x->object[i] = custom_fields_of(x->d, x->d->object[i], &x->run);
        if (!x->object[i]) return ST_FATAL;
        if (!child_select_prepare(x->object[i], &x->run))
            return work_failed(x->run.work, x->run.found, "preparing an object of the bundle");
        if (!row_select_prepare(x->object[i], &x->run))
            return work_failed(x->run.work, x->run.found, "preparing the practice's own values");
    }
    return check_limits(x);
}

static status begin_latest(delivery *x)
{
    bool wanted = false;
    for (size_t i = 0; i < x->d->objects; i++) wanted |= x->object[i]->latest_exam;
    if (wanted) x->latest = latest_chart_begin(&x->run);
    return wanted && !x->latest ? ST_FATAL : ST_OK;
}

delivery *delivery_begin(const destination *d, const deliver_run *run)
{
    delivery *x = calloc(1, sizeof *x);
    if (!x) {
        (void)no_memory(run);
        return NULL;
    }
    x->d = d;
    x->run = *run;
    x->run.merges = NULL;
    x->run.customs = NULL;
    status s = resolve_objects(x);
    if (s == ST_OK) s = custom_tally_begin(d, x->object, &x->run, &x->run.customs);
    if (s == ST_OK) s = merge_watch_begin(d, &x->run, &x->run.merges);
    if (s == ST_OK) s = begin_latest(x);
    if (s == ST_OK && !run->dry) s = make_folder(d, run);
    if (s == ST_OK && run->chart_table.n && takes_charts(x)) {
        s = write_before_charts(x);
        if (s == ST_OK) x->charts = chart_delivery_begin(d, x->object, &x->run, x->writer, x->tally, &x->files);
        if (!x->charts) s = ST_FATAL;
    }
    if (s == ST_OK) return x;
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
    status s = x->latest ? latest_chart_finish(x->latest) : ST_OK;
    if (s == ST_OK) s = write_objects(x, NULL);
    latest_chart_free(x->latest);
    x->latest = NULL;
    if (s == ST_OK) s = custom_tally_finish(x->run.customs);
    if (s == ST_OK && x->book) bundle_book_complete(x->book);
    if (s == ST_OK && x->exams && !x->charts) say_charts_absent(x);
    if (s == ST_OK) say_zone(x);
    if (s == ST_OK) s = sort_files(x);
    if (s == ST_OK) s = merge_watch_finish(x->run.merges, &x->files);
    return s == ST_OK ? write_packages(x) : s;
}

status delivery_clear(delivery *x)
{
    chart_delivery_free(x->charts);
    x->charts = NULL;
    merge_watch_free(x->run.merges);
    x->run.merges = NULL;
    bool dropped = custom_tally_free(x->run.customs);
    x->run.customs = NULL;
    return dropped ? drop_tables(x->d, &x->run) : work_failed(x->run.work, x->run.found, "clearing the work file");
}

const deliver_facts *delivery_facts(const delivery *x) { return x->facts; }

bool delivery_promises(const delivery *x, const promised_file **out, size_t *n)
{
    if (promises_of(x->d, x->object, x->run.mem, out, n)) return true;
    (void)no_memory(&x->run);
    return false;
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
    for (size_t i = 0; x->writer && x->d && i < x->d->objects; i++) object_writer_free(x->writer[i]);
    bundle_book_free(x->book);
    chart_delivery_free(x->charts);
    latest_chart_free(x->latest);
    merge_watch_free(x->run.merges);
    (void)custom_tally_free(x->run.customs);
    free(x);
}
