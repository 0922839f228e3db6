/* The destinations of a run: begun after staging with what the practice has decided, written after the charts. */
#include "base/zone.h"
#include "convert/run.h"
#include "convert/source_audit.h"
#include "guide/guide.h"
#include "guide/inventory.h"
#include "guide/load_sheet.h"
#include "model/work_file.h"
#include "schema/emitters.h"

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

static status list_differing(void *ctx, sv src_table, sv src_key, const model_field *f, sv other)
{
    run *r = ctx;
    const finding_text *text = finding_text_of(F_DEC_MERGED_VALUE);
    finding x = FINDING_OF(F_DEC_MERGED_VALUE);
    x.table = SV_LIT("patient");
    x.column = sv_from(f->name);
    find_add(r->found, &x);
    ledger_add(r->result->counts, r->patients, COUNT_HELD_BACK, 1);
    const profile_reject told = {.entity = model_entity_named(SV_LIT("patient")),
                                 .src_table = src_table,
                                 .src_key = src_key,
                                 .code = text->id,
                                 .field = sv_from(f->name),
                                 .held_back = true};
    if (source_audit_reject(r->audit, &told) != ST_OK) return ST_FATAL;
    return rejects_value(r->out, SV_LIT("patient"), src_table, src_key, sv_from(f->name), other, sv_from(text->id),
                         sv_from(text->title));
}

typedef struct merged_list {
    arena *mem;
    merged_record *item;
    size_t n, room;
} merged_list;

static bool take_merged(void *ctx, sv src_table, sv src_key, sv source_key, sv into)
{
    merged_list *l = ctx;
    if (l->n == l->room) {
        size_t room = l->room ? 2 * l->room : 64;
        merged_record *item = arena_array(l->mem, room, sizeof *item);
        if (!item) return false;
        if (l->n) memcpy(item, l->item, l->n * sizeof *item);
        l->item = item;
        l->room = room;
    }
    merged_record x = {arena_sv(l->mem, src_table), arena_sv(l->mem, src_key), arena_sv(l->mem, source_key),
                       arena_sv(l->mem, into)};
    l->item[l->n++] = x;
    return x.table.p && x.src_key.p && x.key.p && x.into.p;
}

static convert_end merge_patients(run *r)
{
    const merge_sink sink = {list_differing, r};
    if (!r->merges) return CONVERT_DONE;
    r->patients = ledger_line_of(r->result->counts, LEDGER_ENTITY, SV_LIT("patient"), (sv){NULL, 0});
    if (r->patients == SIZE_MAX) return run_no_memory(r);
    return merges_apply(r->merges, sql_handle(r->work.work), &sink, r->found) == ST_OK ? CONVERT_DONE
                                                                                       : run_why_fatal(r);
}

/* run: of each destination. */
static convert_end own_records(run *r, deliver_run *x)
{
    rejects_file *file = arena_alloc(r->mem, sizeof *file); /* what is kept of it points into it */
    if (!file) return run_no_memory(r);
    for (size_t i = 0; i < r->choice.destinations; i++) {
        x[i].owner_table = ownership_apply(r->ownership, i, sql_handle(r->work.work));
        if (!x[i].owner_table.p) return run_why_fatal(r);
    }
    status s = ownership_check(r->ownership, x, r->o->dry ? NULL : run_folder_partial(r->folder), file);
    if (s == ST_END || run_stopped(r)) return CONVERT_CANCELLED;
    if (s != ST_OK) return run_why_fatal(r);
    return !file->path.n || run_keep_lists(r, file, 1) ? CONVERT_DONE : run_no_memory(r);
}

/* What is loaded: compared with, and told to the next run. */
static convert_end begin_states(run *r, deliver_run *x)
{
    const char *folder = r->folder && !r->o->dry ? run_folder_partial(r->folder) : NULL;
    r->state = arena_array(r->mem, r->choice.destinations + 1, sizeof(load_state *));
    if (!r->state) return run_no_memory(r);
    if (!r->o->since && !state_key_make(sql_handle(r->work.work), &r->state_key, r->found)) return run_why_fatal(r);
    for (size_t i = 0; i < r->choice.destinations; i++) {
        const destination *d = r->choice.destination[i];
        if (destination_is_model(d)) continue;
        r->state[i] = load_state_new(folder, destination_id(d), &r->state_key, r->o->since, x[i].mem, x[i].found);
        if (!r->state[i]) return run_no_memory(r);
        x[i].state = r->state[i];
    }
    return CONVERT_DONE;
}

