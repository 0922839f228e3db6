#include "convert/patient_charts.h"
#include "base/platform.h"
#include "convert/choice.h"
#include "convert/source_work.h"
#include "documents/exam_facts.h"
#include "model/work_file.h"
#include <stdlib.h>

/* An exam that will be drawn. */
typedef struct slot {
    arena *mem;
    facts_of_exam facts;
    const exam_chart *chart; /* NULL: free */
} slot;

typedef struct drawing_run {
    row_source *source;
    const convert_options *o;
    const chart_wish *wish;
    arena *mem;
    findings *found;
    problems *wrong;
    choice choice;
    source_work work;
    ledger *counts;
    sv patient;        /* key in the source */
    sv *exam;          /* the patient's, sorted */
    size_t exams;      /* 0 also when only one is asked for and another one is at hand */
    uint64_t left_out; /* values and rows of these exams that are in no chart */
    size_t to_come;    /* of those, whose chart was neither given nor lost */
    exam_facts *facts;
    slot slot[DRAWING_EXAMS_MAX];
    bool failed;
} drawing_run;

static bool stopped(void *ctx)
{
    const drawing_run *r = ctx;
    return r->o->cancelled && r->o->cancelled(r->o->ctx);
}

static convert_end no_memory(const drawing_run *r)
{
    find_code(r->found, F_OUT_OF_MEMORY, "drawing charts");
    return CONVERT_FAILED;
}

static convert_end refused(const drawing_run *r, finding_code code)
{
    const finding f = FINDING_OF(code);
    find_add(r->found, &f);
    return CONVERT_NO_SOURCE;
}

/* ---- staging: nobody but the patients, who examined them, and their exams ---- */

static bool is_wanted(void *ctx, const model_entity *e)
{
    (void)ctx;
    return strcmp(e->name, "patient") == 0 || strcmp(e->name, "provider") == 0 || strcmp(e->name, "clinical_exam") == 0;
}

static void pass_over(void *ctx, const profile_reject *x)
{
    (void)ctx;
    (void)x;
}

static profile_run run_of(drawing_run *r)
{
    const report_source facts = source_facts(r->source->ops->info(r->source));
    return (profile_run){.db = r->work.db,
                         .work = sql_handle(r->work.work),
                         .today = source_day(&facts),
                         .counts = r->counts,
                         .found = r->found,
                         .wrong = r->wrong,
                         .reject = pass_over,
                         .wanted = is_wanted,
                         .ctx = r};
}

static convert_end stage(drawing_run *r)
{
    const source_work_options w = {
        .folder = r->wish->work_folder, .counts = r->counts, .cancelled = r->o->cancelled, .ctx = r->o->ctx};
    if (source_work_open(r->source, &w, r->found, &r->work) != ST_OK)
        return stopped(r) ? CONVERT_CANCELLED : CONVERT_NO_SOURCE;
    const profile_run p = run_of(r);
    status s = profile_stage(r->choice.profile, &p);
    if (r->wrong->n) return CONVERT_WRONG_FILES;
    if (stopped(r)) return CONVERT_CANCELLED;
    return s == ST_OK ? CONVERT_DONE : CONVERT_NO_SOURCE;
}

/* ---- the patient and the exams ---- */

typedef struct key_list {
    sv *key;
    size_t n, room;
} key_list;

static bool keep(drawing_run *r, key_list *l, sv key)
{
    if (l->n == l->room) {
        size_t room = l->room ? 2 * l->room : 16;
        sv *all = arena_array(r->mem, room, sizeof *all);
        if (!all) return false;
        if (l->n) memcpy(all, l->key, l->n * sizeof *all);
        l->key = all;
        l->room = room;
    }
    l->key[l->n] = arena_sv(r->mem, key);
    return l->key[l->n++].p != NULL;
}

/* The src_keys that a SELECT gives for a key. */
static convert_end keys_of(drawing_run *r, const char *sql, sv key, key_list *out)
{
    sqlite3 *work = sql_handle(r->work.work);
    sqlite3_stmt *st = NULL;
    int rc = SQLITE_ERROR;
    *out = (key_list){.n = 0};
    if (sqlite3_prepare_v2(work, sql, -1, &st, NULL) == SQLITE_OK &&
        sqlite3_bind_text(st, 1, key.n ? key.p : "", (int)key.n, SQLITE_STATIC) == SQLITE_OK)
        while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
            sv found = {(const char *)sqlite3_column_text(st, 0), (size_t)sqlite3_column_bytes(st, 0)};
            if (!keep(r, out, found)) break;
        }
    sqlite3_finalize(st);
    if (rc == SQLITE_DONE) return CONVERT_DONE;
    if (rc == SQLITE_ROW) return no_memory(r);
    (void)work_failed(sql_handle(r->work.work), r->found, "looking for the patient");
    return CONVERT_FAILED;
}

