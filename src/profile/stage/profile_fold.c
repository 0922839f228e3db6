/* Charts of a source, folded once its exams are staged: scores go into the exams, charts to whoever takes them, and exams
 * whose teeth cannot be read are taken back. The fold runs on the caller's thread, which uses the work file before and
 * after it; what comes of the fold is taken by another thread, which alone uses the work file meanwhile. */
#include "base/digits.h"
#include "chart/chart_hand.h"
#include "profile/profile_internal.h"
#include <stdlib.h>

enum { FACTS_BYTES_MAX = 1 << 16, SQL_BYTES_MAX = 1 << 14, DAY_BYTES = sizeof "YYYY-MM-DD" - 1 };

/* ---- which declaration the source fits ---- */

/* SIZE_MAX: none of their tables is there; *several: two are, both with rows. */
static size_t choose(const profile *x, const table_match *match, const catalog *c, bool *several)
{
    size_t found = SIZE_MAX;
    *several = false;
    for (int with_rows = 1; with_rows >= 0 && found == SIZE_MAX; with_rows--)
        for (size_t i = 0; i < x->charts; i++) {
            int at = profile_find_table(x, match, c, x->chart[i].table);
            if (at == MATCH_NONE || (with_rows && c->table[at].rows_expected == 0)) continue;
            *several |= found != SIZE_MAX && with_rows;
            if (found == SIZE_MAX) found = i;
        }
    return found;
}

sv profile_chart_table(const profile *x, const catalog *c)
{
    arena *mem = arena_new(0);
    const table_match *match = mem ? profile_match(x, c, mem) : NULL;
    bool several = false;
    size_t i = match ? choose(x, match, c, &several) : SIZE_MAX;
    sv name = {NULL, 0};
    if (i != SIZE_MAX) name = c->table[profile_find_table(x, match, c, x->chart[i].table)].full_name;
    arena_free(mem);
    return name;
}

/* ---- one fold ---- */

typedef struct folding {
    profile_source *s;
    const profile_chart_sink *sink;
    const table_info *info;
    sqlite3_stmt *facts, *scores;
    buf room;    /* behind the facts of the exam at hand */
    bool failed; /* of the work file; while the fold runs, of the thread that takes its charts */
    /* Of the thread that folds: */
    chart_hand *hand;
    taken_back *back;
    size_t backs, back_room;
    bool no_memory;
} folding;

/* What the profile calls each column of the table. */
const sv *profile_chart_names(const profile_source *s, sv table, const table_info *info)
{
    const profile_table *t = profile_table_named(s->x, table);
    if (!t) return NULL;
    const table_match *m = &s->match[t - s->x->table];
    sv *name = arena_array(s->mem, info->columns + 1, sizeof *name);
    if (!name) return NULL;
    for (size_t i = 0; i < info->columns; i++) name[i] = info->column[i].name;
    for (size_t i = 0; i < t->columns; i++)
        if (m->column[i] != MATCH_NONE) name[m->column[i]] = t->column[i].name;
    return name;
}

static sv column_text(sqlite3_stmt *st, int i)
{
    const char *p = (const char *)sqlite3_column_text(st, i);
    return (sv){p, p ? (size_t)sqlite3_column_bytes(st, i) : 0};
}

static chart_exam_facts facts_of(void *ctx, sv src_key)
{
    folding *f = ctx;
    chart_exam_facts x = {.known = false};
    sqlite3_bind_text64(f->facts, 1, src_key.n ? src_key.p : "", src_key.n, SQLITE_STATIC, SQLITE_UTF8);
    int rc = sqlite3_step(f->facts);
    if (rc == SQLITE_ROW) {
        sv provider = column_text(f->facts, 1), patient = column_text(f->facts, 2), day = column_text(f->facts, 3);
        if (day.n > DAY_BYTES) day.n = DAY_BYTES;
        buf_clear(&f->room);
        buf_sv(&f->room, provider);
        buf_sv(&f->room, patient);
        buf_char(&f->room, '\x1F');
        buf_sv(&f->room, day);
        const char *p = f->room.p;
        bool dated = patient.p && day.p;
        x = (chart_exam_facts){.traced = f->sink->traced && f->sink->traced(f->sink->ctx, src_key),
                               .known = !f->room.failed,
                               .numbering = tooth_system_named(column_text(f->facts, 0)),
                               .provider = {p, provider.n},
                               .occasion = {dated ? p + provider.n : NULL, dated ? f->room.n - provider.n : 0}};
    }
    f->failed |= f->room.failed || (rc != SQLITE_ROW && rc != SQLITE_DONE);
    sqlite3_reset(f->facts);
    return x;
}