static convert_end begin_each(run *r, const deliver_run *all)
{
    size_t n = r->choice.destinations;
    deliver_run *x = arena_array(r->mem, n + 1, sizeof *x);
    r->delivery = arena_array(r->mem, n + 1, sizeof(delivery *));
    if (!x || !r->delivery) return run_no_memory(r);
    /* What a sample is compared with lies in statements that all destinations ask, and a sample is small. */
    unsigned threads = r->sampling ? 1 : lanes_threads(n);
    if (threads > 1) r->lanes = lanes_new(n + 1, threads, r->found, r->out);
    if (threads > 1 && !r->lanes) return CONVERT_FAILED;
    for (size_t i = 0; i < n; i++) x[i] = *all;
    for (size_t i = 0; i < n; i++) x[i].watch = sampling_watch(r->sampling, i);
    convert_end end = own_records(r, x);
    for (size_t i = 0; r->lanes && i < n; i++) {
        x[i].found = lanes_found(r->lanes, i);
        x[i].out = lanes_out(r->lanes, i);
        x[i].mem = lanes_mem(r->lanes, i);
    }
    if (end == CONVERT_DONE) end = begin_states(r, x);
    for (size_t i = 0; end == CONVERT_DONE && i < n; i++) {
        r->delivery[i] = delivery_begin(r->choice.destination[i], &x[i]);
        if (!r->delivery[i]) end = run_why_fatal(r);
    }
    return end == CONVERT_DONE && !run_give(r) ? run_why_fatal(r) : end;
}

convert_end run_begin_deliveries(run *r)
{
    deliver_run x = {.work = sql_handle(r->work.work),
                     .folder = r->folder ? run_folder_partial(r->folder) : NULL,
                     .counts = r->result->counts,
                     .found = r->found,
                     .out = r->out,
                     .dry = r->o->dry,
                     .audit = r->audit,
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
    if (quality_lists_links(r->quality, sql_handle(r->work.work), r->merges, !run_withholds_national_id(r)) != ST_OK)
        return run_why_fatal(r);
    convert_end end = merge_patients(r);
    if (end != CONVERT_DONE) return end;
    merged_list merged = {.mem = r->mem};
    if (!merges_each(sql_handle(r->work.work), model_entity_named(SV_LIT("patient")), take_merged, &merged))
        return run_no_memory(r);
    x.merged = merged.item;
    x.merged_n = merged.n;
    bool trial = false;
    for (size_t i = 0; i < r->choice.destinations; i++) trial |= !destination_is_model(r->choice.destination[i]);
    if (!trial) r->scope_options.trial_patients = 0;
    end = run_make_scope(r);
    if (end != CONVERT_DONE) return end;
    x.scope = r->scope;
    return begin_each(r, &x);
}

/* Of every destination. */
typedef struct finishing {
    run *r;
    status *end;
} finishing;

static bool finish_one(void *ctx, size_t at)
{
    const finishing *f = ctx;
    if (at < f->r->choice.destinations) f->end[at] = delivery_finish(f->r->delivery[at]);
    return f->end[at] == ST_OK;
}

static convert_end write_each(run *r)
{
    const size_t n = r->choice.destinations;
    finishing f = {r, arena_array(r->mem, n + 1, sizeof(status))};
    if (!f.end) return run_no_memory(r);
    for (size_t i = 0; i < n; i++)
        if (!delivery_lines(r->delivery[i])) return run_no_memory(r);
    bool given = true;
    if (r->lanes)
        given = lanes_run_in_turn(r->lanes, finish_one, &f);
    else
        for (size_t i = 0; i < n && finish_one(&f, i); i++) continue;
    for (size_t i = 0; i < n; i++) {
        convert_end end = run_after(r, f.end[i]);
        if (end != CONVERT_DONE) return end;
    }
    return given ? CONVERT_DONE : run_why_fatal(r);
}

static bool run_work(const run *r, const char *sql)
{
    sqlite3 *db = sql_handle(r->work.work);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK) return true;
    (void)work_failed(db, r->found, "writing the work file");
    return false;
}

convert_end run_write_all(run *r)
{
    run_progress(r, "writing");
    if (!run_work(r, "BEGIN")) return run_why_fatal(r);
    convert_end end = write_each(r);
    for (size_t i = 0; end == CONVERT_DONE && i < r->choice.destinations; i++)
        end = run_after(r, delivery_clear(r->delivery[i]));
    /* Nothing is taken back when it fails, there is no journal: the run is over, and its work file with it. */
    return end == CONVERT_DONE && !run_work(r, "COMMIT") ? run_why_fatal(r) : end;
}

convert_end run_wait_for_all(run *r)
{
    report_destination *all = arena_array(r->mem, r->choice.destinations + 1, sizeof *all);
    if (!all) return run_no_memory(r);
    r->facts.destination = all;
    r->facts.destinations = r->choice.destinations;
    for (size_t i = 0; i < r->choice.destinations; i++) {
        const destination *d = r->choice.destination[i];
        const delivered_file *file = NULL;
        size_t n = 0;
        all[i] = (report_destination){.id = destination_id(d), .title = destination_title(d)};
        all[i].sha256 = sv_from(r->choice.destination_hash[i]);
        destination_file_limits(d, &all[i].rows_per_file, &all[i].bytes_per_file);
        convert_end end = run_after(r, delivery_files(r->delivery[i], &file, &n));
        if (end != CONVERT_DONE) return end;
        if (!delivery_promises(r->delivery[i], &all[i].promise, &all[i].promises)) return run_why_fatal(r);
        if (!keep_files(r, i, &all[i], file, n)) return run_no_memory(r);
    }
    return run_give(r) ? CONVERT_DONE : run_why_fatal(r);
}