static convert_end find_patient(drawing_run *r)
{
    static const char *const by[] = {"SELECT src_key FROM main.patient WHERE source_key = ?1",
                                     "SELECT src_key FROM main.patient WHERE src_key = ?1",
                                     "SELECT src_key FROM main.patient WHERE chart_number = ?1 LIMIT 2"};
    key_list found = {.n = 0};
    for (size_t i = 0; !found.n && i < sizeof by / sizeof by[0]; i++) {
        convert_end end = keys_of(r, by[i], sv_from(r->wish->patient), &found);
        if (end != CONVERT_DONE) return end;
    }
    if (found.n > 1) return refused(r, F_CHART_PATIENT_UNCERTAIN);
    if (found.n == 0) return refused(r, F_CHART_NO_PATIENT);
    r->patient = found.key[0];
    return CONVERT_DONE;
}

static int by_bytes(const void *a, const void *b) { return sv_cmp(*(const sv *)a, *(const sv *)b); }

static convert_end find_exams(drawing_run *r)
{
    key_list all, named = {.n = 0};
    convert_end end = keys_of(r, "SELECT src_key FROM main.clinical_exam WHERE patient = ?1", r->patient, &all);
    if (end == CONVERT_DONE && r->wish->exam)
        end = keys_of(
            r, "SELECT src_key FROM main.clinical_exam WHERE source_key = ?1 OR src_key = ?1 ORDER BY source_key = ?1",
            sv_from(r->wish->exam), &named);
    if (end != CONVERT_DONE) return end;
    if (all.n) qsort(all.key, all.n, sizeof *all.key, by_bytes);
    r->exam = all.key;
    r->exams = all.n;
    if (!r->wish->exam) return all.n ? CONVERT_DONE : refused(r, F_CHART_NO_CHART);
    /* A key of the source's own may be another table's too: the patient's exam is meant. */
    for (size_t i = 0; i < named.n; i++) {
        sv *at = all.n ? bsearch(&named.key[i], all.key, all.n, sizeof *all.key, by_bytes) : NULL;
        if (!at) continue;
        r->exam = at;
        r->exams = 1;
        return CONVERT_DONE;
    }
    return refused(r, F_CHART_NO_EXAM);
}

/* ---- the charts ---- */

static bool is_mine(const drawing_run *r, sv exam)
{
    return bsearch(&exam, r->exam, r->exams, sizeof *r->exam, by_bytes) != NULL;
}

static int later(const slot *a, const facts_of_exam *b)
{
    int moment = sv_cmp(a->facts.moment, b->moment);
    return moment ? moment : sv_cmp(a->facts.exam.key, b->exam.key);
}

static size_t slots_of(const drawing_run *r) { return r->wish->exam ? 1 : r->wish->last; }

/* A free one, or the earliest where the exam is later; NULL: it is earlier than all. */
static slot *slot_for(drawing_run *r, const facts_of_exam *facts)
{
    slot *best = &r->slot[0];
    for (size_t i = 0; i < slots_of(r); i++) {
        if (!r->slot[i].chart) return &r->slot[i];
        if (later(&r->slot[i], &best->facts) < 0) best = &r->slot[i];
    }
    return later(best, facts) < 0 ? best : NULL;
}

static bool keep_chart(drawing_run *r, const exam_chart *x)
{
    arena *mem = arena_new(0);
    slot new = {.mem = mem};
    if (!mem || exam_facts_of(r->facts, x->exam, mem, &new.facts) != ST_OK) {
        arena_free(mem);
        return false;
    }
    slot *to = slot_for(r, &new.facts);
    if (!to) {
        arena_free(mem);
        return true;
    }
    new.chart = chart_copy(mem, x);
    arena_free(to->mem);
    *to = new;
    return to->chart != NULL;
}

