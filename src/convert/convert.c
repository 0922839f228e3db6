/* A conversion from end to end. Each step says how the run ends when it cannot go on; the unfinished folder is
 * removed in one place. */
#include "convert/convert.h"
#include "base/platform.h"
#include "base/zone.h"
#include "convert/choice.h"
#include "convert/manifest.h"
#include "convert/ownership.h"
#include "convert/quality_lists.h"
#include "convert/run_folder.h"
#include "convert/source_work.h"
#include "decide/merges.h"
#include "deliver/chart_rows.h"
#include "deliver/load_state.h"
#include "deliver/rejects.h"
#include "deliver/scope.h"
#include "documents/chart_files.h"
#include "documents/documents.h"
#include "guide/guide.h"
#include "guide/inventory.h"
#include "guide/load_sheet.h"
#include "model/model.h"
#include "report/report.h"
#include "schema/emitters.h"
#include <stdlib.h>

enum { MANIFEST_TEXT_MAX = 64 << 20 };

typedef struct run {
    row_source *source;
    const convert_options *o;
    findings *found;
    convert_result *result;
    arena *mem;
    const catalog *tables;
    choice choice;
    run_folder *folder; /* NULL: dry without an output folder */
    rejects *out;
    quality_lists *quality;
    scope_options scope_options;
    record_scope *scope;
    const merges *merges; /* NULL: nothing was decided */
    size_t patients;      /* their line in the ledger, once they are merged */
    const ownership *ownership;
    load_state **state;  /* of each destination; NULL: none is kept, as of the model as it is */
    hash_key state_key;  /* once begun */
    delivery **delivery; /* of each destination, once begun */
    documents *documents;
    chart_files *drawn;
    size_t *files_of; /* of each destination: its place in documents; SIZE_MAX: takes no files */
    chart_totals charts;
    source_work work;
    bool list_failed; /* a reject could not be listed */
    status content;   /* of the last document */
    report_input facts;
} run;

static void stage(const run *r, const char *what)
{
    if (r->o->progress) r->o->progress(r->o->ctx, what, 0, 0);
}

static bool stopped(const run *r) { return r->o->cancelled && r->o->cancelled(r->o->ctx); }

static convert_end no_memory(run *r)
{
    find_code(r->found, F_OUT_OF_MEMORY, "converting");
    return CONVERT_FAILED;
}

/* What ended a step that only says ST_FATAL: an interrupt, which also breaks off the statement that is running, or what the
 * findings tell that it added. */
static convert_end why_fatal(const run *r)
{
    static const finding_code output[] = {F_OUT_CREATE_FAILED, F_OUT_WRITE_FAILED, F_OUT_RENAME_FAILED,
                                          F_DEL_WORK_FAILED};
    if (stopped(r)) return CONVERT_CANCELLED;
    if (findings_count(r->found, F_DEL_LIMIT_BROKEN) || findings_count(r->found, F_DEC_OWNER_MISSING))
        return CONVERT_WRONG_FILES;
    for (size_t i = 0; i < sizeof output / sizeof output[0]; i++)
        if (findings_count(r->found, output[i])) return CONVERT_NO_OUTPUT;
    return findings_count(r->found, F_OUT_OF_MEMORY) ? CONVERT_FAILED : CONVERT_NO_SOURCE;
}

/* ---- staging ---- */

enum { LISTED_COLUMNS_MAX = 160 }; /* more than any entity has */

/* A row left out: where it came from, then its own columns. */
static status list_row(run *r, const profile_reject *x, sv entity, sv id, sv reason)
{
    sv column[LISTED_COLUMNS_MAX] = {SV_LIT("src_table")}, cell[LISTED_COLUMNS_MAX] = {x->src_table};
    size_t n = 1;
    for (size_t i = 0; i < x->columns && n < LISTED_COLUMNS_MAX; i++) {
        if (sv_eq(x->column[i], column[0]) || sv_eq(x->column[i], SV_LIT("source_key"))) continue;
        column[n] = x->column[i];
        cell[n++] = x->original[i];
    }
    return rejects_row(r->out, entity, column, cell, n, id, reason);
}