static void announce(void *ctx, sv src_key)
{
    folding *f = ctx;
    if (f->sink->exam) f->sink->exam(f->sink->ctx, src_key);
}

/* ---- scores ---- */

/* What a chart comes to, by field of clinical_exam: NULL where it is not defined. */
typedef struct score {
    const char *field;
    bool is_none;
    int32_t n;  /* in units of 10^-digits */
    int digits; /* behind the point */
    bool bare;  /* without zeros behind the point */
} score;
enum { SCORES = 21 };

static score count(const char *field, int32_t n) { return (score){field, false, n, 0, false}; }
static score count_if(const char *field, bool defined, int32_t n) { return (score){field, !defined, n, 0, false}; }
static score percent(const char *field, int16_t n) { return (score){field, n == CHART_NONE, n, 1, false}; }
static score mean(const char *field, int32_t n) { return (score){field, n == CHART_NONE_MEAN, n, 2, false}; }

static void scores_of(const chart_scores *r, score out[SCORES])
{
    bool probed = r->max_pd != CHART_NONE;
    const score all[SCORES] = {
        count("sites_examined", r->sites_examined),
        count_if("bleeding_sites", r->sites_with_bleeding_mark > 0, r->sites_bled),
        count("bleeding_marks", r->sites_with_bleeding_mark),
        count_if("plaque_sites", r->plaque_percent != CHART_NONE, r->sites_plaque),
        count_if("suppuration_sites", r->suppuration_percent != CHART_NONE, r->sites_suppuration),
        count_if("pd4_sites", probed, r->pd4),
        count_if("pd5_sites", probed, r->pd5),
        count_if("pd6_sites", probed, r->pd6),
        count_if("pd5_teeth", probed, r->teeth_pd5),
        count("teeth_present", r->teeth_present),
        count("teeth_missing", r->teeth_missing),
        count("implants", r->implants),
        percent("bop_percent", r->bop_percent),
        percent("plaque_percent", r->plaque_percent),
        percent("suppuration_percent", r->suppuration_percent),
        percent("pd4_percent", r->pd4_percent),
        percent("pd5_percent", r->pd5_percent),
        percent("pd6_percent", r->pd6_percent),
        mean("mean_pd", r->mean_pd),
        {"max_pd", !probed, r->max_pd, 1, true},
        mean("mean_cal", r->mean_cal)};
    memcpy(out, all, sizeof all);
}

enum { SCORE_TEXT_MAX = DIGITS_U64_MAX + 4 };

static size_t score_text(const score *x, char out[SCORE_TEXT_MAX])
{
    uint32_t unit = x->digits == 2 ? 100 : x->digits == 1 ? 10 : 1;
    uint32_t size = x->n < 0 ? 0U - (uint32_t)x->n : (uint32_t)x->n;
    size_t n = 0;
    if (x->n < 0) out[n++] = '-';
    n += digits_u64(size / unit, out + n);
    if (x->digits == 0 || (x->bare && size % unit == 0)) return n;
    out[n++] = '.';
    digits_padded(size % unit, (unsigned)x->digits, out + n);
    return n + (size_t)x->digits;
}

/* text: lives until the statement was run. */
static void bind_score(sqlite3_stmt *st, int at, const score *x, char text[SCORE_TEXT_MAX])
{
    if (x->is_none)
        sqlite3_bind_null(st, at);
    else
        sqlite3_bind_text64(st, at, text, score_text(x, text), SQLITE_STATIC, SQLITE_UTF8);
}

