/* The source read: entities staged in the work file, what was left out or held back into the lists. */
#include "convert/run.h"
#include "convert/source_audit.h"
#include "model/work_file.h"

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
    return rejects_row(r->listed, entity, column, cell, n, id, reason);
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
        s = rejects_value(r->listed, entity, x->src_table, x->src_key, x->field, x->value, id, reason);
    } else {
        s = list_row(r, x, entity, id, reason);
    }
    if (s == ST_OK) s = source_audit_reject(r->audit, x);
    if (s == ST_OK) s = quality_reject(r->quality, x);
    sampling_reject(r->sampling, x);
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

static void take_carried(void *ctx, const profile_origin *o) { sampling_carried(((run *)ctx)->sampling, o); }

convert_end run_open_databases(run *r)
{
    const source_work_options w = {.folder = r->folder ? run_folder_partial(r->folder) : NULL,
                                   .shared = lanes_threads(r->choice.destinations) > 1,
                                   .counts = r->result->counts,
                                   .cancelled = r->o->cancelled,
                                   .ctx = r->o->ctx};
    return source_work_open(r->source, &w, r->found, &r->work) == ST_OK ? CONVERT_DONE : run_why_fatal(r);
}

/* True, and a finding, when it was the work file that failed, not the source. What the statement's error was is
 * gone: whether what is not written yet can be, and the file can grow, is tried. There is no journal to take back by. */
static bool work_file_is_broken(const run *r)
{
    static const char growth[] =
        "CREATE TABLE main.probe (x); INSERT INTO main.probe VALUES (zeroblob(262144)); DROP TABLE main.probe";
    sqlite3 *db = sql_handle(r->work.work);
    bool written = sqlite3_get_autocommit(db) || sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
    if (written && sqlite3_exec(db, growth, NULL, NULL, NULL) == SQLITE_OK) return false;
    (void)work_failed(db, r->found, "staging the records");
    return true;
}

profile_run run_of_profile(run *r)
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
                         .carried = r->sampling ? take_carried : NULL,
                         .ctx = r};
}

convert_end run_stage_entities(run *r)
{
    run_progress(r, "reading");
    const profile_run p = run_of_profile(r);
    status s = profile_stage(r->choice.profile, &p);
    if (s != ST_OK && !run_stopped(r) && work_file_is_broken(r)) return CONVERT_NO_OUTPUT;
    if (r->result->wrong.n) return CONVERT_WRONG_FILES;
    if (run_stopped(r)) return CONVERT_CANCELLED;
    if (s == ST_OK && r->list_failed) s = ST_FATAL;
    return s == ST_OK ? CONVERT_DONE : run_why_fatal(r);
}