/* What profile_stage leaves out or holds back, into the lists. */
static void list_reject(void *ctx, const profile_reject *x)
{
    run *r = ctx;
    finding_code code = finding_by_id(sv_from(x->code));
    sv entity = sv_from(x->entity->name), id = sv_from(x->code);
    sv reason = code < FINDING_CODES ? sv_from(finding_text_of(code)->title) : id;
    status s;
    if (x->held_back) {
        s = rejects_value(r->out, entity, x->src_table, x->src_key, x->field, x->value, id, reason);
    } else {
        s = list_row(r, x, entity, id, reason);
    }
    if (s == ST_OK) s = quality_reject(r->quality, x);
    if (s != ST_OK) r->list_failed = true;
}

static void take_tally(void *ctx, const profile_tally *x)
{
    run *r = ctx;
    if (quality_tally(r->quality, x) != ST_OK) r->list_failed = true;
}

static void take_left(void *ctx, const profile_left *x)
{
    run *r = ctx;
    const quality_left left = {.table = x->table,
                               .column = x->column,
                               .rows = x->rows,
                               .filled = x->filled,
                               .carried = x->why == NULL,
                               .why = x->why ? sv_from(x->why) : (sv){NULL, 0}};
    if (quality_add_left(r->quality, &left) != ST_OK) r->list_failed = true;
}

static convert_end open_dbs(run *r)
{
    const source_work_options w = {.folder = r->folder ? run_folder_partial(r->folder) : NULL,
                                   .counts = r->result->counts,
                                   .cancelled = r->o->cancelled,
                                   .ctx = r->o->ctx};
    return source_work_open(r->source, &w, r->found, &r->work) == ST_OK ? CONVERT_DONE : why_fatal(r);
}

/* True, and a finding, when it was the work file that failed, not the source. What the statement's error was is
 * gone: whether what is not written yet can be, and the file can grow, is tried. There is no journal to take back by. */
static bool work_file_failed(const run *r)
{
    static const char growth[] =
        "CREATE TABLE main.probe (x); INSERT INTO main.probe VALUES (zeroblob(262144)); DROP TABLE main.probe";
    sqlite3 *db = sql_handle(r->work.work);
    bool written = sqlite3_get_autocommit(db) || sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
    if (written && sqlite3_exec(db, growth, NULL, NULL, NULL) == SQLITE_OK) return false;
    finding x = FINDING_OF(F_DEL_WORK_FAILED);
    x.a = SV_LIT("staging the records");
    x.b = sv_from(sqlite3_errmsg(db));
    find_add(r->found, &x);
    return true;
}

static profile_run stage_run(run *r)
{
    return (profile_run){.db = r->work.db,
                         .work = sql_handle(r->work.work),
                         .today = source_day(&r->facts.source),
                         .counts = r->result->counts,
                         .found = r->found,
                         .wrong = &r->result->wrong,
                         .reject = list_reject,
                         .tally = take_tally,
                         .left = take_left,
                         .ctx = r};
}

static convert_end stage_entities(run *r)
{
    stage(r, "reading");
    const profile_run p = stage_run(r);
    status s = profile_stage(r->choice.profile, &p);
    if (s != ST_OK && !stopped(r) && work_file_failed(r)) return CONVERT_NO_OUTPUT;
    if (r->result->wrong.n) return CONVERT_WRONG_FILES;
    if (stopped(r)) return CONVERT_CANCELLED;
    if (s == ST_OK && r->list_failed) s = ST_FATAL;
    return s == ST_OK ? CONVERT_DONE : why_fatal(r);
}

/* ---- quality ---- */

/* Adds files that stay in the practice to those that the report names. */
static bool keep_lists(run *r, const rejects_file *file, size_t n)
{
    report_file *all = arena_array(r->mem, r->facts.lefts + n + 1, sizeof *all);
    if (!all) return false;
    if (r->facts.lefts) memcpy(all, r->facts.left, r->facts.lefts * sizeof *all);
    for (size_t i = 0; i < n; i++)
        all[r->facts.lefts + i] = (report_file){
            .path = file[i].path, .rows = file[i].rows, .bytes = file[i].bytes, .sha256 = sv_from(file[i].sha256)};
    r->facts.left = all;
    r->facts.lefts += n;
    return true;
}