/* False ends the fold: also when the last chart of the patient has come. */
static bool take_chart(void *ctx, const exam_chart *x)
{
    drawing_run *r = ctx;
    if (!is_mine(r, x->exam)) return true;
    bool again = x->duplicate_of.n > 0 && !r->wish->exam;
    r->failed |= !again && !keep_chart(r, x);
    return !r->failed && --r->to_come > 0;
}

static void lose_chart(void *ctx, const chart_reject *x)
{
    drawing_run *r = ctx;
    if (!is_mine(r, x->exam)) return;
    r->left_out++;
    if (x->whole_exam && r->to_come) r->to_come--;
}

static void count_exam(void *ctx, sv exam)
{
    drawing_run *r = ctx;
    r->to_come += is_mine(r, exam);
}

static convert_end fold(drawing_run *r)
{
    const profile_run p = run_of(r);
    const profile_chart_sink sink = {.take = take_chart,
                                     .exam = count_exam,
                                     .reject = lose_chart,
                                     .cancelled = stopped,
                                     .threads = os_cpus(),
                                     .ctx = r};
    r->facts = exam_facts_new(sql_handle(r->work.work), r->found);
    if (!r->facts) return CONVERT_FAILED;
    status s = profile_charts(r->choice.profile, &p, &sink);
    if (r->wrong->n) return CONVERT_WRONG_FILES;
    if (stopped(r)) return CONVERT_CANCELLED;
    if (r->failed) return no_memory(r);
    return s != ST_FATAL ? CONVERT_DONE : CONVERT_NO_SOURCE;
}

static int latest_first(const void *a_, const void *b_)
{
    const slot *a = a_, *b = b_;
    if (!a->chart || !b->chart) return (a->chart == NULL) - (b->chart == NULL);
    return -later(a, &b->facts);
}

static convert_end draw(drawing_run *r, chart_result *result, buf *pdf)
{
    drawn_exam exam[DRAWING_EXAMS_MAX];
    size_t n = 0;
    qsort(r->slot, slots_of(r), sizeof r->slot[0], latest_first);
    for (; n < slots_of(r) && r->slot[n].chart; n++) {
        exam[n] = r->slot[n].facts.exam;
        exam[n].chart = r->slot[n].chart;
    }
    result->exams = n;
    result->left_out = r->left_out;
    if (n == 0) return refused(r, F_CHART_NO_CHART);
    drawn_patient patient = r->slot[0].facts.patient;
    if (!r->wish->show_name) patient.name = (sv){NULL, 0};
    return drawing_pdf(&patient, exam, n, pdf) ? CONVERT_DONE : no_memory(r);
}

/* ---- the whole ---- */

static convert_end choose(drawing_run *r, chart_result *out)
{
    const catalog *tables = NULL;
    convert_end end = choice_read(&r->choice, r->o, r->mem, r->wrong, r->found);
    if (end != CONVERT_DONE) return end;
    if (r->source->ops->catalog(r->source, &tables) != ST_OK) return CONVERT_NO_SOURCE;
    end = choice_profile(&r->choice, tables, r->mem, r->found);
    if (end == CONVERT_DONE && !choice_options(&r->choice, r->o, r->mem, r->wrong)) end = CONVERT_WRONG_FILES;
    if (end != CONVERT_DONE) return end;
    out->profile_title = profile_title(r->choice.profile);
    out->profile_score = r->choice.score;
    return CONVERT_DONE;
}

convert_end convert_patient_charts(row_source *s, const convert_options *o, const chart_wish *wish, arena *mem,
                                   findings *f, chart_result *result, buf *pdf)
{
    *result = (chart_result){.wrong = {.mem = mem}};
    drawing_run r = {.source = s, .o = o, .wish = wish, .mem = mem, .found = f, .wrong = &result->wrong};
    r.counts = ledger_new();
    convert_end end = r.counts ? choose(&r, result) : no_memory(&r);
    convert_end (*const step[])(drawing_run *) = {stage, find_patient, find_exams, fold};
    for (size_t i = 0; end == CONVERT_DONE && i < sizeof step / sizeof step[0]; i++) end = step[i](&r);
    if (end == CONVERT_DONE) end = draw(&r, result, pdf);
    exam_facts_free(r.facts);
    source_work_close(&r.work);
    for (size_t i = 0; i < DRAWING_EXAMS_MAX; i++) arena_free(r.slot[i].mem);
    ledger_free(r.counts);
    problems_sort(&result->wrong);
    return end;
}