static bool write_scores(folding *f, const exam_chart *x)
{
    score all[SCORES];
    char text[SCORES][SCORE_TEXT_MAX];
    sqlite3_stmt *st = f->scores;
    scores_of(&x->scores, all);
    for (int i = 0; i < SCORES; i++) bind_score(st, i + 1, &all[i], text[i]);
    sqlite3_bind_text(st, SCORES + 1, tooth_system_name(x->numbering), -1, SQLITE_STATIC);
    sqlite3_bind_text64(st, SCORES + 2, x->exam.n ? x->exam.p : "", x->exam.n, SQLITE_STATIC, SQLITE_UTF8);
    int rc = sqlite3_step(st);
    sqlite3_reset(st);
    return rc == SQLITE_DONE;
}

static bool take(void *ctx, const exam_chart *x)
{
    folding *f = ctx;
    if (!f->sink->look && !write_scores(f, x)) f->failed = true;
    return !f->failed && (!f->sink->take || f->sink->take(f->sink->ctx, x));
}

/* ---- what is left out ---- */

static void remember(folding *f, const chart_reject *r)
{
    if (f->backs == f->back_room) {
        size_t room = f->back_room ? f->back_room * 2 : 64;
        taken_back *grown = realloc(f->back, room * sizeof *grown);
        if (!grown) {
            f->no_memory = true;
            return;
        }
        f->back = grown;
        f->back_room = room;
    }
    f->back[f->backs] = (taken_back){arena_sv(f->s->mem, r->exam), r->code};
    if (!f->back[f->backs++].src_key.p) f->no_memory = true;
}

/* ---- from the fold to the other thread ---- */

static arena *room_of_chart(void *ctx) { return chart_hand_room(((folding *)ctx)->hand); }
static bool give(void *ctx, const exam_chart *x) { return chart_hand_chart(((folding *)ctx)->hand, x); }

static void give_reject(void *ctx, const chart_reject *r)
{
    folding *f = ctx;
    if (r->whole_exam && !f->sink->look) remember(f, r);
    (void)chart_hand_reject(f->hand, r);
}

/* Rows and values of the chart's table, which the fold has counted. */
static void list(void *ctx, const chart_reject *r)
{
    folding *f = ctx;
    const profile_run *run = f->s->run;
    if (f->sink->reject) f->sink->reject(f->sink->ctx, r);
    if (r->whole_exam || f->sink->look) return;
    const sv column[] = {{"src_key", 7}, {"exam", 4}, {"column", 6}, {"value", 5}};
    const sv original[] = {r->src_key, r->exam, r->column, r->value};
    const profile_reject x = {.entity = model_entity_named(SV_LIT("tooth_record")),
                              .src_table = f->info->full_name,
                              .src_key = r->src_key,
                              .code = finding_text_of(r->code)->id,
                              .field = r->column,
                              .held_back = r->held_back,
                              .value = r->value,
                              .column = r->held_back ? NULL : column,
                              .original = r->held_back ? NULL : original,
                              .columns = r->held_back ? 0 : 4};
    if (run->reject) run->reject(run->ctx, &x);
}

static bool wants_to_stop(void *ctx)
{
    const folding *f = ctx;
    return f->sink->cancelled && f->sink->cancelled(f->sink->ctx);
}

static void show_progress(void *ctx, uint64_t done, uint64_t total)
{
    const folding *f = ctx;
    if (f->sink->progress) f->sink->progress(f->sink->ctx, done, total);
}

static bool take_back(folding *f)
{
    const model_entity *exam = model_entity_named(SV_LIT("clinical_exam"));
    if (f->backs == 0) return true;
    return profile_take_back(f->s, exam, f->back, f->backs) && profile_after_taking_back(f->s, exam);
}

/* ---- the whole ---- */

static bool prepare(folding *f)
{
    static const char facts[] =
        "SELECT numbering, provider, patient, exam_at FROM main.clinical_exam WHERE src_key = ?1";
    static const chart_scores none;
    score all[SCORES];
    scores_of(&none, all);
    buf sql = buf_new(SQL_BYTES_MAX);
    buf_str(&sql, "UPDATE main.clinical_exam SET ");
    for (int i = 0; i < SCORES; i++) buf_printf(&sql, "%s = ?, ", all[i].field);
    buf_str(&sql, "numbering = coalesce(numbering, ?) WHERE src_key = ?");
    buf_char(&sql, '\0');
    bool ok = !sql.failed && sqlite3_prepare_v2(f->s->work, facts, -1, &f->facts, NULL) == SQLITE_OK &&
              sqlite3_prepare_v2(f->s->work, sql.p, -1, &f->scores, NULL) == SQLITE_OK;
    buf_free(&sql);
    return ok;
}