static bool was_read(const ledger *counts, sv table)
{
    for (size_t i = 0; i < ledger_lines(counts); i++) {
        const ledger_line *l = ledger_at(counts, i);
        if (l->level == LEDGER_TABLE && sv_eq(l->name, table)) return l->count[COUNT_READ] > 0;
    }
    return false;
}

/* Tables with rows that no SELECT of the profile reads. */
static bool list_unread(run *r)
{
    report_table *all = arena_array(r->mem, r->tables->tables + 1, sizeof *all);
    if (!all) return false;
    for (size_t i = 0; i < r->tables->tables; i++) {
        const table_info *t = &r->tables->table[i];
        if (t->rows_expected == 0 || was_read(r->result->counts, t->full_name)) continue;
        const quality_left left = {.table = t->full_name, .rows = t->rows_expected, .filled = -1};
        all[r->facts.unreads++] = (report_table){t->full_name, t->rows_expected};
        if (quality_add_left(r->quality, &left) != ST_OK) return false;
    }
    r->facts.unread = all;
    return true;
}

static convert_end count_quality(run *r)
{
    const rejects_file *file = NULL;
    size_t n = 0;
    stage(r, "counting");
    if (!list_unread(r)) return no_memory(r);
    status s = quality_lists_finish(r->quality, sql_handle(r->work.work), &file, &n);
    if (stopped(r)) return CONVERT_CANCELLED;
    if (s != ST_OK) return why_fatal(r);
    r->facts.quality = quality_lists_facts(r->quality);
    return keep_lists(r, file, n) ? CONVERT_DONE : no_memory(r);
}

/* ---- destinations ---- */

/* The files of its records, then its documents. */
static bool keep_files(run *r, size_t at, report_destination *to, const delivered_file *file, size_t n)
{
    size_t m = 0;
    const document_file *document = documents_files(r->documents, r->files_of[at], &m);
    report_file *all = arena_array(r->mem, n + m + 1, sizeof *all);
    if (!all) return false;
    for (size_t i = 0; i < n; i++)
        all[i] = (report_file){file[i].path, file[i].object, file[i].rows, file[i].bytes, sv_from(file[i].sha256)};
    for (size_t i = 0; i < m; i++)
        all[n + i] = (report_file){document[i].path, document[i].object, document[i].rows, document[i].bytes,
                                   sv_from(document[i].sha256)};
    to->file = all;
    to->files = n + m;
    return true;
}

/* ---- what the practice has decided ---- */

static status list_differing(void *ctx, sv src_table, sv src_key, const model_field *f, sv other)
{
    run *r = ctx;
    const finding_text *text = finding_text_of(F_DEC_MERGED_VALUE);
    finding x = FINDING_OF(F_DEC_MERGED_VALUE);
    x.table = SV_LIT("patient");
    x.column = sv_from(f->name);
    find_add(r->found, &x);
    ledger_add(r->result->counts, r->patients, COUNT_HELD_BACK, 1);
    return rejects_value(r->out, SV_LIT("patient"), src_table, src_key, sv_from(f->name), other, sv_from(text->id),
                         sv_from(text->title));
}

static convert_end merge_patients(run *r)
{
    const merge_sink sink = {list_differing, r};
    if (!r->merges) return CONVERT_DONE;
    r->patients = ledger_line_of(r->result->counts, LEDGER_ENTITY, SV_LIT("patient"), (sv){NULL, 0});
    if (r->patients == SIZE_MAX) return no_memory(r);
    return merges_apply(r->merges, sql_handle(r->work.work), &sink, r->found) == ST_OK ? CONVERT_DONE : why_fatal(r);
}

/* run: of each destination. */
static convert_end own_records(run *r, deliver_run *x)
{
    rejects_file *file = arena_alloc(r->mem, sizeof *file); /* what is kept of it points into it */
    if (!file) return no_memory(r);
    for (size_t i = 0; i < r->choice.destinations; i++) {
        x[i].owner_table = ownership_apply(r->ownership, i, sql_handle(r->work.work));
        if (!x[i].owner_table.p) return why_fatal(r);
    }
    status s = ownership_check(r->ownership, x, r->o->dry ? NULL : run_folder_partial(r->folder), file);
    if (s == ST_END || stopped(r)) return CONVERT_CANCELLED;
    if (s != ST_OK) return why_fatal(r);
    return !file->path.n || keep_lists(r, file, 1) ? CONVERT_DONE : no_memory(r);
}

/* What is loaded: compared with, and told to the next run. */
static convert_end begin_states(run *r, deliver_run *x)
{
    const char *folder = r->folder && !r->o->dry ? run_folder_partial(r->folder) : NULL;
    r->state = arena_array(r->mem, r->choice.destinations + 1, sizeof(load_state *));
    if (!r->state) return no_memory(r);
    if (!r->o->since && !state_key_make(sql_handle(r->work.work), &r->state_key, r->found)) return why_fatal(r);
    for (size_t i = 0; i < r->choice.destinations; i++) {
        const destination *d = r->choice.destination[i];
        if (destination_is_model(d)) continue;
        r->state[i] = load_state_new(folder, destination_id(d), &r->state_key, r->o->since, r->mem, r->found);
        if (!r->state[i]) return no_memory(r);
        x[i].state = r->state[i];
    }
    return CONVERT_DONE;
}

static convert_end begin_each(run *r, const deliver_run *all)
{
    size_t n = r->choice.destinations;
    deliver_run *x = arena_array(r->mem, n + 1, sizeof *x);
    r->delivery = arena_array(r->mem, n + 1, sizeof(delivery *));
    if (!x || !r->delivery) return no_memory(r);
    for (size_t i = 0; i < n; i++) x[i] = *all;
    convert_end end = own_records(r, x);
    if (end == CONVERT_DONE) end = begin_states(r, x);
    for (size_t i = 0; end == CONVERT_DONE && i < n; i++) {
        r->delivery[i] = delivery_begin(r->choice.destination[i], &x[i]);
        if (!r->delivery[i]) end = why_fatal(r);
    }
    return end;
}

static convert_end begin_deliveries(run *r)
{
    deliver_run x = {.work = sql_handle(r->work.work),
                     .folder = r->folder ? run_folder_partial(r->folder) : NULL,
                     .counts = r->result->counts,
                     .found = r->found,
                     .out = r->out,
                     .dry = r->o->dry,
                     .system = profile_system(r->choice.profile),
                     .chart_table = profile_chart_table(r->choice.profile, r->tables),
                     .mem = r->mem,
                     .cancelled = r->o->cancelled,
                     .ctx = r->o->ctx};
    sv clocks = profile_option_text(r->choice.profile, "time_zone");
    x.zone = clocks.n ? zone_named(clocks) : NULL;
    static const emitter *const always[] = {&import_steps, &field_inventory, &load_sheet};
    x.emitter = schema_emitters(&x.emitters);
    x.always = always;
    x.always_n = sizeof always / sizeof always[0];
    bool with_national_id = sv_eq(profile_option_text(r->choice.profile, "national_id"), SV_LIT("yes"));
    if (quality_lists_links(r->quality, sql_handle(r->work.work), r->merges, with_national_id) != ST_OK)
        return why_fatal(r);
    convert_end end = merge_patients(r);
    if (end != CONVERT_DONE) return end;
    x.merged_patients = merges_count(sql_handle(r->work.work), model_entity_named(SV_LIT("patient")));
    if (x.merged_patients == UINT64_MAX) return why_fatal(r);
    bool trial = false;
    for (size_t i = 0; i < r->choice.destinations; i++) trial |= !destination_is_model(r->choice.destination[i]);
    if (!trial) r->scope_options.trial_patients = 0;
    r->scope = scope_new(sql_handle(r->work.work), &r->scope_options, r->found);
    if (!r->scope) return why_fatal(r);
    x.scope = r->scope;
    return begin_each(r, &x);
}