static status fold(folding *f, const chart_plan *plan)
{
    profile_source *s = f->s;
    uint64_t scans = 0, rows = 0;
    (void)sql_scanned(s->run->db, f->info->full_name, &scans, &rows);
    const chart_run run = {.source = sql_source(s->run->db),
                           .plan = plan,
                           .counts = f->sink->look ? NULL : s->run->counts,
                           .table_counted = scans > 0,
                           .found = f->sink->look ? NULL : s->run->found,
                           .threads = f->sink->threads,
                           .exam = facts_of,
                           .readable = announce,
                           .take = give,
                           .room = room_of_chart,
                           .reject = give_reject,
                           .cancelled = wants_to_stop,
                           .progress = show_progress,
                           .ctx = f};
    f->hand = chart_hand_new(&(chart_takers){take, list, f});
    status st = f->hand ? chart_fold(&run) : ST_FATAL;
    if (f->hand && chart_hand_end(f->hand) && !f->no_memory)
        return st == ST_OK && f->sink->whole && !f->sink->whole(f->sink->ctx) ? ST_END : st;
    find_code(s->run->found, F_OUT_OF_MEMORY, "folding charts");
    return ST_FATAL;
}

static status fold_all(folding *f, const chart_plan *plan)
{
    profile_source *s = f->s;
    bool ok = prepare(f) && profile_run_sql(s, NULL, s->work, "BEGIN");
    status st = ok ? fold(f, plan) : ST_FATAL;
    sqlite3_finalize(f->facts);
    sqlite3_finalize(f->scores);
    ok = ok && !f->failed && (st != ST_OK || take_back(f));
    if (!ok && (st == ST_OK || f->failed)) profile_work_failed(s, NULL);
    bool ended = profile_run_sql(s, NULL, s->work, "COMMIT");
    return ended && !f->failed && (ok || st != ST_OK) ? st : ST_FATAL;
}

static chart_options options_of(const profile *x)
{
    return (chart_options){.numbering = profile_option_text(x, "numbering"),
                           .margin_sign = profile_option_text(x, "margin_sign"),
                           .charted_by_exception = profile_option_text(x, "charted_by_exception"),
                           .triplet_order = profile_option_text(x, "triplet_order"),
                           .furcation_scale = profile_option_text(x, "furcation_scale")};
}

static status run_chart(profile_source *s, const profile_chart_sink *sink)
{
    bool several = false;
    size_t at = choose(s->x, s->match, s->list, &several);
    if (at == SIZE_MAX) return ST_OK;
    const profile_chart *chart = &s->x->chart[at];
    const yaml_node *n = chart->declaration;
    if (several) {
        problem_add(s->run->wrong, s->x->file, n->line, n->column,
                    "the source has the tables of two charts, both with rows: leave one declaration in the profile");
        return ST_FATAL;
    }
    int table = profile_find_table(s->x, s->match, s->list, chart->table);
    folding f = {.s = s, .sink = sink, .info = &s->list->table[table], .room = buf_new(FACTS_BYTES_MAX)};
    const chart_table about = {f.info, (size_t)table, profile_chart_names(s, chart->table, f.info)};
    const chart_options options = options_of(s->x);
    chart_declared d;
    status st = ST_FATAL;
    if (chart_declare(s->x->file, n, &options, &about, s->mem, &d, s->run->wrong)) st = fold_all(&f, &d.plan);
    buf_free(&f.room);
    free(f.back);
    return st;
}

status profile_charts(const profile *x, const profile_run *run, const profile_chart_sink *sink)
{
    if (x->charts == 0) return ST_OK;
    profile_source s = {.x = x, .run = run, .db = sql_handle(run->db), .work = run->work, .mem = arena_new(0)};
    s.list = sql_catalog(run->db);
    s.match = s.mem ? profile_match(x, s.list, s.mem) : NULL;
    if (!s.match) find_code(run->found, F_OUT_OF_MEMORY, "folding charts");
    status st = s.match ? run_chart(&s, sink) : ST_FATAL;
    arena_free(s.mem);
    return st;
}