/* Before the charts are folded: drawn ones are among the files. */
static convert_end begin_documents(run *r)
{
    const documents_run x = {.work = sql_handle(r->work.work),
                             .source = r->source,
                             .folder = r->o->dry ? NULL : run_folder_partial(r->folder),
                             .files_folder = r->o->files,
                             .system = profile_system(r->choice.profile),
                             .counts = r->result->counts,
                             .found = r->found,
                             .out = r->out,
                             .scope = r->scope,
                             .mem = r->mem,
                             .cancelled = r->o->cancelled,
                             .ctx = r->o->ctx};
    size_t n = 0;
    r->files_of = arena_array(r->mem, r->choice.destinations + 1, sizeof *r->files_of);
    r->documents = documents_new(&x);
    if (!r->files_of || !r->documents) return no_memory(r);
    const deliver_run drawing = {.work = x.work, .found = r->found, .scope = r->scope};
    r->drawn = chart_files_new(r->documents, &drawing);
    if (!r->drawn) return why_fatal(r);
    for (size_t i = 0; i < r->choice.destinations; i++) {
        const destination *d = r->choice.destination[i];
        const file_rules *rules = destination_files(d);
        r->files_of[i] = rules ? n++ : SIZE_MAX;
        if (!rules) continue;
        if (!documents_add(r->documents, destination_id(d), rules, destination_draws_charts(d), r->state[i]) ||
            !chart_files_add(r->drawn, d))
            return why_fatal(r);
    }
    return CONVERT_DONE;
}

/* ---- charts ---- */

static bool take_chart(void *ctx, const exam_chart *x)
{
    run *r = ctx;
    chart_count(&r->charts, x);
    if (quality_chart(r->quality, x) != ST_OK) r->list_failed = true;
    for (size_t i = 0; i < r->choice.destinations; i++)
        if (delivery_chart(r->delivery[i], x) != ST_OK) r->list_failed = true;
    if (chart_files_take(r->drawn, x) != ST_OK) r->list_failed = true;
    return !r->list_failed;
}

static void list_chart_reject(void *ctx, const chart_reject *x)
{
    run *r = ctx;
    if (quality_chart_reject(r->quality, x) != ST_OK) r->list_failed = true;
    for (size_t i = 0; x->whole_exam && i < r->choice.destinations; i++)
        if (delivery_exam_lost(r->delivery[i], x->exam) != ST_OK) r->list_failed = true;
    if (x->whole_exam && chart_files_lost(r->drawn, x->exam) != ST_OK) r->list_failed = true;
}

static void take_exam(void *ctx, sv exam)
{
    run *r = ctx;
    for (size_t i = 0; i < r->choice.destinations; i++)
        if (delivery_exam(r->delivery[i], exam) != ST_OK) r->list_failed = true;
    if (chart_files_exam(r->drawn, exam) != ST_OK) r->list_failed = true;
}

static bool charts_stopped(void *ctx) { return stopped(ctx); }

static convert_end fold_charts(run *r)
{
    const profile_run p = stage_run(r);
    const profile_chart_sink sink = {.take = take_chart,
                                     .exam = take_exam,
                                     .reject = list_chart_reject,
                                     .cancelled = charts_stopped,
                                     .threads = os_cpus(),
                                     .ctx = r};
    status s = profile_charts(r->choice.profile, &p, &sink);
    if (r->result->wrong.n) return CONVERT_WRONG_FILES;
    if (stopped(r)) return CONVERT_CANCELLED;
    return s == ST_OK && !r->list_failed ? CONVERT_DONE : why_fatal(r);
}

static convert_end after(const run *r, status s)
{
    if (s == ST_END || stopped(r)) return CONVERT_CANCELLED;
    return s == ST_OK ? CONVERT_DONE : why_fatal(r);
}

/* ---- documents ---- */

static bool take_content(void *ctx, const profile_content *c)
{
    run *r = ctx;
    r->content = documents_take(r->documents, c->entity, c->src_key, &c->place);
    return r->content == ST_OK;
}

/* Before the records are written: what a document is, is told by its content. */
static convert_end stream_documents(run *r)
{
    const profile_run p = stage_run(r);
    stage(r, "documents");
    chart_files_free(r->drawn);
    r->drawn = NULL;
    status s = profile_contents(r->choice.profile, &p, take_content, r);
    if (s != ST_FATAL && r->content == ST_OK) s = documents_finish(r->documents);
    if (r->content != ST_OK) s = r->content;
    return after(r, s);
}

static convert_end write_all(run *r)
{
    stage(r, "writing");
    for (size_t i = 0; i < r->choice.destinations; i++) {
        convert_end end = after(r, delivery_finish(r->delivery[i]));
        if (end != CONVERT_DONE) return end;
    }
    return CONVERT_DONE;
}

static convert_end wait_for_all(run *r)
{
    report_destination *all = arena_array(r->mem, r->choice.destinations + 1, sizeof *all);
    if (!all) return no_memory(r);
    r->facts.destination = all;
    r->facts.destinations = r->choice.destinations;
    for (size_t i = 0; i < r->choice.destinations; i++) {
        const destination *d = r->choice.destination[i];
        const delivered_file *file = NULL;
        size_t n = 0;
        all[i] = (report_destination){.id = destination_id(d), .title = destination_title(d)};
        all[i].sha256 = sv_from(r->choice.destination_hash[i]);
        destination_file_limits(d, &all[i].rows_per_file, &all[i].bytes_per_file);
        convert_end end = after(r, delivery_files(r->delivery[i], &file, &n));
        if (end != CONVERT_DONE) return end;
        if (!delivery_promises(r->delivery[i], &all[i].promise, &all[i].promises)) return why_fatal(r);
        if (!keep_files(r, i, &all[i], file, n)) return no_memory(r);
    }
    return CONVERT_DONE;
}

/* ---- closing ---- */

static bool keep_states(run *r)
{
    bool any = false, ok = true;
    for (size_t i = 0; ok && i < r->choice.destinations; i++) {
        size_t n = 0;
        const rejects_file *file = r->state[i] ? load_state_files(r->state[i], &n) : NULL;
        any |= n > 0;
        ok = !n || keep_lists(r, file, n);
    }
    rejects_file *key = any && ok ? arena_alloc(r->mem, sizeof *key) : NULL;
    if (!any || !key) return ok && !any;
    return state_key_write(run_folder_partial(r->folder), &r->state_key, key, r->found) && keep_lists(r, key, 1);
}

static convert_end close_lists(run *r)
{
    const rejects_file *file = NULL;
    size_t n = 0;
    if (!keep_states(r)) return why_fatal(r);
    if (rejects_finish(r->out, &file, &n) != ST_OK) return why_fatal(r);
    if (!keep_lists(r, file, n)) return no_memory(r);
    r->result->rejected = rejects_rows(r->out);
    return CONVERT_DONE;
}

static void count_values_and_unreadable(run *r)
{
    const ledger *l = r->result->counts;
    for (size_t i = 0; i < ledger_lines(l); i++) {
        const ledger_line *x = ledger_at(l, i);
        if (x->level == LEDGER_TABLE) r->result->unreadable += x->count[COUNT_UNREADABLE];
        r->result->held_back += x->count[COUNT_HELD_BACK];
        r->result->changed += x->count[COUNT_CHANGED];
    }
}

/* The report first, so that the manifest can tell of it; the manifest last, then the name. */
static convert_end write_closing(run *r)
{
    const char *partial = run_folder_partial(r->folder);
    manifest_file *file = NULL;
    size_t n = 0;
    /* Before the report says that the counts were confirmed, and again with the report among the files. */
    if (!manifest_files(partial, &r->facts, r->mem, &file, &n, r->found)) return CONVERT_NO_OUTPUT;
    if (!manifest_balanced(&r->facts, file, n, r->found)) return CONVERT_UNBALANCED;
    if (report_write(&r->facts, partial) != ST_OK) return why_fatal(r);
    if (!manifest_files(partial, &r->facts, r->mem, &file, &n, r->found)) return CONVERT_NO_OUTPUT;
    buf text = buf_new(MANIFEST_TEXT_MAX);
    bool ok = manifest_text(&r->facts, file, n, &text);
    convert_end end = ok ? CONVERT_DONE : no_memory(r);
    if (ok && stopped(r)) end = CONVERT_CANCELLED;
    if (end == CONVERT_DONE && !run_folder_finish(r->folder, buf_view(&text), r->mem, &r->result->run_folder))
        end = CONVERT_NO_OUTPUT;
    buf_free(&text);
    return end;
}

/* Records that an entity came to: those that were staged, and those that charts are made of, where the entity's own line
 * counts rows of a table, several of which may make one tooth. */
static uint64_t records_of(const run *r, const ledger_line *entity)
{
    const model_entity *e = model_entity_named(entity->name);
    chart_record what = e ? chart_record_of(e) : CHART_RECORDS;
    uint64_t staged = what == CHART_TOOTH || what == CHART_SITE ? 0 : entity->count[COUNT_MAPPED];
    return staged + (what == CHART_RECORDS ? 0 : r->charts.record[what]);
}

/* Every record that was staged came to every object that is made of its entity. */
static bool chained(const run *r)
{
    const ledger *l = r->result->counts;
    bool ok = true;
    for (size_t i = 0; i < ledger_lines(l); i++) {
        const ledger_line *entity = ledger_at(l, i);
        for (size_t k = 0; entity->level == LEDGER_ENTITY && k < ledger_lines(l); k++) {
            const ledger_line *object = ledger_at(l, k);
            if (object->level != LEDGER_OBJECT || !sv_eq(object->from, entity->name)) continue;
            ok = manifest_same(object->name, records_of(r, entity), object->count[COUNT_MAPPED], r->found) && ok;
        }
    }
    return ok;
}

static convert_end close_run(run *r)
{
    convert_end end = close_lists(r);
    if (end != CONVERT_DONE) return end;
    scope_free(r->scope);
    r->scope = NULL;
    /* The work file lies in the run folder: gone before the folder is looked at. */
    source_work_close(&r->work);
    count_values_and_unreadable(r);
    bool balanced = ledger_balanced(r->result->counts, r->found);
    if (!chained(r) || !balanced) return CONVERT_UNBALANCED;
    return r->o->dry ? CONVERT_DONE : write_closing(r);
}

/* ---- the whole ---- */

static convert_end open_folder(run *r)
{
    const report_source *s = &r->facts.source;
    if (r->o->out) {
        sv name = run_folder_safe_name(s->database, s->finished, r->mem);
        if (!name.p) return no_memory(r);
        r->folder = run_folder_new(r->o->out, name, r->found);
        if (!r->folder) return CONVERT_NO_OUTPUT;
        r->facts.run = run_folder_name(r->folder);
    }
    r->out = rejects_new(r->folder && !r->o->dry ? run_folder_partial(r->folder) : NULL, r->found);
    if (!r->out) return no_memory(r);
    r->quality = quality_lists_new(r->folder && !r->o->dry ? run_folder_partial(r->folder) : NULL, r->found);
    return r->quality ? CONVERT_DONE : why_fatal(r);
}

static convert_end all_steps(run *r)
{
    convert_end (*const step[])(run *) = {open_folder,     open_dbs,     stage_entities,   begin_deliveries,
                                          begin_documents, fold_charts,  stream_documents, count_quality,
                                          write_all,       wait_for_all, close_run};
    for (size_t i = 0; i < sizeof step / sizeof step[0]; i++) {
        if (stopped(r)) return CONVERT_CANCELLED;
        convert_end end = step[i](r);
        if (end != CONVERT_DONE) return end;
    }
    return CONVERT_DONE;
}

enum { TRIAL_PATIENTS = 20 };

static bool read_scope(run *r)
{
    r->scope_options.trial_patients = TRIAL_PATIENTS;
    for (size_t i = 0; i < r->o->onlys; i++) {
        const char *why = scope_option(sv_from(r->o->only[i]), &r->scope_options, r->mem);
        if (why) problem_add(&r->result->wrong, SV_LIT("--only"), 0, 0, "\"%s\": %s", r->o->only[i], why);
    }
    return r->result->wrong.n == 0;
}

/* Before the source is read: who gives a wrong list hears of it at once. */
static bool read_decisions(run *r)
{
    const choice *c = &r->choice;
    if (r->o->since && !state_key_read(r->o->since, &r->state_key, r->found)) return false;
    if (r->o->decisions) r->merges = merges_read(r->o->decisions, r->mem, r->found);
    r->ownership = ownership_read(r->o, c->destination, c->destinations, r->mem, r->found);
    return r->ownership && (r->merges || !r->o->decisions);
}

static convert_end prepare(run *r)
{
    if (!read_scope(r)) return CONVERT_WRONG_FILES;
    convert_end end = choice_read(&r->choice, r->o, r->mem, &r->result->wrong, r->found);
    if (end != CONVERT_DONE) return end;
    if (r->source->ops->catalog(r->source, &r->tables) != ST_OK) return CONVERT_NO_SOURCE;
    end = choice_profile(&r->choice, r->tables, r->mem, r->found);
    if (end == CONVERT_DONE) end = choice_destinations(&r->choice, r->o, r->mem, &r->result->wrong, r->found);
    if (end != CONVERT_DONE) return end;
    if (!choice_options(&r->choice, r->o, r->mem, &r->result->wrong)) return CONVERT_WRONG_FILES;
    if (!read_decisions(r)) return findings_count(r->found, F_OUT_OF_MEMORY) ? CONVERT_FAILED : CONVERT_WRONG_FILES;
    const choice *c = &r->choice;
    r->result->profile_id = profile_id(c->profile);
    r->result->profile_title = profile_title(c->profile);
    r->result->profile_score = c->score;
    r->facts.version = SV_LIT(CHARTFERRY_VERSION);
    r->facts.source = source_facts(r->source->ops->info(r->source));
    r->facts.profile = (report_profile){profile_id(c->profile), profile_title(c->profile), c->score, c->missing,
                                        sv_from(c->profile_hash)};
    r->facts.counts = r->result->counts;
    r->facts.found = r->found;
    return CONVERT_DONE;
}

static void clean_up(run *r, convert_end end)
{
    for (size_t i = 0; r->delivery && i < r->choice.destinations; i++) delivery_free(r->delivery[i]);
    scope_free(r->scope);
    chart_files_free(r->drawn);
    documents_free(r->documents);
    source_work_close(&r->work);
    rejects_free(r->out);
    quality_lists_free(r->quality);
    bool keep = end == CONVERT_DONE && !r->o->dry;
    /* Everything is in the folder and only its name could not be given: the finding says so, and it stays. */
    keep |= findings_count(r->found, F_OUT_RENAME_FAILED) > 0;
    if (r->folder && !keep) r->result->partial_left = !run_folder_discard(r->folder);
    if (end != CONVERT_DONE) r->result->run_folder = (sv){NULL, 0};
    run_folder_free(r->folder);
}

convert_end convert_run(row_source *s, const convert_options *o, findings *f, convert_result *out)
{
    *out = (convert_result){.mem = arena_new(0), .counts = ledger_new()};
    run r = {.source = s, .o = o, .found = f, .result = out, .mem = out->mem};
    out->wrong.mem = out->mem;
    if (!out->mem || !out->counts) return no_memory(&r);
    convert_end end = prepare(&r);
    if (end == CONVERT_DONE) end = all_steps(&r);
    clean_up(&r, end);
    problems_sort(&out->wrong);
    return end;
}

void convert_result_free(convert_result *r)
{
    ledger_free(r->counts);
    arena_free(r->mem);
    *r = (convert_result){0};
}
